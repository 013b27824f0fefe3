import type { KeyObject } from 'node:crypto'
import { createHmac, createPrivateKey, generateKeyPairSync, randomBytes } from 'node:crypto'
import type { Algorithm, SigningKey, VerifyingKey } from './algorithms.ts'
import { edDsa, es256, hs256 } from './algorithms.ts'
import { decodeBase64url } from './base64url.ts'
import { KeyRingError } from './key-ring-error.ts'
import { secretFaults } from './secret-faults.ts'
import type { Jwk } from './thumbprint.ts'
import { publicMembers, thumbprint } from './thumbprint.ts'
import { KNOWN_KEYS } from './well-known.ts'

/** How long whoever verifies elsewhere may keep the public keys, and so how long a rotation waits for them. */
export const JWKS_SECONDS = 300

/** What may be told of a key: its kid is derived from it and yields nothing of it. */
export interface KeyName {
  readonly kid: string
  readonly alg: Algorithm
}

/** The keys of a program: the first signs, all verify. */
export interface KeyRing {
  /** Every key by its name, in the ring's order: the first signs. */
  readonly names: readonly KeyName[]
  readonly signing: SigningKey
  /** The key of this kid; undefined when there is none, and never another one. */
  find(kid: string): VerifyingKey | undefined
  /** The public keys as a JWK Set (RFC 7517, section 5). A secret is never in it. */
  jwks(): { keys: Jwk[] }
  readonly hasPublicKeys: boolean
}

interface Entry {
  readonly key: SigningKey
  readonly jwk: Jwk | undefined
}

const REMEDY = 'Make one with `npx portcullis keys`.'

/**
 * Makes a key ring.
 *
 * @param secrets newest first. An entry is a secret for HS256, of which the UTF-8 bytes are the key, or a private key:
 *   `ed25519:` or `es256:` and the base64url of its PKCS8 DER
 * @throws KeyRingError with every fault of every entry, by its position, never with its text
 */
export const keyRing = (secrets: readonly string[]): KeyRing => {
  if (!Array.isArray(secrets) || secrets.length === 0) throw new KeyRingError([`a secret is missing. ${REMEDY}`])
  const faults: string[] = []
  const ring = new Map<string, Entry>()
  const positions = new Map<string, number>()
  secrets.forEach((secret: unknown, at) => {
    const position = at + 1
    const read = readEntry(secret)
    if ('faults' in read) {
      faults.push(`secret ${position} of ${secrets.length} ${read.faults.join(', and ')}. ${REMEDY}`)
    } else ring.set(read.key.kid, read)
    const digest = typeof secret === 'string' ? ('key' in read ? read.key.kid : kidOf(secret)) : ''
    const first = positions.get(digest)
    if (first === undefined) positions.set(digest, position)
    else if (digest !== '') faults.push(`secret ${position} is the same as secret ${first}: take one of them out`)
  })
  if (faults.length > 0) throw new KeyRingError(faults)

  const [first] = ring.values()
  if (first === undefined) throw new KeyRingError([`a secret is missing. ${REMEDY}`])
  const keys = [...ring.values()].flatMap(({ jwk }) => (jwk === undefined ? [] : [jwk]))
  return Object.freeze({
    names: Object.freeze([...ring.values()].map(({ key: { kid, alg } }) => Object.freeze({ kid, alg }))),
    signing: first.key,
    find: (kid: string) => ring.get(kid)?.key,
    jwks: () => ({ keys: keys.map((jwk) => ({ ...jwk })) }),
    hasPublicKeys: keys.length > 0,
  })
}

/** Makes an entry for the key ring: a secret of 256 random bits, or a private key. */
export const generateSecret = (alg: 'HS256' | 'EdDSA' | 'ES256' = 'HS256'): string => {
  if (alg === 'EdDSA') return `ed25519:${pkcs8(generateKeyPairSync('ed25519').privateKey)}`
  if (alg === 'ES256') return `es256:${pkcs8(generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey)}`
  const secret = randomBytes(32).toString('base64url')
  // Once in millions of times noise reads like a word: what is made here must always be taken.
  return secretFaults(secret).length === 0 ? secret : generateSecret()
}

const readEntry = (secret: unknown): Entry | { readonly faults: readonly string[] } => {
  if (typeof secret !== 'string' || secret === '') return { faults: ['is missing or empty'] }
  const [, name = '', text = ''] = /^([a-z0-9]+):(.*)$/is.exec(secret) ?? []
  if (name === 'ed25519' || name === 'es256') return readPrivateKey(name, text)
  // `ED25519:…` or a PEM file would make a fine secret, and sign with something that nobody meant.
  if (/^(ed25519|eddsa|es\d+|rs\d+|ps\d+|hs\d+)$/i.test(name) || secret.includes('-----BEGIN'))
    return { faults: ['looks like a key in a form that is not read here (`ed25519:` and `es256:` are)'] }
  const faults = secretFaults(secret)
  if (faults.length > 0) return { faults }
  return { key: hs256(kidOf(secret), Buffer.from(secret, 'utf8')), jwk: undefined }
}

/** A kid that tells nothing of the secret: no token can have signed this label, which has no dot. */
const kidOf = (secret: string): string =>
  createHmac('sha256', secret).update('portcullis kid').digest().subarray(0, 16).toString('base64url')

const readPrivateKey = (name: 'ed25519' | 'es256', text: string): Entry | { readonly faults: readonly string[] } => {
  const key = privateKey(text)
  const fits = name === 'ed25519' ? key?.asymmetricKeyType === 'ed25519' : isP256(key)
  if (key === undefined || !fits) {
    const kind = name === 'ed25519' ? 'an Ed25519' : 'a P-256'
    return { faults: [`is not ${kind} private key: \`${name}:\` takes the base64url of its PKCS8 DER`] }
  }
  const kid = thumbprint(key)
  if (KNOWN_KEYS.has(kid)) return { faults: ['is a well-known private key'] }
  const signing = name === 'ed25519' ? edDsa(kid, key) : es256(kid, key)
  return { key: signing, jwk: { ...publicMembers(key), kid, alg: signing.alg, use: 'sig' } }
}

const privateKey = (text: string): KeyObject | undefined => {
  const der = decodeBase64url(text)
  if (der === undefined) return undefined
  try {
    return createPrivateKey({ key: der, format: 'der', type: 'pkcs8' })
  } catch {
    // What OpenSSL says of it could hold a part of it.
    return undefined
  }
}

const isP256 = (key: KeyObject | undefined): boolean =>
  key?.asymmetricKeyType === 'ec' && key.asymmetricKeyDetails?.namedCurve === 'prime256v1'

const pkcs8 = (key: KeyObject): string => key.export({ format: 'der', type: 'pkcs8' }).toString('base64url')
