import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { readFastify } from '../../../../src/evidence/backend/fastify/index.ts'
import type { EnvSetting } from '../../../../src/evidence/backend/reading.ts'
import { Evaluator, Program, parseJavaScript } from '../../../../src/evidence/source/index.ts'

const read = (sources: string | Record<string, string>, env: Record<string, string> = {}) => {
  const files = typeof sources === 'string' ? { 'app.js': sources } : sources
  const modules = Object.entries(files).map(([file, text]) => parseJavaScript(file, text))
  const program = new Program(modules, { files: new Set(Object.keys(files)), aliases: [], packages: new Map() })
  const settings = new Map<string, EnvSetting[]>(
    Object.entries(env).map(([name, value]) => [
      name,
      [{ value, at: { file: '.env', line: 1, text: '' }, example: false }],
    ]),
  )
  return readFastify({ program, evaluator: new Evaluator(program), env: settings })
}

const START = "import Fastify from 'fastify'\nimport fp from 'fastify-plugin'\n"
const GUARD = 'async (request) => { await request.jwtVerify() }'
const paths = (facts: ReturnType<typeof read>) => facts.routes.map(({ method, path }) => `${method} ${path}`)
const guards = (facts: ReturnType<typeof read>) =>
  Object.fromEntries(facts.routes.map(({ path, guard }) => [path, guard]))
const limits = (facts: ReturnType<typeof read>) =>
  Object.fromEntries(facts.routes.map(({ path, limiters }) => [path, limiters.map(({ perMinute }) => perMinute)]))

describe('routes of Fastify', () => {
  test('shorthand, route(), prefixes, and plugins of other files', () => {
    const facts = read({
      'app.js': `${START}import { users } from './users.js'
        const app = Fastify()
        app.get('/', async () => 1).post('/x', { schema: {} }, async () => 1)
        app.route({ method: ['GET', 'PUT'], url: '/both', handler: async () => 1 })
        app.register(users, { prefix: '/users' })
        app.register(import('./lazy.js'), { prefix: '/lazy' })
        app.register(require('./old.js'), { prefix: '/old' })`,
      'users.js': `export const users = async (f) => { f.get('/', async () => 1); f.register(async (inner) => { inner.withTypeProvider().delete('/:id', async () => 1) }, { prefix: '/deep' }) }`,
      'lazy.js': "export default async (f) => { f.get('/a', async () => 1) }",
      'old.js': "module.exports = require('fastify-plugin')(async function (f) { f.get('/shared', async () => 1) })",
    })
    assert.deepEqual(paths(facts), [
      'GET /',
      'POST /x',
      'GET /both',
      'PUT /both',
      'GET /users',
      'DELETE /users/deep/:id',
      'GET /lazy/a',
      'GET /shared',
    ])
  })

  test('an application made by a function, added to by its caller, a helper, a loop and a class', () => {
    const facts = read({
      'app.js': `${START}import { helper } from './helper.js'
        export const build = () => { const app = Fastify(); helper(app); for (const path of ['/a', '/b']) app.get(path, async () => 1); return app }`,
      'helper.js': "export const helper = (app) => { ['/c', '/d'].forEach((one) => app.get(one, async () => 1)) }",
      'server.js':
        "import { build } from './app.js'\nconst app = build()\napp.get('/e', async () => 1)\napp.after(() => { app.get('/f', async () => 1) })",
      'class.js':
        "import Fastify from 'fastify'\nclass Server { constructor() { this.app = Fastify(); this.routes() } routes() { this.app.get('/g', async () => 1) } }\nnew Server()",
    })
    assert.deepEqual(paths(facts).sort(), ['GET /a', 'GET /b', 'GET /c', 'GET /d', 'GET /e', 'GET /f', 'GET /g'])
  })

  test('a folder of plugins: folders are prefixes, autoPrefix takes their place, hooks cascade', () => {
    const facts = read({
      'src/app.js': `${START}import autoload from '@fastify/autoload'\nimport path from 'node:path'
        const app = Fastify()
        app.register(autoload, { dir: path.join(import.meta.dirname, 'routes'), autoHooks: true, cascadeHooks: true, routeParams: true, ignorePattern: /helper/, options: { prefix: '/v1' } })`,
      'src/routes/home.js': "export default async (f) => { f.get('/', async () => 1) }",
      'src/routes/helper.js': "export default async (f) => { f.get('/never', async () => 1) }",
      'src/routes/api/_user/autohooks.js': `export default async (f) => { f.addHook('onRequest', ${GUARD}) }`,
      'src/routes/api/_user/index.js': "export default async (f) => { f.get('/notes', async () => 1) }",
      'src/routes/api/_user/beside.js': "export default async (f) => { f.get('/beside', async () => 1) }",
      'src/routes/api/_user/deep/x.js':
        "export const autoPrefix = '/other'\nexport default async (f) => { f.get('/x', async () => 1) }",
    })
    assert.deepEqual(guards(facts), { '/v1': 'none', '/v1/api/:user/notes': 'group', '/v1/other/x': 'group' })
  })

  test('an index that the pattern of ignored names would have, and hooks by a pattern and in fastify-plugin', () => {
    const facts = read({
      'app.js': `const path = require('node:path')
        const AutoLoad = require('@fastify/autoload')
        module.exports = async function (fastify, opts) {
          fastify.register(AutoLoad, { dir: path.join(__dirname, 'routes'), indexPattern: /.*routes(\\.js|\\.cjs)$/i, ignorePattern: /.*\\.js/, autoHooksPattern: /.*hooks(\\.js|\\.cjs)$/i, autoHooks: true, cascadeHooks: true })
        }`,
      'routes/notes/before-hooks.js': `const fp = require('fastify-plugin')
        module.exports = fp(async (f) => { f.addHook('onRequest', ${GUARD}) }, { encapsulate: true, name: 'x' })`,
      'routes/notes/note-routes.js': "module.exports = async (f) => { f.get('/all', async () => 1) }",
      'routes/notes/helper.js': "module.exports = async (f) => { f.get('/never', async () => 1) }",
      'routes/open/routes.js': "module.exports = async (f) => { f.get('/a', async () => 1) }",
    })
    assert.deepEqual(guards(facts), { '/notes/all': 'group', '/open/a': 'none' })
  })

  test('the plugin that `fastify start` loads', () => {
    const facts = read({
      'app.js':
        "module.exports = async function (fastify, opts) { fastify.register(require('@fastify/cors')); fastify.get('/x', async () => 1) }\nmodule.exports.options = { trustProxy: true }",
    })
    assert.deepEqual(paths(facts), ['GET /x'])
    assert.deepEqual(
      facts.proxies.map(({ trust }) => trust),
      ['any'],
    )
  })
})

