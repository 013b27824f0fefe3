import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'
import { test } from 'node:test'
import { IssuerError } from '../../../../src/layers/sessions/index.ts'
import { jsonFetcher } from '../../../../src/layers/sessions/issuer/fetch-json.ts'
import { issuerKeys } from '../../../../src/layers/sessions/issuer/issuer-keys.ts'
import { KEY_TIMES, keptKeys } from '../../../../src/layers/sessions/issuer/kept-keys.ts'
import { ec, header, json, keyOf, mint, now, payloadOf, rsa, testIssuer, verifierOf } from './issuer.ts'

test('a key that is new is taken at its first token, by one look at the issuer', async (t) => {
  const issuer = await testIssuer(t, rsa.jwk)
  const tokens = await verifierOf(t, issuer)
  const fresh = keyOf('RS256', 'rsa-new')
  issuer.setKeys(rsa.jwk, fresh.jwk)
  const asked = issuer.asked.length
  const token = mint(fresh, { ...header, kid: 'rsa-new' }, payloadOf(issuer.url))
  const answers = Array.from({ length: 50 }, () => tokens.verify(token))
  assert.ok(answers.every((answer) => answer instanceof Promise))
  assert.ok((await Promise.all(answers)).every(({ ok }) => ok))
  assert.equal(issuer.asked.length, asked + 1)
  assert.equal(tokens.verify(token) instanceof Promise, false)
})

test('a flood of invented kids is one question to the issuer in ten seconds', async (t) => {
  const issuer = await testIssuer(t, rsa.jwk)
  let at = now * 1000
  const tokens = await verifierOf(t, issuer, { clock: () => at })
  const asked = issuer.asked.length
  const flood = async (name: string) =>
    Promise.all(
      Array.from({ length: 500 }, (_, index) =>
        tokens.verify(mint(ec, { ...header, alg: 'ES256', kid: `${name}${index}` }, payloadOf(issuer.url))),
      ),
    )
  for (const verified of await flood('a')) assert.deepEqual(verified, { ok: false, reason: 'unknown-key' })
  for (const verified of await flood('b')) assert.deepEqual(verified, { ok: false, reason: 'unknown-key' })
  assert.equal(issuer.asked.length, asked + 1)
  at += 10_000
  await flood('c')
  assert.equal(issuer.asked.length, asked + 2)
  const good = tokens.verify(mint(rsa, header, payloadOf(issuer.url)))
  assert.equal(good instanceof Promise, false, 'who has a known key waits for nobody')
})

test('what a forger writes into the header sends nobody anywhere', async (t) => {
  const issuer = await testIssuer(t, rsa.jwk)
  const tokens = await verifierOf(t, issuer)
  const asked = issuer.asked.length
  await tokens.verify(mint(rsa, { ...header, kid: 'x', jku: `${issuer.url}/evil` }, payloadOf(issuer.url)))
  assert.equal(issuer.asked.length, asked)
})

/** A reading of keys by hand: the timers and the clock are the test's. */
const byHand = async (t: TestContext, clock = (): number => Date.now()) => {
  t.mock.timers.enable({ apis: ['setTimeout', 'Date'], now: now * 1000 })
  const news: string[] = []
  const state = { keys: [rsa.jwk, ec.jwk] as unknown[], maxAge: undefined as number | undefined, down: false, reads: 0 }
  const used: string[][] = []
  const kept = await keptKeys({
    read: async () => {
      state.reads += 1
      if (state.down) throw new IssuerError('status', ['503'])
      return { keys: issuerKeys({ keys: state.keys }, ['RS256', 'ES256']), maxAgeSeconds: state.maxAge }
    },
    use: (keys) => {
      used.push(keys.names.map(({ kid }) => kid))
      return keys
    },
    clock,
    report: (name, facts) => news.push(`${name} ${JSON.stringify(facts)}`),
    times: KEY_TIMES,
  })
  t.after(() => kept.close())
  /** Lets time pass, and whatever it set off come to its end. */
  const pass = async (ms: number): Promise<void> => {
    t.mock.timers.tick(ms)
    for (let turn = 0; turn < 10; turn += 1) await Promise.resolve()
  }
  return { kept, state, used, news, pass }
}

test('a key that vanishes from the set stops counting with the next reading', async (t) => {
  const { kept, state, used, news, pass } = await byHand(t)
  state.keys = [ec.jwk]
  await pass(KEY_TIMES.refresh - 1)
  assert.ok(kept.current().find('rsa-1'), 'until then nobody knows')
  await pass(1)
  assert.equal(kept.current().find('rsa-1'), undefined)
  assert.ok(kept.current().find('ec-1'))
  assert.deepEqual(news, ['issuer-keys-changed {"keys":1,"skipped":0}'])
  await pass(KEY_TIMES.refresh)
  assert.deepEqual(used, [['rsa-1', 'ec-1'], ['ec-1']], 'the same set again is not prepared again')
})

test('a set without keys takes all of them away', async (t) => {
  const { kept, state, pass } = await byHand(t)
  state.keys = []
  await pass(KEY_TIMES.refresh)
  assert.deepEqual(kept.state().keys, [])
})

