import assert from 'node:assert/strict'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { createServer } from 'node:net'
import { test } from 'node:test'
import type { IssuerTokensOptions } from '../../../../src/layers/sessions/index.ts'
import { IssuerError, issuerTokens } from '../../../../src/layers/sessions/index.ts'
import { jsonFetcher } from '../../../../src/layers/sessions/issuer/fetch-json.ts'
import type { Answer, TestIssuer } from './issuer.ts'
import { audience, header, json, mint, payloadOf, rsa, testIssuer, verifierOf } from './issuer.ts'

const DOCUMENT = '/.well-known/openid-configuration'

test('the keys are found by the document of the issuer, which is asked once', async (t) => {
  const issuer = await testIssuer(t, rsa.jwk)
  await verifierOf(t, issuer)
  assert.deepEqual(issuer.asked, [DOCUMENT, '/keys'])
})

test('an issuer with a path has its document below it', async (t) => {
  const local = await testIssuer(t, rsa.jwk)
  const url = `${local.url}/realms/shop`
  local.answers.set(`/realms/shop${DOCUMENT}`, json({ issuer: url, jwks_uri: `${local.url}/keys` }))
  await verifierOf(t, { url })
  assert.deepEqual(local.asked, [`/realms/shop${DOCUMENT}`, '/keys'])
})

test('with jwksUrl no document is asked for', async (t) => {
  const issuer = await testIssuer(t, rsa.jwk)
  issuer.answers.delete(DOCUMENT)
  const tokens = await verifierOf(t, issuer, { jwksUrl: `${issuer.url}/keys` })
  assert.deepEqual(issuer.asked, ['/keys'])
  assert.equal((await tokens.verify(mint(rsa, header, payloadOf(issuer.url)))).ok, true)
})

const elsewhere: Answer = (_, response) => response.writeHead(302, { location: '/elsewhere' }).end()

const BROKEN: readonly [string, string, RegExp, (issuer: TestIssuer) => void][] = [
  [
    'the document of another issuer',
    'issuer',
    /another issuer/,
    ({ answers, url }) => answers.set(DOCUMENT, json({ issuer: 'https://evil.example.com', jwks_uri: `${url}/keys` })),
  ],
  [
    'a document whose issuer has a slash more',
    'issuer',
    /did you mean "http:.*\/"/,
    ({ answers, url }) => answers.set(DOCUMENT, json({ issuer: `${url}/`, jwks_uri: `${url}/keys` })),
  ],
  [
    'a document without an issuer',
    'issuer',
    /another issuer/,
    ({ answers, url }) => answers.set(DOCUMENT, json({ jwks_uri: `${url}/keys` })),
  ],
  ['a document without keys', 'format', /jwks_uri/, ({ answers, url }) => answers.set(DOCUMENT, json({ issuer: url }))],
  [
    'keys by http from elsewhere',
    'format',
    /must be https/,
    ({ answers, url }) => answers.set(DOCUMENT, json({ issuer: url, jwks_uri: 'http://keys.example.com/' })),
  ],
  [
    'keys from a file',
    'format',
    /must be https/,
    ({ answers, url }) => answers.set(DOCUMENT, json({ issuer: url, jwks_uri: 'file:///etc/passwd' })),
  ],
  [
    'keys from the machine of the cloud',
    'format',
    /must be https/,
    ({ answers, url }) => answers.set(DOCUMENT, json({ issuer: url, jwks_uri: 'http://169.254.169.254/latest' })),
  ],
  ['a document that redirects', 'redirect', /redirects/, ({ answers }) => answers.set(DOCUMENT, elsewhere)],
  ['keys that redirect', 'redirect', /redirects/, ({ answers }) => answers.set('/keys', elsewhere)],
  ['no document', 'status', /404/, ({ answers }) => answers.delete(DOCUMENT)],
  ['no keys', 'status', /404/, ({ answers }) => answers.delete('/keys')],
  ['a page', 'format', /no JSON/, ({ answers }) => answers.set('/keys', (_, response) => response.end('<html>'))],
  [
    'half a key set',
    'unreachable',
    /reached/,
    ({ answers }) =>
      answers.set('/keys', (_, response) => {
        response.writeHead(200, { 'content-length': '1000' }).write('{"keys":[')
        setImmediate(() => response.destroy())
      }),
  ],
  [
    '10,000 keys',
    'size',
    /bytes/,
    ({ setKeys }) => setKeys(...Array.from({ length: 10_000 }, (_, at) => ({ ...rsa.jwk, kid: `k${at}` }))),
  ],
  [
    'a key set without an end',
    'size',
    /bytes/,
    ({ answers }) =>
      answers.set('/keys', (_, response) => {
        const more = (): void =>
          void (response.writable && response.write(' '.repeat(65_536), () => setImmediate(more)))
        more()
      }),
  ],
  [
    '101 keys',
    'keys',
    /100/,
    ({ setKeys }) => setKeys(...Array.from({ length: 101 }, (_, at) => ({ kty: 'EC', kid: `k${at}` }))),
  ],
  ['no usable key', 'keys', /no key that can be used/, ({ setKeys }) => setKeys({ ...rsa.jwk, use: 'enc' })],
  ['an empty key set', 'keys', /no key that can be used/, ({ setKeys }) => setKeys()],
]

