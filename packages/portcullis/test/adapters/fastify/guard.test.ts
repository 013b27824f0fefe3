import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { FastifyInstance } from 'fastify'
import Fastify from 'fastify'
import { allow, portcullis, role } from '../../../src/adapters/fastify/index.ts'
import { accessChanges, formatLock, parseLock } from '../../../src/layers/access/index.ts'
import { bearer, guarded, people, secret } from './app.ts'

/** A handler that tells whether it ran. */
const witness = () => {
  const calls: string[] = []
  return { calls, handler: async (request: { url: string }) => ({ ran: calls.push(request.url) }) }
}

const refusedWith = async (
  app: FastifyInstance,
  status: number,
  request: { method?: 'GET' | 'HEAD' | 'POST' | 'DELETE' | 'OPTIONS'; url: string; headers?: Record<string, string> },
) => {
  const response = await app.inject(request)
  assert.equal(response.statusCode, status, `${request.method ?? 'GET'} ${request.url}: ${response.body}`)
  if (request.method !== 'HEAD') {
    assert.equal(response.headers['content-type'], 'application/problem+json')
    assert.equal(response.json().status, status)
  }
  return response
}

test('a route that says nothing is closed, and its handler does not run', async () => {
  const app = await guarded()
  const { calls, handler } = witness()
  app.get('/orders', handler)
  const refused = await refusedWith(app, 401, { url: '/orders' })
  assert.equal(refused.headers['www-authenticate'], 'Bearer')
  assert.deepEqual(calls, [])
  assert.equal((await app.inject({ url: '/orders', headers: await bearer(app, 'bob') })).statusCode, 200)
  assert.equal(calls.length, 1)
})

test('the example of the design: health is open, a role is asked for', async () => {
  const app = await guarded()
  const { calls, handler } = witness()
  app.get('/health', { config: { access: 'public' } }, async () => ({ status: 'ok' }))
  app.get('/orders', async (request) => ({ of: request.principal.id, roles: request.principal.roles }))
  app.delete('/orders/:id', { config: { access: role('admin') } }, handler)
  assert.deepEqual((await app.inject('/health')).json(), { status: 'ok' })
  assert.deepEqual((await app.inject({ url: '/orders', headers: await bearer(app, 'ada') })).json(), {
    of: 'ada',
    roles: ['admin'],
  })
  await refusedWith(app, 401, { method: 'DELETE', url: '/orders/7' })
  await refusedWith(app, 403, { method: 'DELETE', url: '/orders/7', headers: await bearer(app, 'bob') })
  assert.deepEqual(calls, [])
  assert.equal(
    (await app.inject({ method: 'DELETE', url: '/orders/7', headers: await bearer(app, 'ada') })).statusCode,
    200,
  )
})

test('an unknown path needs a session, so that nobody lists the routes from outside', async () => {
  const app = await guarded()
  app.get('/known/:id', async () => ({}))
  const headers = await bearer(app, 'bob')
  for (const url of ['/unknown', '/known', '/known/1/2', `/known/${'x'.repeat(200)}`, '/.env']) {
    await refusedWith(app, 401, { url })
    await refusedWith(app, 404, { url, headers })
  }
  const [known, unknown] = [await app.inject('/known/1'), await app.inject('/unknown')]
  assert.equal(known.body, unknown.body)
  assert.deepEqual(Object.keys(known.headers), Object.keys(unknown.headers))
})

test('an undecodable path is refused and not echoed', async () => {
  const app = await guarded()
  app.get('/:id', { config: { access: 'public' } }, async () => ({}))
  for (const url of ['/%zz', '/%', '/%c3%28', '/%ff']) {
    const refused = await refusedWith(app, 400, { url })
    assert.ok(!refused.body.includes(url.slice(1)), refused.body)
  }
})

