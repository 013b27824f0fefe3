import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import type { VerifyingKey } from '../../../src/layers/sessions/algorithms.ts'
import { hs256 } from '../../../src/layers/sessions/algorithms.ts'
import { importJwks, KeyRingError, tokenVerifier } from '../../../src/layers/sessions/index.ts'
import { jwsVerifier } from '../../../src/layers/sessions/jws.ts'
import { corpus } from '../../cases.ts'

interface Vector {
  readonly tcId: number
  readonly comment: string
  readonly jws: string
  readonly result: 'valid' | 'invalid'
  readonly strict?: 'reject' | 'skip'
}
interface Group {
  readonly comment: string
  readonly key?: { readonly alg?: string }
  readonly keys?: { readonly alg?: string; readonly keys?: readonly { readonly alg?: string }[] }
  readonly tests: readonly Vector[]
}
interface Corpus {
  readonly groups: readonly Group[]
}
interface HmacCorpus {
  readonly groups: readonly {
    readonly tagSize: number
    readonly tests: readonly {
      readonly tcId: number
      readonly key: string
      readonly msg: string
      readonly tag: string
      readonly result: 'valid' | 'invalid'
    }[]
  }[]
}

type Ring = ReturnType<typeof importJwks>

/** The ring of a group, or undefined when its keys are refused at loading. */
const load = (jwks: unknown): Ring | undefined => {
  try {
    return importJwks(jwks)
  } catch (error) {
    assert.ok(error instanceof KeyRingError)
    return undefined
  }
}
const none: Ring = { find: () => undefined }
const ours = new Set(['HS256', 'ES256', 'EdDSA'])

/** The algorithms a group speaks of: vectors of those that are not ours can only be refused. */
const algorithms = (group: Group): readonly (string | undefined)[] => {
  const given = group.key ?? group.keys
  return (group.keys?.keys ?? [given]).map((key) => key?.alg)
}

/** Runs every vector of a corpus against the JWS step; answers how many were accepted and refused. */
const run = (groups: readonly Group[]): { accepted: number[]; refused: number } => {
  const accepted: number[] = []
  let refused = 0
  for (const group of groups) {
    const ring = load(group.key ?? group.keys)
    const supported = algorithms(group).every((alg) => ours.has(alg ?? ''))
    for (const { tcId, comment, jws, result, strict } of group.tests) {
      if (strict === 'skip') continue
      const { ok } = jwsVerifier((ring ?? none).find)(jws)
      assert.equal(ok, result === 'valid' && strict !== 'reject' && supported, `${tcId} ${group.comment} ${comment}`)
      if (ok) accepted.push(tcId)
      else refused += 1
    }
  }
  return { accepted, refused }
}

suite('Wycheproof', () => {
  test('JWS vectors: the JWS step accepts the valid ones of its algorithms and refuses all others', (t) => {
    const data = corpus<Corpus>(t, 'wycheproof-jws.json')
    if (!data) return
    const { accepted, refused } = run(data.groups)
    assert.deepEqual(accepted, [1, 18, 348, 352, 357, 358, 359, 376, 377, 378])
    assert.equal(refused, 401 - 2 - accepted.length)
  })

  test('key sets: wrong and mixed ones are refused when they are loaded', (t) => {
    const data = corpus<Corpus>(t, 'wycheproof-jws-keysets.json')
    if (!data) return
    const { accepted, refused } = run(data.groups)
    assert.equal(accepted.length, 3)
    assert.equal(refused, 46)
  })

  test('JWK: short, empty, doubled and misused keys are refused when they are loaded', (t) => {
    const data = corpus<Corpus>(t, 'wycheproof-jwk.json')
    if (!data) return
    const { accepted } = run(data.groups)
    // 5, 14 and 15 are RS256, HS384 and HS512.
    assert.deepEqual(accepted, [2, 13])
    const loaded = data.groups.filter(({ keys }) => load(keys) !== undefined).map(({ tests }) => tests[0]?.tcId)
    assert.deepEqual(loaded, [2, 13])
  })

  test('HMAC-SHA-256: full tags are verified, truncated ones are not', (t) => {
    const data = corpus<HmacCorpus>(t, 'wycheproof-hmac-sha256.json')
    if (!data) return
    let accepted = 0
    for (const { tagSize, tests } of data.groups)
      for (const { tcId, key, msg, tag, result } of tests) {
        const hmac: VerifyingKey = hs256('kid', Buffer.from(key, 'hex'))
        const ok = hmac.verify(Buffer.from(msg, 'hex'), Buffer.from(tag, 'hex'))
        assert.equal(ok, result === 'valid' && tagSize === 256, `${tcId}`)
        accepted += ok ? 1 : 0
      }
    assert.ok(accepted >= 20, `${accepted}`)
  })

  test('no token of the corpora is an access token, under its own key, and none makes the verifier throw', (t) => {
    let count = 0
    for (const file of ['wycheproof-jws.json', 'wycheproof-jws-keysets.json', 'wycheproof-jwk.json']) {
      const data = corpus<Corpus>(t, file)
      if (!data) return
      for (const group of data.groups) {
        const verify = tokenVerifier({ keys: load(group.key ?? group.keys) ?? none })
        for (const { jws, tcId } of group.tests) {
          assert.equal(verify(jws).ok, false, `${file} ${tcId}`)
          count += 1
        }
      }
    }
    assert.equal(count, 401 + 49 + 26)
  })
})
