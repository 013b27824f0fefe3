import assert from 'node:assert/strict'
import { after, beforeEach, test } from 'node:test'
import { documentOf, operation, parameter, startGateway } from '../rig.ts'
import { recordingUpstream, valuesOf } from '../upstreams/recording.ts'
import { send } from './wire.ts'

const upstream = await recordingUpstream({ after })
beforeEach(() => upstream.clear())

const described = parameter('X-Client-Cert', 'header', { type: 'string', enum: ['a'] })
const always = parameter('X-Real-IP', 'header', { type: 'string', maxLength: 9 })
const { address } = await startGateway({ after } as never, {
  upstream: upstream.origin,
  document: documentOf({ '/a': { get: operation() }, '/b': { get: operation({ parameters: [described, always] }) } }),
  settings: { access: { 'GET /a': 'public', 'GET /b': 'public' } },
})
const ask = async (path: string, lines: readonly string[]): Promise<number | undefined> => {
  const head = [`GET ${path} HTTP/1.1`, 'Host: a', ...lines, 'Connection: close', '', '']
  const [answer] = await send(Number(new URL(address).port), head.join('\r\n'))
  return answer?.status
}

/** Each tells some server who or where its client is, or that the request is another one. */
const CLAIMED = [
  ...['X-Original-Forwarded-For', 'X-Forward-For', 'Forwarded-For', 'X-Forwarded', 'WL-Proxy-Client-IP'],
  ...['X-Azure-ClientIP', 'X-MS-Client-Principal', 'X-MS-Client-Principal-Name', 'X-Amzn-Oidc-Identity'],
  ...['X-Amzn-Oidc-Data', 'X-Goog-IAP-JWT-Assertion', 'X-Goog-Authenticated-User-Email', 'Cf-Access-Jwt-Assertion'],
  ...['Cf-Access-Authenticated-User-Email', 'X-WEBAUTH-USER', 'Remote-User', 'Remote-Email', 'Remote-Groups'],
  ...['Remote-Addr', 'X-Client-Cert', 'X-Client-Certificate', 'X-SSL-Client-Verify', 'X-Sendfile-Type'],
  ...['X-Accel-Mapping', 'X-Matched-Path', 'X-Invoke-Path', 'X-Original-Method', 'Content_Encoding', 'Content.Type'],
  ...['X-AppEngine-User-Email', 'X-Authentik-Username', 'X-Pomerium-Jwt-Assertion', 'X-Consumer-Username'],
  ...['X-Credential-Identifier', 'X-Authenticated-Userid', 'X-Vercel-Forwarded-For', 'X-Vouch-User', 'OIDC_CLAIM_sub'],
  ...['Tailscale-User-Login', 'L5d-Client-Id', 'Fly-Client-IP', 'CF-Connecting-IPv6', 'X-Apigateway-Api-Userinfo'],
  ...['X-User', 'X-User-Id', 'X-Username', 'X-User-Roles', 'X-Role', 'X-Userinfo'],
  ...['Client-Cert', 'Client-Cert-Chain', 'X-ARR-ClientCert', 'X-Amzn-Mtls-Clientcert-Subject', 'Shib-Session-ID'],
  ...['X-Amzn-Request-Context', 'X-Amzn-Lambda-Context', 'X-MS-Token-AAD-Id-Token', 'MELLON_NAME_ID'],
  ...['X-Remote-Group', 'X-Remote-Extra-Scopes', 'X-Remote-Addr', 'X-Remote-IP', 'Proxy-Client-IP', 'X-Originating-IP'],
  ...['X-ProxyUser-Ip', 'X-Client-DN', 'X-Client-S-DN', 'X-Client-Verify', 'X-Jwt-Claim-Sub', 'X-Current-User'],
  ...['X-Auth-User', 'X-Auth-Username', 'X-Auth-Email', 'X-Auth-Roles', 'X-Auth-Groups', 'SM_USER', 'SM_USERDN'],
  ...['iv-user', 'iv-groups', 'OAM_REMOTE_USER', 'Kubeflow-Userid', 'Teleport-Jwt-Assertion'],
]
for (const name of CLAIMED)
  test(`the upstream is not told by a caller: ${name}`, async () => {
    const spelled = [name, name.toUpperCase(), name.replaceAll('-', '_'), name.replaceAll('-', '.')]
    assert.equal(await ask('/a', [...spelled.map((one) => `${one}: evil`), 'X-Fine: yes']), 200)
    const [request] = upstream.requests
    assert.ok(request)
    assert.deepEqual(valuesOf(request, 'x-fine'), ['yes'])
    assert.equal(upstream.bytes().join('').includes('evil'), false, request.rawHeaders.join('\n'))
  })

test('one that an operation describes goes on to it as it was judged; what the gateway itself says does not', async () => {
  assert.equal(await ask('/b', ['X-Client-Cert: a', 'X-Real-IP: 1.2.3.4', 'Remote-Email: evil']), 200)
  assert.equal(await ask('/b', ['X-Client-Cert: b', 'X-Real-IP: 1']), 422)
  assert.equal(await ask('/b', ['X-Client-Cert: a', 'X-Real-IP: 1', 'X_Client_Cert: b']), 400)
  const [request, ...others] = upstream.requests
  assert.ok(request)
  assert.deepEqual(others, [])
  assert.deepEqual(valuesOf(request, 'x-client-cert'), ['a'])
  assert.deepEqual([...valuesOf(request, 'x-real-ip'), ...valuesOf(request, 'remote-email')], [])
})

test('fields of other names go on, and those of a body in their own spelling', async () => {
  assert.equal(await ask('/a', ['X-Remote: 1', 'Content-Language: de', 'X-Forwarding: 2', 'X-User-Agent: 3']), 200)
  const [request] = upstream.requests
  assert.ok(request)
  assert.deepEqual(
    ['x-remote', 'content-language', 'x-forwarding', 'x-user-agent'].flatMap((name) => valuesOf(request, name)),
    ['1', 'de', '2', '3'],
  )
})
