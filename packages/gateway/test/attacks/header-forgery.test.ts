import assert from 'node:assert/strict'
import { after, beforeEach, test } from 'node:test'
import type { Recorded } from '../upstreams/recording.ts'
import { recordingUpstream, valuesOf } from '../upstreams/recording.ts'
import { assertProblem, openScene, reachedLines } from './scene.ts'
import { send } from './wire.ts'

const upstream = await recordingUpstream({ after })
const { port, token, subject } = await openScene(upstream.origin, { TRUSTED_PROXIES: '10.0.0.1' })
beforeEach(() => upstream.clear())

const get = (lines: readonly string[], target = '/items', credential = [`Authorization: Bearer ${token}`]): string =>
  [`GET ${target} HTTP/1.1`, 'Host: shop.example.com', ...credential, ...lines, '', ''].join('\r\n')

/** The only request that reached the upstream. */
const reached = async (bytes: string, name: string): Promise<Recorded> => {
  const [answer] = await send(port, bytes)
  assert.equal(answer?.status, 200, `${name}: ${answer?.body}`)
  assert.equal(upstream.requests.length, 1, name)
  return upstream.requests[0] as Recorded
}

const FORGED = 'admin-by-forgery'

/** Names under which some server somewhere is told who is calling. */
const IDENTITY = [
  ...['portcullis-subject', 'Portcullis-Subject', 'PORTCULLIS-SUBJECT', 'portcullis_subject', 'Portcullis_Subject'],
  ...[
    'portcullis-roles',
    'PORTCULLIS_ROLES',
    'portcullis-token',
    'portcullis_token',
    'portcullis-anything',
    'x-portcullis-subject',
  ],
  ...[
    'portcullis.subject',
    "portcullis'subject",
    'portcullis~subject',
    'portcullis!roles',
    'portcullis_roles_',
    'portcullis-roles-',
  ],
  ...[
    'X-Forwarded-User',
    'X-Forwarded-Email',
    'X-Forwarded-Groups',
    'X-Forwarded-Preferred-Username',
    'X_Forwarded_User',
  ],
  ...[
    'X-Auth-Request-User',
    'X-Auth-Request-Email',
    'Remote-User',
    'REMOTE_USER',
    'X-Remote-User',
    'X-Authenticated-User',
  ],
  ...['X-Envoy-External-Address', 'X-SSL-Client-Cert', 'SSL-Client-Verify', 'X-Forwarded-Client-Cert'],
]
for (const name of IDENTITY)
  test(`${name} of a caller reaches nobody, with a session and without one`, async () => {
    const request = await reached(get([`${name}: ${FORGED}`]), name)
    assert.doesNotMatch(upstream.bytes().join(''), new RegExp(FORGED))
    assert.deepEqual(valuesOf(request, 'portcullis-subject'), [subject])
    assert.equal(valuesOf(request, 'portcullis-roles').join(), '')
    upstream.clear()
    const stranger = await reached(get([`${name}: ${FORGED}`], '/public', []), name)
    assert.doesNotMatch(upstream.bytes().join(''), new RegExp(FORGED))
    assert.deepEqual(valuesOf(stranger, 'portcullis-subject'), [])
    assert.deepEqual(valuesOf(stranger, 'portcullis-token'), [])
  })

/** What would have a part of the way dropped, which the gateway itself set. */
const CONNECTION: readonly (readonly [name: string, lines: readonly string[]])[] = [
  ['portcullis-subject', ['Connection: portcullis-subject']],
  ['every field of the identity', ['Connection: close, portcullis-subject, portcullis-roles, portcullis-token']],
  ['in capitals', ['Connection: PORTCULLIS-SUBJECT']],
  ['in two fields', ['Connection: keep-alive', 'Connection: portcullis-token']],
  ['x-forwarded-for', ['Connection: x-forwarded-for, x-forwarded-proto, x-forwarded-host, forwarded']],
  ['host', ['Connection: host']],
  ['by Keep-Alive', ['Connection: keep-alive', 'Keep-Alive: portcullis-subject']],
  ['by Proxy-Connection', ['Proxy-Connection: portcullis-subject']],
]
for (const [name, lines] of CONNECTION)
  test(`nothing that the gateway says is taken out by Connection: ${name}`, async () => {
    const request = await reached(get(lines), name)
    assert.deepEqual(valuesOf(request, 'portcullis-subject'), [subject])
    assert.equal(valuesOf(request, 'portcullis-token').length, 1)
    assert.equal(valuesOf(request, 'host').length, 1)
    assert.deepEqual(valuesOf(request, 'x-forwarded-for'), ['127.0.0.1'])
    assert.deepEqual(valuesOf(request, 'x-forwarded-proto'), ['http'])
    assert.deepEqual(valuesOf(request, 'proxy-connection'), [])
  })