for (const [name, reason, message, change] of BROKEN)
  test(`no start with ${name}`, async (t) => {
    const issuer = await testIssuer(t, rsa.jwk)
    issuer.answers.set('/elsewhere', json({ issuer: issuer.url, jwks_uri: `${issuer.url}/keys`, keys: [rsa.jwk] }))
    change(issuer)
    await assert.rejects(
      issuerTokens({ issuer: issuer.url, audience }),
      (error) => error instanceof IssuerError && error.reason === reason && message.test(error.message),
    )
    assert.equal(issuer.asked.includes('/elsewhere'), false)
  })

test('an answer that does not come, or does not end, is given up', { timeout: 20_000 }, async (t) => {
  const issuer = await testIssuer(t)
  issuer.answers.set('/silent', () => {})
  issuer.answers.set('/slow', (_, response) => void response.writeHead(200).write('{"keys":['))
  const fetchJson = jsonFetcher(fetch, 100, new AbortController().signal)
  for (const path of ['/silent', '/slow'])
    await assert.rejects(
      fetchJson(`${issuer.url}${path}`),
      (error) => error instanceof IssuerError && error.reason === 'timeout',
      path,
    )
})

test('of an issuer that can not be reached the cause is said in words, with what to do and without a stack', async () => {
  const failing = (code: string | undefined) => async () => {
    throw Object.assign(new TypeError('fetch failed'), { cause: { code } })
  }
  const place = `https://id.example.com${DOCUMENT} can not be reached`
  for (const [code, why] of [
    ['ECONNREFUSED', ': nothing listens at id.example.com:443 (ECONNREFUSED): start the issuer'],
    ['ENOTFOUND', ': there is no host of that name (id.example.com:443): look at the network'],
    ['CERT_HAS_EXPIRED', ": id.example.com:443 can't be asked (CERT_HAS_EXPIRED): look at its log"],
    [undefined, ''],
  ] as const)
    await assert.rejects(
      issuerTokens({ issuer: 'https://id.example.com', audience, fetch: failing(code) }),
      (error: IssuerError) => {
        assert.equal(error.message, `The tokens of this issuer can't be verified:\n  - ${place}${why}`)
        assert.equal(error.stack, `IssuerError: ${error.message}`)
        assert.deepEqual(
          [error.reason, error.faults, Object.keys(error)],
          ['unreachable', [`${place}${why}`], ['name']],
        )
        return true
      },
    )
})

test('so it is of what fetch itself throws', async () => {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  await assert.rejects(
    issuerTokens({ issuer: `http://127.0.0.1:${port}`, audience }),
    new RegExp(`nothing listens at 127\\.0\\.0\\.1:${port} \\(ECONNREFUSED\\): start the issuer$`),
  )
})

test('an issuer by https names no keys by http, on this machine either', async () => {
  const answers = new Map([
    [`https://id.example.com${DOCUMENT}`, { issuer: 'https://id.example.com', jwks_uri: 'http://127.0.0.1:1/keys' }],
  ])
  const fetch = async (url: unknown) => Response.json(answers.get(String(url)))
  await assert.rejects(
    issuerTokens({ issuer: 'https://id.example.com', audience, fetch: fetch as typeof globalThis.fetch }),
    (error) => error instanceof IssuerError && error.reason === 'format',
  )
})

const fine = { issuer: 'https://id.example.com', audience }
const OPTIONS: readonly [string, Record<string, unknown>, RegExp][] = [
  ['http to elsewhere', { ...fine, issuer: 'http://id.example.com' }, /issuer must be https/],
  ['no address', { ...fine, issuer: 'id.example.com' }, /issuer must be an address/],
  ['a password in it', { ...fine, issuer: 'https://a:b@id.example.com' }, /issuer must not hold a user/],
  ['a query', { ...fine, issuer: 'https://id.example.com?a=b' }, /issuer must not have a query/],
  ['a fragment', { ...fine, issuer: 'https://id.example.com#a' }, /issuer must not have a fragment/],
  ['jwksUrl by http', { ...fine, jwksUrl: 'http://id.example.com/keys' }, /jwksUrl must be https/],
  ['no audience', { issuer: fine.issuer }, /audience must be a text/],
  ['an empty audience', { ...fine, audience: '' }, /audience must be a text/],
  ['HS256', { ...fine, algs: ['HS256'] }, /algs must be a list/],
  ['none', { ...fine, algs: ['none'] }, /algs must be a list/],
  ['no algorithm', { ...fine, algs: [] }, /algs must be a list/],
  ['a life of more than a day', { ...fine, maxLifetimeMinutes: 1441 }, /maxLifetimeMinutes must be/],
  ['an option that there is not', { ...fine, audiences: [] }, /audiences is not an option/],
]
for (const [name, options, message] of OPTIONS)
  test(`an option that can't be used: ${name}`, async () => {
    const fetch = () => assert.fail('nothing is fetched')
    await assert.rejects(
      issuerTokens({ ...options, fetch } as unknown as IssuerTokensOptions),
      (error) => error instanceof IssuerError && error.reason === 'options' && message.test(error.message),
    )
  })

test('every mistake in the options is told at once', async () => {
  await assert.rejects(
    issuerTokens({ issuer: 'x', audience: '', rolesClaim: '' }),
    (error) => error instanceof IssuerError && error.faults.length === 3,
  )
})
