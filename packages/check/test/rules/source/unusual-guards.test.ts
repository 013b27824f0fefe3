/** Guards that hold, in ways that are written less often. */
import { express, type Files, table } from './judged.ts'

type Row = Parameters<typeof table>[1][number]

const hono = (...lines: readonly string[]): Files => ({
  'src/app.ts': ["import { Hono } from 'hono'", ...lines, "app.get('/notes', list)", "app.post('/notes', add)"].join(
    '\n',
  ),
})

const READS =
  "app.use(async (c, next) => { const token = c.req.header('Authorization'); if (token) { try { c.set('user', await verify(token, key, 'HS256')) } catch { c.set('user', null) } } await next() })"

/** What one middleware found out, and another refuses without. */
const told = (test: string): Files =>
  hono(
    "import { verify } from 'hono/jwt'; const app = new Hono()",
    READS,
    `app.use(async (c, next) => { ${test} return c.json({ error: 'Unauthorized' }, 401); await next() })`,
  )

const thrown = (body: string): Files => ({
  'src/app.ts': [
    "import Fastify from 'fastify'; import { decodeJwt, jwtVerify } from 'jose'",
    'const app = Fastify()',
    `app.addHook('onRequest', async (request) => { ${body} })`,
    "app.get('/notes', list)",
    "app.post('/notes', add)",
  ].join('\n'),
})

const COVERS = (line: number): readonly string[] => [`pass src/app.ts:${line}: One guard covers 2 of 2 routes.`]
const NONE = (line: number): readonly string[] => [
  `fail src/app.ts:${line} src/app.ts:${line + 1}: No guard in front of 2 routes.`,
]

const expressed = (first: string, guard: string): Files =>
  express(first, guard, "app.get('/notes', list)", "app.post('/notes', add)")

const passport = (strategy: string): Files =>
  expressed("import passport from 'passport'", `app.use(passport.authenticate(${strategy}, { session: false }))`)

const bearer = (options: string): Files =>
  expressed("import { auth } from 'express-oauth2-jwt-bearer'", `app.use(auth(${options}))`)

const session = (refusal: string): Files =>
  expressed(
    `const authenticated = async (req, res, next) => { const found = await getSession(req); ${refusal}; res.locals.session = found; return next() }`,
    'app.use(authenticated)',
  )

const flask = (check: string): Files => ({
  'main.py': [
    'from flask import Flask',
    'app = Flask(__name__)',
    '@app.before_request',
    'def require_token():',
    `    ${check}`,
    '@app.get("/notes")',
    'def notes():',
    '    return []',
  ].join('\n'),
})

const FLASK = 'pass main.py:3: One guard covers 1 of 1 route.'

const users = (options: string): Files => ({
  'main.py': [
    'from fastapi import Depends, FastAPI',
    'from fastapi_users import FastAPIUsers',
    'users = FastAPIUsers[User, int](get_user_manager, [backend])',
    `app = FastAPI(dependencies=[Depends(users.current_user(${options}))])`,
    '@app.get("/notes")',
    'def notes():',
    '    return []',
  ].join('\n'),
})