test('a role that was taken away, a disabled account and an ended session are refused on the very next request', async (t) => {
  const app = await guarded()
  app.get('/admin', { config: { access: role('admin') } }, async () => ({}))
  const headers = await bearer(app, 'ada')
  t.after(() => people.set('ada', { id: 'ada', roles: ['admin'] }))
  assert.equal((await app.inject({ url: '/admin', headers })).statusCode, 200)
  people.set('ada', { id: 'ada', roles: [] })
  await refusedWith(app, 403, { url: '/admin', headers })
  people.set('ada', { id: 'ada', roles: ['admin'], disabled: true })
  await refusedWith(app, 401, { url: '/admin', headers })
  people.set('ada', { id: 'ada', roles: ['admin'] })
  assert.equal((await app.inject({ url: '/admin', headers })).statusCode, 200)
  await app.portcullis.sessions.endAll('ada')
  await refusedWith(app, 401, { url: '/admin', headers })
})

test('a predicate sees the matched values, and may hide what exists', async () => {
  const app = await guarded()
  const owner = allow('owner', (principal, request) => request.params['id'] === principal.id, { refuseWith: 404 })
  app.get('/things/:id', { config: { access: owner } }, async () => ({}))
  const headers = await bearer(app, 'bob')
  assert.equal((await app.inject({ url: '/things/bob', headers })).statusCode, 200)
  await refusedWith(app, 404, { url: '/things/ada', headers })
})

test('whatever breaks on the way is a refusal: 503, and the handler does not run', async () => {
  const { calls, handler } = witness()
  for (const identify of [
    () => {
      throw new Error('the database password is hunter2')
    },
    async () => Promise.reject(new Error('the database password is hunter2')),
    () => ({ id: 'somebody-else', roles: ['admin'] }),
    () => ({ id: 'bob', roles: 'superadmin' as unknown as string[] }),
  ]) {
    const app = await guarded({ identify })
    app.get('/x', handler)
    const refused = await refusedWith(app, 503, { url: '/x', headers: await bearer(app, 'bob') })
    assert.equal(refused.headers['retry-after'], '1')
    assert.ok(!refused.body.includes('hunter2'))
  }
  assert.deepEqual(calls, [])
})

test('identify is asked for every request, at once or by a promise', async () => {
  let asked = 0
  const app = await guarded({
    identify: async (id) => {
      asked += 1
      return { id }
    },
  })
  app.get('/x', async (request) => request.principal)
  const headers = await bearer(app, 'dan')
  assert.deepEqual((await app.inject({ url: '/x', headers })).json().roles, [])
  await app.inject({ url: '/x', headers })
  assert.equal(asked, 2)
})

test('what identify answers may be a query that is no Promise and asks when somebody waits for it, as Prisma, Drizzle and Knex have', async () => {
  const known = new Map([['bob', { id: 'bob', roles: ['editor'] }]])
  const lazy = <Row>(look: () => Row): Promise<Row> => {
    const asked = async () => look()
    // biome-ignore lint/suspicious/noThenProperty: it is what these queries are
    return { then: (...taken: Parameters<Promise<Row>['then']>) => asked().then(...taken) } as Promise<Row>
  }
  const { calls, handler } = witness()
  const app = await guarded({
    identify: (id) =>
      lazy(() => {
        if (id === 'broken') throw new Error('the database is away')
        return known.get(id)
      }),
  })
  app.get('/me', async (request) => request.principal)
  app.get('/x', handler)
  const { statusCode, body } = await app.inject({ url: '/me', headers: await bearer(app, 'bob') })
  assert.deepEqual([statusCode, JSON.parse(body).roles], [200, ['editor']])
  await refusedWith(app, 401, { url: '/x', headers: await bearer(app, 'nobody') })
  await refusedWith(app, 503, { url: '/x', headers: await bearer(app, 'broken') })
  assert.deepEqual(calls, [])
})

