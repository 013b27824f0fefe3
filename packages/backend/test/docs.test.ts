import assert from 'node:assert/strict'
import { execFileSync, spawnSync } from 'node:child_process'
import { createHmac } from 'node:crypto'
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { type TestContext, test } from 'node:test'
import { pathToFileURL } from 'node:url'
import Fastify, { type FastifyInstance } from 'fastify'
import { noBody, portcullis } from 'portcullis/fastify'
import { generateSecret } from 'portcullis/sessions'
import { jsonSchemaOf } from 'portcullis/validation'
import { z } from 'zod'
import { folder, startBackend } from './backend.ts'

const root = join(import.meta.dirname, '../../..')
const place = join(import.meta.dirname, '.examples')
// A folder of docs has a test of its own: docs/checks is the checklist's.
const pages = [
  'README.md',
  'CONTRIBUTING.md',
  ...readdirSync(join(root, 'docs'))
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
]
const read = (page: string): string => readFileSync(join(root, page), 'utf8')
const blocks = (page: string, language: string): readonly string[] =>
  [...read(page).matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\``, 'gm'))].map((match) => match[1] ?? '')

const examples = pages.flatMap((page) =>
  blocks(page, 'ts').map((code, index) => ({ name: `${page.replace(/\W/g, '-')}-${index}`, page, code })),
)

test('every example in TypeScript is checked by the compiler, and runs', (t) => {
  assert.ok(examples.length >= 6)
  // Inside the package, so that its dependencies are found; types are not stripped under node_modules.
  mkdirSync(place, { recursive: true })
  t.after(() => rmSync(place, { recursive: true, force: true }))
  for (const { name, code } of examples) {
    const ready = code.includes('const app') && !code.includes('app.listen') ? '\nawait app.ready()\n' : ''
    const listening = code.replace(
      'await app.listen({ port: 3000 })',
      'await app.listen({ port: 0 })\nawait app.close()',
    )
    writeFileSync(join(place, `${name}.ts`), `${listening}${ready}`)
  }
  const compilerOptions = { noEmit: true, noUnusedLocals: false, noPropertyAccessFromIndexSignature: false }
  writeFileSync(
    join(place, 'tsconfig.json'),
    JSON.stringify({ extends: join(root, 'tsconfig.json'), compilerOptions, include: ['*.ts'] }),
  )
  const checked = spawnSync(join(root, 'node_modules/.bin/tsc'), ['-p', place], { encoding: 'utf8' })
  assert.equal(checked.status, 0, checked.stdout)

  for (const { name, page, code } of examples) {
    const env = { PATH: process.env['PATH'] ?? '', JWT_SECRET: generateSecret() }
    const ran = spawnSync(process.execPath, ['--conditions=source', join(place, `${name}.ts`)], {
      encoding: 'utf8',
      env,
      timeout: 20_000,
    })
    assert.equal(ran.status, 0, `${page}: ${ran.stderr}`)
    const promised = [...code.matchAll(/^console\.log\(.*\) \/\/ ([^:\n]+)/gm)].map((match) => match[1]?.trim())
    const printed = ran.stdout.trim().split('\n')
    for (const [index, line] of promised.entries()) {
      // An IPv6 key has colons of its own: the comment is compared as far as it goes.
      assert.ok(printed[index]?.startsWith(line ?? '!'), `${page} promises ${line}, printed was ${printed[index]}`)
    }
  }
})

test('every npm script that a page names is there', () => {
  const scripts = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).scripts as Record<string, string>
  const named = pages.flatMap((page) =>
    [...read(page).matchAll(/npm (?:run )?(?:--silent )?(test:\w+|[a-z]+)/g)].map((match) => ({
      page,
      name: match[1] ?? '',
    })),
  )
  assert.ok(named.length > 10)
  for (const { page, name } of named)
    assert.ok(
      ['install', 'ci', 'run', 'audit', 'pack'].includes(name) || scripts[name] !== undefined,
      `${page}: npm run ${name}`,
    )
})

