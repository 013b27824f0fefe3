import { type Files, table } from './judged.ts'

const LOGIN = "app.post('/login', login)"

const express = (mount: string): Files => ({
  'src/app.ts': `import express from 'express'\nimport rateLimit from 'express-rate-limit'\nconst app = express()\nconst slow = rateLimit({ windowMs: 60_000, limit: 10 })\n${mount}\n${LOGIN}`,
})
const hono = (mount: string): Files => ({
  'src/app.ts': `import { Hono } from 'hono'\nimport { rateLimiter } from 'hono-rate-limiter'\nconst app = new Hono()\nconst slow = rateLimiter({ windowMs: 60_000, limit: 10, keyGenerator })\n${mount}\n${LOGIN}`,
})
const fastify = (mount: string): Files => ({
  'src/app.ts': `import Fastify from 'fastify'\nimport slow from '@fastify/rate-limit'\nconst app = Fastify()\n\n${mount}\n${LOGIN}`,
})

const skips = (skip: string): Files => express(`app.use(rateLimit({ windowMs: 60_000, limit: 10, skip: ${skip} }))`)

const REGISTER = "await app.register(slow, { max: 10, timeWindow: '1 minute' })"

table('auth-rate-limit', [
  [
    'fails: it is there for tests alone',
    express("if (process.env.NODE_ENV === 'test') app.use(slow)"),
    ['fail src/app.ts:5 src/app.ts:6: The limiter of POST /login never counts.'],
  ],
  [
    'fails: somebody has to switch it on, below Express',
    express("if (process.env.RATE_LIMIT === 'on') app.use(slow)"),
    ['fail src/app.ts:5 src/app.ts:6: The limiter of POST /login never counts.'],
  ],
  [
    'fails: in a list for tests alone',
    express("app.use(...(process.env.NODE_ENV === 'test' ? [slow] : []))"),
    ['fail src/app.ts:5 src/app.ts:6: The limiter of POST /login never counts.'],
  ],
  [
    'passes: in a list for production',
    express("app.use(...(process.env.NODE_ENV === 'production' ? [slow] : []))"),
    ['pass src/app.ts:6 src/app.ts:4: POST /login is limited to 10 a minute.'],
  ],
  [
    'fails: somebody has to switch it on, below Fastify',
    fastify(`if (process.env.RATE_LIMIT) ${REGISTER}`),
    ['fail src/app.ts:5 src/app.ts:6: The limiter of POST /login never counts.'],
  ],
  [
    'fails: somebody has to switch it on, below Hono',
    hono('if (process.env.RATE_LIMIT) app.use(slow)'),
    ['fail src/app.ts:6: POST /login is not rate limited.'],
  ],
  ...[
    "(req) => req.headers['x-internal'] === 'yes'",
    '(req) => !!req.query.unlimited',
    "(req) => { if (req.query.unlimited === '1') return true; return false }",
    "(req) => req.path === '/health' || req.get('x-internal')",
    "() => process.env.RATE_LIMIT_ENABLED !== 'true'",
    '() => !process.env.RATE_LIMIT_ENABLED',
    "() => process.env.NODE_ENV === 'test' || process.env.RATE_LIMIT !== 'on'",
    "(req) => { if (req.path === '/health') return true; return !process.env.RATE_LIMIT }",
  ].map(
    (skip) =>
      [
        `fails: ${skip} leaves out whoever asks for it, or everybody`,
        skips(skip),
        ['fail src/app.ts:5 src/app.ts:6: The limiter of POST /login never counts.'],
      ] as const,
  ),
  ...[
    "(req) => req.path === '/health'",
    "(req) => req.headers['x-internal'] === process.env.INTERNAL_KEY",
    "(req) => process.env.NODE_ENV === 'test' && req.headers['x-test'] === '1'",
    '(req) => ALLOWED.includes(req.ip)',
    "(req) => { if (req.ip === OFFICE) return process.env.RATE_LIMIT !== 'on'; return false }",
    "() => process.env.NODE_ENV !== 'production'",
    "() => process.env.RATE_LIMIT === 'off'",
    '() => Boolean(process.env.NO_LIMITS)',
    "() => process.env.NODE_ENV === 'test' && !process.env.LIMITED_TESTS",
    "() => { if (process.env.NODE_ENV === 'production') return false; return process.env.RATE_LIMIT !== 'on' }",
  ].map(
    (skip) =>
      [
        `passes: ${skip} leaves out others`,
        skips(skip),
        ['pass src/app.ts:6 src/app.ts:5: POST /login is limited to 10 a minute.'],
      ] as const,
  ),
  [
    'fails: by an object of settings',
    {
      'src/app.ts': `${skips('() => !config.limits.enabled')['src/app.ts']}\nconst config = { limits: { enabled: process.env.LIMITS === 'true' } }`,
    },
    ['fail src/app.ts:5 src/app.ts:6: The limiter of POST /login never counts.'],
  ],
  [
    'passes: a file that is committed switches it on',
    { ...skips("() => process.env.RATE_LIMIT !== 'on'"), '.env': 'RATE_LIMIT=on' },
    ['pass src/app.ts:6 src/app.ts:5: POST /login is limited to 10 a minute.'],
  ],
  [
    'fails: a list of Fastify that whoever asks for it is on',
    fastify("await app.register(slow, { max: 10, allowList: (request) => request.headers['x-internal'] === 'yes' })"),
    ['fail src/app.ts:5 src/app.ts:6: The limiter of POST /login never counts.'],
  ],
  ...[
    "if (process.env.NODE_ENV === 'production')",
    "if (process.env.LIMIT !== 'off')",
    'if (!process.env.OPEN)',
  ].flatMap((condition) =>
    (
      [
        ['Express', express(`${condition} app.use(slow)`), 4],
        ['Hono', hono(`${condition} app.use(slow)`), 4],
        ['Fastify', fastify(`${condition} ${REGISTER}`), 5],
      ] as const
    ).map(
      ([framework, files, line]) =>
        [
          `passes: ${condition}, below ${framework}`,
          files,
          [`pass src/app.ts:6 src/app.ts:${line}: POST /login is limited to 10 a minute.`],
        ] as const,
    ),
  ),
])

const nest = (options: string): Files => ({
  'src/app.ts': `import { Controller, Module, Post } from '@nestjs/common'
import { APP_GUARD, NestFactory } from '@nestjs/core'
import { ThrottlerGuard, ThrottlerModule } from '@nestjs/throttler'
@Controller('auth') class Auth { @Post('login') login() { return {} } }
@Module({
  imports: [ThrottlerModule.forRoot({ throttlers: [{ ttl: 60000, limit: 10 }], ${options} })],
  controllers: [Auth],
  providers: [{ provide: APP_GUARD, useClass: ThrottlerGuard }],
})
class App {}
NestFactory.create(App)`,
})
const NEVER = ['fail src/app.ts:6 src/app.ts:4: The limiter of POST /auth/login never counts.']
const COUNTS = ['pass src/app.ts:4 src/app.ts:6: POST /auth/login is limited to 10 a minute.']

table('auth-rate-limit', [
  ['fails: Nest’s that somebody has to switch on', nest("skipIf: () => process.env.THROTTLE !== 'on'"), NEVER],
  ['fails: Nest’s that leaves out whoever says so', nest('ignoreUserAgents: [/googlebot/gi]'), NEVER],
  ['passes: Nest’s that leaves out nobody', nest('ignoreUserAgents: []'), COUNTS],
  ['passes: Nest’s in production alone', nest("skipIf: () => process.env.NODE_ENV !== 'production'"), COUNTS],
])