test('a group is a context registered with a rule; a route in it may say otherwise, and the table shows both', async () => {
  const app = await guarded()
  await app.register(
    async (admin) => {
      admin.get('/', async () => ({}))
      admin.get('/stats', async () => ({}))
      admin.get('/ping', { config: { access: 'public' } }, async () => ({}))
      await admin.register(async (deep) => deep.get('/deep', async () => ({})))
    },
    { prefix: '/admin', access: role('admin') },
  )
  app.get('/outside', async () => ({}))
  const headers = await bearer(app, 'bob')
  await refusedWith(app, 403, { url: '/admin/stats', headers })
  for (const url of ['/admin', '/admin/', '/admin/deep']) await refusedWith(app, 403, { url, headers })
  assert.equal((await app.inject('/admin/ping')).statusCode, 200)
  assert.equal((await app.inject({ url: '/outside', headers })).statusCode, 200)
  assert.deepEqual(app.portcullis.accessTable(), [
    { method: 'GET', path: '/admin', access: 'role admin' },
    { method: 'GET', path: '/admin/deep', access: 'role admin' },
    { method: 'GET', path: '/admin/ping', access: 'public' },
    { method: 'GET', path: '/admin/stats', access: 'role admin' },
    { method: 'GET', path: '/outside', access: 'authenticated' },
  ])
})

test('versions and hosts of one path stand apart in the table, and its lock tells which of them was opened', async () => {
  const tableWith = async (first: 'public' | 'authenticated', second: 'public' | 'authenticated') => {
    const app = await guarded()
    const on = (constraints: Record<string, unknown>, access: 'public' | 'authenticated') => ({
      constraints,
      config: { access },
    })
    await app.register(
      async (orders) => {
        orders.get('/', on({ version: '1.0.0' }, first), async () => ({}))
        orders.get('/', on({ version: '2.0.0', host: /^a b$/ }, second), async () => ({}))
      },
      { prefix: '/orders' },
    )
    await app.ready()
    return app.portcullis.accessTable()
  }
  const table = await tableWith('public', 'authenticated')
  const [one, two] = ['/orders[version=1.0.0]', '/orders[version=2.0.0,host=/^a%20b$/]'] as const
  assert.deepEqual(table, [
    { method: 'GET', path: one, access: 'public' },
    { method: 'GET', path: two, access: 'authenticated' },
  ])
  const locked = parseLock(formatLock(table))
  assert.deepEqual(accessChanges(locked, table), [])
  const swapped = accessChanges(locked, await tableWith('authenticated', 'public'))
  assert.deepEqual(
    swapped.map(({ change, path }) => [change, path]),
    [
      ['closed', one],
      ['opened', two],
    ],
  )
})

test('a rule for a plugin that has no context of its own, or in options that are a function, stops the start', async () => {
  const routes = async (admin: FastifyInstance) => void admin.get('/admin/x', async () => ({}))
  const shared = Object.assign(async (app: FastifyInstance) => routes(app), { [Symbol.for('skip-override')]: true })
  const options = { access: role('admin') }
  for (const [plugin, given] of [
    [shared, options],
    [Promise.resolve({ default: shared }), options],
    [routes, () => options],
    [shared, { access: 'public' }],
  ] as const) {
    const app = await guarded()
    app.register(plugin as typeof shared, given as typeof options)
    await assert.rejects(
      async () => app.ready(),
      /^SettingsError: .*plugin (shared|routes|\(without a name\)): access does nothing/s,
    )
  }
  const inside = await guarded()
  inside.register(async (admin) => void admin.register(shared), options)
  const foreign = await guarded()
  foreign.register(shared, { access: 'read-write' } as unknown as typeof options)
  await Promise.all([inside.ready(), foreign.ready()])
  assert.deepEqual(inside.portcullis.accessTable(), [{ method: 'GET', path: '/admin/x', access: 'role admin' }])
})

