import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { FrameworkFacts } from '../../../../src/evidence/backend/facts.ts'
import { readHono } from '../../../../src/evidence/backend/hono/index.ts'
import { Evaluator, Program, parseJavaScript } from '../../../../src/evidence/source/index.ts'

/** What is read of these files; a text alone is one file. */
const read = (files: string | Readonly<Record<string, string>>, others: readonly string[] = []): FrameworkFacts => {
  const sources = typeof files === 'string' ? { 'src/app.ts': files } : files
  const modules = Object.entries(sources).map(([file, text]) => parseJavaScript(file, text))
  const layout = { files: new Set([...Object.keys(sources), ...others]), aliases: [], packages: new Map() }
  const program = new Program(modules, layout)
  return readHono({ program, evaluator: new Evaluator(program), env: new Map() })
}

const HONO = `import { Hono } from 'hono'\nconst app = new Hono()\n`
const GUARD = `
import { createMiddleware } from 'hono/factory'
import { verify } from 'hono/jwt'
export const guard = createMiddleware(async (c, next) => {
  const token = c.req.header('authorization')
  if (!token) return c.json({ error: 'Unauthorized' }, 401)
  await verify(token, process.env.KEY)
  await next()
})
`
const guarded = (text: string) =>
  read({ 'src/guard.ts': GUARD, 'src/app.ts': `import { guard } from './guard.ts'\n${HONO}${text}` })

const routes = (facts: FrameworkFacts): string[] => facts.routes.map((one) => `${one.method} ${one.path}`)
const guards = (facts: FrameworkFacts): string[] => facts.routes.map((one) => `${one.path} ${one.guard}`)

describe('routes', () => {
  test('are read with their methods and full paths, chained or not', () => {
    const facts = read(`${HONO}
      const notes = new Hono().get('/', list).post('/', add)
      notes.on(['PUT', 'PATCH'], '/:id', change)
      app.route('/notes', notes)
      app.basePath('/v2').all('/x', any)`)
    assert.deepEqual(routes(facts), ['GET /notes', 'POST /notes', 'PUT /notes/:id', 'PATCH /notes/:id', 'ALL /v2/x'])
  })

  test('are told apart where one function makes all routers', () => {
    const facts = read({
      'src/create.ts': `import { OpenAPIHono } from '@hono/zod-openapi'
        export const createRouter = () => new OpenAPIHono({ strict: false })
        export default function createApp() { const app = createRouter(); app.use(log()); return app }`,
      'src/notes.ts': `import { createRoute } from '@hono/zod-openapi'
        import { createRouter } from './create.ts'
        const one = createRoute({ method: 'get', path: '/notes/{id}' })
        export default createRouter().openapi(one, handler)`,
      'src/users.ts': `import { createRouter } from './create.ts'
        const router = createRouter()
        router.get('/users', handler)
        export default router`,
      'src/app.ts': `import createApp from './create.ts'
        import notes from './notes.ts'
        import users from './users.ts'
        const app = createApp()
        const all = [notes, users] as const
        all.forEach((one) => { app.route('/api', one) })
        export default app`,
    })
    assert.deepEqual(routes(facts), ['GET /api/notes/:id', 'GET /api/users'])
  })

  test('are read through loops and lists of objects', () => {
    const facts = read(`${HONO}
      const a = new Hono().get('/', x)
      const b = new Hono().get('/y', x)
      for (const { path, router } of [{ path: '/a', router: a }, { path: '/b', router: b }]) app.route(path, router)
      Object.entries({ '/c': a }).forEach(([path, router]) => app.route(path, router))`)
    assert.deepEqual(routes(facts), ['GET /a', 'GET /b/y', 'GET /c'])
  })

  test('are read from functions and classes that are given the application', () => {
    const facts = read(`import { Hono } from 'hono'
      const register = (app: Hono, path: string) => { app.get(path, x) }
      class Server {
        app = new Hono()
        constructor() { this.routes() }
        routes() { this.app.get('/mine', x); register(this.app, '/given') }
      }
      new Server()`)
    assert.deepEqual(routes(facts), ['GET /mine', 'GET /given'])
  })

  test('a Durable Object and a router that nobody mounts answer nothing', () => {
    const facts = read(`${HONO}
      export class Counter { app = new Hono(); constructor(state: DurableObjectState) { this.app.post('/', x) } }
      const dead = new Hono().get('/dead', x)
      app.get('/', x)
      serve({ fetch: app.fetch })`)
    assert.deepEqual(routes(facts), ['GET /'])
  })
})

