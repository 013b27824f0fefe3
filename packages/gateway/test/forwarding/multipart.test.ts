import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { call, documentOf, operation, startGateway, startUpstream } from '../rig.ts'

const schema = {
  type: 'object',
  properties: {
    file: { type: 'string', format: 'binary' },
    more: { type: 'array', items: { type: 'string', contentMediaType: 'application/octet-stream' } },
    maybe: { anyOf: [{ type: 'string', contentMediaType: 'application/octet-stream' }, { type: 'null' }] },
    title: { type: 'string', maxLength: 10 },
    count: { type: 'integer', minimum: 1 },
    tags: { type: 'array', items: { type: 'string' }, maxItems: 2 },
    about: { type: 'object', properties: { a: { type: 'integer' } } },
    json: { type: 'string', maxLength: 20, contentMediaType: 'application/json', contentSchema: { type: 'object' } },
  },
  required: ['file', 'title'],
}
const document = documentOf({
  '/files': {
    post: operation({ requestBody: { required: true, content: { 'multipart/form-data': { schema } } } }),
  },
})
const settings = { access: { 'POST /files': 'public' } }

const formOf = (parts: readonly (readonly [string, string | Blob, string?])[]): FormData => {
  const form = new FormData()
  for (const [name, value, filename] of parts) {
    if (typeof value === 'string') form.append(name, value)
    else form.append(name, value, filename ?? 'blob')
  }
  return form
}
const file = new Blob(['content'], { type: 'text/plain' })

/** The parts of a form as an upstream reads them. */
const partsOf = async (type: string | undefined, body: Buffer): Promise<readonly (readonly [string, string])[]> => {
  const form = await new Response(new Uint8Array(body), { headers: { 'content-type': type ?? '' } }).formData()
  return Promise.all(
    [...form].map(async ([name, value]) =>
      typeof value === 'string'
        ? ([name, value] as const)
        : ([name, `${value.name} ${value.type} ${await value.text()}`] as const),
    ),
  )
}

test('a form that is what the document says reaches the upstream, part by part', async (t) => {
  const upstream = await startUpstream(t)
  const { address } = await startGateway(t, { upstream: upstream.address, document, settings })
  const body = formOf([
    ['title', 'ä "quoted"'],
    ['file', file, 'a"b.txt'],
    ['more', file, '1.txt'],
    ['more', file, '2.txt'],
    ['count', '7'],
    ['tags', 'x'],
    ['tags', 'y'],
    ['about', '{"a":1}'],
  ])
  const { status, text } = await call(address, 'POST', '/files', { body })
  assert.equal(status, 200, text)
  const reached = upstream.reached[0]
  assert.deepEqual(await partsOf(reached?.headers['content-type'], reached?.body ?? Buffer.of()), [
    ['title', 'ä "quoted"'],
    ['file', 'a"b.txt text/plain content'],
    ['more', '1.txt text/plain content'],
    ['more', '2.txt text/plain content'],
    ['count', '7'],
    ['tags', 'x'],
    ['tags', 'y'],
    ['about', '{"a":1}'],
  ])
})

test('a form that is not never reaches it', async (t) => {
  const upstream = await startUpstream(t)
  const { address } = await startGateway(t, { upstream: upstream.address, document, settings })
  const whole = [
    ['title', 'x'],
    ['file', file],
  ] as const
  const refusals: readonly [readonly (readonly [string, string | Blob])[], string][] = [
    [[['title', 'x']], '/file'],
    [[['file', file]], '/title'],
    [[...whole, ['role', 'admin']], ''],
    [[...whole, ['hidden', file]], ''],
    [[...whole, ['title', 'y']], '/title'],
    [[...whole, ['file', file]], '/file'],
    [
      [
        ['title', file],
        ['file', file],
      ],
      '/title',
    ],
    [
      [
        ['title', 'x'],
        ['file', 'content'],
      ],
      '/file',
    ],
    [
      [
        ['title', 'hunter2'.repeat(2)],
        ['file', file],
      ],
      '/title',
    ],
    [[...whole, ['count', '0']], '/count'],
    [[...whole, ['count', '07']], '/count'],
    [[...whole, ['tags', 'a'], ['tags', 'b'], ['tags', 'c']], '/tags'],
    [[...whole, ['about', '{"b":1}']], '/about'],
    [[...whole, ['about', '{']], '/about'],
  ]
  for (const [parts, field] of refusals) {
    const { status, body, text } = await call(address, 'POST', '/files', { body: formOf(parts) })
    assert.equal(status, 422, `${field} ${text}`)
    assert.deepEqual([body.errors[0].in, body.errors[0].field], ['body', field])
    assert.ok(!text.includes('hunter2') && !text.includes('role'))
  }
  for (const [type, body] of [
    ['multipart/form-data', 'x'],
    ['multipart/form-data; boundary=b', 'no form'],
    ['multipart/form-data; boundary=b', '--b\r\nContent-Disposition: form-data; name="title"\r\n\r\nx'],
  ] as const) {
    const { status } = await call(address, 'POST', '/files', { body, headers: { 'content-type': type } })
    assert.ok(status === 400 || status === 422, `${status} for ${body}`)
  }
  assert.equal(upstream.reached.length, 0)
})