test('a rule that stands elsewhere in the options of a group stops the start', async () => {
  const routes = async (admin: FastifyInstance) => void admin.get('/admin/x', async () => ({}))
  for (const [options, said] of [
    [{ acess: role('admin') }, /plugin routes: acess is not read; did you mean access\?/],
    [{ Access: 'authenticated' }, /plugin routes: Access is not read/],
    [{ prefix: '/a', config: { access: role('admin') } }, /plugin routes: config is not read .*: write access beside/],
  ] as const) {
    const app = await guarded()
    app.register(routes, options as object)
    await assert.rejects(async () => app.ready(), said)
  }
})

test('@fastify/cors beside the door stops the start, before it and after it, in a context too', async () => {
  const cors = Object.assign(async () => {}, {
    [Symbol.for('skip-override')]: true,
    [Symbol.for('plugin-meta')]: { name: '@fastify/cors' },
  })
  const after = await guarded()
  after.register(Promise.resolve({ default: cors }))
  const inside = await guarded()
  inside.register(async (context) => void context.register(cors))
  const before = Fastify()
  before.register(cors)
  before.register(portcullis, { sessions: { secret }, identify: () => null })
  for (const app of [after, inside, before])
    await assert.rejects(async () => app.ready(), /@fastify\/cors writes its fields over those of the door/)
})

test('HEAD follows GET; a HEAD with a rule of its own stops the start', async () => {
  const app = await guarded()
  app.get('/x', async () => 'x')
  await refusedWith(app, 401, { method: 'HEAD', url: '/x' })
  const other = await guarded()
  other.route({ method: 'HEAD', url: '/y', config: { access: 'public' }, handler: async () => '' })
  other.route({ method: 'GET', url: '/y', exposeHeadRoute: false, handler: async () => 'y' })
  await assert.rejects(async () => other.ready(), /HEAD \/y is public, its GET is authenticated/)
  const alike = await guarded()
  alike.head('/z', { config: { access: allow('owner', () => true) } }, async () => '')
  alike.get('/z', { exposeHeadRoute: false, config: { access: allow('owner', () => false) } }, async () => 'z')
  await assert.rejects(async () => alike.ready(), /HEAD \/z is owner, its GET is owner by another function/)
  const grouped = await guarded()
  grouped.register(async (open) => void open.get('/w', { exposeHeadRoute: false }, async () => 'w'), {
    access: 'public',
  })
  await grouped.after()
  grouped.head('/w', { config: { access: 'Public' as 'public' } }, async () => '')
  await assert.rejects(async () => grouped.ready(), /HEAD \/w: access takes/)
})

test('media types that would match nothing, or any part of a text, stop the start', async () => {
  for (const contentTypes of ['text/csv', ['Text/CSV'], ['csv'], ['text/csv; charset=utf-8'], [1]]) {
    const app = await guarded()
    app.post('/x', { config: { contentTypes: contentTypes as string[] } }, async () => ({}))
    await assert.rejects(async () => app.ready(), /POST \/x: contentTypes takes a list of media types in lower case/)
  }
})

test('a route in a sibling context, or in a plugin without encapsulation, is closed too', async () => {
  const app = await guarded()
  await app.register(async (one) => one.get('/one', async () => ({})))
  const shared = Object.assign(async (two: FastifyInstance) => two.get('/two', async () => ({})), {
    [Symbol.for('skip-override')]: true,
  })
  await app.register(shared)
  for (const url of ['/one', '/two']) await refusedWith(app, 401, { url })
})

test('a route that was registered before the door stops the start: on the application, in a sibling, by another plugin', async () => {
  const options = { sessions: { secret }, identify: () => null }
  const direct = Fastify()
  direct.get('/early', async () => ({}))
  await assert.rejects(async () => direct.register(portcullis, options), /GET \/early was registered before portcullis/)
  const sibling = Fastify()
  await sibling.register(async (one) => one.get('/early', async () => ({})))
  await assert.rejects(
    async () => sibling.register(portcullis, options),
    /GET \/early was registered before portcullis/,
  )
})

