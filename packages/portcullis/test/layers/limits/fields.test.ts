import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { Policy, Taken, Verdict } from '../../../src/layers/limits/index.ts'
import { memoryCounter, RateLimits, rateLimitFields } from '../../../src/layers/limits/index.ts'

const policy = (name: string, limit: number, windowMs: number): Policy => ({ name, quota: { limit, windowMs } })
const client = policy('client', 200, 60_000)
const credentials = policy('credentials', 10, 60_000)
const allowed = (remaining: number, resetMs: number): Verdict => ({
  allowed: true,
  remaining,
  resetMs,
  retryAfterMs: 0,
})
const refused = (retryAfterMs: number): Verdict => ({
  allowed: false,
  remaining: 0,
  resetMs: retryAfterMs,
  retryAfterMs,
})

test('the fields say what each policy is, and where the client stands', () => {
  assert.deepEqual(rateLimitFields([]), {})
  assert.equal(new RateLimits([]).lines, '')
  assert.deepEqual(rateLimitFields([{ policy: client, verdict: allowed(199, 60_000) }]), {
    'ratelimit-policy': '"client";q=200;w=60',
    ratelimit: '"client";r=199;t=60',
  })
  assert.deepEqual(
    rateLimitFields([
      { policy: client, verdict: allowed(150, 12_001) },
      { policy: credentials, verdict: allowed(9, 1) },
    ]),
    {
      'ratelimit-policy': '"client";q=200;w=60, "credentials";q=10;w=60',
      ratelimit: '"client";r=150;t=13, "credentials";r=9;t=1',
    },
  )
  assert.deepEqual(rateLimitFields([{ policy: policy('short', 1, 1_500), verdict: allowed(0, 0) }]), {
    'ratelimit-policy': '"short";q=1;w=2',
    ratelimit: '"short";r=0;t=0',
  })
})

test('Retry-After is the longest of those that refused, rounded up, and never 0', () => {
  for (const [verdicts, retryAfter] of [
    [[refused(1)], '1'],
    [[refused(0)], '1'],
    [[refused(1_000)], '1'],
    [[refused(1_001)], '2'],
    [[refused(0.5)], '1'],
    [[refused(86_400_000)], '86400'],
    [[refused(2_000), refused(59_999)], '60'],
    [[refused(59_999), refused(2_000)], '60'],
    [[allowed(3, 3_600_000), refused(2_000)], '2'],
    [[allowed(3, 3_600_000)], undefined],
  ] as const) {
    const fields = rateLimitFields(
      verdicts.map((verdict, index) => ({ policy: policy(`p${index}`, 5, 60_000), verdict })),
    )
    assert.equal(fields['retry-after'], retryAfter)
  }
})

test('a name is a structured string, whatever is in it', () => {
  for (const [name, written] of [
    ['POST /auth/login 5/minute', '"POST /auth/login 5/minute"'],
    ['a"b\\c', '"a\\"b\\\\c"'],
    ['GET /café/:id', '"GET /caf%C3%A9/:id"'],
    ['a\r\nset-cookie: x=1', '"a%0D%0Aset-cookie: x=1"'],
    ['a\0\x7f', '"a%00%7F"'],
    ['\ud800x', '"%EF%BF%BDx"'],
    ['', '""'],
  ] as const)
    assert.equal(
      rateLimitFields([{ policy: policy(name, 1, 1_000), verdict: allowed(0, 0) }])['ratelimit'],
      `${written};r=0;t=0`,
    )
})

test('whatever the policies and verdicts, both fields are lists of structured strings with whole numbers', () => {
  const string = '"(?:[ !#-\\[\\]-~]|\\\\["\\\\])*"'
  const list = (parameters: string): RegExp => new RegExp(`^${string}${parameters}(?:, ${string}${parameters})*$`)
  const taken = fc.record<Taken>({
    policy: fc.record({
      name: fc.string({ unit: 'binary' }),
      quota: fc.record({
        limit: fc.integer({ min: 1, max: 65_535 }),
        windowMs: fc.integer({ min: 1_000, max: 86_400_000 }),
      }),
    }),
    verdict: fc.record({
      allowed: fc.boolean(),
      remaining: fc.nat(65_535),
      resetMs: fc.double({ min: 0, max: 1e8, noNaN: true }),
      retryAfterMs: fc.double({ min: 0, max: 1e8, noNaN: true }),
    }),
  })
  fc.assert(
    fc.property(fc.array(taken, { minLength: 1, maxLength: 5 }), (all) => {
      const { fields: told, lines } = new RateLimits(all)
      assert.equal(lines, `ratelimit-policy: ${told['ratelimit-policy']}\r\nratelimit: ${told['ratelimit']}\r\n`)
      const fields = rateLimitFields(all)
      assert.match(fields['ratelimit-policy'] ?? '', list(';q=\\d+;w=[1-9]\\d*'))
      assert.match(fields['ratelimit'] ?? '', list(';r=\\d+;t=\\d+'))
      assert.equal(
        'retry-after' in fields,
        all.some(({ verdict }) => !verdict.allowed),
      )
      if ('retry-after' in fields) assert.match(fields['retry-after'] ?? '', /^[1-9]\d*$/)
    }),
  )
})

test('a client that keeps to the fields is never refused', () => {
  let now = 1_000_000
  const counter = memoryCounter({ clock: () => now })
  for (let count = 0; count < 500; count += 1) {
    const verdict = counter.take(credentials, 'a')
    assert.ok(verdict.allowed, `request ${count}`)
    const [, remaining, reset] =
      /;r=(\d+);t=(\d+)$/.exec(rateLimitFields([{ policy: credentials, verdict }])['ratelimit'] ?? '') ?? []
    now += remaining === '0' ? Number(reset) * 1_000 : 37
  }
})
