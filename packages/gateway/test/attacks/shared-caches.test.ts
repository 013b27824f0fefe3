import assert from 'node:assert/strict'
import { test } from 'node:test'
import { call, documentOf, operation, session, startGateway, startUpstream } from '../rig.ts'

const TARGETED = [
  ...['CDN-Cache-Control', 'Cloudflare-CDN-Cache-Control', 'Surrogate-Control', 'X-Accel-Expires', 'Edge-Control'],
  ...['X-LiteSpeed-Cache-Control', 'Akamai-Cache-Control', 'X-Cache-Control', 'Fastly-Surrogate-Control'],
]

test('no cache before the gateway keeps the answer of a closed route for others than its caller', async (t) => {
  let said: string | undefined
  let status = 200
  const upstream = await startUpstream(t, (_request, response) =>
    response
      .writeHead(status, {
        ...(said === undefined ? {} : { 'cache-control': said }),
        ...Object.fromEntries(TARGETED.map((name) => [name, 'max-age=600'])),
        'content-type': 'application/json',
        etag: '"a"',
      })
      .end('{"of":"ada"}'),
  )
  const { address } = await startGateway(t, {
    upstream: upstream.address,
    document: documentOf({ '/open': { get: operation() }, '/closed': { get: operation() } }),
    settings: { access: { 'GET /open': 'public' } },
  })
  const { token } = await session(address)
  const told = async (path: string): Promise<string | null> => {
    const answer = await call(address, 'GET', path, { token })
    assert.equal(answer.status, status)
    assert.equal(answer.body.of, 'ada')
    for (const name of TARGETED) assert.equal(answer.headers.has(name), path === '/open', name)
    return answer.headers.get('cache-control')
  }
  for (status of [200, 404])
    for (const [given, closed] of [
      [undefined, 'no-store'],
      ['no-store', 'no-store'],
      ['public, max-age=600', 'private, max-age=600'],
      ['max-age=600', 'private, max-age=600'],
      ['PUBLIC,s-maxage=600 , must-revalidate', 'private, must-revalidate'],
      ['s-maxage = 600, public', 'private'],
      ['private="set-cookie, x", no-cache="a, public", max-age=1', 'private, no-cache="a, public", max-age=1'],
      ['no-cache, x="', 'private, no-cache, x="'],
    ] as const) {
      said = given
      assert.equal(await told('/closed'), closed, given)
      assert.equal(await told('/open'), given ?? 'no-store')
    }
})