describe('guards of Fastify', () => {
  test('a hook on the root is global, whatever the order, and through fastify-plugin', () => {
    for (const hook of [
      `app.addHook('onRequest', ${GUARD})`,
      `app.register(fp(async (f) => { f.addHook('preHandler', ${GUARD}) }))`,
    ]) {
      const facts = read(
        `${START}const app = Fastify()\nawait app.register(async (f) => { f.get('/a', async () => 1) })\napp.get('/b', async () => 1)\n${hook}`,
      )
      assert.deepEqual(guards(facts), { '/a': 'global', '/b': 'global' })
      assert.equal(facts.guards.length, 1)
    }
  })

  test('a plugin has its own: the one beside it is open', () => {
    const facts = read(`${START}const app = Fastify()
      app.register(async (f) => { f.addHook('onRequest', ${GUARD}); f.get('/a', async () => 1); f.register(async (g) => { g.get('/b', async () => 1) }) })
      app.register(async (f) => { f.get('/notes', async () => 1) })`)
    assert.deepEqual(guards(facts), { '/a': 'group', '/b': 'group', '/notes': 'none' })
    assert.deepEqual(facts.guards, [])
  })

  test('one plugin that holds everything but the login is the guard of the application', () => {
    const facts = read(`${START}const app = Fastify()
      app.register(async (f) => { f.addHook('onRequest', ${GUARD}); f.get('/notes', async () => 1) })
      app.post('/login', async () => 1)`)
    assert.deepEqual(guards(facts), { '/notes': 'global', '/login': 'exempt' })
    assert.equal(facts.guards.length, 1)
  })

  test('exceptions: by config, by an exact list, by a prefix', () => {
    const facts = read(`${START}const app = Fastify()
      const OPEN = new Set(['/exact'])
      app.addHook('onRequest', async (request, reply) => {
        const { config } = request.routeOptions
        if (config.public || OPEN.has(request.routeOptions.url)) return
        if (request.url.startsWith('/auth')) return
        if (!request.user) return reply.code(401).send()
      })
      app.get('/marked', { config: { public: true } }, async () => 1)
      app.get('/exact', async () => 1)
      app.get('/auth/login', async () => 1)
      app.get('/authors', async () => 1)
      app.get('/closed', { config: { public: false } }, async () => 1)`)
    assert.deepEqual(guards(facts), {
      '/marked': 'exempt',
      '/exact': 'exempt',
      '/auth/login': 'exempt',
      '/authors': 'exempt',
      '/closed': 'global',
    })
    assert.equal(facts.guards[0]?.faults.length, 1)
  })

  test('a hook that only looks where the config asks is no default', () => {
    const facts = read(`${START}const app = Fastify()
      app.addHook('onRequest', async (request) => { if (!request.routeOptions.config.auth) return; await request.jwtVerify() })
      app.get('/asks', { config: { auth: true } }, async () => 1)
      app.get('/open', async () => 1)`)
    assert.deepEqual(guards(facts), { '/asks': 'own', '/open': 'none' })
    assert.deepEqual(facts.guards, [])
  })

  test('a decorator on the route, fastify.auth, and one that lets everybody through', () => {
    const facts = read(`${START}const app = Fastify()
      app.register(fp(async (f) => {
        f.decorate('authenticate', ${GUARD})
        f.decorate('maybe', async (request) => { try { await request.jwtVerify() } catch {} })
      }))
      app.get('/own', { onRequest: [app.authenticate] }, async () => 1)
      app.get('/auth', { preHandler: app.auth([app.authenticate]) }, async () => 1)
      app.get('/maybe', { onRequest: app.maybe }, async () => 1)`)
    assert.deepEqual(guards(facts), { '/own': 'own', '/auth': 'own', '/maybe': 'none' })
  })

  test('an onRoute hook gives the guard to the routes after it', () => {
    const facts = read(`${START}const app = Fastify()
      const guard = ${GUARD}
      app.get('/before', async () => 1)
      app.addHook('onRoute', (route) => { if (route.config?.public) return; route.onRequest = [guard, ...(route.onRequest ?? [])] })
      app.get('/after', async () => 1)
      app.get('/open', { config: { public: true } }, async () => 1)`)
    assert.deepEqual(guards(facts), { '/before': 'none', '/after': 'global', '/open': 'exempt' })
  })
})

