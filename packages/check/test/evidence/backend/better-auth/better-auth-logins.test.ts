import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { withOwnLimit } from '../../../../src/evidence/backend/better-auth/better-auth-logins.ts'
import { readExpress } from '../../../../src/evidence/backend/express/index.ts'
import type { FrameworkFacts } from '../../../../src/evidence/backend/facts.ts'
import { readFastify } from '../../../../src/evidence/backend/fastify/index.ts'
import { readHono } from '../../../../src/evidence/backend/hono/index.ts'
import { readNest } from '../../../../src/evidence/backend/nest/index.ts'
import type { Reading } from '../../../../src/evidence/backend/reading.ts'
import { readingOf, type Sources } from '../../sources.ts'

type Read = (reading: Reading) => FrameworkFacts

/** `POST /api/auth/sign-in/email 10`: the logins that better-auth answers, and what limits them. */
const logins = (read: Read, sources: Sources): readonly string[] => {
  const reading = readingOf(sources)
  return withOwnLimit(reading, read(reading))
    .routes.filter(({ path }) => path.includes('/sign-in/'))
    .map(({ method, path, limiters }) =>
      [method, path, ...limiters.map(({ library, perMinute }) => `${library} ${perMinute}`)].join(' '),
    )
}

const auth = (options = 'emailAndPassword: { enabled: true }') =>
  `import { betterAuth } from 'better-auth'\nimport { username, emailOTP, bearer } from 'better-auth/plugins'\nexport const auth = betterAuth({ ${options} })`
const OFF = 'emailAndPassword: { enabled: true }, rateLimit: { enabled: false }'

describe('logins that better-auth answers below Hono', () => {
  const app = (lines: string, options = OFF) => ({
    'auth.ts': auth(options),
    'app.ts': `import { Hono } from 'hono'\nimport { rateLimiter } from 'hono-rate-limiter'\nimport { auth } from './auth'
      const limit = rateLimiter({ windowMs: 60000, limit: 10 })\nconst app = new Hono()\n${lines}\nexport default app`,
  })
  const all = "app.on(['POST', 'GET'], '/api/auth/*', async (c) => auth.handler(c.req.raw))"

  test('are behind what is mounted on their path', () => {
    assert.deepEqual(logins(readHono, app(`app.use('/api/auth/sign-in/*', limit)\n${all}`)), [
      'POST /api/auth/sign-in/email hono-rate-limiter 10',
    ])
    assert.deepEqual(logins(readHono, app(`app.use('/api/auth/sign-up/*', limit)\n${all}`)), [
      'POST /api/auth/sign-in/email',
    ])
    assert.deepEqual(logins(readHono, app(`${all}\napp.use('/api/auth/*', limit)`)), ['POST /api/auth/sign-in/email'])
    assert.deepEqual(logins(readHono, app("app.get('/api/auth/*', (c) => auth.handler(c.req.raw))")), [])
  })
  test('on a router, where it was mounted', () => {
    const lines = `const users = new Hono()\nusers.all('/*', (c) => auth.handler(c.req.raw))\napp.use('/v1/users/*', limit)\napp.route('/v1/users', users)`
    assert.deepEqual(logins(readHono, app(lines)), ['POST /v1/users/sign-in/email hono-rate-limiter 10'])
  })
  test('are those that its options have', () => {
    const of = (options: string) => logins(readHono, app(all, options)).map((one) => one.split(' ')[1])
    assert.deepEqual(of('socialProviders: {}'), [])
    assert.deepEqual(of('emailAndPassword: { enabled: false }'), [])
    assert.deepEqual(of('...shared'), ['/api/auth/sign-in/email'])
    assert.deepEqual(of('emailAndPassword: { enabled: true }, plugins: [bearer(), username(), emailOTP({})]'), [
      '/api/auth/sign-in/email',
      '/api/auth/sign-in/username',
      '/api/auth/sign-in/email-otp',
    ])
  })
  test('a handler of something else is none', () => {
    assert.deepEqual(logins(readHono, app("app.all('/api/auth/*', (c) => other.handler(c.req.raw))")), [])
  })
})

describe("better-auth's own limiter", () => {
  const of = (options: string) =>
    logins(readHono, {
      'auth.ts': auth(`emailAndPassword: { enabled: true }, ${options}`),
      'app.ts':
        "import { Hono } from 'hono'\nimport { auth } from './auth'\nconst app = new Hono()\napp.all('/api/auth/*', (c) => auth.handler(c.req.raw))\nexport default app",
    })
  test('counts where nothing else does, unless it is told not to', () => {
    assert.deepEqual(of(''), ['POST /api/auth/sign-in/email better-auth 18'])
    assert.deepEqual(of("rateLimit: { customRules: { '/sign-in/email': { window: 60, max: 5 } } }"), [
      'POST /api/auth/sign-in/email better-auth 5',
    ])
    assert.deepEqual(of('rateLimit: { enabled: false }'), ['POST /api/auth/sign-in/email'])
    assert.deepEqual(of("rateLimit: { customRules: { '/sign-in/email': false } }"), ['POST /api/auth/sign-in/email'])
    assert.deepEqual(of('advanced: { ipAddress: { disableIpTracking: true } }'), ['POST /api/auth/sign-in/email'])
  })
  test('counts by the header that it reads, which anyone may send unless a platform sets it', () => {
    const key = (options: string) => {
      const reading = readingOf({
        'auth.ts': `${auth(`emailAndPassword: { enabled: true }, ${options}`)}\nimport { Hono } from 'hono'\nconst app = new Hono()\napp.all('/api/auth/*', (c) => auth.handler(c.req.raw))`,
      })
      return withOwnLimit(reading, readHono(reading)).limiters.map((one) => `${one.key.kind} ${one.key.what}`)
    }
    assert.deepEqual(key(''), ['header x-forwarded-for'])
    assert.deepEqual(key("advanced: { ipAddress: { ipAddressHeaders: ['cf-connecting-ip'] } }"), [
      'platform cf-connecting-ip',
    ])
  })
})

