/** Guards that believe what the caller writes, or that stand open until somebody sets a variable, with the twins that prove something. */
import { express, type Files, table } from './judged.ts'

const guard = (...lines: readonly string[]): Files =>
  express(
    "import jwt from 'jsonwebtoken'",
    "import { jwtVerify } from 'jose'",
    `app.use(async (req, res, next) => { ${lines.join('; ')} })`,
    "app.get('/notes', list)",
  )
const choosing = (choice: string): Files =>
  express(
    "import jwt from 'jsonwebtoken'",
    "const MODE = process.env.AUTH_MODE ?? 'none'; const auth = (req, res, next) => { try { jwt.verify(req.headers.authorization, key); next() } catch { res.sendStatus(401) } }",
    `app.use((req, res, next) => ${choice})`,
    "app.get('/notes', list)",
  )
const NONE = ['fail src/app.ts:6: No guard in front of 1 route.']
const ONE = ['pass src/app.ts:5: One guard covers 1 of 1 route.']
const VERIFY =
  "try { req.user = jwt.verify(req.headers.authorization, key, { algorithms: ['HS256'] }) } catch { return res.sendStatus(401) }"
const FOUND = 'if (!user) return res.sendStatus(401); req.user = user; next()'

const rows: readonly (readonly [title: string, files: Files, expected: readonly string[]])[] = [
  ['fails: an id in a header', guard("const user = await users.byId(req.headers['x-user-id'])", FOUND), NONE],
  ['fails: an id in a cookie', guard('const user = await users.byId(req.cookies.userId)', FOUND), NONE],
  ['fails: an address in a header', guard("const user = await users.find(req.get('x-user-email'))", FOUND), NONE],
  ['passes: a session in a cookie', guard('const user = await sessions.userOf(req.cookies.sid)', FOUND), ONE],
  ['passes: an id in a signed cookie', guard('const user = await users.byId(req.signedCookies.userId)', FOUND), ONE],
  [
    'passes: an id and what proves it',
    guard(
      "const user = await users.byId(req.headers['x-user-id'])",
      "if (!user || !matches(user, req.headers['x-signature'])) return res.sendStatus(401)",
      'next()',
    ),
    ONE,
  ],
  [
    'fails: a cookie that is only unpacked',
    guard("const user = JSON.parse(Buffer.from(req.cookies.session, 'base64').toString())", FOUND),
    NONE,
  ],
  [
    'fails: a token that is only unpacked',
    guard("const user = jwt.decode(req.headers.authorization.split(' ')[1], { complete: true })", FOUND),
    NONE,
  ],
  [
    'passes: a token that the project’s own decode verifies',
    guard(`const decode = (token) => jwt.verify(token, key)`, 'const user = decode(req.cookies.session)', FOUND),
    ONE,
  ],
  [
    'fails: the Host header of its own machine',
    guard("if (req.hostname === 'localhost') return next()", VERIFY, 'next()'),
    NONE,
  ],
  [
    'fails: a part of a header',
    guard("if (req.get('user-agent')?.includes('kube-probe')) return next()", VERIFY, 'next()'),
    NONE,
  ],
  ['fails: open until it is set', guard("if (process.env.AUTH !== 'on') return next()", VERIFY, 'next()'), NONE],
  [
    'fails: a choice that is open until it is set',
    choosing("process.env.AUTH === 'on' ? auth(req, res, next) : next()"),
    NONE,
  ],
  ['fails: the same by a mode', choosing("MODE === 'none' ? next() : auth(req, res, next)"), NONE],
  [
    'passes: a choice that is open where it is set',
    choosing("process.env.AUTH === 'off' ? next() : auth(req, res, next)"),
    ONE,
  ],
  [
    'passes: a choice that asks where it runs',
    choosing("(process.env.RUNTIME ?? 'development') === 'development' ? next() : auth(req, res, next)"),
    ONE,
  ],
  [
    'passes: a choice that is open in tests',
    choosing("process.env.NODE_ENV === 'test' ? next() : auth(req, res, next)"),
    ONE,
  ],
  ['fails: open without a key', guard('if (!process.env.API_KEY) return next()', VERIFY, 'next()'), NONE],
  ['passes: open where it is set', guard("if (process.env.NO_AUTH === 'yes') return next()", VERIFY, 'next()'), ONE],
  ['passes: open in tests', guard("if (process.env.NODE_ENV === 'test') return next()", VERIFY, 'next()'), ONE],
  [
    'fails: it goes on beside the check',
    guard(
      'jwtVerify(req.cookies.token, key).then((one) => { req.user = one }).catch(() => res.sendStatus(401))',
      'next()',
    ),
    NONE,
  ],
  [
    'passes: it goes on after the check',
    guard('jwtVerify(req.cookies.token, key).then(() => next()).catch(() => res.sendStatus(401))'),
    ONE,
  ],
]

table('default-deny', rows)
