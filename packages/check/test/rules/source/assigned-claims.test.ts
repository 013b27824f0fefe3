/** Claims that are laid over others after their name was bound. */
import { express, table } from './judged.ts'

const claims = (...lines: readonly string[]) =>
  express("import jwt from 'jsonwebtoken'", ...lines, "const token = jwt.sign(claims, key, { expiresIn: '15m' })")
const ROLES = ['fail src/app.ts:6: The token carries a role (roles).']

table('jwt-payload', [
  [
    'fails: a role by Object.assign',
    claims('const claims = { sub: user.id }', 'Object.assign(claims, { roles: user.roles })'),
    ROLES,
  ],
  [
    'fails: under a condition',
    claims('const claims = { sub: user.id }', 'if (user.isStaff) Object.assign(claims, { roles: user.roles })'),
    ROLES,
  ],
  [
    'fails: one of several',
    claims('const claims = { sub: user.id }', 'Object.assign(claims, { sid }, { roles: user.roles })'),
    ROLES,
  ],
  [
    'is not proven: all of something else',
    claims('const claims = { sub: user.id }', 'Object.assign(claims, more)'),
    ['not-proven src/app.ts:6: What the token carries could not be followed: ...more.'],
  ],
  [
    'passes: the id of a session',
    claims('const claims = { sub: user.id }', 'Object.assign(claims, { sid: session.id })'),
    ['pass src/app.ts:6: The token carries sub, sid.'],
  ],
  [
    'passes: what is laid over something else',
    claims('const claims = { sub: user.id }', 'Object.assign(answer, { roles: user.roles })'),
    ['pass src/app.ts:6: The token carries sub.'],
  ],
  [
    'passes: the claims are laid over something else',
    claims('const claims = { sub: user.id }', 'Object.assign({ roles: user.roles }, claims)'),
    ['pass src/app.ts:6: The token carries sub.'],
  ],
])

const lives = (change: string) =>
  express(
    "import jwt from 'jsonwebtoken'",
    "const options = { expiresIn: '15m' }",
    change,
    'const token = jwt.sign({ sub: user.id }, key, options)',
  )

table('jwt-expiry', [
  [
    'fails: a long life where somebody asks for it',
    lives("if (remember) Object.assign(options, { expiresIn: '30d' })"),
    ['fail src/app.ts:5 src/app.ts:6: An access token lives 30 days.'],
  ],
  [
    'passes: a shorter one',
    lives("Object.assign(options, { expiresIn: '5m' })"),
    ['pass src/app.ts:6: Access tokens live 5 minutes.'],
  ],
])
