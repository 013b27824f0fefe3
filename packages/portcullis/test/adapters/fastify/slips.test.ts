import assert from 'node:assert/strict'
import { test } from 'node:test'
import rateLimit from '@fastify/rate-limit'
import Fastify, { type FastifyInstance } from 'fastify'
import { z } from 'zod'
import { z as zod3 } from 'zod/v3'
import { noBody, portcullis, role } from '../../../src/adapters/fastify/index.ts'
import { field } from '../../../src/layers/validation/index.ts'
import { cors } from '../../../src/response/index.ts'
import { bearer, guarded, secret } from './app.ts'

/** Options as somebody writes them who has not read the types. */
const refused = async (options: object, said: RegExp): Promise<void> => {
  const all = { sessions: { secret }, identify: () => null, ...options }
  await assert.rejects(async () => Fastify().register(portcullis, all as never), said)
}

const unready = async (route: (app: FastifyInstance) => unknown, said: RegExp, options = {}): Promise<string> => {
  const app = await guarded(options)
  route(app)
  const error = await app.ready().then(
    () => assert.fail('it started'),
    (reason: Error) => reason,
  )
  assert.match(error.message, said)
  return error.message
}

const answer = async () => ({})

test('an option of the wrong kind is said in a sentence that names it and shows the right one', async () => {
  await refused({ cors: { origins: 'https://a.example' } }, /- cors\.origins takes a list, such as \['https:/)
  await refused({ trustedProxies: '10.0.0.0/8' }, /- trustedProxies takes a list, such as/)
  await refused(
    { trustedProxies: '10.0.0.0/8', forwardedHeader: 'X-Real-IP' },
    /- forwardedHeader takes 'x-forwarded-for' or 'forwarded'.*\n.*- trustedProxies takes a list/,
  )
  await refused({ validation: { waive: 'GET /a query/q' } }, /- validation\.waive takes a list of names/)
  await refused(
    { sessions: { secret, store: { sessions: {} } } },
    /- sessions\.store takes .* `sessions` of what openSto/,
  )
  await refused({ sessions: { secret, store: null } }, /- sessions\.store takes/)
  await refused({ limits: { counter: { counter: {} } } }, /- limits\.counter takes .* `counter` of what openRedis/)
  await refused({ validation: { waive: [7] } }, /- validation\.waive takes a list of names/)
  await refused({ clock: 5 }, /- clock takes a function that answers ms since the epoch/)
  for (const events of [5, {}, null]) await refused({ events }, /- events takes what securityEvents\(\) answers/)
  await refused({ cors: { unsafeAllowAnyOrigin: 'false' } }, /- cors\.unsafeAllowAnyOrigin takes true or false/)
  await refused({ unsafeAllowUpgradeListeners: 'false' }, /- unsafeAllowUpgradeListeners takes true or false/)
  await refused(
    { sessions: { secret, issuer: '', audience: 'a'.repeat(501) }, mode: 'dev' },
    /- mode takes .*\n.*- sessions\.issuer must be a text of 1 to 500.*\n.*- sessions\.audience must be a text/,
  )
})

test('the option for any origin is named where it is one', async () => {
  await refused(
    { cors: { origins: ['*'] } },
    /- cors\.origins\[0\]: '\*' would .*; list the origins\n {2}- cors\.unsafeAllowAnyOrigin: true does what '\*' would, and is for development only/,
  )
  assert.throws(() => cors({ origins: ['*'] }), /^TypeError: cors\.origins\[0\]: '\*' would .*; list the origins$/)
})

test('two faults of one option are two lines', async () => {
  await refused(
    { trustedProxies: ['a', 'b'] },
    /\n {2}- trustedProxies\[0\] must be .*\n {2}- trustedProxies\[1\] must be /,
  )
})

test("a misspelt option of the plugin's own is compared and listed like those of the layers", async () => {
  await refused(
    { unsafeAllowUpgradeListener: true },
    /- unsafeAllowUpgradeListener is not an option; did you mean unsafeAllowUpgradeListeners\?/,
  )
  await refused(
    { webSockets: true },
    /- webSockets is not an option; there are .*, events, unsafeAllowUpgradeListeners/,
  )
})

test('the faults of settings are printed once', async () => {
  const error = await Fastify()
    .register(portcullis, { sessions: { secret }, identify: () => null, corss: {} } as never)
    .then(
      () => assert.fail('it started'),
      (reason: Error & { faults: readonly string[] }) => reason,
    )
  assert.deepEqual(error.faults, ['corss is not an option; did you mean cors?'])
  assert.ok(!Object.keys(error).includes('faults'))
  assert.equal(error.stack, `SettingsError: ${error.message}`)
})

test('who forgets to wait for the door is told so', async () => {
  const app = Fastify()
  app.register(portcullis, { sessions: { secret }, identify: () => null })
  app.get('/early', answer)
  await assert.rejects(async () => app.ready(), /register portcullis first, and wait for it \(await app\.register/)
})

test('a schema of zod 3 is told from one of zod 4', async () => {
  const schema = { body: zod3.object({ name: zod3.string().max(5) }) }
  await unready(
    (app) => app.post('/a', { schema }, answer),
    /POST \/a: schema\.body was made by zod 3: zod 4 is needed/,
  )
})

test('a schema that would have to be waited for stops the start, wherever its async function is', async () => {
  const text = z.string().max(5)
  const slow = async () => true
  for (const one of [
    text.refine(slow),
    text.transform(slow),
    text.check(async () => {}),
    z.preprocess(slow, text),
    z.array(z.union([text, z.number().refine(slow)])).max(2),
  ]) {
    const body = z.strictObject({ one, more: text.optional() })
    await unready((app) => app.post('/a', { schema: { body } }, answer), /POST \/a: schema\.body has a refinement or a/)
  }
  const schema = { response: { 200: z.strictObject({ text: text.refine(slow) }) } }
  await unready((app) => app.get('/a', { schema }, answer), /GET \/a: schema\.response\.200 has a refinement or a/)
})

test('a schema that leaves something open is told what to write, all of it at once', async () => {
  const body = z.object({ n: z.number(), name: z.string(), when: z.date(), tags: z.array(field.id) })
  const said = await unready((app) => app.post('/a', { schema: { body } }, answer), /POST \/a body/)
  for (const line of [
    'body/n: is a number without a minimum and is a number without a maximum: write .min(n).max(n), or field.integer(',
    'body/name: is a string without maxLength: write .max(n), or field.line(n), field.text(n), field.email (to accept it: ',
    'body/when: takes anything: say what it is (JSON has no dates',
    'body/tags: is an array without maxItems: write .max(n) (',
  ])
    assert.ok(said.includes(`POST /a ${line}`), `${line}\n${said}`)
  const json = { type: 'object', additionalProperties: false, properties: { name: { type: 'string' } } }
  await unready((app) => app.post('/a', { schema: { body: json } }, answer), /name: is a string without maxLength \(to/)
})

test('an object of schemas that nobody wrapped is told from a schema', async () => {
  await unready(
    (app) => app.post('/a', { schema: { body: { name: field.line(10) } } }, answer),
    /POST \/a: schema\.body is a plain object of zod schemas: write z\.strictObject\(\{ … \}\) around them/,
  )
})

test('what stands where a schema must, and is none, is told by its place', async () => {
  const uncalled = field.text as unknown as z.ZodType
  const text = field.line(10)
  const wrong = { type: 'string' } as unknown as z.ZodType
  const rows: readonly (readonly [unknown, RegExp])[] = [
    [z.object({ a: uncalled }), /schema\.body has a function at \/a, not a schema: call it, as in field\.text\(100\)/],
    [z.object({ o: z.array(z.object({ a: uncalled })).max(2) }), /has a function at \/o\/\*\/a, not a schema/],
    [z.object({ a: z.union([text, uncalled]).optional() }), /has a function at \/a, not a schema/],
    [z.tuple([text, uncalled]), /has a function at \/1, not a schema/],
    [z.object({ a: wrong }), /has no schema at \/a: write one in zod/],
    [uncalled, /schema\.body has a function, not a schema/],
    ['text', /schema\.body has no schema: write one in zod/],
    [true, /schema\.body has no schema/],
    [null, /schema\.body has no schema/],
  ]
  for (const [body, said] of rows) await unready((app) => app.post('/a', { schema: { body } }, answer), said)
  const schema = { response: { 200: z.object({ a: uncalled }) } }
  await unready((app) => app.get('/a', { schema }, answer), /schema\.response\.200 has a function at \/a/)
  const tree = z.strictObject({
    get kids() {
      return z.array(tree).max(3)
    },
  })
  const sound = [
    tree,
    z.tuple([text]),
    z.record(z.enum(['a']), text),
    z.preprocess(String, text),
    text.nullish(),
    noBody,
  ]
  const app = await guarded()
  for (const [index, body] of sound.entries()) app.post(`/${index}`, { schema: { body } }, answer)
  await app.ready()
})

test('a schema of an answer is read as strictly: what is none would let every field leave', async () => {
  const json = { type: 'object', properties: { name: { type: 'string' } } }
  const shape = { name: field.line(10) }
  const rows: readonly (readonly [object, RegExp])[] = [
    [{ 200: shape }, /GET \/a: schema\.response\.200 is a plain object of zod schemas/],
    [{ 200: zod3.object({ name: zod3.string() }) }, /GET \/a: schema\.response\.200 was made by zod 3/],
    [{ 200: z.object(shape), 404: json }, /GET \/a: mixes zod and JSON Schema \(response\.404\): .* in zod/],
  ]
  for (const [response, said] of rows) await unready((app) => app.get('/a', { schema: { response } }, answer), said)
  const app = await guarded()
  app.get('/zod', { schema: { response: { 200: z.object(shape), '4xx': z.null() } } }, answer)
  app.get('/json', { schema: { response: { 200: json, '4xx': { type: 'null' } } } }, answer)
  await app.ready()
})

test('a misspelt part of a schema is told: Fastify drops it, and what is sent would be checked by the defaults', async () => {
  const schema = z.strictObject({ id: z.string().max(3) })
  const slips = {
    param: 'params',
    Params: 'params',
    header: 'headers',
    querystrings: 'querystring',
    responses: 'response',
  }
  for (const [name, meant] of Object.entries(slips))
    await unready(
      (app) => app.get('/a/:id', { schema: { [name]: schema } }, answer),
      new RegExp(`GET /a/:id schema\\.${name}: is not read; did you mean schema\\.${meant}\\?`),
    )
  const app = await guarded({ validation: { waive: ['GET /own schema.header'] } })
  const documented = { tags: ['a'], summary: 's', security: [], produces: [], cookies: {}, operationId: 'own' }
  app.get('/own', { schema: { header: 'of the page', ...documented } as object }, answer)
  await app.ready()
})

test('a schema of values that the path has not, or not of all it has, stops the start', async () => {
  const params = z.object({ uid: field.id })
  await unready(
    (app) => app.get('/u/:id', { schema: { params } }, answer),
    /GET \/u\/:id: schema\.params describes uid, and the path has id/,
  )
  await unready(
    (app) => app.get('/u/:uid/f/*', { schema: { params } }, answer),
    /schema\.params describes uid, and the path has uid, \*/,
  )
  await unready((app) => app.get('/u', { schema: { params } }, answer), /describes uid, and the path has no values/)
  const app = await guarded()
  app.get('/u/:uid', { schema: { params } }, answer)
  app.get('/o/:uid?', { schema: { params: z.object({ uid: field.id.optional() }) } }, answer)
  app.get('/b/:uid/:other', { schema: { params: z.looseObject({ uid: field.id }) } }, answer)
  app.get('/r/:any', { schema: { params: z.record(field.id, field.id) } }, answer)
  const error = await app.ready().then(
    () => '',
    ({ message }: Error) => message,
  )
  assert.doesNotMatch(error, /schema\.params describes/)
})

test('what opens or limits a route and stands where nobody reads it stops the start', async () => {
  await unready(
    (app) => app.get('/a', { access: 'public' } as object, answer),
    /GET \/a access: is not read beside config: write config: \{ access: … \}/,
  )
  await unready(
    (app) => app.get('/a', { limit: '5/minute' } as object, answer),
    /GET \/a limit: is not read beside config/,
  )
  for (const slip of ['acess', 'accesss', 'Access', 'ACCESS', 'acces'])
    await unready(
      (app) => app.get('/a', { config: { [slip]: 'public' } }, answer),
      new RegExp(`GET /a config\\.${slip}: is not read; did you mean config\\.access\\?`),
    )
  // Somebody's own word, what Fastify itself puts there, and what a wrapper left open.
  const app = await guarded()
  app.get('/b', { access: undefined, limit: undefined } as object, answer)
  app.get('/a', { config: { success: 1, list: 2, rateLimit: 3, process: 4 } as object }, answer)
  await app.ready()
  const waived = await guarded({ validation: { waive: ['GET /a config.limits'] } })
  waived.get('/a', { config: { limits: 5 } as object }, answer)
  await waived.ready()
})

test('another word for the rule stops the start, unless it is waived or the rule is there', async () => {
  for (const [word, meant] of [
    ['roles', "role('admin')"],
    ['role', "role('admin')"],
    ['public', "'public'"],
  ] as const)
    await unready(
      (app) => app.get('/a', { config: { [word]: true } as object }, answer),
      new RegExp(
        `GET /a config\\.${word}: is not read; did you mean config\\.access: ${meant.replace(/[()]/g, '\\$&')}\\?`,
      ),
    )
  const app = await guarded({ validation: { waive: ['GET /b config.roles'] } })
  app.get('/a', { config: { access: role('admin'), roles: ['admin'] } as object }, answer)
  app.get('/b', { config: { roles: ['admin'] } as object }, answer)
  await app.ready()
})

test('a rule where nobody reads it can be neither waived nor left for later: any session would do', async () => {
  for (const [place, options] of [
    ['access', { access: role('admin') }],
    ['limit', { limit: '5/minute' }],
    ['config.acess', { config: { acess: role('admin') } }],
  ] as const)
    for (const mode of ['production', 'development'] as const) {
      const app = await guarded({ mode, validation: { waive: [`DELETE /o/:id ${place}`] } })
      app.delete('/o/:id', options as object, answer)
      const error = await app.ready().then(
        () => undefined,
        ({ message }: Error) => message,
      )
      assert.match(error ?? '', new RegExp(`DELETE /o/:id ${place}: is not read`), `${mode} ${place}`)
      assert.doesNotMatch(error ?? '', /waive: \['DELETE/)
    }
})

test('a number in a path or a query is not told to be one that refuses all text', async () => {
  const number = z.object({ id: z.coerce.number() })
  const told = /\/o\/:id params\/id: is a number .*: a path, a query and header fields hold text: write z\.string\(\)/
  await unready((app) => app.get('/o/:id', { schema: { params: number } }, answer), told)
  await unready(
    (app) => app.get('/o', { schema: { querystring: number } }, answer),
    /query\/id: is a number .*hold text: write z\.string\(\)/,
  )
})

test('what no text fits is told in a path, a query and a header field: it would refuse whatever is sent', async () => {
  const told = /: takes no text, and there is nothing else to send: a path, a query and header fields hold text: write/
  const refusing = {
    number: z.number().min(1).max(5),
    integer: field.integer(1, 5).default(1),
    flag: z.boolean().optional(),
    level: z.literal([1, 2]),
    either: z.union([z.int().min(1).max(9), z.literal(0)]).nullable(),
    list: z.array(z.boolean()).max(3),
    piped: z.boolean().transform(Number),
  }
  for (const [name, member] of Object.entries(refusing)) {
    const querystring = z.strictObject({ [name]: member })
    const said = await unready((app) => app.get('/o', { schema: { querystring } }, answer), told)
    assert.match(said, new RegExp(`GET /o query/${name}: `))
    await unready((app) => app.get(`/o/:${name}`, { schema: { params: querystring } }, answer), told)
    await unready((app) => app.get('/o', { schema: { headers: querystring } }, answer), told)
  }
})

test('a list is one in a query alone', async () => {
  const tags = z.strictObject({ tags: z.array(z.string().max(3)).max(3) })
  const told = /\/o(?:\/:tags)? (?:params|headers)\/tags: takes no text/
  await unready((app) => app.get('/o/:tags', { schema: { params: tags } }, answer), told)
  await unready((app) => app.get('/o', { schema: { headers: tags } }, answer), told)
  const app = await guarded()
  app.get('/o', { schema: { querystring: tags } }, answer)
  await app.ready()
})

test('what text may fit is not told: converted, one of several, of a body', async () => {
  const fitting = z.strictObject({
    coerced: z.coerce.number().min(1).max(5),
    before: z.preprocess(Number, z.number().min(1).max(5)),
    text: z.string().max(3).transform(Number),
    either: z.union([z.literal(1), z.literal('one')]),
    caught: z.number().min(1).max(5).catch(1),
    choice: z.enum(['a', 'b']).optional(),
  })
  const app = await guarded()
  app.get('/o', { schema: { querystring: fitting } }, answer)
  app.post('/o', { schema: { body: z.strictObject({ number: z.number().min(1).max(5) }) } }, answer)
  await app.ready()
})

test('what a body in JSON takes for another value is told wherever it stands: nobody would learn that it was wrong', async () => {
  const body = z.strictObject({
    role: z.enum(['reader', 'writer']).catch('reader'),
    lines: z.array(z.strictObject({ count: z.int().min(1).max(9).catch(1).optional() })).max(2),
    kind: z.enum(['a', 'b']).default('a'),
  })
  const said = await unready((app) => app.post('/a', { schema: { body } }, answer), /POST \/a body/)
  const found = [...said.matchAll(/POST \/a (\S+): is caught: whatever is wrong .*: write it without \.catch/g)]
  assert.deepEqual(
    found.map(([, where]) => where),
    ['body/role', 'body/lines/*/count'],
  )
})

test('a member of a body that no body may have is told at the start, whoever wrote the schema: each request with it is refused', async () => {
  const json = {
    type: 'object',
    additionalProperties: false,
    properties: { prototype: { type: 'boolean' } },
  }
  const app = await guarded({}, { ajv: { customOptions: { coerceTypes: false, removeAdditional: false } } })
  app.post('/cars', { schema: { body: z.object({ constructor: field.slug }) } }, async () => ({}))
  app.post('/parts', { schema: { body: json } }, async () => ({}))
  await assert.rejects(
    async () => app.ready(),
    ({ message }: Error) => {
      assert.match(message, /POST \/cars body\/constructor: has a name that no body may have: call it otherwise/)
      assert.match(message, /POST \/parts body\/prototype: has a name that no body may have: call it otherwise/)
      return true
    },
  )
})

test('what a body in JSON converts is told wherever it stands: it would take null for a number', async () => {
  const number = z.coerce.number().min(0).max(5)
  const tree = z.strictObject({
    n: number.optional(),
    get kids() {
      return z.array(tree).max(3)
    },
  })
  const body = z.strictObject({
    a: number,
    b: z.array(z.strictObject({ c: z.coerce.boolean() })).max(2),
    d: z.union([z.string().max(3), number]).nullable(),
    e: z.coerce.string().max(3).transform(Number),
    tree,
    // Out of what was checked.
    f: z.string().max(3).pipe(z.coerce.number()),
  })
  const said = await unready((app) => app.post('/a', { schema: { body } }, answer), /POST \/a body/)
  const found = [
    ...said.matchAll(/POST \/a (\S+): is coerced: null, true and \[\] would pass .*: write it without \.coerce/g),
  ]
  assert.deepEqual(
    found.map(([, where]) => where),
    ['body/a', 'body/b/*/c', 'body/d', 'body/e', 'body/tree/n'],
  )
  const app = await guarded()
  const form = { contentTypes: ['application/x-www-form-urlencoded'] }
  app.post('/form', { config: form, schema: { body: z.strictObject({ a: number }) } }, answer)
  await app.ready()
})

test('a limit of a route that is no quota is said with what it may be', async () => {
  await unready(
    (app) => app.get('/a', { config: { limit: 'credential' } }, answer),
    /GET \/a: limit takes 'credentials', 'refresh' or a quota of its own: a quota is a number/,
  )
  await unready((app) => app.get('/a', { config: { limit: 5 as never } }, answer), /GET \/a: limit takes 'credentials'/)
})

test('what is wrong with a GET is not said of its HEAD once more, nor has to be waived twice', async () => {
  const schema = { querystring: z.object({ q: z.string() }) }
  const said = await unready((app) => app.get('/a', { schema }, answer), /GET \/a query\/q/)
  assert.doesNotMatch(said, /HEAD/)
  const faulty = await unready((app) => app.get('/a', { config: { limit: 'x' } }, answer), /GET \/a: limit/)
  assert.doesNotMatch(faulty, /HEAD/)
  const app = await guarded({ validation: { waive: ['GET /a query/q'] } })
  app.get('/a', { schema }, answer)
  await app.ready()
  // A HEAD of its own is looked at, beside its GET and without one.
  const list = { querystring: z.object({ q: z.array(z.string().max(5)) }) }
  const both = (own: FastifyInstance): void => {
    own.head('/a', { schema: list, config: { limits: 1 } as object }, answer)
    own.get('/a', { schema, config: { limits: 2 } as object, exposeHeadRoute: false }, answer)
  }
  const waive = ['GET /a query/q', 'GET /a config.limits']
  const ofHead = await unready(both, /HEAD \/a query\/q: .*array/, { validation: { waive } })
  assert.match(ofHead, /HEAD \/a config\.limits/)
  await unready((own) => own.head('/b', { schema }, answer), /HEAD \/b query\/q/)
})

test('a session is opened without a label, and not for a number', async () => {
  const app = await guarded()
  const { sessions } = app.portcullis
  await sessions.open('bob', { client: '127.0.0.1' })
  assert.deepEqual(
    (await sessions.list('bob')).map(({ label }) => label),
    [''],
  )
  await assert.rejects(
    sessions.open(7 as never, { client: '127.0.0.1' }),
    /^TypeError: A user id must be 1 to 64 letters.*; give String\(id\), this is a number$/,
  )
  await assert.rejects(
    (sessions.open as (userId: string) => Promise<unknown>)('bob'),
    /^TypeError: sessions.open needs the client's address: \{ client: request.client.address \}$/,
  )
})

test('an account may have a number where its tokens have the text of it', async () => {
  const app = await guarded({ identify: (id) => ({ id: Number(id) }) })
  app.get('/me', async (request) => ({ id: request.principal.id }))
  const answered = await app.inject({ url: '/me', headers: await bearer(app, '7') })
  assert.deepEqual(answered.json(), { id: '7' })
})

const admin = role('admin')

test('a rule goes along with a route that is registered anew from its options', async () => {
  const app = await guarded()
  app.addHook('onRoute', (route) => {
    if (route.method !== 'HEAD' && !route.url.startsWith('/v1')) app.route({ ...route, url: `/v1${route.url}` })
  })
  app.register(
    async (group) => {
      group.get('/a', answer)
      group.get('/open', { config: { access: 'public' } }, answer)
    },
    { access: admin },
  )
  await app.ready()
  const table = app.portcullis.accessTable().map(({ method, path, access }) => `${method} ${path} ${access}`)
  for (const line of ['GET /a role admin', 'GET /v1/a role admin', 'GET /v1/open public'])
    assert.ok(table.includes(line), `${line}: ${table.join(', ')}`)
  const headers = await bearer(app, 'bob')
  for (const method of ['GET', 'HEAD'] as const)
    assert.equal((await app.inject({ method, url: '/v1/a', headers })).statusCode, 403)
})

test('a rule that an onRoute hook of the application writes too late stops the start', async () => {
  const said = /GET \/a: an onRoute hook changed its config after the door had read it/
  await unready((app) => {
    app.addHook('onRoute', (route) => {
      route.config = { ...route.config, access: admin }
    })
    app.get('/a', answer)
  }, said)
  await unready((app) => {
    app.addHook('onRoute', (route) => void Object.assign(route.config ?? {}, { access: admin }))
    app.get('/a', answer)
  }, said)
  await unready((app) => {
    app.addHook('onRoute', (route) => {
      route.config = {}
    })
    app.get('/a', answer)
  }, said)
})

test('a rule for a group under a name that is like access stops the start, however it is given', async () => {
  const routes = async (app: FastifyInstance) => void app.get('/a', answer)
  const shared = Object.assign(async (app: FastifyInstance) => void app.get('/a', answer), {
    [Symbol.for('skip-override')]: 1,
  })
  const slips: readonly (readonly [object | (() => object), RegExp])[] = [
    [{ acecss: admin }, /acecss is not read; did you mean access\?/],
    [{ acces: 'admin' }, /acces is not read; did you mean access\?/],
    [() => ({ acces: admin }), /acces is not read; did you mean access\?/],
    [() => ({ config: { access: admin } }), /config is not read in the options of a plugin/],
    [{ config: { acces: admin } }, /config is not read in the options of a plugin/],
  ]
  for (const [options, said] of slips) await unready((app) => app.register(routes, options as object), said)
  await unready((app) => app.register(shared, { access: admin } as object), /has no context of its own/)
  // What is none stops the start with all else that does, and says where it stands.
  const said = await unready((app) => {
    app.register(routes, { prefix: '/staff', access: 'admin' } as object)
    app.get('/x', { config: { access: 'admin' as never } }, answer)
  }, /- the plugin at \/staff: access takes 'public', /)
  assert.match(said, /- GET \/x: access takes 'public', /)
  const app = await guarded()
  app.register(routes, { readAccess: 'public', rule: admin, config: { name: 'public' } } as object)
  await app.ready()
})

test('another word for the rule of a group is told, where the plugin has no options that it could be one of', async () => {
  const plain = async (app: FastifyInstance) => void app.get('/a', answer)
  async function named(app: FastifyInstance) {
    app.get('/a', answer)
  }
  const said = /plugin (?:plain|named) role: is not read; did you mean access: role\('admin'\)\?/
  for (const routes of [plain, named, Promise.resolve({ default: named })])
    await unready((app) => app.register(routes as typeof plain, { prefix: '/x', role: 'admin' } as object), said)
  await unready((app) => app.register(plain, { public: true } as object), /public: .* did you mean access: 'public'\?/)
  const own = [
    async (app: FastifyInstance, { role }: { role?: string }) => void app.get('/a', async () => role),
    async (app: FastifyInstance, { role = 'x' } = {}) => void app.get('/a', async () => role),
    async (app: FastifyInstance, ...[options]: { role?: string }[]) => void app.get('/a', async () => options?.role),
    async function (app: FastifyInstance) {
      // biome-ignore lint/complexity/noArguments: as older plugins read them
      const [, options] = arguments
      app.get('/a', async () => options)
    },
    Object.assign(async (app: FastifyInstance) => void app.get('/a', answer), { [Symbol.for('skip-override')]: true }),
  ]
  for (const plugin of own) {
    const app = await guarded()
    app.register(plugin as typeof plain, { role: 'admin' } as object)
    await app.ready()
    await app.close()
  }
  const app = await guarded({ validation: { waive: ['plugin plain role'] } })
  app.register(plain, { role: 'admin' } as object)
  await app.register(plain, { prefix: '/b', role: 'admin', access: admin } as object)
  await app.ready()
})

test('a quota for a group stops the start, for none of its routes would be limited by it', async () => {
  const routes = async (app: FastifyInstance) => void app.get('/a', answer)
  const said = /plugin routes: limit is not read in the options of a plugin: give its routes config: \{ limit/
  for (const limit of ['5/minute', 'credentials', ['refresh', '10/hour']]) {
    await unready((app) => app.register(routes, { prefix: '/auth', limit } as object), said)
    await unready((app) => app.register(routes, (() => ({ config: { limit } })) as never), said)
  }
  const app = await guarded()
  for (const limit of [100, '1mb', { max: 5 }, null]) app.register(routes, { prefix: `/${limit}`, limit } as object)
  await app.ready()
})

test('HEAD and GET are compared by what they match, not by what their parameters are called', async () => {
  const open = { config: { access: 'public' as const } }
  const closed = { config: { access: admin } }
  await unready((app) => {
    app.head('/n/:a', open, answer)
    app.get('/n/:b', { ...closed, exposeHeadRoute: false }, answer)
  }, /HEAD \/n\/:a is public, its GET is role admin/)
  const on = (host: string) => ({ constraints: { host } })
  await unready((app) => {
    app.head('/x', { ...open, ...on('a.example') }, answer)
    app.get('/x', { ...closed, ...on('a.example'), exposeHeadRoute: false }, answer)
    app.get('/x', { ...open, ...on('b.example') }, answer)
  }, /HEAD \/x is public, its GET is role admin/)
  const app = await guarded()
  app.get('/x', { ...closed, ...on('a.example') }, answer)
  app.get('/x', { ...open, ...on('b.example') }, answer)
  app.get('/x', open, answer)
  await app.ready()
})

test('a quota that @fastify/rate-limit would read is not lost without a word where that was taken out', async () => {
  const quota = { config: { rateLimit: { max: 5, timeWindow: '1 minute' } } }
  await unready(
    (app) => app.get('/a', quota, answer),
    /GET \/a config\.rateLimit: is read by .*write config\.limit: '5/,
  )
  const started = async (config: object, before: (app: FastifyInstance) => unknown = () => {}) => {
    const app = await guarded()
    await before(app)
    app.get('/a', { config }, answer)
    await app.ready()
    await app.close()
  }
  await started({ ...quota.config, limit: '5/minute' })
  await started({ rateLimit: false })
  await started(quota.config, (app) => app.register(rateLimit))
  await started(quota.config, (app) => app.register(async (group) => group.register(rateLimit)))
})