describe('guards', () => {
  test('one before the routes is global; a route before it is exempt', () => {
    const facts = guarded(`app.get('/health', x); app.use('*', guard); app.get('/notes', x)`)
    assert.deepEqual(guards(facts), ['/health exempt', '/notes global'])
    assert.equal(facts.guards[0]?.at.line, 4)
    assert.deepEqual(facts.guards[0]?.faults, [])
  })

  test('one after the routes guards nothing', () => {
    const facts = guarded(`app.get('/notes', x); app.use(guard)`)
    assert.deepEqual(guards(facts), ['/notes none'])
    assert.deepEqual(facts.guards, [])
  })

  test("a router's own, a path's own, and a route's own", () => {
    const facts = guarded(`const notes = new Hono(); notes.use(guard); notes.get('/', x)
      app.route('/notes', notes); app.use('/me', guard); app.get('/me', x); app.get('/own', guard, x); app.get('/open', x)`)
    assert.deepEqual(guards(facts), ['/notes group', '/me own', '/own own', '/open none'])
  })

  test('/api/* is global where only what is public lies outside, /users/* is not', () => {
    const text = (path: string) =>
      `app.get('/health', x); app.use('${path}', guard); app.get('/api/notes', x); app.get('/users/me', x)`
    assert.deepEqual(guards(guarded(text('/users/*'))), ['/health none', '/api/notes none', '/users/me group'])
    assert.deepEqual(guards(guarded(text('/api/*'))), ['/health none', '/api/notes group', '/users/me none'])
    assert.deepEqual(guards(guarded(text('/api/*').replace("app.get('/users/me', x)", ''))), [
      '/health exempt',
      '/api/notes global',
    ])
  })

  test("Hono's own: jwt, bearerAuth, and what combines them", () => {
    const facts = read(`${HONO}import { jwt } from 'hono/jwt'\nimport { except, every, some } from 'hono/combine'
      app.use(except(['/login', '/public/*'], every(log(), jwt({ secret: process.env.KEY }))))
      app.get('/login', x); app.get('/public/a', x); app.get('/notes', x)`)
    assert.deepEqual(guards(facts), ['/login exempt', '/public/a exempt', '/notes global'])
    const either = read(`${HONO}import { jwt } from 'hono/jwt'\nimport { some } from 'hono/combine'
      app.use(some(jwt({ secret: process.env.KEY }), log())); app.get('/notes', x)`)
    assert.deepEqual(guards(either), ['/notes none'])
    const inner = read(`${HONO}import { jwt } from 'hono/jwt'
      app.use((c, next) => jwt({ secret: c.env.KEY })(c, next)); app.get('/notes', x)`)
    assert.deepEqual(guards(inner), ['/notes global'])
  })

  test('what reads a session and refuses nobody is none', () => {
    const facts = read(`${HONO}
      const sessionMiddleware = async (c, next) => {
        const session = await auth.api.getSession({ headers: c.req.raw.headers })
        c.set('user', session ? session.user : null)
        return next()
      }
      app.use('*', sessionMiddleware); app.get('/notes', x)`)
    assert.deepEqual(guards(facts), ['/notes none'])
  })

  test('an exception by a part of the path is a fault', () => {
    const facts =
      guarded(`const all = async (c, next) => { if (c.req.path.includes('/auth')) return next(); return guard(c, next) }
      app.use('*', all); app.get('/notes', x)`)
    assert.deepEqual(guards(facts), ['/notes global'])
    assert.match(facts.guards[0]?.faults[0]?.what ?? '', /part of the path/)
    const reading =
      guarded(`const all = async (c, next) => { if (c.req.method === 'GET') return next(); return guard(c, next) }
      app.use('*', all); app.get('/notes', x)`)
    assert.match(reading.guards[0]?.faults[0]?.what ?? '', /by the method: GET/)
  })
})

