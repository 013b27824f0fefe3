/** Claims whose names are used less often. */
import { express, table } from './judged.ts'

const token = (claims: string) =>
  express(
    "import jwt from 'jsonwebtoken'",
    `app.post('/login', (req, res) => res.json({ token: jwt.sign({ sub: user.id, ${claims} }, key, { expiresIn: '15m' }) }))`,
  )

table('jwt-payload', [
  [
    'fails: what somebody logs in with',
    token('login: user.login'),
    ['fail src/app.ts:4: The token carries personal data (login).'],
  ],
  ['fails: a nick', token('nick: user.nick'), ['fail src/app.ts:4: The token carries personal data (nick).']],
  ['fails: rights', token('rights: user.rights'), ['fail src/app.ts:4: The token carries a role (rights).']],
  [
    'is not proven: a claim that a setting names',
    token('[process.env.CLAIM]: user.email'),
    ['not-proven src/app.ts:4: What the token carries could not be followed: ...a computed key.'],
  ],
  ['passes: the id of a login', token('loginId: login.id'), ['pass src/app.ts:4: The token carries sub, loginId.']],
])
