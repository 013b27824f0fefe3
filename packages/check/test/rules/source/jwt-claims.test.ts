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
  ['passes: the id of a login', token('loginId: login.id'), ['pass src/app.ts:4: The token carries sub, loginId.']],
])