test('a remembered token of a key that vanished is refused', async (t) => {
  const issuer = await testIssuer(t, rsa.jwk, ec.jwk)
  let at = now * 1000
  const tokens = await verifierOf(t, issuer, { clock: () => at })
  const token = mint(rsa, header, payloadOf(issuer.url))
  assert.equal((await tokens.verify(token)).ok, true)
  issuer.setKeys(ec.jwk)
  // An unknown kid has the set read again; the reading in the background does the same.
  await tokens.verify(mint(ec, { ...header, alg: 'ES256', kid: 'unknown' }, payloadOf(issuer.url)))
  at += 1
  assert.deepEqual(await tokens.verify(token), { ok: false, reason: 'unknown-key' })
})

for (const [maxAge, ms] of [
  [0, KEY_TIMES.refreshMin],
  [15, KEY_TIMES.refreshMin],
  [600, 600_000],
  [86_400, KEY_TIMES.refreshMax],
] as const)
  test(`max-age ${maxAge} brings the next reading after ${ms / 1000} s`, async (t) => {
    const { state, pass } = await byHand(t)
    state.maxAge = maxAge
    await pass(KEY_TIMES.refresh)
    assert.equal(state.reads, 2)
    await pass(ms - 1)
    assert.equal(state.reads, 2)
    await pass(1)
    assert.equal(state.reads, 3)
  })

test('Cache-Control is read from the answer of the keys', async (t) => {
  const issuer = await testIssuer(t, rsa.jwk)
  const fetchJson = jsonFetcher(fetch, 5000, new AbortController().signal)
  for (const [field, seconds] of [
    ['public, max-age=600', 600],
    ['MAX-AGE=7', 7],
    ['max-age="30", public', 30],
    ['no-store, max-age=600', 0],
    ['s-maxage=9', undefined],
    ['max-age=-1', undefined],
    ['max-age=99999999999', undefined],
  ] as const) {
    issuer.answers.set('/keys', json({ keys: [] }, { 'cache-control': field }))
    assert.equal((await fetchJson(`${issuer.url}/keys`)).maxAgeSeconds, seconds, field)
  }
})

test('an issuer that is down leaves the last keys in use for an hour, says so, and is believed again when it is back', async (t) => {
  const { kept, state, news, pass } = await byHand(t)
  state.down = true
  await pass(KEY_TIMES.refresh)
  assert.deepEqual(news, ['issuer-unreachable {"reason":"status","failures":1,"ageSeconds":300}'])
  assert.ok(kept.current().find('rsa-1'))
  await pass(KEY_TIMES.retry)
  assert.equal(kept.state().failures, 2)
  for (let at = KEY_TIMES.refresh + KEY_TIMES.retry; at < KEY_TIMES.believed; at += KEY_TIMES.retry)
    await pass(KEY_TIMES.retry)
  assert.ok(kept.current().find('rsa-1'), 'for exactly an hour')
  await pass(1)
  assert.throws(
    () => kept.current(),
    (error) => error instanceof IssuerError && error.reason === 'stale',
  )
  state.down = false
  await pass(KEY_TIMES.retry)
  assert.ok(kept.current().find('rsa-1'))
  assert.equal(kept.state().failures, 0)
  assert.match(news.at(-1) ?? '', /^issuer-recovered /)
})

for (const jump of [2, -2])
  test(`a clock that jumps by ${jump} hours has the keys read at the next token, not minutes later`, async (t) => {
    let ahead = 0
    const { kept, state, news, pass } = await byHand(t, () => Date.now() + ahead)
    ahead = jump * 3_600_000
    for (let token = 0; token < 50; token += 1) assert.throws(() => kept.current(), IssuerError)
    await pass(0)
    assert.ok(kept.current().find('rsa-1'))
    assert.equal(state.reads, 2, 'one reading for all of them')
    assert.deepEqual(news, [])
  })

const full = (): never => {
  throw new Error('disk full')
}

for (const [how, report] of [
  ['throws', full],
  ['rejects', async () => full()],
] as const)
  test(`a log that ${how} ends neither the reading nor the process`, async (t) => {
    t.mock.timers.enable({ apis: ['setTimeout', 'Date'], now: now * 1000 })
    let reads = 0
    const kept = await keptKeys({
      read: async () => {
        reads += 1
        if (reads > 1) throw new IssuerError('status', ['503'])
        return { keys: issuerKeys({ keys: [rsa.jwk] }, ['RS256']), maxAgeSeconds: undefined }
      },
      use: (keys) => keys,
      clock: Date.now,
      report,
      times: KEY_TIMES,
    })
    for (const ms of [KEY_TIMES.refresh, KEY_TIMES.retry, KEY_TIMES.retry]) {
      t.mock.timers.tick(ms)
      for (let turn = 0; turn < 10; turn += 1) await Promise.resolve()
    }
    kept.close()
    assert.equal(reads, 4)
  })

test('after close nothing is read', async (t) => {
  const { kept, state, pass } = await byHand(t)
  kept.close()
  await pass(KEY_TIMES.refreshMax)
  assert.equal(kept.readAgain(), undefined)
  assert.equal(state.reads, 1)
})
