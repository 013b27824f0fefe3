/** Guards that are put on under a condition: what is up where nobody sets anything. */
import { express, type Files, table } from './judged.ts'

type Row = Parameters<typeof table>[1][number]

const guarded = (mount: string): Files =>
  express(
    "import jwt from 'jsonwebtoken'",
    'const noop = (req, res, next) => next(); const other = (req, res, next) => { if (!req.session.userId) return res.sendStatus(401); next() }',
    'const guard = (req, res, next) => { try { jwt.verify(req.headers.authorization, key); next() } catch { res.sendStatus(401) } }',
    "const config = { auth: process.env.AUTH === 'true', open: process.env.OPEN === 'true' }",
    mount,
    "app.post('/notes', add)",
  )

const OFF = [
  "if (process.env.AUTH === 'on') app.use(guard)",
  "if (process.env.AUTH === 'on') { app.use(guard) }",
  'if (process.env.ENABLE_AUTH) app.use(guard)',
  "process.env.AUTH === 'on' && app.use(guard)",
  'if (config.auth) app.use(guard)',
  'const enabled = config.auth; if (enabled) app.use(guard)',
  "if (process.env.NODE_ENV === 'development') app.use(guard)",
  "const addAuth = (to) => { if (process.env.AUTH !== 'on') return; to.use(guard) }; addAuth(app)",
]

/** One way of a choice. */
const CHOSEN = [
  "app.use(process.env.AUTH === 'on' ? guard : noop)",
  "app.use(process.env.AUTH !== 'on' ? noop : guard)",
  'const chosen = process.env.REQUIRE_AUTH ? guard : (req, res, next) => next(); app.use(chosen)',
  "app.use(process.env.NODE_ENV === 'development' ? guard : noop)",
  "app.use(...(process.env.AUTH === 'on' ? [guard] : []))",
  "const before = process.env.AUTH === 'on' ? [guard] : []; app.use(...before)",
  "app.use([process.env.AUTH === 'on' && guard].filter(Boolean))",
  "const make = () => { if (process.env.AUTH !== 'on') return noop; return guard }; app.use(make())",
  "const make = () => (process.env.AUTH === 'on' ? guard : noop); app.use(make())",
]

const ON = [
  "app.use(process.env.AUTH === 'off' ? noop : guard)",
  "app.use(process.env.NODE_ENV === 'test' ? noop : guard)",
  "app.use(process.env.NODE_ENV === 'production' ? guard : noop)",
  'app.use(process.env.OIDC ? guard : other)',
  "if (process.env.AUTH !== 'off') app.use(guard)",
  'if (!process.env.NO_AUTH) app.use(guard)',
  'if (!config.open) app.use(guard)',
  "if (process.env.NODE_ENV === 'production') app.use(guard)",
  "if (process.env.NODE_ENV !== 'test') app.use(guard)",
  "if (!process.env.JWT_KEY) throw new Error('JWT_KEY'); app.use(guard)",
  "if (process.env.JWT_KEY === undefined) { console.error('JWT_KEY'); process.exit(1) } app.use(guard)",
  'if (options.guarded) app.use(guard)',
  "const make = () => { if (process.env.AUTH === 'off') return noop; return guard }; app.use(make())",
  "const make = () => { if (!process.env.JWT_KEY) throw new Error('JWT_KEY'); return guard }; app.use(make())",
  "const addAuth = (to) => { if (process.env.AUTH === 'off') return; to.use(guard) }; addAuth(app)",
  "app.use(...(process.env.NODE_ENV === 'test' ? [] : [guard]))",
  "const before = process.env.AUTH === 'off' ? [] : [guard]; app.use(...before)",
  "app.use([process.env.AUTH !== 'off' && guard].filter(Boolean))",
]

const FAIL = ['fail src/app.ts:8: No guard in front of 1 route.']
const PASS = ['pass src/app.ts:7: One guard covers 1 of 1 route.']

const set = (files: Files): Files => ({ ...files, '.env': 'AUTH=on\n' })

const hono = (mount: string): Files => ({
  'src/app.ts': [
    "import { Hono } from 'hono'",
    "import { jwt } from 'hono/jwt'",
    'const app = new Hono()',
    mount,
    "app.post('/notes', add)",
  ].join('\n'),
})

