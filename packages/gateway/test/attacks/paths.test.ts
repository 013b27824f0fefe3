import assert from 'node:assert/strict'
import { after, beforeEach, test } from 'node:test'
import { recordingUpstream } from '../upstreams/recording.ts'
import { assertProblem, openScene, reachedLines } from './scene.ts'
import { send } from './wire.ts'

const upstream = await recordingUpstream({ after })
const { port, token } = await openScene(upstream.origin)
beforeEach(() => upstream.clear())

const get = (target: string, method = 'GET'): string =>
  `${method} ${target} HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer ${token}\r\nConnection: close\r\n\r\n`

/** Spellings of what nobody here may reach, asked for by somebody who is logged in. */
const ADMIN = [
  ...['/admin/secret', '/admin/secret/', '/admin/secret?', '/admin/secret?x=/public', '/admin/secret#/public'],
  ...['//admin/secret', '///admin/secret', '/admin//secret', '/./admin/secret', '/admin/./secret', '/admin/secret/.'],
  ...[
    '/public/../admin/secret',
    '/public/..;/admin/secret',
    '/public/%2e%2e/admin/secret',
    '/public/.%2e/admin/secret',
  ],
  ...[
    '/public%2f..%2fadmin%2fsecret',
    '/items/..%2fadmin%2fsecret',
    '/items/..%5c..%5cadmin%5csecret',
    '/items/../admin/secret',
  ],
  ...['/admin%2fsecret', '/admin%2Fsecret', '/admin%5csecret', '/admin\\secret', '\\admin\\secret', '/%5cadmin/secret'],
  ...['/%61dmin/secret', '/%61%64%6d%69%6e/secret', '/admin/secre%74', '/admin%252fsecret', '/%2561dmin/secret'],
  ...[
    '/admin/secret%00',
    '/admin/secret%00.html',
    '/admin/secret%20',
    '/admin/secret%09',
    '/admin/secret%0a',
    '/admin/secret\0',
  ],
  ...[
    '/admin/secret;a=b',
    '/admin;a=b/secret',
    '/admin/secret.json',
    '/admin/secret.',
    '/admin/secret%23',
    '/admin/secret%3f',
  ],
  ...[
    '/ADMIN/secret',
    '/Admin/Secret',
    '/admin/SECRET',
    '/admin/\u00ffsecret',
    '/admin/%c0%afsecret',
    '/%c0%ae%c0%ae/admin/secret',
  ],
  ...[
    '/admin/%e0%80%afsecret',
    '/admin/%zz',
    '/admin/%',
    '/admin/s%u0065cret',
    '/admin/s\u00e9cret',
    '/admin/*',
    '/*',
    '*',
    '/:id',
  ],
  ...[
    'http://a/admin/secret',
    'HTTP://A/admin/secret',
    'https://a:443/admin/secret',
    'http://a:80@b/admin/secret',
    'admin/secret',
  ],
  ...[
    '/admin/{secret}',
    '/{id}',
    '/__proto__',
    '/constructor',
    '/auth/../admin/secret',
    '/-/../admin/secret',
    '/-/health/../../admin/secret',
  ],
]
for (const target of ADMIN)
  test(`nobody without the role reaches /admin/secret by ${JSON.stringify(target)}`, async () => {
    const [answer] = await send(port, get(target))
    assertProblem(answer, [400, 403, 404], target)
    assert.deepEqual(reachedLines(upstream), [])
  })

/** Targets that mean one path: what the upstream is asked for. Where nothing reaches it, the answer. */
const JUDGED: readonly (readonly [target: string, reached: string | number])[] = [
  ['/public', '/public'],
  ['/public?', '/public'],
  ['/%70ublic', '/public'],
  ['/items', '/items'],
  ['/items/a', '/items/a'],
  ['/items/%61', '/items/a'],
  ['/items/a%20b', '/items/a%20b'],
  ['/items/a+b', '/items/a%2Bb'],
  ['/items/a;b=c', '/items/a%3Bb%3Dc'],
  ['/items/a%3Fb', '/items/a%3Fb'],
  ['/items/a%23b', '/items/a%23b'],
  ['/items/a%26b', '/items/a%26b'],
  ['/items/%C3%A9', '/items/%C3%A9'],
  ['/items/%c3%a9', '/items/%C3%A9'],
  ['/items/%25', '/items/%25'],
  ['/items/%252e%252e', '/items/%252e%252e'],
  ['/items/%252f', '/items/%252f'],
  ['/items/{id}', '/items/%7Bid%7D'],
  ['/items/...', '/items/...'],
  ['/items/a.b', '/items/a.b'],
  ['/items/__proto__', '/items/__proto__'],
  ['/items/..', 400],
  ['/items/.', 400],
  ['/items/%2e%2e', 400],
  ['/items/a%2fb', 400],
  ['/items/a%5Cb', 400],
  ['/items/a%00', 400],
  ['/items/a//b', 400],
  ['/items/\u00e9', 400],
  ['/items/%ff', 400],
  ['/items/%ed%a0%80', 400],
  ['//a/items', 400],
  ['http://a/items', 400],
  ['/items/a%0d%0aX:%20b', 422],
  ['/items/%7f', 422],
  [`/items/${'a'.repeat(201)}`, 422],
  [`/items/${'a'.repeat(2_000)}`, 404],
  ['/items/', 422],
  ['/items/a/', 404],
  ['/public/', 404],
  ['/public;x', 404],
  ['/public%20', 404],
  ['/PUBLIC', 404],
  ['/items/a/b', 404],
  ['/openapi.json', 404],
  ['/docs', 404],
  ['/redoc', 404],
  ['/public?x=1', 422],
  ['/public?id', 422],
  ['/public?__proto__=1', 422],
  ['/public?%', 400],
  ['/public?%ff', 400],
]
for (const [target, reached] of JUDGED)
  test(`${JSON.stringify(target.slice(0, 60))} is ${typeof reached === 'string' ? reached : `a ${reached}`}`, async () => {
    const [answer] = await send(port, get(target))
    if (typeof reached === 'number') assertProblem(answer, [reached], target)
    else assert.equal(answer?.status, 200, `${target}: ${answer?.status} ${answer?.body}`)
    assert.deepEqual(reachedLines(upstream), typeof reached === 'number' ? [] : [`GET ${reached}`])
  })

const METHODS: readonly (readonly [method: string, target: string, statuses: readonly number[], reached?: string])[] = [
  ['HEAD', '/items', [200], 'HEAD /items'],
  ['DELETE', '/items/a', [200], 'DELETE /items/a'],
  ['DELETE', '/public', [404]],
  ['OPTIONS', '/items', [403, 404, 405]],
  ['OPTIONS', '*', [400, 405]],
  ['TRACE', '/public', [400, 404, 405]],
  ['PROPFIND', '/public', [404, 405]],
  ['QUERY', '/items', [404, 405]],
  ['get', '/public', [400]],
  ['GET\0', '/public', [400]],
  ['PUBLIC', '/public', [400]],
]
for (const [method, target, statuses, reached] of METHODS)
  test(`${JSON.stringify(method)} ${target} is ${statuses.join(' or ')}`, async () => {
    const [answer] = await send(port, get(target, method))
    assert.ok(answer !== undefined && statuses.includes(answer.status), `${answer?.status} ${answer?.body}`)
    assert.deepEqual(reachedLines(upstream), reached === undefined ? [] : [reached])
  })

test('CONNECT gets no tunnel: its connection ends without a word', async () => {
  assert.deepEqual(await send(port, get('a:80', 'CONNECT')), [])
  assert.deepEqual(upstream.bytes(), [])
})
