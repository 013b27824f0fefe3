/** Logins that are called like none: they look at a password, a PIN or a code, and give a token or a session for it. */
import { express, type Files, table } from './judged.ts'

type Row = Parameters<typeof table>[1][number]

const program = (...lines: readonly string[]): Files =>
  express(
    "import bcrypt from 'bcrypt'",
    "import jwt from 'jsonwebtoken'",
    "import passport from 'passport'",
    "import rateLimit from 'express-rate-limit'",
    'const limit = rateLimit({ windowMs: 60_000, limit: 10 })',
    'const give = (user) => jwt.sign({ sub: user.id }, key, { expiresIn: "15m" })',
    ...lines,
  )
const OPEN = (route: string, line = 9) => [`fail src/app.ts:${line}: ${route} is not rate limited.`]
const COMPARED = 'if (!user || !(await bcrypt.compare(req.body.password, user.hash))) return res.sendStatus(401)'

const LOGINS: readonly Row[] = [
  [
    'a path of its own',
    program(`app.post('/enter', async (req, res) => { ${COMPARED}; res.json({ token: give(user) }) })`),
    OPEN('POST /enter'),
  ],
  [
    'a session',
    program(`app.post('/enter', async (req, res) => { ${COMPARED}; req.session.userId = user.id; res.end() })`),
    OPEN('POST /enter'),
  ],
  [
    'a PIN',
    program(
      "app.post('/unlock', async (req, res) => { if (device.pin !== req.body.pin) return res.sendStatus(401); res.json({ token: give(device) }) })",
    ),
    OPEN('POST /unlock'),
  ],
  [
    'a code',
    program(
      "app.post('/otp/verify', async (req, res) => { const { code } = req.body; if (row.code !== code) return res.sendStatus(401); res.json({ token: give(row) }) })",
    ),
    OPEN('POST /otp/verify'),
  ],
  [
    'a strategy of passport',
    program("app.post('/in', passport.authenticate('local'), (req, res) => res.json({}))"),
    OPEN('POST /in'),
  ],
  [
    'a strategy that a handler asks',
    program(
      "app.post('/in', (req, res, next) => { passport.authenticate('local', (error, user) => { if (!user) return res.sendStatus(401); req.logIn(user, () => res.end()) })(req, res, next) })",
    ),
    OPEN('POST /in'),
  ],
  [
    'a service',
    program(
      'class Accounts { async enter(email, password) { const user = await find(email); if (!(await bcrypt.compare(password, user.hash))) throw new Error(); return give(user) } }',
      'const accounts = new Accounts()',
      "app.post('/enter', async (req, res) => res.json({ token: await accounts.enter(req.body.email, req.body.password) }))",
    ),
    OPEN('POST /enter', 11),
  ],
  [
    'Hono',
    {
      'src/app.ts':
        "import { Hono } from 'hono'\nimport { sign } from 'hono/jwt'\nimport bcrypt from 'bcryptjs'\nconst app = new Hono()\napp.post('/enter', async (c) => { if (!(await bcrypt.compare(given, user.hash))) return c.json({}, 401); return c.json({ token: await sign({ sub: user.id, exp }, key, 'HS256') }) })",
    },
    OPEN('POST /enter', 5),
  ],
  [
    'Fastify',
    {
      'src/app.ts':
        "import Fastify from 'fastify'\nimport argon2 from 'argon2'\nconst app = Fastify()\napp.post('/enter', async (request, reply) => { if (!(await argon2.verify(user.hash, request.body.password))) return reply.code(401).send(); request.session.userId = user.id; return {} })",
    },
    OPEN('POST /enter', 4),
  ],
  [
    'Nest',
    {
      'src/app.ts':
        "import { NestFactory } from '@nestjs/core'\nimport { Controller, Module, Post, Req, UseGuards } from '@nestjs/common'\nimport { AuthGuard } from '@nestjs/passport'\n@Controller('access')\nclass Access {\n  @UseGuards(AuthGuard('local')) @Post('in') enter(@Req() request) { return request.user }\n}\n@Module({ controllers: [Access] })\nclass App {}\nawait NestFactory.create(App)",
    },
    OPEN('POST /access/in', 6),
  ],
]

table('auth-rate-limit', [
  ...LOGINS.map(([what, files, expected]): Row => [`fails: ${what}`, files, expected]),
  [
    'passes: it is limited',
    program("app.post('/in', limit, passport.authenticate('local'), (req, res) => res.json({}))"),
    ['pass src/app.ts:9 src/app.ts:7: POST /in is limited to 10 a minute.'],
  ],
  [
    'is no login: a password that is changed, a code that no session comes of',
    program(
      `app.post('/account/change-password', async (req, res) => { ${COMPARED}; res.json({ token: give(user) }) })`,
      "app.post('/orders/:id/redeem', async (req, res) => { if (coupon.code !== req.body.code) return res.sendStatus(400); res.json({}) })",
    ),
    ['not-proven src/app.ts:9: Passwords are checked, and the route that leads there could not be found.'],
  ],
])

table('default-deny', [
  [
    'passes: a login that is opened by its whole path, whatever that is',
    program(
      'const guard = (req, res, next) => { try { jwt.verify(req.headers.authorization, key); next() } catch { res.sendStatus(401) } }',
      "app.use((req, res, next) => (req.path === '/api/enter' ? next() : guard(req, res, next)))",
      `app.post('/api/enter', async (req, res) => { ${COMPARED}; res.json({ token: give(user) }) })`,
      "app.get('/api/notes', list)",
    ),
    ['pass src/app.ts:10: One guard covers 1 of 2 routes; the others are marked public.'],
  ],
])