describe('limiters of Fastify', () => {
  const LIMIT = "import rateLimit from '@fastify/rate-limit'\n"

  test('global, overridden, taken out, and beside config where nobody reads it', () => {
    const facts = read(`${START}${LIMIT}const app = Fastify()
      await app.register(rateLimit, { max: 100, timeWindow: '1 minute' })
      app.get('/a', async () => 1)
      app.post('/login', { config: { rateLimit: { max: 5, timeWindow: 30000 } } }, async () => 1)
      app.get('/off', { config: { rateLimit: false } }, async () => 1)
      app.get('/beside', { rateLimit: { max: 5 } }, async () => 1)`)
    assert.deepEqual(limits(facts), { '/a': [100], '/login': [10], '/off': [], '/beside': [100] })
    assert.equal(facts.limiters[0]?.key.kind, 'client')
  })

  test('global: false counts only what asks for it', () => {
    const source = (route: string) =>
      `${START}${LIMIT}const app = Fastify()\nawait app.register(rateLimit, { global: false, max: 10, timeWindow: 60000 })\n${route}`
    const facts = read(
      source(
        "app.get('/a', async () => 1)\napp.get('/b', { config: { rateLimit: {} } }, async () => 1)\napp.get('/c', { preHandler: app.rateLimit({ max: 3 }) }, async () => 1)",
      ),
    )
    assert.deepEqual(limits(facts), { '/a': [], '/b': [10], '/c': [3] })
    assert.equal(read(source("app.get('/a', async () => 1)")).limiters[0]?.mounted, 'nowhere')
  })

  test('one that nobody awaits is not there yet for the routes on the next lines', () => {
    const facts = read(
      `${START}${LIMIT}const app = Fastify()\napp.register(rateLimit, { max: 10, timeWindow: 60000 })\napp.get('/direct', async () => 1)\napp.register(async (f) => { f.get('/plugin', async () => 1) })`,
    )
    assert.deepEqual(limits(facts), { '/direct': [], '/plugin': [10] })
  })

  test('encapsulated, it holds its own scope; a key from a header is one', () => {
    const facts = read(`${START}${LIMIT}const app = Fastify()
      app.register(async (f) => { await f.register(rateLimit, { max: 10, timeWindow: 60000, keyGenerator: (request) => request.headers['x-real-ip'] ?? request.ip }); f.get('/in', async () => 1) })
      app.get('/out', async () => 1)`)
    assert.deepEqual(limits(facts), { '/in': [10], '/out': [] })
    assert.equal(facts.limiters[0]?.mounted, 'somewhere')
    assert.equal(facts.limiters[0]?.key.kind, 'header')
  })
})