test('logins that better-auth answers below Express', () => {
  const app = (lines: string) => ({
    'auth.ts': auth(OFF),
    'app.ts': `import express from 'express'\nimport rateLimit from 'express-rate-limit'\nimport { toNodeHandler } from 'better-auth/node'\nimport { auth } from './auth'
      const app = express()\nconst limit = rateLimit({ windowMs: 60000, max: 5 })\n${lines}`,
  })
  const limited = ['POST /api/auth/sign-in/email express-rate-limit 5']
  for (const mount of [
    "app.all('/api/auth/*', toNodeHandler(auth))",
    "app.all('/api/auth/{*any}', toNodeHandler(auth))",
    "app.all('/api/auth/*splat', toNodeHandler(auth.handler))",
    "app.use('/api/auth', toNodeHandler(auth))",
  ]) {
    assert.deepEqual(logins(readExpress, app(`app.use('/api/auth/sign-in', limit)\n${mount}`)), limited, mount)
    assert.deepEqual(logins(readExpress, app(mount)), ['POST /api/auth/sign-in/email'], mount)
  }
  const own =
    "app.post('/api/auth/sign-in/email', limit, toNodeHandler(auth))\napp.all('/api/auth/*', toNodeHandler(auth))"
  assert.deepEqual(logins(readExpress, app(own)), limited)
  const router = "const router = express.Router()\nrouter.all('/*splat', limit, toNodeHandler(auth))"
  assert.deepEqual(logins(readExpress, app(`${router}\napp.use('/api/auth', router)`)), limited)
})

const FASTIFY_ROUTES = `for (const path of ['/api/auth/sign-in/email']) app.all(path, { config: { rateLimit: { max: 5 } } }, handler)
  app.all('/api/auth/*', { config: { rateLimit: { max: 60 } } }, handler)`

test('logins that better-auth answers below Fastify', () => {
  const app = (lines: string) => ({
    'auth.ts': auth(OFF),
    'app.ts': `import Fastify from 'fastify'\nimport limit from '@fastify/rate-limit'\nimport { auth } from './auth'
      const app = Fastify()\nawait app.register(limit, { global: false })
      const handler = async (request, reply) => { const response = await auth.handler(requestOf(request)); reply.send(response.body) }\n${lines}`,
  })
  assert.deepEqual(
    logins(
      readFastify,
      app("app.route({ method: ['GET', 'POST'], url: '/api/auth/*', config: { rateLimit: { max: 9 } }, handler })"),
    ),
    ['POST /api/auth/sign-in/email @fastify/rate-limit 9'],
  )
  assert.deepEqual(logins(readFastify, app(FASTIFY_ROUTES)), ['ALL /api/auth/sign-in/email @fastify/rate-limit 5'])
})

describe('logins that better-auth answers below Nest', () => {
  const main = (lines: string) => ({
    'auth.ts': auth(OFF),
    'main.ts': `import { NestFactory } from '@nestjs/core'\nimport { FastifyAdapter } from '@nestjs/platform-fastify'\nimport limit from '@fastify/rate-limit'\nimport { toNodeHandler } from 'better-auth/node'\nimport { AuthModule } from '@thallesp/nestjs-better-auth'\nimport { auth } from './auth'
      async function bootstrap() {
        const nest = await NestFactory.create(AppModule, new FastifyAdapter())
        ${lines}
        await nest.listen(3000)
      }
      bootstrap()`,
  })
  const instance = `const app = nest.getHttpAdapter().getInstance()
    await app.register(limit, { global: false })
    const handler = async (request, reply) => { reply.hijack(); await toNodeHandler(async (one) => mask(await auth.handler(one)))(request.raw, reply.raw) }`

  test('on the instance below it', () => {
    assert.deepEqual(logins(readNest, main(`${instance}\n${FASTIFY_ROUTES}`)), [
      'ALL /api/auth/sign-in/email @fastify/rate-limit 5',
    ])
    assert.deepEqual(logins(readNest, main(`${instance}\napp.all('/api/auth/*', handler)`)), [
      'POST /api/auth/sign-in/email',
    ])
  })
  test('what is put on it while developing only is not there', () => {
    const facts = readNest(
      readingOf(
        main(
          "if (process.env.NODE_ENV !== 'production') docs(nest)\n} function docs(one) { one.getHttpAdapter().getInstance().get('/docs-json', async () => spec)",
        ),
      ),
    )
    assert.deepEqual(facts.routes, [])
  })
  test('by its module', () => {
    assert.deepEqual(
      logins(readNest, {
        ...main(''),
        'app.ts':
          "import { AuthModule } from '@thallesp/nestjs-better-auth'\nimport { Module } from '@nestjs/common'\nimport { auth } from './auth'\n@Module({ imports: [AuthModule.forRoot({ auth })] })\nexport class AppModule {}",
      }),
      ['POST /api/auth/sign-in/email'],
    )
  })
})
