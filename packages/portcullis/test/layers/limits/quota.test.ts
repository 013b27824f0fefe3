import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { parseQuota } from '../../../src/layers/limits/index.ts'

test('a quota is read as people write it', () => {
  for (const [text, limit, windowMs] of [
    ['200/minute', 200, 60_000],
    ['10/minute', 10, 60_000],
    ['10 / minute', 10, 60_000],
    ['10/ minutes', 10, 60_000],
    ['5/second', 5, 1_000],
    ['5/1 second', 5, 1_000],
    ['5/30sec', 5, 30_000],
    ['1000/hour', 1_000, 3_600_000],
    ['50/day', 50, 86_400_000],
    ['50/1d', 50, 86_400_000],
    ['100/15 minutes', 100, 900_000],
    ['100/15minutes', 100, 900_000],
    ['100/15 mins', 100, 900_000],
    ['100/15m', 100, 900_000],
    ['10/90s', 10, 90_000],
    ['10/2h', 10, 7_200_000],
    ['10/24 hours', 10, 86_400_000],
    ['1/86400 s', 1, 86_400_000],
    ['65535/day', 65_535, 86_400_000],
    ['1/second', 1, 1_000],
  ] as const) {
    const quota = parseQuota(text)
    assert.deepEqual(quota, { limit, windowMs }, text)
    assert.ok(Object.isFrozen(quota))
  }
})

test('what is no quota is refused with the sentence that helps', () => {
  const wrong: readonly (readonly [unknown, RegExp])[] = [
    ...['200 per minute', '200 per min', '200/per minute', '200 a minute', '200 an hour', '200 each minute'].map(
      (text) => [text, /with a slash: '200\/minute', not '200 per min'$/] as const,
    ),
    ...['-1/minute', '-200/minute', '-/minute'].map(
      (text) => [text, /a number from 1 on; what should not be limited has no quota/] as const,
    ),
    ...['1.5/minute', '1e3/minute', '1,000/minute', '1_000/minute', '+5/minute', '0.5 / hour'].map(
      (text) => [text, /a whole number, in digits only/] as const,
    ),
    ['200', /with the time it is for/],
    ...['200/', '200/60', '200 / '].map(
      (text) => [text, /blanks around it|with a unit of time after the slash/] as const,
    ),
    ...['200/Minute', '200/MINUTE', '10/90S'].map((text) => [text, /in small letters/] as const),
    ...['200/fortnight', '200/week', '200/month', '5/100ms', '5/10 millis'].map(
      (text) => [text, /^a quota is a number, a slash and a time/] as const,
    ),
    ...[' 200/minute', '200/minute ', '200/minute\n', '\u00a0200/minute'].map(
      (text) => [text, /without blanks around it/] as const,
    ),
    ...[
      '',
      '/minute',
      'minute',
      '200//minute',
      '200/ss',
      '200/minutess',
      '200/hrs',
      '२/minute',
      '200/constructor',
      '200/__proto__',
      '200/15  minutes',
      '200\\minute',
      '0x10/minute',
      '200/minute/minute',
      'off',
      'Infinity/minute',
      '9999999999/minute',
    ].map((text) => [text, /^a quota is a number, a slash and a time, such as '200\/minute'/] as const),
    ...['0/minute', '00/minute', '65536/minute', '999999999/day'].map(
      (text) => [text, /^a quota allows a whole number of requests from 1 to 65535$/] as const,
    ),
    ...['10/2 days', '10/0 minutes', '10/25 hours', '10/86401s', '10/0s', '10/999999999 d'].map(
      (text) => [text, /^a quota's time is from 1 second to 1 day$/] as const,
    ),
    ...[200, 0, null, undefined, {}, ['200/minute'], true].map(
      (value) => [value, /'100\/15 minutes', written as text$/] as const,
    ),
  ]
  for (const [text, message] of wrong)
    assert.throws(() => parseQuota(text as string), { name: 'TypeError', message }, JSON.stringify(text))
})

test('no message repeats what was written, and no text takes long', () => {
  fc.assert(
    fc.property(fc.string({ minLength: 4, maxLength: 40 }), (text) => {
      fc.pre(
        !"a quota is a number, a slash and a time, such as '200/minute', '5/second' or '100/15 minutes'".includes(text),
      )
      assert.throws(
        () => parseQuota(`s3cret ${text}`),
        (error: Error) =>
          error instanceof TypeError && !error.message.includes('s3cret') && !error.message.includes(text),
      )
    }),
  )
  const started = performance.now()
  for (const text of ['1'.repeat(1e6), '1,'.repeat(5e5), `1/${' '.repeat(1e6)}`, '1/1'.repeat(3e5)])
    assert.throws(() => parseQuota(text), TypeError)
  assert.ok(performance.now() - started < 1_000)
})