describe('inputs of Fastify', () => {
  const problems = (facts: ReturnType<typeof read>) =>
    facts.routes.flatMap(({ inputs }) =>
      inputs.flatMap((one) => one.problems.map(({ what }) => `${one.from}: ${what}`)),
    )
  const BODY = "{ type: 'object', additionalProperties: false, properties: { name: { type: 'string', maxLength: 9 } } }"

  test('a bounded schema has nothing wrong with it', () => {
    const facts = read(
      `${START}const app = Fastify()\napp.post('/', { schema: { body: ${BODY} } }, async (request) => request.body.name)`,
    )
    assert.deepEqual(problems(facts), [])
    assert.deepEqual(
      facts.routes[0]?.inputs.map(({ from }) => from),
      ['body'],
    )
  })

  test('no schema, and a key that Fastify does not read', () => {
    const facts = read(`${START}const app = Fastify()
      app.post('/', async (request) => { const { name } = request.body; return name })
      app.get('/:id', { schema: { param: ${BODY} } }, async (request) => request.params.id)`)
    assert.deepEqual(problems(facts), ['body: nothing checks it', 'path: nothing checks it'])
  })

  test("removeAdditional: 'all' closes what a schema leaves open", () => {
    const source = (options: string) =>
      `${START}const app = Fastify(${options})\napp.post('/', { schema: { body: { type: 'object', properties: { a: { type: 'boolean' } } } } }, async (request) => request.body.a)`
    assert.deepEqual(problems(read(source(''))), ['body: body: unknown keys pass'])
    assert.deepEqual(problems(read(source("{ ajv: { customOptions: { removeAdditional: 'all' } } }"))), [])
  })

  test('what a schema refuses must not reach the handler', () => {
    const facts = read(
      `${START}const app = Fastify()\napp.post('/', { attachValidation: true, schema: { body: ${BODY} } }, async (request) => request.body.name)`,
    )
    assert.equal(problems(facts).length, 1)
  })
})

