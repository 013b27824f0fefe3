import assert from 'node:assert/strict'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { planLive, runLive } from '../../../src/evidence/live/index.ts'
import { type Observation, outcomeOf } from '../../../src/items/index.ts'
import { judgeLive } from '../../../src/rules/live/index.ts'
import { DOCUMENT, type Flaw, LOGIN, ORIGIN, PASSWORD, startBackend } from '../../evidence/live/backend.ts'

const file = join(mkdtempSync(join(tmpdir(), 'portcullis-check-')), 'openapi.json')
writeFileSync(file, JSON.stringify(DOCUMENT))

const judged = async (flaws: readonly Flaw[], allowWrites = true): Promise<readonly Observation[]> => {
  const backend = await startBackend(flaws)
  try {
    const openapi = flaws.includes('no-document') ? {} : { openapi: file }
    const plan = await planLive({
      url: backend.url,
      login: LOGIN,
      origins: [ORIGIN],
      allowWrites,
      iOwnThisHost: false,
      ...openapi,
    })
    return judgeLive(await runLive(plan))
  } finally {
    await backend.close()
  }
}

const outcomes = (seen: readonly Observation[]): Record<string, string> =>
  Object.fromEntries(
    [...new Set(seen.map(({ id }) => id))].map((id) => [id, outcomeOf([seen.filter((one) => one.id === id)])]),
  )

const failed = (seen: readonly Observation[]): readonly string[] =>
  Object.entries(outcomes(seen))
    .filter(([, outcome]) => outcome === 'fail')
    .map(([id]) => id)

test('a backend that does everything right passes every item, with proof and without its secrets', async () => {
  const seen = await judged([])
  assert.deepEqual(
    Object.entries(outcomes(seen)).filter(([, outcome]) => outcome !== 'pass'),
    [],
    JSON.stringify(
      seen.filter(({ outcome }) => outcome !== 'pass'),
      null,
      1,
    ),
  )
  assert.equal(Object.keys(outcomes(seen)).length, 18)
  for (const one of seen) assert.ok(one.evidence.length > 0, one.id)
  const text = JSON.stringify(seen)
  assert.ok(!text.includes(PASSWORD))
  assert.doesNotMatch(text, /eyJ[\w-]+\.[\w-]+\.[\w-]+/)
})

test('the token of an account that was registered is for the shell to fill in', async () => {
  const seen = await judged(['takes-role'])
  const lines = seen
    .filter(({ id }) => id === 'mass-assignment')
    .flatMap(({ evidence }) => evidence.flatMap((one) => (one.kind === 'exchange' ? [one.curl] : [])))
  assert.match(lines.at(-1) ?? '', /-H 'authorization: Bearer '"\$TOKEN"$/)
})

const DIAGONAL: readonly (readonly [Flaw, readonly string[]])[] = [
  ['declared-open', ['declared-but-open']],
  ['cors-any', ['cors']],
  ['cors-echo', ['cors']],
  ['cors-suffix', ['cors']],
  ['cors-inside', ['cors']],
  ['docs', ['docs-exposed']],
  ['trace', ['debug', 'error-disclosure']],
  ['error-500', ['error-disclosure']],
  ['echo', ['value-echo']],
  ['enumeration', ['user-enumeration']],
  ['any-password', ['user-enumeration']],
  ['any-account', ['user-enumeration']],
  ['no-limit', ['auth-rate-limit']],
  ['forwarded-first', ['forwarded-for']],
  ['real-ip', ['forwarded-for']],
  ['long-token', ['jwt-expiry']],
  ['email-in-token', ['jwt-payload']],
  ['decode-only', ['jwt-verification']],
  ['alg-none', ['jwt-verification']],
  ['weak-key', ['weak-key']],
  ['no-revocation', ['logout-revocation']],
  ['takes-role', ['mass-assignment']],
  ['env-file', ['undocumented-routes']],
  ['metrics', ['undocumented-routes']],
  ['bare-cookie', ['cookie-flags']],
]