describe('limiters', () => {
  const limiter = (
    key: string,
    rest = '',
  ) => `${HONO}import { rateLimiter } from 'hono-rate-limiter'\nimport { getConnInfo } from '@hono/node-server/conninfo'
    const limit = rateLimiter({ windowMs: 60_000, limit: 10, keyGenerator: ${key} })\n${rest}`

  test('are mounted everywhere, somewhere or nowhere, by the order', () => {
    const key = "(c) => c.req.header('x-forwarded-for')"
    const everywhere = read(limiter(key, `app.use(limit); app.get('/', x)`))
    assert.equal(everywhere.limiters[0]?.mounted, 'everywhere')
    assert.equal(everywhere.limiters[0]?.perMinute, 10)
    const somewhere = read(limiter(key, `app.use('/login', limit); app.post('/login', x); app.get('/', x)`))
    assert.deepEqual(
      somewhere.routes.map((one) => one.limiters.length),
      [1, 0],
    )
    assert.equal(somewhere.limiters[0]?.mounted, 'somewhere')
    assert.equal(read(limiter(key, `app.post('/login', x); app.use('/login', limit)`)).limiters[0]?.mounted, 'nowhere')
    assert.equal(read(limiter(key, `app.post('/login', x)`)).limiters[0]?.mounted, 'nowhere')
    const answered = read(limiter(key, `app.use('/rpc/*', limit); app.use('/rpc/*', server); app.get('/', x)`))
    assert.equal(answered.limiters[0]?.mounted, 'unknown', 'what answers there is a middleware')
  })

  test('count by the header, the connection, the platform, the user or nothing', () => {
    const kind = (key: string, others: string[] = []) =>
      read({ 'src/app.ts': limiter(key, `app.use(limit); app.get('/', x)`) }, others).limiters[0]?.key
    assert.equal(kind("(c) => c.req.header('x-forwarded-for') ?? ''")?.kind, 'header')
    assert.equal(kind('(c) => getConnInfo(c).remote.address')?.kind, 'peer')
    assert.equal(kind("(c) => c.req.header('cf-connecting-ip')")?.kind, 'header')
    assert.equal(kind("(c) => c.req.header('cf-connecting-ip')", ['wrangler.toml'])?.kind, 'platform')
    assert.equal(kind("(c) => c.get('user').id")?.kind, 'identity')
    assert.match(kind("() => 'all'")?.what ?? '', /everybody/)
  })

  test('behind a listed proxy the header is the client, from its right end only', () => {
    const address = (hop: string) => `(c) => {
      const peer = getConnInfo(c).remote.address
      if (!isProxy(peer)) return peer
      const hops = c.req.header('x-forwarded-for').split(',')
      return ${hop} }`
    const facts = (hop: string) => read(limiter(address(hop), `app.use(limit); app.get('/', x)`))
    assert.equal(facts('hops.findLast((one) => !isProxy(one)) ?? peer').limiters[0]?.key.kind, 'client')
    assert.equal(facts('hops.findLast((one) => !isProxy(one)) ?? peer').proxies[0]?.trust, 'listed')
    assert.equal(facts('hops.find((one) => !isProxy(one))').limiters[0]?.key.kind, 'header')
    assert.equal(facts('hops[0]').limiters[0]?.key.kind, 'header')
  })

  test("are the project's own where a middleware answers 429", () => {
    const facts = read(`${HONO}
      const slow = (limit) => async (c, next) => {
        const key = c.req.header('x-real-ip')
        if (await count(key) > limit) return c.json({ error: 'slow down' }, 429)
        await next()
      }
      app.post('/login', slow(5), x); app.get('/', x)`)
    assert.deepEqual(
      facts.limiters.map((one) => [one.library, one.mounted, one.key.kind]),
      [['own', 'somewhere', 'header']],
    )
  })
})