describe('around the routes of Fastify', () => {
  const cors = (options: string) =>
    read(`${START}import cors from '@fastify/cors'\nconst app = Fastify()\napp.register(cors${options})`).cors.map(
      ({ origins }) => origins,
    )

  test('origins', () => {
    assert.deepEqual(cors(''), ['any'])
    assert.deepEqual(cors(', {}'), ['any'])
    assert.deepEqual(cors(', { origin: true }'), ['reflected'])
    assert.deepEqual(cors(', () => ({ origin: true })'), ['reflected'])
    assert.deepEqual(cors(', () => (request, callback) => callback(null, {})'), ['any'])
    assert.deepEqual(cors(", { origin: ['https://a.example'] }"), ['listed'])
    assert.deepEqual(cors(', { origin: /example.com/ }'), ['loose'])
  })

  const docs = (line: string, env = {}) =>
    read(
      `${START}import ui from '@fastify/swagger-ui'\nimport mercurius from 'mercurius'\nconst app = Fastify()\n${line}`,
      env,
    ).docs.map(({ path, when }) => `${path} ${when}`)

  test('documentation', () => {
    assert.deepEqual(docs('app.register(ui)'), ['/documentation always'])
    assert.deepEqual(docs("app.register(ui, { routePrefix: '/d' })"), ['/d always'])
    assert.deepEqual(docs("if (process.env.NODE_ENV !== 'production') app.register(ui)"), [
      '/documentation development',
    ])
    assert.deepEqual(docs(`app.register(ui, { uiHooks: { onRequest: ${GUARD} } })`), ['/documentation guarded'])
    assert.deepEqual(docs(`app.addHook('onRequest', ${GUARD})\napp.register(ui)`), ['/documentation guarded'])
    assert.deepEqual(docs('app.register(mercurius, { graphiql: true })'), ['/graphiql always'])
    assert.deepEqual(docs('app.register(mercurius, {})'), [])
    assert.deepEqual(docs("app.get('/openapi.json', async () => 1)"), ['/openapi.json always'])
  })

  test('documentation that a setting switches', () => {
    assert.deepEqual(docs("if (process.env.DOCS === 'on') app.register(ui)"), ['/documentation never'])
    assert.deepEqual(docs("if (process.env.DOCS === 'on') app.register(ui)", { DOCS: 'on' }), ['/documentation always'])
    assert.deepEqual(docs("if (process.env.DOCS !== 'off') app.register(ui)"), ['/documentation always'])
  })

  test('proxies', () => {
    const trust = (value: string) =>
      read(`${START}const app = Fastify({ trustProxy: ${value} })`).proxies.map((one) => one.trust)
    assert.deepEqual(['true', '1', "'10.0.0.1'", "['10.0.0.0/8']", '(address) => address'].flatMap(trust), [
      'any',
      'hops',
      'listed',
      'listed',
      'unknown',
    ])
    assert.deepEqual(trust("process.env.TRUST === 'true' ? true : '10.0.0.1'"), ['listed'])
    assert.deepEqual(read(`${START}const app = Fastify()`).proxies, [])
  })

  test('errors: a stack is one, what Fastify makes of an error is none', () => {
    const signs = (body: string) =>
      read(`${START}const app = Fastify()\napp.setErrorHandler((error, request, reply) => { ${body} })`).debug.length
    assert.equal(signs('reply.send(error)'), 0)
    assert.equal(signs('reply.send({ error: error.message })'), 0)
    assert.equal(signs('reply.send({ stack: error.stack })'), 1)
    assert.equal(signs('reply.code(500).send({ error })'), 1)
    assert.equal(signs("reply.send({ ...(process.env.NODE_ENV === 'development' && { stack: error.stack }) })"), 0)
  })
})

test('Portcullis: one plugin is the guard, the limits, the origins and the proxies', () => {
  const facts = read(`import Fastify from 'fastify'
    import { portcullis, publicAccess, role, routesOf } from 'portcullis/fastify'
    import { accountRoutes } from './accounts.js'
    const app = Fastify()
    await app.register(portcullis, { cors: { origins: ['https://app.example.com'] }, trustedProxies: ['10.0.0.0/8'] })
    app.get('/health', { config: { access: 'public' } }, async () => 1)
    app.get('/named', { config: { access: publicAccess } }, async () => 1)
    app.get('/orders', { config: { access: role('admin') } }, async () => 1)
    await app.register(routesOf([{ method: 'POST', path: '/auth/login', access: publicAccess, limit: 'credentials', handle: async () => 1 }], () => true))`)
  assert.deepEqual(guards(facts), {
    '/health': 'exempt',
    '/named': 'exempt',
    '/orders': 'global',
    '/auth/login': 'exempt',
  })
  assert.deepEqual(limits(facts), { '/health': [200], '/named': [200], '/orders': [200], '/auth/login': [200, 10] })
  assert.deepEqual(
    facts.cors.map(({ origins }) => origins),
    ['listed'],
  )
  assert.deepEqual(
    facts.proxies.map(({ trust }) => trust),
    ['listed'],
  )
  assert.equal(facts.limiters[0]?.mounted, 'everywhere')
  assert.equal(facts.guards.length, 1)
})

test('plugins that a name put together registers are found all the same', () => {
  const facts = read({
    'app.js': `${START}const app = Fastify()\nfor (const name of names()) app.register(require('./routes/' + name))`,
    'routes/a.js': "module.exports = async (fastify) => { fastify.get('/a', async () => 1) }",
  })
  assert.deepEqual(paths(facts), ['GET /a'])
})