test('a large file passes as it comes, and a fault behind it leaves the upstream with a form that has no end', async (t) => {
  const upstream = await startUpstream(t)
  const { address } = await startGateway(t, { upstream: upstream.address, document, settings })
  const bytes = randomBytes(4 * 1024 * 1024)
  const large = new Blob([bytes])
  const good = await call(address, 'POST', '/files', {
    body: formOf([
      ['title', 'x'],
      ['file', large, 'l.bin'],
    ]),
  })
  assert.equal(good.status, 200)
  assert.ok(upstream.reached[0]?.body.includes(bytes))

  const bad = await call(address, 'POST', '/files', {
    body: formOf([
      ['file', large],
      ['title', 'far too long for it'],
    ]),
  })
  assert.equal(bad.status, 422)
  for (let tries = 0; upstream.reached.length < 2; tries += 1) {
    assert.ok(tries < 200, 'the upstream still waits')
    await sleep(10)
  }
  assert.equal(upstream.reached[1]?.complete, false)
})

test('the texts of lists, which wait for the end of their form, have no more than a MiB together', async (t) => {
  const upstream = await startUpstream(t)
  const list = { type: 'array', items: { type: 'string' } }
  const text = { type: 'string' }
  const properties = { file: { ...text, format: 'binary' }, one: text, two: text, tags: list, others: list }
  const content = { 'multipart/form-data': { schema: { type: 'object', properties } } }
  const { address } = await startGateway(t, {
    upstream: upstream.address,
    document: documentOf({ '/files': { post: operation({ requestBody: { content } }) } }),
    settings,
  })
  const long = 'x'.repeat(60_000)
  const statusOf = async (...names: readonly string[]): Promise<number | undefined> => {
    const body = formOf(names.map((name) => [name, name === 'file' ? new Blob([randomBytes(200_000)]) : long] as const))
    return (await call(address, 'POST', '/files', { body }).catch(() => undefined))?.status
  }
  const tags = Array.from({ length: 17 }, () => 'tags')
  assert.equal(await statusOf('one', 'file', 'two', ...tags), 200)
  assert.equal(upstream.reached.length, 1)
  // A client that is still sending may see the connection end before it has read the answer.
  assert.ok([413, undefined].includes(await statusOf(...tags, 'tags')))
  assert.ok([413, undefined].includes(await statusOf(...tags, 'others')))
  assert.equal(upstream.reached.filter(({ complete }) => complete).length, 1)
})

test('the bounds of a form: the whole, each text, the number of parts', async (t) => {
  const upstream = await startUpstream(t)
  const env = { UPLOAD_LIMIT: '200000' }
  const { address } = await startGateway(t, { upstream: upstream.address, document, settings, env })
  for (const parts of [
    [
      ['title', 'x'],
      ['file', new Blob([randomBytes(200_000)])],
    ],
    [['title', 'x'.repeat(70_000)]],
    Array.from({ length: 1_001 }, () => ['more', new Blob([''])] as const),
  ] as const) {
    // A client that is still sending may see the connection end before it has read the answer.
    const answer = await call(address, 'POST', '/files', { body: formOf(parts as never) }).catch(() => undefined)
    if (answer !== undefined) assert.equal(answer.status, 413)
  }
  assert.equal(upstream.reached.length, 0)
})

test('an object is a part of JSON, with or without the name of a file, and goes on with its type', async (t) => {
  const upstream = await startUpstream(t)
  const { address } = await startGateway(t, { upstream: upstream.address, document, settings })
  const send = async (about: string | Blob): Promise<number> => {
    const body = formOf([
      ['file', file, 'a.txt'],
      ['title', 'x'],
      ['about', about],
    ])
    return (await call(address, 'POST', '/files', { body })).status
  }
  // Spring's @RequestPart refuses one without a type, so that pages send it as a Blob.
  const blob = (text: string): Blob => new Blob([text], { type: 'application/json' })
  for (const about of ['{"a":"x"}', '{"b":1}', 'x']) {
    assert.equal(await send(about), 422, about)
    assert.equal(await send(blob(about)), 422, about)
  }
  assert.equal(upstream.reached.length, 0)
  for (const about of ['{"a":1}', blob('{"a":1}')]) {
    assert.equal(await send(about), 200)
    assert.match(
      upstream.reached.at(-1)?.body.toString() ?? '',
      /name="about"\r\nContent-Type: application\/json\r\n\r\n\{"a":1\}\r\n/,
    )
  }
})

test('a text that holds JSON, as Pydantic describes it, is a text', async (t) => {
  const upstream = await startUpstream(t)
  const { address } = await startGateway(t, { upstream: upstream.address, document, settings })
  const send = async (json: string | Blob): Promise<number> => {
    const body = formOf([
      ['file', file, 'a.txt'],
      ['title', 'x'],
      ['json', json],
    ])
    return (await call(address, 'POST', '/files', { body })).status
  }
  assert.equal(await send(file), 422)
  assert.equal(await send('{"a":"longer than that"}'), 422)
  assert.equal(upstream.reached.length, 0)
  assert.equal(await send('{"a":1}'), 200)
})
