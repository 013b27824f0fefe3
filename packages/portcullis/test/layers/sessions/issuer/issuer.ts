import type { KeyObject } from 'node:crypto'
import { constants, generateKeyPairSync, sign } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { TestContext } from 'node:test'
import type { IssuerTokens, IssuerTokensOptions } from '../../../../src/layers/sessions/index.ts'
import { issuerTokens } from '../../../../src/layers/sessions/index.ts'

/** 2027-01-15T08:00:00Z, in s. */
export const now = 1_800_000_000

export const audience = 'https://api.example.com'

type Alg = 'RS256' | 'PS256' | 'ES256' | 'EdDSA'

/** A key of an issuer, with its public half as a JWK. */
export interface TestKey {
  readonly jwk: Record<string, unknown>
  readonly privateKey: KeyObject
  readonly alg: Alg
  readonly kid: string
}

const pairOf = (alg: Alg, bits: number) => {
  if (alg === 'ES256') return generateKeyPairSync('ec', { namedCurve: 'P-256' })
  if (alg === 'EdDSA') return generateKeyPairSync('ed25519')
  return generateKeyPairSync('rsa', { modulusLength: bits })
}

export const keyOf = (alg: Alg, kid: string, bits = 2048): TestKey => {
  const { publicKey, privateKey } = pairOf(alg, bits)
  return { alg, kid, privateKey, jwk: { ...publicKey.export({ format: 'jwk' }), kid, alg, use: 'sig' } }
}

export const rsa = keyOf('RS256', 'rsa-1')
export const otherRsa = keyOf('RS256', 'rsa-2')
export const pss = keyOf('PS256', 'pss-1')
export const ec = keyOf('ES256', 'ec-1')
export const ed = keyOf('EdDSA', 'ed-1')

const encoded = (part: unknown): string =>
  Buffer.from(typeof part === 'string' ? part : JSON.stringify(part)).toString('base64url')

export const signature = (key: Pick<TestKey, 'alg' | 'privateKey'>, input: string): Buffer => {
  const { privateKey, alg } = key
  if (alg === 'EdDSA') return sign(null, Buffer.from(input), privateKey)
  if (alg === 'ES256') return sign('sha256', Buffer.from(input), { key: privateKey, dsaEncoding: 'ieee-p1363' })
  const pssPadding = { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 }
  return sign('sha256', Buffer.from(input), { key: privateKey, ...(alg === 'PS256' ? pssPadding : {}) })
}

/** Signs any two parts: an object is written as JSON, text goes in as it is. */
export const mint = (key: TestKey, header: unknown, payload: unknown): string => {
  const input = `${encoded(header)}.${encoded(payload)}`
  return `${input}.${signature(key, input).toString('base64url')}`
}

export const header = { alg: 'RS256', typ: 'at+jwt', kid: 'rsa-1' }

/** What an issuer of RFC 9068 writes. */
export const payloadOf = (issuer: string): Record<string, unknown> => ({
  iss: issuer,
  aud: audience,
  sub: 'user-1',
  client_id: 'app',
  scope: 'read write',
  jti: 'token-1',
  iat: now - 60,
  exp: now + 240,
})

export type Answer = (request: IncomingMessage, response: ServerResponse) => void

/** An issuer on this machine: `answers` by path, changeable while it runs; `asked` counts the paths. */
export interface TestIssuer {
  readonly url: string
  readonly answers: Map<string, Answer>
  readonly asked: string[]
  setKeys(...jwks: readonly unknown[]): void
}

export const json =
  (value: unknown, headers: Readonly<Record<string, string>> = {}): Answer =>
  (_request, response) =>
    void response.writeHead(200, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(value))

export const testIssuer = async (t: TestContext, ...jwks: readonly unknown[]): Promise<TestIssuer> => {
  const answers = new Map<string, Answer>()
  const asked: string[] = []
  const server = createServer((request, response) => {
    asked.push(request.url ?? '')
    const answer = answers.get(request.url ?? '')
    if (answer === undefined) response.writeHead(404).end()
    else answer(request, response)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.after(() => {
    server.closeAllConnections()
    server.close()
  })
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const setKeys = (...keys: readonly unknown[]): void => void answers.set('/keys', json({ keys }))
  answers.set('/.well-known/openid-configuration', json({ issuer: url, jwks_uri: `${url}/keys` }))
  setKeys(...jwks)
  return { url, answers, asked, setKeys }
}

/** The verifier of an issuer, ended with the test. */
export const verifierOf = async (
  t: TestContext,
  { url }: Pick<TestIssuer, 'url'>,
  options: Partial<IssuerTokensOptions> = {},
): Promise<IssuerTokens> => {
  const tokens = await issuerTokens({ issuer: url, audience, clock: () => now * 1000, ...options })
  t.after(() => tokens.close())
  return tokens
}
