import assert from 'node:assert/strict'
import { after, beforeEach, test } from 'node:test'
import { recordingUpstream, valuesOf } from '../upstreams/recording.ts'
import { assertProblem, openScene, reachedLines } from './scene.ts'
import { send } from './wire.ts'

const upstream = await recordingUpstream({ after })
const { port, token } = await openScene(upstream.origin)
beforeEach(() => upstream.clear())

const BODY = '{"name":"lamp"}'
const CHUNKED = `f\r\n${BODY}\r\n0\r\n\r\n`
const ITEM = `POST /items ${BODY}`
/** What an attacker hides inside, so that one side takes it for the next request. */
const HIDDEN = 'GET /admin/secret HTTP/1.1\r\nHost: a\r\n\r\n'

const head = (lines: readonly string[], line = 'POST /items HTTP/1.1'): string =>
  [line, 'Host: a', `Authorization: Bearer ${token}`, 'Content-Type: application/json', ...lines, '', ''].join('\r\n')
const post = (lines: readonly string[], body: string, line?: string): string => head(lines, line) + body
const length = (value: string | number): string => `Content-Length: ${value}`
const te = (value: string): string => `Transfer-Encoding: ${value}`

/** Each is a 400, and nothing reaches the upstream. */
const REFUSED: readonly [name: string, bytes: string][] = [
  ['CL and TE', post([length(15), te('chunked')], CHUNKED)],
  ['TE and CL', post([te('chunked'), length(4)], CHUNKED)],
  ['CL.TE with a request inside', post([length(6 + HIDDEN.length), te('chunked')], `0\r\n\r\n${HIDDEN}`)],
  [
    'TE.CL with a request inside',
    post([te('chunked'), length(4)], `${HIDDEN.length.toString(16)}\r\n${HIDDEN}\r\n0\r\n\r\n`),
  ],
  ['two CL that differ', post([length(15), length(0)], BODY)],
  ['two CL that agree', post([length(15), length(15)], BODY)],
  ['CL as a list', post([length('15, 15')], BODY)],
  ['CL with a sign', post([length('+15')], BODY)],
  ['CL below nothing', post([length('-1')], BODY)],
  ['CL in hexadecimal', post([length('0xf')], BODY)],
  ['CL with a space inside', post([length('1 5')], BODY)],
  ['CL with a fraction', post([length('15.0')], BODY)],
  ['CL that overflows', post([length('18446744073709551631')], BODY)],
  ['CL that is empty', post(['Content-Length:'], BODY)],
  ['TE xchunked', post([te('xchunked')], CHUNKED)],
  ['TE chunked, identity', post([te('chunked, identity')], CHUNKED)],
  ['TE identity', post([te('identity')], BODY)],
  ['TE identity and a CL', post([te('identity'), length(15)], BODY)],
  ['TE chunked twice', post([te('chunked, chunked')], CHUNKED)],
  ['two TE fields', post([te('chunked'), te('identity')], CHUNKED)],
  ['TE gzip, chunked', post([te('gzip, chunked')], CHUNKED)],
  ['TE identity, chunked', post([te('identity, chunked')], CHUNKED)],
  ['TE with an empty member', post([te(', chunked')], CHUNKED)],
  ['two TE fields, of which the last is chunked', post([te('gzip'), te('chunked')], CHUNKED)],
  ['TE with a vertical tab', post([te('\x0bchunked')], CHUNKED)],
  ['TE with a NUL', post([te('chunked\0')], CHUNKED)],
  ['TE in quotes', post([te('"chunked"')], CHUNKED)],
  ['TE that is empty', post(['Transfer-Encoding:'], CHUNKED)],
  ['a space before the colon of TE', post(['Transfer-Encoding : chunked'], CHUNKED)],
  ['a tab before the colon of CL', post(['Content-Length\t: 15'], BODY)],
  ['a space before a name', post([' Transfer-Encoding: chunked'], CHUNKED)],
  ['an obs-fold in TE', post(['Transfer-Encoding:\r\n chunked'], CHUNKED)],
  ['an obs-fold in any field', post(['X-A: b\r\n c', length(15)], BODY)],
  ['a bare LF between fields', post([`X-A: b\nTransfer-Encoding: chunked`], CHUNKED)],
  ['a bare CR in a field', post(['X-A: b\rTransfer-Encoding: chunked', length(15)], BODY)],
  ['bare LF everywhere', post([length(15)], BODY).replaceAll('\r\n', '\n')],
  ['a NUL in a name', post(['X-\0A: b', length(15)], BODY)],
  ['a NUL in a value', post(['X-A: b\0c', length(15)], BODY)],
  ['a field without a colon', post(['X-A', length(15)], BODY)],
  ['a field without a name', post([': b', length(15)], BODY)],
  ['a chunk size that overflows', post([te('chunked')], `ffffffffffffffff1\r\n${BODY}\r\n0\r\n\r\n`)],
  ['a chunk size of 2^64 + 15', post([te('chunked')], `1000000000000000f\r\n${BODY}\r\n0\r\n\r\n`)],
  ['a chunk size with 0x', post([te('chunked')], `0xf\r\n${BODY}\r\n0\r\n\r\n`)],
  ['a chunk size with a sign', post([te('chunked')], `+f\r\n${BODY}\r\n0\r\n\r\n`)],
  ['a chunk size below nothing', post([te('chunked')], `-f\r\n${BODY}\r\n0\r\n\r\n`)],
  ['no chunk size', post([te('chunked')], `\r\n${BODY}\r\n0\r\n\r\n`)],
  ['a chunk that is longer than its size', post([te('chunked')], `e\r\n${BODY}\r\n0\r\n\r\n`)],
  ['a chunk size that ends in a bare LF', post([te('chunked')], `f\n${BODY}\r\n0\r\n\r\n`)],
  ['a chunk that ends in a bare LF', post([te('chunked')], `f\r\n${BODY}\n0\r\n\r\n`)],
  ['a chunk extension that holds a bare LF', post([te('chunked')], `f;a=\n${BODY}\r\n0\r\n\r\n`)],
  ['a trailer without a name', post([te('chunked')], `f\r\n${BODY}\r\n0\r\n: x\r\n\r\n`)],
  ['a trailer after a bare LF', post([te('chunked')], `f\r\n${BODY}\r\n0\r\nX-A: b\nX-C: d\r\n\r\n`)],
  ['HTTP/1.0 with TE', post([te('chunked')], CHUNKED, 'POST /items HTTP/1.0')],
  [
    'HTTP/1.0 with TE that asks to be kept',
    post([te('chunked'), 'Connection: keep-alive'], CHUNKED + HIDDEN, 'POST /items HTTP/1.0'),
  ],
  ['HTTP/0.9', 'GET /public\r\n\r\n'],
  ['HTTP/0.9 by its name', 'GET /public HTTP/0.9\r\nHost: a\r\n\r\n'],
  ['HTTP/1.2', post([length(15)], BODY, 'POST /items HTTP/1.2')],
  ['HTTP/2 by its preface', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'],
  ['a space in the target', post([length(15)], BODY, 'POST /items /admin/secret HTTP/1.1')],
  ['a tab in the request line', post([length(15)], BODY, 'POST\t/items HTTP/1.1')],
  ['two hosts', post(['Host: b', length(15)], BODY)],
  ['a host with a path', post([length(15)], BODY).replace('Host: a', 'Host: a/b')],
  ['no host', post([length(15)], BODY).replace('Host: a\r\n', '')],
  ['a body on a route without one', post([length(HIDDEN.length)], HIDDEN, 'GET /items HTTP/1.1')],
  ['a chunked body on a route without one', post([te('chunked')], CHUNKED, 'GET /items HTTP/1.1')],
]

for (const [name, bytes] of REFUSED)
  test(`refused, and nothing reaches the upstream: ${name}`, async () => {
    const answers = await send(port, bytes)
    assertProblem(answers[0], [400], name)
    assert.equal(answers.length, 1, `${name}: ${answers.map(({ status }) => status)}`)
    assert.deepEqual(reachedLines(upstream), [])
    assert.deepEqual(upstream.bytes(), [])
  })

/** Each has one reading, and reaches the upstream in its plainest form: one request, one length, no chunk's decoration. */
const PLAIN: readonly [name: string, bytes: string][] = [
  ['a length', post([length(15)], BODY)],
  ['chunks', post([te('chunked')], CHUNKED)],
  ['chunks of a byte', post([te('chunked')], `${[...BODY].map((one) => `1\r\n${one}\r\n`).join('')}0\r\n\r\n`)],
  ['TE in capitals', post(['TRANSFER-ENCODING: Chunked'], CHUNKED)],
  ['a chunk extension', post([te('chunked')], `f;a=b;c="d"\r\n${BODY}\r\n0;e\r\n\r\n`)],
  ['a chunk size in capitals and with zeros', post([te('chunked')], `000F\r\n${BODY}\r\n0\r\n\r\n`)],
  ['a length with zeros', post([length('0015')], BODY)],
  [
    'TE in another spelling beside a length',
    post(['Transfer_Encoding: chunked', 'X-Transfer-Encoding: chunked', length(15)], BODY),
  ],
]
for (const [name, bytes] of PLAIN)
  test(`one reading, and so one request reaches the upstream: ${name}`, async () => {
    const answers = await send(port, bytes)
    assert.deepEqual(
      answers.map(({ status, body }) => [status, body]),
      [[200, '{"ok":true}']],
    )
    assert.deepEqual(reachedLines(upstream), [ITEM])
    const [request] = upstream.requests
    assert.ok(request)
    assert.deepEqual(valuesOf(request, 'content-length'), ['15'])
    assert.deepEqual(valuesOf(request, 'transfer-encoding'), [])
    assert.deepEqual(valuesOf(request, 'x-transfer-encoding'), name.includes('another spelling') ? ['chunked'] : [])
    const [wire = ''] = upstream.bytes()
    assert.equal(wire.slice(wire.indexOf('\r\n\r\n') + 4), BODY)
    assert.doesNotMatch(wire.replaceAll('\r\n', ''), /[\r\n]/)
  })

test('trailers go no further, whatever they say', async () => {
  const trailers = 'portcullis-subject: admin\r\nAuthorization: Bearer x\r\nX-In-Trailer: b\r\n'
  const [answer] = await send(
    port,
    post([te('chunked'), 'Trailer: X-In-Trailer'], `f\r\n${BODY}\r\n0\r\n${trailers}\r\n`),
  )
  assert.equal(answer?.status, 200)
  const [request] = upstream.requests
  assert.ok(request)
  assert.deepEqual(request.trailers, {})
  assert.deepEqual(valuesOf(request, 'trailer'), [])
  assert.doesNotMatch(upstream.bytes().join(''), /X-In-Trailer|Bearer/i)
})

test('a second request on the connection is judged by itself', async () => {
  const answers = await send(port, post([length(15)], BODY) + HIDDEN, { expected: 2 })
  assert.deepEqual(
    answers.map(({ status }) => status),
    [200, 401],
  )
  assert.deepEqual(reachedLines(upstream), [ITEM])
})

test('what follows a body of the right length is a request of its own, or none', async () => {
  const answers = await send(port, post([length(2)], BODY), { expected: 1 })
  assertProblem(answers[0], [400], 'half a body')
  assert.deepEqual(reachedLines(upstream), [])
})

test('a body that hides a request stays a body', async () => {
  const hidden = JSON.stringify({ name: HIDDEN })
  const answers = await send(port, post([length(hidden.length)], hidden))
  assert.deepEqual(
    answers.map(({ status }) => status),
    [200],
  )
  assert.deepEqual(reachedLines(upstream), [`POST /items ${hidden}`])
})

test('Expect: 100-continue invites nobody who is refused, and hides nothing', async () => {
  const refused = await send(
    port,
    `POST /items HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 15\r\n\r\n`,
  )
  assertProblem(refused[0], [401], 'without a session')
  const answers = await send(port, [head(['Expect: 100-continue', length(15)]), BODY], { expected: 2 })
  assert.deepEqual(
    answers.map(({ status }) => status),
    [100, 200],
  )
  assert.deepEqual(reachedLines(upstream), [ITEM])
  const [request] = upstream.requests
  assert.ok(request)
  assert.deepEqual(valuesOf(request, 'expect'), [])
})

test('an upgrade to HTTP/2 is not begun', async () => {
  const lines = ['Connection: Upgrade, HTTP2-Settings', 'Upgrade: h2c', 'HTTP2-Settings: AAMAAABkAARAAAAAAAIAAAAA']
  const answers = await send(port, head(lines, 'GET /items HTTP/1.1') + HIDDEN, { expected: 1 })
  assert.equal(answers[0]?.status === 101, false)
  assert.equal(reachedLines(upstream).includes('GET /admin/secret'), false)
  const [request] = upstream.requests
  if (request !== undefined)
    for (const name of ['upgrade', 'http2-settings']) assert.deepEqual(valuesOf(request, name), [])
})