table('default-deny', [
  ...["const user = c.get('user'); if (!user)", "if (!c.get('jwtPayload'))", 'if (!c.var.user)'].map(
    (one): Row => [`passes: Hono, ${one}`, told(one), COVERS(4)],
  ),
  ["fails: Hono, a language that nobody set: c.get('locale')", told("if (!c.get('locale'))"), NONE(5)],
  [
    'passes: Fastify, what jose throws in a hook without a name',
    thrown('const { payload } = await jwtVerify(request.headers.authorization.slice(7), key); request.user = payload'),
    COVERS(3),
  ],
  [
    'fails: Fastify, what jose throws and nobody hears of',
    thrown('try { request.user = await jwtVerify(request.headers.authorization.slice(7), key) } catch {}'),
    NONE(4),
  ],
  [
    'fails: Fastify, what jose throws, and nothing instead of it',
    thrown(
      'const found = await jwtVerify(request.headers.authorization.slice(7), key).catch(() => undefined); request.user = found',
    ),
    NONE(4),
  ],
  [
    'fails: Fastify, a token that is only taken apart',
    thrown('request.user = decodeJwt(request.headers.authorization.slice(7))'),
    NONE(4),
  ],
  [
    'passes: Express, what jsonwebtoken throws',
    express(
      "import jwt from 'jsonwebtoken'",
      'app.use((req, res, next) => { req.user = jwt.verify(req.headers.authorization.slice(7), key); next() })',
      "app.get('/notes', list)",
      "app.post('/notes', add)",
    ),
    COVERS(4),
  ],
  [
    'passes: Fastify, a session of its own',
    thrown("if (!request.session.get('userId')) throw new Unauthorized()"),
    COVERS(3),
  ],
  ['passes: Express, passport', passport("'jwt'"), COVERS(4)],
  ['fails: Express, passport that lets everybody through at last', passport("['jwt', 'anonymous']"), NONE(5)],
  ['passes: Express, a bearer that has to be there', bearer('{ audience }'), COVERS(4)],
  [
    "fails: Express, Clerk's middleware, which only reads who calls",
    expressed("import { clerkMiddleware } from '@clerk/express'", 'app.use(clerkMiddleware())'),
    NONE(5),
  ],
  ['fails: Express, a bearer that nobody has to send', bearer('{ audience, authRequired: false }'), NONE(5)],
  [
    'passes: a guard that asks for the session and refuses',
    session('if (!found) return res.sendStatus(401)'),
    COVERS(4),
  ],
  ['fails: a guard by its name, which refuses nobody', session(''), NONE(5)],
  ['passes: Flask, flask-jwt-extended', flask('verify_jwt_in_request()'), [FLASK]],
  [
    'fails: Flask, flask-jwt-extended where nobody has to send one',
    flask('verify_jwt_in_request(optional=True)'),
    ['fail main.py:6: No guard in front of 1 route.'],
  ],
  ['passes: Flask, Authlib', flask('require_oauth.acquire_token()'), [FLASK]],
  ['passes: FastAPI, fastapi-users', users('active=True'), ['pass main.py:4: One guard covers 1 of 1 route.']],
  [
    'fails: FastAPI, fastapi-users where nobody has to be there',
    users('active=True, optional=True'),
    ['fail main.py:5: No guard in front of 1 route.'],
  ],
  [
    'fails: Express, what is only called a guard',
    expressed('const auth = (req, res, next) => { console.log(req.url); next() }', 'app.use(auth)'),
    NONE(5),
  ],
  [
    'passes: Express, what is called a guard, and hands the request to what nobody knows',
    expressed(
      "import { ensure } from '@acme/users'; const auth = (req, res, next) => { ensure(req, res, next) }",
      'app.use(auth)',
    ),
    COVERS(4),
  ],
  [
    'fails: Flask, what is only called a guard',
    flask('g.started = now()'),
    ['fail main.py:6: No guard in front of 1 route.'],
  ],
  [
    'passes: Express, a token that a helper takes out of its header',
    expressed(
      "import { introspect } from './oauth.js'; const bearer = (req) => /^Bearer (.+)$/.exec(req.headers.authorization ?? '')?.[1]",
      'app.use(async (req, res, next) => { const found = await introspect(bearer(req)); if (!found.active) return res.sendStatus(401); next() })',
    ),
    COVERS(4),
  ],
  [
    'passes: Express, a signature',
    expressed(
      "import { timingSafeEqual } from 'node:crypto'",
      "app.use((req, res, next) => { const sent = Buffer.from(req.get('x-signature') ?? '', 'hex'); if (!timingSafeEqual(sent, signed(req))) return res.sendStatus(401); next() })",
    ),
    COVERS(4),
  ],
  [
    'fails: Express, a signature that only has to be there',
    expressed(
      "import { timingSafeEqual } from 'node:crypto'",
      "app.use((req, res, next) => { if (!req.get('x-signature')) return res.sendStatus(401); next() })",
    ),
    NONE(5),
  ],
  [
    'passes: Express, a cookie that is signed',
    express(
      'app.use((req, res, next) => { if (!req.signedCookies.user) return res.sendStatus(401); next() })',
      "app.get('/notes', list)",
      "app.post('/notes', add)",
    ),
    COVERS(3),
  ],
])

const router = (guard: string): Files => ({
  'main.py': [
    'from fastapi import APIRouter, Depends, FastAPI, HTTPException',
    'from fastapi.security import OAuth2PasswordBearer',
    'import jwt',
    'scheme = OAuth2PasswordBearer(tokenUrl="login")',
    'def current_user(token: str = Depends(scheme)):',
    '    try:',
    '        return jwt.decode(token, KEY, algorithms=["HS256"])',
    '    except jwt.InvalidTokenError:',
    '        raise HTTPException(401)',
    'notes = APIRouter()',
    '@notes.get("/notes")',
    'def all_notes():',
    '    return []',
    `private = APIRouter(dependencies=[Depends(${guard})])`,
    'private.include_router(notes)',
    'app = FastAPI()',
    'app.include_router(private)',
  ].join('\n'),
})

table('default-deny', [
  [
    'passes: FastAPI, a router that holds all',
    router('current_user'),
    ['pass main.py:17: One guard covers 1 of 1 route.'],
  ],
  [
    'fails: FastAPI, a router that only asks for a token',
    router('scheme'),
    ['fail main.py:11: No guard in front of 1 route.'],
  ],
])

const forAll = (path: string, ...lines: readonly string[]): Files =>
  express(
    "import jwt from 'jsonwebtoken'",
    'const guard = (req, res, next) => { try { jwt.verify(req.get("authorization"), key); next() } catch { res.sendStatus(401) } }',
    `app.all('${path}', guard)`,
    ...lines,
  )

table('default-deny', [
  ...['*', '/{*splat}', '/api/*'].map((path): Parameters<typeof table>[1][number] => [
    `passes: app.all('${path}', guard) is what use is`,
    forAll(path, "app.get('/api/notes', list)"),
    ['pass src/app.ts:5: One guard covers 1 of 1 route.'],
  ]),
  [
    'fails: for one path alone',
    forAll('/notes', "app.get('/notes/:id', find)"),
    ['fail src/app.ts:5 src/app.ts:6: No guard in front of 2 routes.'],
  ],
])

const honoForAll = (handler: string): Files => ({
  'src/app.ts': [
    "import { Hono } from 'hono'",
    "import { jwt } from 'hono/jwt'",
    "import { serve } from 'somewhere'",
    `const app = new Hono(); app.all('/api/*', ${handler})`,
    "app.get('/api/notes', list)",
  ].join('\n'),
})

table('default-deny', [
  [
    "passes: Hono, app.all('/api/*', guard) is what use is",
    honoForAll("jwt({ secret, alg: 'HS256' })"),
    ['pass src/app.ts:4: One guard covers 1 of 1 route.'],
  ],
  [
    'fails: Hono, what answers there itself',
    honoForAll('serve({ root: "." })'),
    ['fail src/app.ts:4 src/app.ts:5: No guard in front of 2 routes.'],
  ],
])
