import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect } from 'node:net'
import type { TestContext } from 'node:test'
import { test } from 'node:test'
import { call, documentOf, operation, session, startGateway, startUpstream } from '../rig.ts'

const document = documentOf({ '/a': { get: operation() }, '/mine': { get: operation() } })
const settings = { access: { 'GET /a': 'public' } }

/** Sends these header lines as they stand, and waits for the answer. */
const raw = async (t: TestContext, address: string, lines: readonly string[], path = '/a'): Promise<string> => {
  const socket = connect(Number(new URL(address).port), '127.0.0.1')
  t.after(() => socket.destroy())
  socket.write(`GET ${path} HTTP/1.1\r\nHost: api.example.com\r\n${lines.map((line) => `${line}\r\n`).join('')}\r\n`)
  const [answer] = (await once(socket, 'data')) as [Buffer]
  return answer.toString()
}

test('nothing that a client says of itself reaches the upstream, in any spelling', async (t) => {
  const upstream = await startUpstream(t)
  const { address } = await startGateway(t, { upstream: upstream.address, document, settings })
  const forged = [
    'portcullis-subject',
    'PORTCULLIS-SUBJECT',
    'portcullis_subject',
    'Portcullis.Roles',
    'portcullis-token',
    'X-Portcullis-Anything',
    'X-Forwarded-Host',
    'X_Forwarded_For',
    'X-Forwarded-User',
    'X-Forwarded-Prefix',
    'X-Real-IP',
    'True-Client-IP',
    'X-Original-URL',
    'X-Rewrite-URL',
    'X-HTTP-Method-Override',
    'Remote_User',
    'X-Middleware-Subrequest',
    'Proxy',
    'Via',
    'Proxy-Authorization',
    'TE',
    'Trailer',
    'Keep-Alive',
    'Authorization',
    'X-Hop',
  ]
  const lines = [...forged.map((name) => `${name}: forged`), 'Connection: keep-alive, X-Hop', 'X-Fine: yes']
  assert.match(await raw(t, address, lines), /^HTTP\/1\.1 200/)
  const reached = upstream.reached[0]
  assert.ok(!JSON.stringify(reached?.rawHeaders).includes('forged'), JSON.stringify(reached?.rawHeaders))
  assert.equal(reached?.headers['x-fine'], 'yes')
})

test('a field that Connection names is dropped, the identity is not: it is set afterwards', async (t) => {
  const upstream = await startUpstream(t)
  const { address } = await startGateway(t, { upstream: upstream.address, document, settings })
  const { token, id } = await session(address)
  const lines = [`Authorization: Bearer ${token}`, 'Connection: portcullis-subject, portcullis-token, x-forwarded-for']
  assert.match(await raw(t, address, lines, '/mine'), /^HTTP\/1\.1 200/)
  assert.equal(upstream.reached[0]?.headers['portcullis-subject'], id)
  assert.ok(upstream.reached[0]?.headers['portcullis-token'])
  assert.equal(upstream.reached[0]?.headers['x-forwarded-for'], '127.0.0.1')
})

test('where a request comes from is what the trusted proxies say, and nobody else', async (t) => {
  const upstream = await startUpstream(t)
  const lines = ['X-Forwarded-For: 203.0.113.9, 198.51.100.7', 'X-Forwarded-Proto: https', 'Forwarded: for=1.2.3.4']
  const expected = [
    ['127.0.0.1', '198.51.100.7', 'https'],
    ['', '127.0.0.1', 'http'],
  ] as const
  for (const [index, [TRUSTED_PROXIES, address_, proto]] of expected.entries()) {
    const env = { TRUSTED_PROXIES }
    const { address } = await startGateway(t, { upstream: upstream.address, document, settings, env })
    assert.match(await raw(t, address, lines), /^HTTP\/1\.1 200/)
    const headers = upstream.reached[index]?.headers ?? {}
    assert.equal(headers['x-forwarded-for'], address_)
    assert.equal(headers['x-forwarded-proto'], proto)
    assert.equal(headers['x-forwarded-host'], 'api.example.com')
    assert.equal(headers['forwarded'], `for=${address_};proto=${proto};host="api.example.com"`)
  }
})