describe('inputs', () => {
  const problems = (facts: FrameworkFacts) =>
    facts.routes.flatMap((one) =>
      one.inputs.map((input) => [input.from, input.problems.map((each) => each.what).join()]),
    )

  test('are read from validators, createRoute and the handler', () => {
    const facts =
      read(`${HONO}import { zValidator } from '@hono/zod-validator'\nimport { createRoute, z } from '@hono/zod-openapi'
      app.post('/a', zValidator('json', z.object({ name: z.string().max(80) })), x)
      app.post('/b', zValidator('json', z.object({ name: z.string() })), x)
      app.openapi(createRoute({ method: 'post', path: '/c/{id}', request: {
        params: z.object({ id: z.uuid() }), body: { content: { 'application/json': { schema: z.object({ n: z.number() }) } } } } }), x)`)
    const [a, b, path, body] = problems(facts)
    assert.deepEqual(a, ['body', ''])
    assert.match(b?.[1] ?? '', /name/)
    assert.deepEqual(path, ['path', ''])
    assert.match(body?.[1] ?? '', /n/)
  })

  test('that are taken as they come are checked by nothing', () => {
    const facts = read(
      `${HONO}app.post('/a/:id', async (c) => { const body = await c.req.json(); return c.json(save(c.req.param('id'), body)) })`,
    )
    assert.deepEqual(
      problems(facts).map(([from]) => from),
      ['body', 'path'],
    )
    assert.ok(problems(facts).every(([, what]) => what?.startsWith('nothing checks')))
  })
})

describe('cors', () => {
  const origins = (call: string) =>
    read(
      `${HONO}import { cors } from 'hono/cors'\nconst LIST = ['https://a.example']\napp.use(${call})\napp.get('/', x)`,
    ).cors.map((one) => one.origins)

  test('is as loose as its loosest way', () => {
    assert.deepEqual(origins('cors()'), ['any'])
    assert.deepEqual(origins("cors({ origin: '*' })"), ['any'])
    assert.deepEqual(origins('cors({ credentials: true })'), ['any'])
    assert.deepEqual(origins('cors({ origin: LIST })'), ['listed'])
    assert.deepEqual(origins("cors({ origin: process.env.ORIGIN ?? '*' })"), ['any'])
    assert.deepEqual(origins('cors({ origin: process.env.ORIGIN })'), ['listed'])
    assert.deepEqual(origins('cors({ origin: (origin) => origin })'), ['reflected'])
    assert.deepEqual(origins('cors({ origin: (origin) => LIST.includes(origin) ? origin : null })'), ['listed'])
    assert.deepEqual(origins("cors({ origin: (origin) => origin.endsWith('example.com') ? origin : '' })"), ['loose'])
    assert.deepEqual(origins("cors({ origin: (origin) => origin.endsWith('.example.com') ? origin : '' })"), ['listed'])
    assert.deepEqual(origins('cors({ origin: (origin) => /^https:\\/\\/a\\.example/.test(origin) ? origin : null })'), [
      'loose',
    ])
    assert.deepEqual(origins('cors({ origin: (origin) => { if (!origin) return null; return origin } })'), [
      'reflected',
    ])
    assert.deepEqual(origins("cors({ origin: (origin) => LIST.includes(origin) ? origin : '*' })"), ['any'])
  })
})