for (const [flaw, items] of DIAGONAL) {
  test(`${flaw} fails ${items.join(' and ')}, and nothing else`, async () => {
    const seen = await judged([flaw])
    assert.deepEqual(failed(seen), items)
    for (const { evidence } of seen.filter(({ outcome }) => outcome === 'fail')) {
      assert.ok(evidence.some((one) => one.kind === 'exchange' && /^(?:for i in .*; do )?curl /.test(one.curl)))
    }
  })
}

test('no guard before the router is not proven, and not a failure', async () => {
  const seen = outcomes(await judged(['no-guard']))
  assert.equal(seen['default-deny'], 'not-proven')
  assert.ok(!Object.values(seen).includes('fail'))
})

test('the last entry of the header, as behind one proxy, is neither a failure nor a pass', async () => {
  assert.equal(outcomes(await judged(['forwarded-last']))['forwarded-for'], 'not-proven')
})

test('without a limiter there is nothing that could be lifted', async () => {
  assert.equal(outcomes(await judged(['no-limit']))['forwarded-for'], 'not-applicable')
})

test('an echo of any origin with credentials is critical, .env too', async () => {
  const severities = (seen: readonly Observation[]) =>
    seen.filter(({ outcome }) => outcome === 'fail').map(({ severity }) => severity)
  assert.ok(severities(await judged(['cors-echo'])).every((severity) => severity === 'critical'))
  const env = await judged(['env-file'])
  assert.deepEqual(severities(env), ['critical'])
  assert.ok(!JSON.stringify(env).includes('hunter2'))
})

test('a login that takes any password is said to be that, and is critical', async () => {
  for (const [flaw, said] of [
    ['any-password', 'a wrong password logs in to the account: the password is not checked'],
    ['any-account', 'a wrong password logs in to any account, also one that nobody has: the password is not checked'],
  ] as const) {
    const [one] = (await judged([flaw])).filter(({ id }) => id === 'user-enumeration')
    assert.equal(one?.summary, said)
    assert.equal(one.severity, 'critical')
    assert.match(one.mend ?? '', /^Compare the password/)
    // The token of such a login opens the account too.
    assert.doesNotMatch(JSON.stringify(one.evidence), /access_token|eyJ/)
  }
})

test('without a document the usual places find the login, and the rest says what it lacks', async () => {
  const seen = outcomes(await judged(['no-document', 'long-token']))
  assert.equal(seen['jwt-expiry'], 'fail')
  assert.equal(seen['jwt-verification'], 'pass')
  assert.equal(seen['declared-but-open'], 'not-proven')
  assert.equal(seen['undocumented-routes'], 'not-proven')
})

test('a login that says 404 of an unknown account is tried as every other, where a known one is told apart', async () => {
  const seen = await judged(['enumeration', 'no-limit'])
  assert.deepEqual(failed(seen), ['auth-rate-limit', 'user-enumeration'])
})

test('a 404 of every login proves nothing: nobody knows that it looked', async () => {
  const backend = await startBackend(['enumeration', 'no-limit'])
  try {
    const plan = await planLive({ url: backend.url, openapi: file, allowWrites: false, iOwnThisHost: false })
    assert.equal(outcomes(judgeLive(await runLive(plan)))['auth-rate-limit'], 'not-proven')
  } finally {
    await backend.close()
  }
})

test('without leave to write nothing is written, and mass assignment is not proven', async () => {
  const backend = await startBackend()
  const plan = await planLive({
    url: backend.url,
    openapi: file,
    login: LOGIN,
    allowWrites: false,
    iOwnThisHost: false,
  })
  const seen = outcomes(judgeLive(await runLive(plan)))
  await backend.close()
  assert.equal(seen['mass-assignment'], 'not-proven')
  assert.deepEqual(
    [...new Set(backend.seen.filter(({ path }) => path === '/auth/register').map(({ method }) => method))],
    [],
  )
  assert.ok(backend.seen.every(({ method }) => ['GET', 'POST', 'OPTIONS'].includes(method)))
})