test('a field that Connection names is of this connection alone', async () => {
  const request = await reached(get(['Connection: X-Secret-Hop', 'X-Secret-Hop: 1', 'X-Other: 2']), 'hop')
  assert.deepEqual(valuesOf(request, 'x-secret-hop'), [])
  assert.deepEqual(valuesOf(request, 'x-other'), ['2'])
})

/** What says where a request came from, where it goes, or what it is. From this peer nobody believes it. */
const BELIEVED = [
  ...[
    'X-Forwarded-For: 1.2.3.4',
    'X-Forwarded-For: 10.0.0.1, 1.2.3.4',
    'x_forwarded_for: 1.2.3.4',
    'Forwarded: for=1.2.3.4;proto=https;host=evil',
  ],
  ...[
    'X-Real-IP: 1.2.3.4',
    'True-Client-IP: 1.2.3.4',
    'CF-Connecting-IP: 1.2.3.4',
    'X-Client-IP: 1.2.3.4',
    'X-Cluster-Client-IP: 1.2.3.4',
  ],
  ...[
    'X-Forwarded-Proto: https',
    'X-Forwarded-Host: evil',
    'X-Forwarded-Port: 443',
    'X-Forwarded-Prefix: /evil',
    'X-Forwarded-Server: evil',
  ],
  ...[
    'X-Original-URL: /admin/secret',
    'X-Rewrite-URL: /admin/secret',
    'X-Original-URI: /admin/secret',
    'X-Host: evil',
    'X-Original-Host: evil',
  ],
  ...[
    'X-HTTP-Method-Override: DELETE',
    'X-HTTP-Method: DELETE',
    'X-Method-Override: DELETE',
    'X_HTTP_Method_Override: DELETE',
  ],
  ...[
    'X-Middleware-Subrequest: middleware',
    'Proxy: http://evil',
    'Via: 1.1 evil',
    'X-Script-Name: /evil',
    'SCRIPT_NAME: /evil',
  ],
  ...['Front-End-Https: on', 'X-Url-Scheme: https', 'X-Scheme: https', 'X-Forwarded-Ssl: on'],
]
for (const line of BELIEVED)
  test(`the upstream is not told by a caller: ${line}`, async () => {
    const request = await reached(get([line]), line)
    const value = line.slice(line.indexOf(':') + 2)
    const values = request.rawHeaders.filter((_, at) => at % 2 === 1)
    assert.equal(
      values.some((one) => one === value || one.includes('evil') || one.includes('1.2.3.4')),
      false,
      values.join('\n'),
    )
    assert.equal(`${request.method} ${request.target}`, 'GET /items')
    assert.deepEqual(valuesOf(request, 'x-forwarded-for'), ['127.0.0.1'])
    assert.deepEqual(valuesOf(request, 'x-forwarded-host'), ['shop.example.com'])
    assert.deepEqual(valuesOf(request, 'forwarded'), ['for=127.0.0.1;proto=http;host="shop.example.com"'])
  })

test('the upstream gets no credential, and its own Host', async () => {
  const request = await reached(
    get(['Proxy-Authorization: Basic YTpi', 'Cookie: a=b; __Secure-refresh_token=secret; c=d']),
    'credentials',
  )
  assert.deepEqual(valuesOf(request, 'authorization'), [])
  assert.deepEqual(valuesOf(request, 'proxy-authorization'), [])
  assert.deepEqual(valuesOf(request, 'host'), [new URL(upstream.origin).host])
  const cookies = valuesOf(request, 'cookie').join().split(/; */)
  assert.deepEqual(cookies, ['a=b', 'c=d'])
  assert.equal(upstream.bytes().join('').includes(token), false)
})

/** None of it makes a request of somebody who has no session. */
const STRANGERS: readonly (readonly [name: string, lines: readonly string[]])[] = [
  ['the fields of an identity', ['portcullis-subject: ada', 'portcullis-roles: admin', 'portcullis-token: x']],
  ['a token in another field', [`Cookie: access_token=${token}`, `X-Access-Token: ${token}`]],
  ['two credentials', [`Authorization: Bearer ${token}`, 'Authorization: Bearer x']],
  ['two good credentials', [`Authorization: Bearer ${token}`, `Authorization: Bearer ${token}`]],
  ['a credential in another spelling', [`Authorization: bearer  ${token}`]],
  ['a credential after a fold', [`Authorization: Bearer\r\n ${token}`]],
  ['a name with an underscore', [`Authorization_: Bearer ${token}`]],
]
for (const [name, lines] of STRANGERS)
  test(`a stranger stays one: ${name}`, async () => {
    const [answer] = await send(port, get(lines, '/items', []))
    assertProblem(answer, [400, 401], name)
    assert.deepEqual(reachedLines(upstream), [])
  })

test('a token in the query is no credential, and reaches nobody', async () => {
  const [answer] = await send(port, get([], `/items?access_token=${token}`, []))
  assertProblem(answer, [401], 'query')
  assert.deepEqual(upstream.bytes(), [])
})
