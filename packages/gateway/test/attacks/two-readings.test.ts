import assert from 'node:assert/strict'
import { after, beforeEach, test } from 'node:test'
import { documentOf, operation, parameter, startGateway } from '../rig.ts'
import { recordingUpstream, valuesOf } from '../upstreams/recording.ts'
import { assertProblem } from './scene.ts'
import { send } from './wire.ts'

const upstream = await recordingUpstream({ after })
beforeEach(() => upstream.clear())

const tenant = parameter('X-Tenant', 'header', { type: 'string', enum: ['a', 'b'] })
const agent = parameter('user-agent', 'header', { type: 'string', maxLength: 20 }, { required: false })
const { address } = await startGateway({ after } as never, {
  upstream: upstream.origin,
  document: documentOf({
    '/judged': { get: operation({ parameters: [tenant, agent] }) },
    '/free': { get: operation() },
  }),
  settings: { access: { 'GET /judged': 'public', 'GET /free': 'public' } },
})
const ask = async (path: string, lines: readonly string[]) => {
  const head = [`GET ${path} HTTP/1.1`, 'Host: a', ...lines]
  if (!lines.some((line) => /^connection:/i.test(line))) head.push('Connection: close')
  const [answer] = await send(Number(new URL(address).port), [...head, '', ''].join('\r\n'))
  return answer
}

/** Each of them leaves the upstream with another value than the one that was looked at, or with none. */
const TWO_READINGS: readonly (readonly [name: string, lines: readonly string[]])[] = [
  ['an underscore beside it', ['X-Tenant: a', 'X_Tenant: c']],
  ['a dot alone', ['X-Tenant: a', 'x.tenant: c']],
  ['another spelling first', ["X'Tenant: c", 'X-Tenant: a']],
  ['named in Connection', ['X-Tenant: a', 'Connection: close, x-TENANT']],
  ['two of which Node keeps one', ['X-Tenant: a', 'User-Agent: a', 'User-Agent: this is longer than 20 characters']],
]
for (const [name, lines] of TWO_READINGS)
  test(`a header parameter with two readings is refused: ${name}`, async () => {
    assertProblem(await ask('/judged', lines), [400], name)
    assert.deepEqual(upstream.requests, [])
  })

test('what is judged as it goes on passes: one line, several that are one list, and fields that nobody describes', async () => {
  assert.equal((await ask('/judged', ['x-tenant: a', 'User-Agent: curl', 'X_Other: c']))?.status, 200)
  assert.equal((await ask('/judged', ['X-Tenant: a', 'X-Tenant: b']))?.status, 422)
  assert.equal((await ask('/judged', ['X-Tenant: b', 'Connection: close, x-other', 'X-Other: 1']))?.status, 200)
  assert.equal((await ask('/free', ['X-Tenant: a', 'X_Tenant: c']))?.status, 200)
  assert.deepEqual(
    upstream.requests.map((request) => valuesOf(request, 'x-tenant').join()),
    ['a', 'b', 'a'],
  )
})

test('several lines that were judged as one value go on as one line: of two Starlette reads the first', async () => {
  const text = parameter('X-Text', 'header', { type: 'string', minLength: 4, maxLength: 20 })
  const { address: other } = await startGateway({ after } as never, {
    upstream: upstream.origin,
    document: documentOf({ '/text': { get: operation({ parameters: [text] }) } }),
    settings: { access: { 'GET /text': 'public' } },
  })
  const sent = async (lines: readonly string[]): Promise<readonly string[]> => {
    upstream.clear()
    const head = ['GET /text HTTP/1.1', 'Host: a', ...lines, 'Connection: close', '', '']
    const [answer] = await send(Number(new URL(other).port), head.join('\r\n'))
    assert.equal(answer?.status, 200)
    return upstream.requests.flatMap((request) => valuesOf(request, 'x-text'))
  }
  assert.deepEqual(await sent(['X-Text: a', 'x-text: b']), ['a, b'])
  assert.deepEqual(await sent(['X-Text:', 'X-Text: ab']), [', ab'])
  assert.deepEqual(await sent(['X-Text: abcd']), ['abcd'])
  assert.deepEqual(await sent([]), [])
})