test('what the README tells a newcomer to type does what it says', async (t) => {
  const cwd = folder(t)
  const running = await startBackend({ PATH: process.env['PATH'] ?? '', PORT: '0' }, ['--development'], cwd)
  t.after(() => running.stop('SIGKILL'))
  const lines = blocks('README.md', 'sh')
    .flatMap((block) => block.split('\n'))
    .filter((line) => line.startsWith('curl') || line.includes('users -- grant'))
  assert.equal(lines.length, 4)
  const env = { ...process.env, DATABASE_URL: `sqlite:${join(cwd, 'data/portcullis.db')}` }
  const answers = lines.map((line) =>
    execFileSync('sh', ['-c', line.replace('localhost:3000', running.address)], { cwd: root, encoding: 'utf8', env }),
  )
  assert.equal(JSON.parse(answers[0] ?? '').status, 401)
  assert.equal(JSON.parse(answers[1] ?? '').username, 'ada')
  assert.equal(JSON.parse(answers[2] ?? '').token_type, 'Bearer')
  assert.match(answers[3] ?? '', /ada now has admin\./)

  const promised = /```console\n\$ npm run dev\n([\s\S]*?)```/.exec(read('README.md'))?.[1]?.split('\n') ?? []
  for (const line of promised.filter((one) => one !== '' && !one.includes('…') && !/address|docs {5}/.test(one))) {
    assert.ok(running.output().includes(line.trimEnd()), `the README shows a line that is not printed: ${line}`)
  }
})

test('the commands of a key rotation do what the page says', { timeout: 60_000 }, async (t) => {
  const cwd = folder(t)
  const [make = '', start = '', all = '', one = '', written = ''] = blocks('docs/key-rotation.md', 'sh').flatMap(
    (block) => block.trimEnd().split('\n'),
  )
  const METRICS_TOKEN = generateSecret()
  const PATH = `${join(root, 'node_modules/.bin')}:${process.env['PATH'] ?? ''}`
  const run = (line: string): string =>
    execFileSync('sh', ['-c', line.replace('npx portcullis', join(root, 'packages/portcullis/bin/portcullis.js'))], {
      cwd,
      encoding: 'utf8',
      env: { PATH, METRICS_TOKEN },
    })
  run(make)
  const [, name = '', value = ''] = /^(\w+)=(\S+) npm start$/.exec(start) ?? []
  const env = { PATH, PORT: '0', METRICS_TOKEN, [name]: value }
  const running = await startBackend(env, [], cwd)
  t.after(() => running.stop('SIGKILL'))
  const [first = '', ...others] = all.match(/http:\S+/g) ?? []
  assert.equal(others.length, 1)
  const rotated = run(
    `${all
      .replace('METRICS_TOKEN=… ', '')
      .replace(first, running.address)
      .replace(others[0] ?? '', running.address)} --retire-now`,
  )
  assert.match(rotated, /step 1 of 4[\s\S]*step 2 of 4[\s\S]*step 4 of 4[\s\S]*Done/)
  assert.match(run(one), /step 1 of 4[\s\S]*the next step: npx portcullis keys rotate --file keys\.txt/)
  assert.match(run(written), /1\. Add it last[\s\S]*4\. Take the others out/)
})

test('the pages that are made from tables are up to date', () => {
  const checked = spawnSync(process.execPath, ['--conditions=source', join(root, 'scripts/docs.ts'), '--check'], {
    encoding: 'utf8',
  })
  assert.equal(checked.status, 0, checked.stdout)
})

