import assert from 'node:assert/strict'
import { after, beforeEach, test } from 'node:test'
import { documentOf, operation, parameter, startGateway } from '../rig.ts'
import { recordingUpstream, valuesOf } from '../upstreams/recording.ts'
import { assertProblem } from './scene.ts'
import { send } from './wire.ts'

const upstream = await recordingUpstream({ after })
beforeEach(() => upstream.clear())

const role = parameter('role', 'cookie', { type: 'string', enum: ['user'] })
const is_admin = parameter('is_admin', 'cookie', { type: 'string', enum: ['no'] })
const free = parameter('free', 'cookie', { type: 'string', maxLength: 40 })
const ids = parameter('ids', 'cookie', { type: 'array', maxItems: 3, items: { type: 'string' } }, { explode: false })
const { address } = await startGateway({ after } as never, {
  upstream: upstream.origin,
  document: documentOf({
    '/judged': { get: operation({ parameters: [role, is_admin, free, ids] }) },
    '/free': { get: operation() },
  }),
  settings: { access: { 'GET /judged': 'public', 'GET /free': 'public' } },
})
const ask = async (path: string, line: string) => {
  const head = [`GET ${path} HTTP/1.1`, 'Host: a', `Cookie: ${line}`, 'Connection: close', '', '']
  const [answer] = await send(Number(new URL(address).port), head.join('\r\n'))
  return answer
}

/** Each holds `role=admin`, or another that is judged, for some server: Python's SimpleCookie, PHP, a parser of RFC 2965, ASP.NET. */
const HIDDEN: readonly (readonly [status: number, line: string])[] = [
  [400, 'role=user; other=x role=admin'],
  [400, 'my="; role=user; x="'],
  [400, 'my="\\"; role=user; x="'],
  [400, 'my="a" role=admin; role=user'],
  [400, 'role=user; rol%65=admin'],
  [400, 'role=user; rol%2565=admin'],
  [400, 'role=user; role[x]=admin'],
  [400, 'role=user; role[]=admin'],
  [400, 'role=user; role%5Bx%5D=admin'],
  [400, 'role=user; %20role=admin'],
  [400, 'role=user; "role"=admin'],
  [400, 'role=user; ROLE=admin'],
  [400, 'ROLE=admin'],
  [400, 'role=user; x=1,role=admin'],
  [400, 'role=user; =role=admin'],
  [400, 'role=user; x y=admin'],
  [400, 'is_admin=no; is.admin=yes'],
  [422, 'free=x role=admin'],
  [422, 'free=x,role=admin'],
  [422, 'ids=1,role=admin'],
]
for (const [status, line] of HIDDEN)
  test(`no cookie that the document describes hides in another: ${line}`, async () => {
    assertProblem(await ask('/judged', line), [status], line)
    assert.deepEqual(upstream.requests, [])
    // A route that describes none has nothing to hide from.
    assert.equal((await ask('/free', line))?.status, 200)
    assert.deepEqual(
      upstream.requests.flatMap((request) => valuesOf(request, 'cookie')),
      [line],
    )
  })

test('the cookies that applications set beside them pass', async () => {
  for (const line of [
    'role=user; role.sig=aGVsbG8_d; _ga=GA1.2.123.456; csrf="abc"; consent=a%3D1%26b; id=aGVsbG8=; theme',
    'roles=x; user_role=y; isadmin=z; role=user; is_admin=no; ids=1,2; free=a=b|c;',
    '',
  ]) {
    upstream.clear()
    assert.equal((await ask('/judged', line))?.status, 200, line)
  }
})