describe('docs', () => {
  const IMPORTS = `${HONO}import { swaggerUI } from '@hono/swagger-ui'\nimport { Scalar } from '@scalar/hono-api-reference'\n`

  test('are there always, in development, or behind the guard', () => {
    const always = read(
      `${IMPORTS}app.get('/ui', swaggerUI({ url: '/doc' })); app.get('/reference', Scalar({ url: '/doc' })); app.get('/notes', x)`,
    )
    assert.deepEqual(
      always.docs.map((one) => [one.path, one.when]),
      [
        ['/ui', 'always'],
        ['/reference', 'always'],
      ],
    )
    assert.deepEqual(routes(always), ['GET /notes'])
    const development = read(
      `${IMPORTS}if (process.env.NODE_ENV !== 'production') { app.get('/ui', swaggerUI({ url: '/doc' })) }`,
    )
    assert.deepEqual(
      development.docs.map((one) => one.when),
      ['development'],
    )
    const behind = guarded(`app.use(guard); app.get('/openapi.json', (c) => c.json(document)); app.get('/notes', x)`)
    assert.deepEqual(
      behind.docs.map((one) => one.when),
      ['guarded'],
    )
    const GUARD = `${IMPORTS}import { jwt } from 'hono/jwt'\napp.use(jwt({ secret: KEY, alg: 'HS256' }))\n`
    const beside = read(`${GUARD}app.get('/ui', swaggerUI({ url: '/doc' })); app.get('/notes', x)`)
    assert.deepEqual(
      beside.docs.map((one) => one.when),
      ['guarded'],
    )
  })

  test('outside production are there always where the stage is local unless somebody sets it', () => {
    const facts = read(`${IMPORTS}import { z } from 'zod'
      const STAGES = { Local: 'local', Prod: 'prod' } as const
      const schema = z.object({ STAGE: z.nativeEnum(STAGES).default(STAGES.Local) })
      const env = schema.parse({ STAGE: process.env.STAGE })
      if (env.STAGE !== STAGES.Prod) app.get('/ui', swaggerUI({ url: '/doc' }))`)
    assert.deepEqual(
      facts.docs.map((one) => one.when),
      ['always'],
    )
  })

  test('in development are there always where that is the default', () => {
    const facts = read(`${IMPORTS}import { z } from 'zod'
      const env = z.object({ NODE_ENV: z.string().default('development') }).parse(process.env)
      if (env.NODE_ENV === 'development') app.get('/ui', swaggerUI({ url: '/doc' }))`)
    assert.deepEqual(
      facts.docs.map((one) => one.when),
      ['always'],
    )
  })
})

describe('debug', () => {
  const signs = (handler: string) =>
    read(`${HONO}app.get('/', x)\napp.onError(${handler})`).debug.map((one) => one.what)

  test('is a stack or the error itself in an answer', () => {
    assert.equal(signs('(err, c) => c.json({ error: err.message, stack: err.stack }, 500)').length, 1)
    assert.equal(signs('(err, c) => c.json({ error: err }, 500)').length, 1)
    assert.equal(
      signs('(err, c) => { const { message, stack } = err; return c.json({ message, stack }, 500) }').length,
      1,
    )
    assert.equal(
      signs('(err, c) => { const body = { message: err.message, stack: err.stack }; return c.json(body, 500) }').length,
      1,
    )
  })

  test('is none where only the message is sent, or only in development', () => {
    assert.deepEqual(signs('(err, c) => c.json({ error: err.message }, 500)'), [])
    assert.deepEqual(
      signs(
        "(err, c) => c.json({ error: 'x', ...(process.env.NODE_ENV === 'development' && { stack: err.stack }) }, 500)",
      ),
      [],
    )
    assert.deepEqual(
      signs("(err, c) => c.json({ stack: process.env.NODE_ENV === 'production' ? undefined : err.stack }, 500)"),
      [],
    )
  })
})