const fastify = (mount: string): Files => ({
  'src/app.ts': ["import Fastify from 'fastify'", 'const app = Fastify()', mount, "app.post('/notes', add)"].join('\n'),
})

const fastapi = (test: string): Files => ({
  'app/main.py': [
    'import os',
    'from fastapi import FastAPI, Request',
    'from fastapi.responses import JSONResponse',
    'from starlette.middleware.base import BaseHTTPMiddleware',
    'import jwt',
    'app = FastAPI()',
    'class AuthMiddleware(BaseHTTPMiddleware):',
    '    async def dispatch(self, request: Request, call_next):',
    '        try:',
    '            jwt.decode(request.headers["authorization"], KEY, algorithms=["HS256"])',
    '        except jwt.InvalidTokenError:',
    '            return JSONResponse(status_code=401, content={})',
    '        return await call_next(request)',
    `if ${test}:`,
    '    app.add_middleware(AuthMiddleware)',
    '@app.post("/notes")',
    'async def add():',
    '    return []',
  ].join('\n'),
})

const nest = (test: string): Files => ({
  'src/main.ts':
    "import { NestFactory } from '@nestjs/core'\nimport { AppModule } from './app.module'\nawait (await NestFactory.create(AppModule)).listen(3000)",
  'src/app.module.ts': `import { Controller, Get, Module } from '@nestjs/common'
import { APP_GUARD } from '@nestjs/core'
import { AuthGuard } from '@nestjs/passport'
class JwtGuard extends AuthGuard('jwt') {}
@Controller('notes') export class NotesController { @Get() list() {} }
@Module({
  controllers: [NotesController],
  providers: [...(${test} ? [{ provide: APP_GUARD, useClass: JwtGuard }] : [])],
})
export class AppModule {}`,
})

const HOOK = "app.addHook('onRequest', async (request) => { await request.jwtVerify() })"
const JWT = 'app.use(jwt({ secret, alg }))'

table('default-deny', [
  ...[...OFF, ...CHOSEN].map((one): Row => [`fails: ${one}`, guarded(one), FAIL]),
  ...ON.map((one): Row => [`passes: ${one}`, guarded(one), PASS]),
  ["passes: a file of the project's switches it on", set(guarded(OFF[0] ?? '')), PASS],
  ['fails: Hono', hono(`if (process.env.AUTH === 'on') ${JWT}`), ['fail src/app.ts:5: No guard in front of 1 route.']],
  [
    'fails: Hono, one way of a choice',
    hono("app.use(process.env.AUTH === 'on' ? jwt({ secret, alg }) : noop)"),
    ['fail src/app.ts:5: No guard in front of 1 route.'],
  ],
  [
    'fails: Fastify, one way of a choice',
    fastify(
      "app.addHook('onRequest', process.env.AUTH === 'on' ? async (request) => { await request.jwtVerify() } : async () => {})",
    ),
    ['fail src/app.ts:4: No guard in front of 1 route.'],
  ],
  [
    'passes: Hono, where nobody switches it off',
    hono(`if (process.env.AUTH !== 'off') ${JWT}`),
    ['pass src/app.ts:4: One guard covers 1 of 1 route.'],
  ],
  [
    'fails: Fastify',
    fastify(`if (process.env.AUTH === 'on') ${HOOK}`),
    ['fail src/app.ts:4: No guard in front of 1 route.'],
  ],
  [
    'passes: Fastify, where nobody switches it off',
    fastify(`if (process.env.AUTH !== 'off') ${HOOK}`),
    ['pass src/app.ts:3: One guard covers 1 of 1 route.'],
  ],
  [
    'fails: Nest, what is provided',
    nest("process.env.AUTH === 'on'"),
    ['fail src/app.module.ts:5: No guard in front of 1 route.'],
  ],
  [
    'passes: Nest, where nobody switches it off',
    nest("process.env.AUTH !== 'off'"),
    ['pass src/app.module.ts:8: One guard covers 1 of 1 route.'],
  ],
  ['fails: FastAPI', fastapi('os.getenv("AUTH") == "on"'), ['fail app/main.py:16: No guard in front of 1 route.']],
  [
    'passes: FastAPI, where nobody switches it off',
    fastapi('os.getenv("AUTH") != "off"'),
    ['pass app/main.py:15: One guard covers 1 of 1 route.'],
  ],
])