test('every link between the pages leads somewhere', () => {
  for (const page of pages) {
    for (const [, target = ''] of read(page).matchAll(/\]\((?!https?:|#)([^)#]+)/g)) {
      const folderOf = page.includes('/') ? join(root, 'docs') : root
      assert.doesNotThrow(() => readFileSync(join(folderOf, target)), `${page} links to ${target}`)
    }
  }
})

/** The example of a page that holds some text, as a module: its application is exported, and does not listen. */
const load = async (t: TestContext, page: string, text: string, data = folder(t)): Promise<Record<string, unknown>> => {
  t.after(() => rmSync(place, { recursive: true, force: true }))
  const code = blocks(page, 'ts').find((block) => block.includes(text))
  assert.ok(code, `${page} has no example with ${text}`)
  const own = code.includes('const app') ? 'export { app }' : ''
  mkdirSync(place, { recursive: true })
  const file = join(place, `asked-${page.replace(/\W/g, '-')}-${text.replace(/\W/g, '-')}.ts`)
  const moved = code.replace('./data/', `${data}/`).replace('await app.listen({ port: 3000 })', '')
  writeFileSync(file, `${moved}\n${own}\n`)
  process.env['JWT_SECRET'] ??= generateSecret()
  return (await import(pathToFileURL(file).href)) as Record<string, unknown>
}

const asked = async (t: TestContext, page: string, text: string, data = folder(t)): Promise<FastifyInstance> => {
  const { app } = (await load(t, page, text, data)) as { app: FastifyInstance }
  t.after(() => app.close())
  await app.ready()
  return app
}

const bearerOf = async (app: FastifyInstance): Promise<{ readonly authorization: string }> => {
  const { accessToken } = await app.portcullis.sessions.open('u1', { client: '192.0.2.1' })
  return { authorization: `Bearer ${accessToken}` }
}

test('the sessions of the page are opened by any password, refreshed once, and refused by name', async (t) => {
  const app = await asked(t, 'docs/sessions.md', "app.post('/refresh'")
  const login = await app.inject({ method: 'POST', url: '/login', body: { password: 'eight888' } })
  assert.equal(login.statusCode, 200)
  const body = { refresh_token: login.json().refresh_token as string }
  const refreshed = await app.inject({ method: 'POST', url: '/refresh', body })
  assert.equal(refreshed.statusCode, 200)
  assert.notEqual(refreshed.json().refresh_token, body.refresh_token)
  const again = await app.inject({ method: 'POST', url: '/refresh', body })
  assert.equal(again.statusCode, 401)
  assert.equal(again.json().type, 'urn:portcullis:problem:refresh-refused')
})

test('the JWKS route of the page is open, may be kept, and has no key of a secret', async (t) => {
  const app = await asked(t, 'docs/sessions.md', 'portcullis.jwks()')
  const answer = await app.inject('/.well-known/jwks.json')
  assert.equal(answer.statusCode, 200)
  assert.equal(answer.headers['cache-control'], 'public, max-age=300')
  assert.deepEqual(answer.json(), { keys: [] })
})

test('the README opens a session for a password that is shorter than one to sign up with', async (t) => {
  const app = await asked(t, 'README.md', "app.post('/login'")
  const body = { email: 'ada@example.com', password: 'eight888' }
  assert.equal((await app.inject({ method: 'POST', url: '/login', body })).statusCode, 200)
})

test('the number in a path is one, and a text that is none is refused as the page shows it', async (t) => {
  const app = await asked(t, 'docs/validation.md', "'/orders/of/:year'")
  const headers = await bearerOf(app)
  assert.deepEqual((await app.inject({ url: '/orders/of/2026', headers })).json(), { year: 2026 })
  assert.equal((await app.inject({ url: '/orders/of/20x6', headers })).statusCode, 422)
  const address = await app.listen({ port: 0, host: '127.0.0.1' })
  const json = { ...headers, 'content-type': 'application/json' }
  const refused = await fetch(`${address}/orders`, { method: 'POST', headers: json, body: '{"sku":"a","amount":0}' })
  const [shown = ''] = /^HTTP\/1\.1 422 .*$/m.exec(read('docs/validation.md')) ?? []
  assert.equal(`HTTP/1.1 ${refused.status} ${refused.statusText}`, shown)
})

test('the transform of the page gives @fastify/swagger JSON Schema of all that a route says in zod, and no body for none', async (t) => {
  const { transform } = (await load(t, 'docs/validation.md', 'export const transform')) as {
    readonly transform: (route: { readonly schema?: object; readonly url: string }) => { readonly schema: object }
  }
  const [tags, params, querystring] = [['a'], { type: 'string', maxLength: 5 }, z.strictObject({})]
  const response = { 200: z.object({ a: z.boolean() }), 204: noBody, 404: params }
  const { schema } = transform({ url: '/a', schema: { tags, params, querystring, body: noBody, response } })
  assert.deepEqual(schema, {
    tags,
    params,
    querystring: jsonSchemaOf(querystring),
    response: { 200: jsonSchemaOf(response[200]), 204: jsonSchemaOf(noBody), 404: params },
  })
  assert.deepEqual(transform({ url: '/b' }), { url: '/b', schema: {} })
})

test('the upload of the page takes the file that it describes and nothing else', async (t) => {
  const app = await asked(t, 'docs/validation.md', "'/pictures'")
  const headers = await bearerOf(app)
  const address = await app.listen({ port: 0, host: '127.0.0.1' })
  const png = (bytes: number): File => new File([new Uint8Array(bytes)], 'a.png', { type: 'image/png' })
  const send = async (...fields: readonly (readonly [string, string | File])[]): Promise<number> => {
    const form = new FormData()
    for (const [name, value] of fields) form.append(name, value as string)
    return (await fetch(`${address}/pictures`, { method: 'POST', headers, body: form })).status
  }
  const title = ['title', 'A lamp'] as const
  assert.equal(await send(title, ['file', png(900_000)]), 200)
  assert.equal(await send(title, ['file', png(1_000_001)]), 422)
  assert.equal(await send(title, ['file', png(1_100_000)]), 413)
  assert.equal(await send(title, ['file', png(0)]), 422)
  assert.equal(await send(title, ['file', 'a text']), 422)
  assert.equal(await send(title, ['file', new File(['x'], 'a.html', { type: 'text/html' })]), 422)
  assert.equal(await send(title, ['file', png(1)], ['role', 'admin']), 422)
  assert.equal(await send(title, ['file', png(1)], title), 400)
  for (const type of ['multipart/form-data', 'multipart/form-data; boundary=x'])
    assert.equal(
      (await app.inject({ method: 'POST', url: '/pictures', headers: { ...headers, 'content-type': type }, body: 'x' }))
        .statusCode,
      400,
    )
})

test('the webhook of the page takes what is signed, and checks the event in it', async (t) => {
  const app = await asked(t, 'docs/validation.md', "'/hooks/payments'")
  process.env['WEBHOOK_SECRET'] = 'a secret of this test'
  t.after(() => delete process.env['WEBHOOK_SECRET'])
  const send = async (body: string, signed = body): Promise<number> => {
    const tag = createHmac('sha256', 'a secret of this test').update(signed).digest('hex')
    const headers = { 'content-type': 'application/json', 'x-signature': tag }
    return (await app.inject({ method: 'POST', url: '/hooks/payments', headers, body })).statusCode
  }
  const event = '{ "order": "7",  "amount": 5 }'
  assert.equal(await send(event), 200)
  assert.equal(await send(event, `${event} `), 401)
  assert.equal(await send('{"order":"7","amount":0}'), 422)
})

test('a file takes a list of types, and needs a bound, as the page says', async (t) => {
  const starts = async (file: z.ZodType): Promise<unknown> => {
    const app = Fastify()
    t.after(() => app.close())
    await app.register(portcullis, { sessions: { secret: generateSecret() }, identify: (id) => ({ id }) })
    app.post('/x', { schema: { body: z.object({ file }) } }, async () => ({}))
    return app.ready()
  }
  await starts(z.file().max(10).mime(['image/png', 'image/jpeg']))
  await assert.rejects(starts(z.file()), /body\/file: is a string without maxLength/)
})

test('a parser that makes no body goes with the schema that the page names', async (t) => {
  const [, schema = ''] = /`schema: \{ body: (z\.null\(\)\.optional\(\)) \}`/.exec(read('docs/validation.md')) ?? []
  assert.equal(schema, 'z.null().optional()')
  const app = Fastify()
  t.after(() => app.close())
  await app.register(portcullis, { sessions: { secret: generateSecret() }, identify: (id) => ({ id }) })
  app.addContentTypeParser('multipart/form-data', (_request, _payload, done) => done(null))
  const config = { access: 'public', contentTypes: ['multipart/form-data'] } as const
  app.post('/x', { config, schema: { body: z.null().optional() } }, async (request) => {
    let bytes = 0
    for await (const part of request.raw) bytes += (part as Buffer).length
    return { bytes }
  })
  const headers = { 'content-type': 'multipart/form-data; boundary=x' }
  const answer = await app.inject({ method: 'POST', url: '/x', headers, body: 'abcd' })
  assert.deepEqual(answer.json(), { bytes: 4 })
})

test("answers in an application's own words are those that the page says", async (t) => {
  const app = await asked(t, 'docs/problems.md', "'/seats/:id'")
  const headers = await bearerOf(app)
  const seat = await app.inject({ method: 'POST', url: '/seats/1', headers })
  assert.equal(seat.statusCode, 409)
  assert.equal(seat.headers['content-type'], 'application/problem+json')
  assert.equal(seat.json().detail, 'This seat is taken.')
  const table = await app.inject({ method: 'POST', url: '/tables/1', headers })
  assert.equal(table.statusCode, 409)
  assert.deepEqual(table.json(), { error: 'table-taken' })
})

test('the page of access has all that the plugin adds', async (t) => {
  const app = await asked(t, 'docs/access.md', 'drain(app)')
  const named = [...read('docs/access.md').matchAll(/^\| `app\.portcullis\.(\w+)/gm)].map(([, name = '']) => name)
  assert.deepEqual(named.sort(), Object.keys(app.portcullis).sort())
})

test('the log of the page says who was refused, and its figures have a bearer of their own', async (t) => {
  process.env['METRICS_TOKEN'] = generateSecret()
  t.after(() => delete process.env['METRICS_TOKEN'])
  const headers = { authorization: `Bearer ${process.env['METRICS_TOKEN']}` }
  const app = await asked(t, 'docs/access.md', 'loggerOptions(')
  const said: unknown[] = []
  t.mock.method(app.log, 'info', (facts: unknown) => void said.push(facts))
  assert.equal((await app.inject('/metrics')).statusCode, 401)
  const { route, reason } = said.find((facts) => Object(facts).event === 'refused') as Record<string, string>
  assert.deepEqual([route, reason], ['/metrics', 'no-credential'])
  const { statusCode, body } = await app.inject({ url: '/metrics', headers })
  assert.equal(statusCode, 200)
  assert.match(body, /^portcullis_events_total\{event="refused"\} 1$/m)
  assert.equal((await app.inject({ url: '/metrics', headers: await bearerOf(app) })).statusCode, 403)
})

test('a stream of events is read as the page reads it, with a session and not without', async (t) => {
  const { readStream } = (await load(t, 'docs/access.md', 'readStream')) as {
    readStream(url: string, token: string, take: (text: string) => void): Promise<void>
  }
  const streams = Fastify()
  t.after(() => streams.close())
  await streams.register(portcullis, { sessions: { secret: process.env['JWT_SECRET'] }, identify: (id) => ({ id }) })
  streams.get('/events', async (_request, reply) =>
    reply.type('text/event-stream').send(Readable.from(['data: one\n\n', 'data: two\n\n'])),
  )
  const address = await streams.listen({ port: 0, host: '127.0.0.1' })
  const { accessToken } = await streams.portcullis.sessions.open('u1', { client: '192.0.2.1' })
  let text = ''
  await readStream(`${address}/events`, accessToken, (part) => {
    text += part
  })
  assert.equal(text, 'data: one\n\ndata: two\n\n')
  await assert.rejects(
    readStream(`${address}/events`, 'none', () => undefined),
    /The stream answered 401/,
  )
})

test('the account routes of the page stand in an application beside its own', async (t) => {
  const data = folder(t)
  const app = await asked(t, 'docs/accounts.md', 'accountRoutes(people)', data)
  const post = (url: string, body: object, headers = {}) => app.inject({ method: 'POST', url, body, headers })
  assert.equal((await app.inject('/orders')).statusCode, 401)
  const person = { email: 'ada@example.com', username: 'ada', password: 'a lamp in the tower' }
  assert.equal((await post('/auth/register', person)).statusCode, 201)
  const { email, password } = person
  const login = await post('/auth/login', { email, password })
  assert.equal(typeof login.json().refresh_token, 'string')
  const headers = { authorization: `Bearer ${login.json().access_token}` }
  assert.equal((await app.inject({ url: '/users/me', headers })).json().username, 'ada')
  assert.equal((await app.inject({ url: '/orders', headers })).statusCode, 200)
  assert.equal((await app.inject({ url: '/users', headers })).statusCode, 403)
  const [grant = ''] = blocks('docs/accounts.md', 'sh')
  const command = grant
    .replace('./data/', `${data}/`)
    .replace('npx portcullis', join(root, 'packages/portcullis/bin/portcullis.js'))
  assert.match(execFileSync('sh', ['-c', command], { encoding: 'utf8' }), /ada now has admin\./)
  const browser = await post('/auth/login', { email, password }, { origin: 'https://app.example.com' })
  assert.match(String(browser.headers['set-cookie']), /HttpOnly/)
  assert.equal(browser.json().refresh_token, undefined)
  assert.equal(
    (await post('/auth/login', { email, password: 'wrong' })).json().type,
    'urn:portcullis:problem:login-failed',
  )
})
