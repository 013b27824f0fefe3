import assert from 'node:assert/strict'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { planLive, runLive } from '../../../src/evidence/live/index.ts'
import type { Observation } from '../../../src/items/index.ts'
import { validators } from '../../../src/rules/live/validators.ts'

type Body = Readonly<Record<string, unknown>>

/** What a backend answers to a body, after it was read. */
type Taking = (body: Body, size: number) => { readonly status: number; readonly back?: unknown }

const schema = {
  type: 'object',
  required: ['title', 'count'],
  properties: { title: { type: 'string' }, count: { type: 'integer' }, note: { type: 'string' } },
}
const content = { 'application/json': { schema } }
const file = join(mkdtempSync(join(tmpdir(), 'portcullis-check-')), 'openapi.json')
writeFileSync(
  file,
  JSON.stringify({ openapi: '3.1.0', info: {}, paths: { '/notes': { get: {}, post: { requestBody: { content } } } } }),
)

const judged = async (t: TestContext, taking: Taking, allowWrites = true) => {
  const written: Body[] = []
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const bytes = Buffer.concat(chunks)
      if (request.method !== 'POST' || request.url !== '/notes') return response.writeHead(404).end()
      const body = JSON.parse(bytes.toString()) as Body
      const { status, back } = taking(body, bytes.length)
      if (status < 300) written.push(body)
      return response.writeHead(status).end(JSON.stringify(back ?? {}))
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.after(() => server.close())
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const plan = await planLive({ url, openapi: file, allowWrites, iOwnThisHost: false })
  const facts = await runLive(plan)
  return { seen: validators(facts), written, plan }
}

const outcomes = (seen: readonly Observation[]): readonly string[] => seen.map(({ outcome }) => outcome)

const strict: Taking = ({ title, count, ...more }) =>
  typeof title === 'string' && title.length <= 100 && typeof count === 'number' && Object.keys(more).length === 0
    ? { status: 201 }
    : { status: 422 }

test('a body that is typed, bounded and closed passes, by three refusals', async (t) => {
  const { seen, written } = await judged(t, strict)
  assert.deepEqual(outcomes(seen), ['pass'])
  assert.equal(seen[0]?.evidence.length, 3)
  assert.equal(seen[0]?.summary, '1 documented body refuses unknown keys, other types and a text of 100,000 characters')
  assert.deepEqual(written, [{ title: 'portcullis', count: 1 }])
})

const LOOSE: readonly (readonly [string, Taking, RegExp])[] = [
  [
    'a text of any length',
    (body, size) => strict({ ...body, ...(size > 1000 && { title: 'x' }) }, size),
    /title of 100,000 characters/,
  ],
  [
    'a value of any type',
    (body, size) => strict({ ...body, ...(typeof body['title'] === 'object' && { title: 'x' }) }, size),
    /title of another type/,
  ],
  [
    'a key that comes back',
    ({ portcullis_check: key, ...body }, size) => ({ ...strict(body, size), back: { portcullis_check: key } }),
    /an unknown key/,
  ],
]
for (const [name, taking, shown] of LOOSE)
  test(`${name} fails`, async (t) => {
    const { seen } = await judged(t, taking)
    assert.deepEqual(outcomes(seen), ['fail'])
    assert.match(JSON.stringify(seen), shown)
    assert.equal(seen[0]?.summary, '1 bad value is taken')
    assert.ok(JSON.stringify(seen).length < 5_000, 'the long text is not in the report')
  })

const UNCLEAR: readonly (readonly [string, Taking])[] = [
  ['an unknown key that is left out', ({ portcullis_check: _, ...body }, size) => strict(body, size)],
  ['a body that is refused as it is described', () => ({ status: 422 })],
  [
    'a fault that breaks the backend',
    (body, size) => (strict(body, size).status === 422 ? { status: 500 } : { status: 201 }),
  ],
]
for (const [name, taking] of UNCLEAR)
  test(`${name} proves nothing`, async (t) => {
    const { seen } = await judged(t, taking)
    assert.ok(!outcomes(seen).includes('pass') && !outcomes(seen).includes('fail'), JSON.stringify(seen))
  })

test('nothing is sent, and nothing said, where writing was not allowed', async (t) => {
  const { seen, written, plan } = await judged(t, strict, false)
  assert.deepEqual([seen, written], [[], []])
  assert.equal(
    plan.steps.some(({ title }) => title.startsWith('Documented bodies')),
    false,
  )
})

test('a route that is closed to this account is no ground for anything', async (t) => {
  for (const status of [401, 403, 404]) assert.deepEqual((await judged(t, () => ({ status }))).seen, [])
})