test("the protocol is what the trusted proxy's own element says, by the grammar; else the connection's own", async (t) => {
  const upstream = await startUpstream(t)
  const env = { TRUSTED_PROXIES: '127.0.0.1', FORWARDED_HEADER: 'forwarded' }
  const { address } = await startGateway(t, { upstream: upstream.address, document, settings, env })
  const said: readonly (readonly [lines: readonly string[], proto: string])[] = [
    [['for=203.0.113.9;proto=https'], 'https'],
    [['for=203.0.113.9; Proto="HTTPS" ;host=x'], 'https'],
    [['for=203.0.113.9;proto=http, for=203.0.113.9;proto=https'], 'https'],
    [['for=203.0.113.9;proto=http', 'for=203.0.113.9;proto=https'], 'https'],
    [['for="x', 'for=203.0.113.9;proto=https'], 'https'],
    // The Host that a client asked for, as a proxy passes it on.
    [['for=203.0.113.9;proto=http;host="x,proto=https"'], 'http'],
    [['for=203.0.113.9;host="x, proto=https;a=b"'], 'http'],
    [['for=203.0.113.9;proto=http;host="x;proto=https"'], 'http'],
    [['for=203.0.113.9;host="x\\", proto=https"'], 'http'],
    [['for=203.0.113.9;host="x proto=https '], 'http'],
    [['proto=https, for=203.0.113.9'], 'http'],
    [['proto=https', 'for=203.0.113.9'], 'http'],
    // No grammar, or no one answer.
    [['for=203.0.113.9;proto=http;proto=https'], 'http'],
    [['for=203.0.113.9 proto=https'], 'http'],
    [['for=203.0.113.9;proto=https;host=a/b'], 'http'],
    [['for=203.0.113.9;proto=httpsx'], 'http'],
    [[`for=203.0.113.9;proto=https;host="${'x'.repeat(5_000)}"`], 'http'],
    [[''], 'http'],
  ]
  for (const [index, [lines, proto]] of said.entries()) {
    assert.match(
      await raw(
        t,
        address,
        lines.map((line) => `Forwarded: ${line}`),
      ),
      /^HTTP\/1\.1 200/,
    )
    assert.equal(upstream.reached[index]?.headers['x-forwarded-proto'], proto, lines.join('\n'))
  }
})

test("the accounts' own cookie stays, the others pass", async (t) => {
  const upstream = await startUpstream(t)
  const { address } = await startGateway(t, { upstream: upstream.address, document, settings })
  await call(address, 'GET', '/a', { headers: { cookie: 'a=1; __Secure-refresh_token=secret; b=2' } })
  assert.equal(upstream.reached[0]?.headers.cookie, 'a=1; b=2')
  await call(address, 'GET', '/a', { headers: { cookie: '__Secure-refresh_token=secret' } })
  assert.equal(upstream.reached[1]?.headers.cookie, undefined)
})

test("the accounts' own cookie reaches no upstream in any spelling that one could take for it", async (t) => {
  const upstream = await startUpstream(t)
  const { address } = await startGateway(t, { upstream: upstream.address, document, settings })
  const spelled = [
    '__Secure-refresh_token =secret',
    '__Secure-refresh_token\t=secret',
    '=__Secure-refresh_token=secret',
    ' = __Secure-refresh_token=secret',
    '__secure-refresh_token=secret',
    '__SECURE-REFRESH_TOKEN=secret',
    '"__Secure-refresh_token"=secret',
    '__Secure-refresh_token',
    'c=3, __Secure-refresh_token=secret',
    'c="3; __Secure-refresh_token=secret"',
  ]
  for (const [index, pair] of spelled.entries()) {
    await raw(t, address, [`Cookie: a=1; ${pair}; b=2`, `Cookie: ${pair}`])
    const { cookie = '' } = upstream.reached[index]?.headers ?? {}
    assert.match(cookie, /^a=1; .*b=2/, pair)
    assert.doesNotMatch(cookie, /secret|refresh/i, pair)
  }
})

test('an upstream can not set the cookie of the accounts by another spelling of its name', async (t) => {
  const own = [
    '__Secure-refresh_token=EVIL; Path=/auth; Secure',
    '__Secure-refresh_token =EVIL; Path=/auth; Secure',
    ' \t__Secure-refresh_token \t = EVIL',
    '=__Secure-refresh_token=EVIL; Secure',
    ' = __Secure-refresh_token=EVIL',
    '__Secure-refresh_token',
    '__Secure-refresh_token; a=b',
    '__secure-refresh_token=EVIL',
    '__SECURE-refresh_token=EVIL',
    '__Secure-Refresh_Token=EVIL',
    'nameless',
    '; __Secure-refresh_token=EVIL',
  ]
  const others = ['a=1; Path=/', '__Secure-other=2; Secure', 'x__Secure-refresh_token=3', 'b=__Secure-refresh_token=4']
  const upstream = await startUpstream(t, (_request, response) =>
    response.writeHead(200, { 'set-cookie': [...own, ...others] }).end(),
  )
  const { address } = await startGateway(t, { upstream: upstream.address, document, settings })
  assert.deepEqual((await call(address, 'GET', '/a')).headers.getSetCookie(), others)
})

test('a field that only the gateway says is no parameter of a client, though the document describes it', async (t) => {
  const upstream = await startUpstream(t)
  // As FastAPI describes what a backend reads by Header().
  const names = ['portcullis-subject', 'Portcullis_Token', 'x-forwarded-for', 'x-real-ip', 'Host']
  const schema = { type: 'string', maxLength: 2 }
  const parameters = names.map((name) => ({ name, in: 'header', required: true, schema }))
  const { address } = await startGateway(t, {
    upstream: upstream.address,
    document: documentOf({ '/described': { get: operation({ parameters }) } }),
  })
  const { id, token } = await session(address)
  const forged = { 'portcullis-subject': 'ed', portcullis_token: 'x', 'x-forwarded-for': 'y', 'x-real-ip': 'z' }
  for (const headers of [{}, forged]) {
    assert.equal((await call(address, 'GET', '/described', { token, headers })).status, 200)
    const { headers: told = {} } = upstream.reached.pop() ?? {}
    assert.equal(told['portcullis-subject'], id)
    assert.equal(told['x-forwarded-for'], '127.0.0.1')
    for (const name of ['portcullis_token', 'x-real-ip']) assert.equal(told[name], undefined)
  }
})