test('the plugin belongs on the application itself, once', async () => {
  const options = { sessions: { secret }, identify: () => null }
  const nested = Fastify()
  await assert.rejects(
    async () => nested.register(async (inner) => inner.register(portcullis, options)),
    /on the application itself/,
  )
  const twice = await guarded()
  await assert.rejects(async () => twice.register(portcullis, options), /registered twice/)
})

test("a 404 handler of the application's own is behind the door", async () => {
  const app = await guarded()
  const { calls, handler } = witness()
  app.setNotFoundHandler(async (request, reply) => reply.code(404).send(await handler(request)))
  await refusedWith(app, 401, { url: '/nowhere' })
  assert.deepEqual(calls, [])
  const answered = await app.inject({ url: '/nowhere', headers: await bearer(app, 'bob') })
  assert.deepEqual(answered.json(), { ran: 1 })
})

test('an upgrade listener, or a second request listener, stops the start', async () => {
  const upgrade = await guarded()
  upgrade.server.on('upgrade', (_request, socket) => socket.destroy())
  await assert.rejects(async () => upgrade.ready(), /'upgrade' event/)
  const allowed = await guarded({ unsafeAllowUpgradeListeners: true })
  allowed.server.on('upgrade', (_request, socket) => socket.destroy())
  await allowed.ready()
  const request = await guarded()
  request.server.on('request', () => {})
  await assert.rejects(async () => request.ready(), /'request' event/)
})

test('a misspelt rule stops the start and leaves nothing open', async () => {
  const app = await guarded()
  app.get('/x', { config: { access: 'Public' as 'public' } }, async () => ({}))
  app.get('/y', { config: { limit: 'ten a minute' } }, async () => ({}))
  await assert.rejects(
    async () => app.ready(),
    (error: Error) => {
      assert.match(error.message, /GET \/x: access takes 'public'/)
      assert.match(error.message, /GET \/y: /)
      return true
    },
  )
})

test('request.principal of a refused request is told from that of a public route', async () => {
  const app = await guarded()
  const said: string[] = []
  app.addHook('onSend', async (request) => {
    try {
      said.push(request.principal.id)
    } catch (error) {
      said.push((error as Error).message)
    }
  })
  app.get('/closed', async () => ({}))
  app.get('/open', { config: { access: 'public' } }, async () => ({}))
  const headers = await bearer(app, 'bob')
  for (const request of [{ url: '/closed' }, { url: '/open', headers }, { url: '/closed', headers }])
    await app.inject(request)
  assert.match(said[0] ?? '', /was read of a request that the door has not admitted: hooks such as onSend/)
  assert.match(said[1] ?? '', /was read on a public route/)
  assert.equal(said[2], 'bob')
})

test('request.principal on a public route is a mistake that shows', async () => {
  const app = await guarded()
  app.get('/x', { config: { access: 'public' } }, async (request) => request.principal)
  assert.equal((await app.inject('/x')).statusCode, 500)
})

test('settings that are wrong are all listed at once', async () => {
  const app = Fastify()
  await assert.rejects(
    async () =>
      app.register(portcullis, {
        sessions: { secret: undefined, accessTokenMinutes: 61 },
        cors: { origins: ['*'], unsafeAllowAnyOrigin: true },
        trustedProxies: ['0.0.0.0/0'],
        trustedProxy: ['10.0.0.0/8'],
        limits: { client: '200 per minute' },
      } as never),
    (error: Error & { faults: string[] }) => {
      for (const part of [
        'identify is missing',
        'sessions.secret is missing',
        'sessions.accessTokenMinutes takes',
        'cors.origins[0]',
        'unsafeAllowAnyOrigin is for development',
        'trustedProxies',
        'trustedProxy is not an option',
        'limits.client',
      ]) {
        assert.ok(
          error.faults.some((fault) => fault.includes(part)),
          `${part} is not in ${error.message}`,
        )
      }
      return true
    },
  )
})
