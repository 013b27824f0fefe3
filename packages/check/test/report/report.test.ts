import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { items, redacted } from '../../src/items/index.ts'
import { bounded, cleaner, visible } from '../../src/report/clean.ts'
import { buildReport, newSince, type Report, type ReportItem, toJson } from '../../src/report/index.ts'
import { exchange, full, HOSTILE, hostile, inputOf, note, SECRET, SIDES, seen, source } from './samples.ts'

const itemIn = (report: Report, id: string): ReportItem => {
  const item = report.items.find((one) => one.id === id)
  assert.ok(item, `${id} is in the report`)
  return item
}
const outcomes = (report: Report): object => Object.fromEntries(report.items.map(({ id, outcome }) => [id, outcome]))

test('every item is there once, the ten first, with the outcome of all sides together', () => {
  const report = full()
  assert.deepEqual(
    report.items.map(({ id }) => id),
    items.map(({ id }) => id),
  )
  assert.deepEqual(
    { ...outcomes(report) },
    {
      ...Object.fromEntries(items.map(({ id }) => [id, 'not-proven'])),
      'jwt-expiry': 'fail',
      'auth-rate-limit': 'fail',
      validators: 'warn',
      'default-deny': 'pass',
      cors: 'pass',
      debug: 'not-applicable',
      'hardcoded-secret': 'fail',
      'docs-exposed': 'warn',
      'jwt-payload': 'pass',
      'jwt-verification': 'pass',
      'value-echo': 'fail',
      'user-enumeration': 'pass',
    },
  )
  assert.deepEqual(report.counts, { fail: 4, warn: 2, 'not-proven': 11, pass: 5, 'not-applicable': 1 })
})

test('what nothing was seen of is not proven, and says so', () => {
  const { outcome, findings } = itemIn(buildReport(inputOf([])), 'weak-key')
  assert.equal(outcome, 'not-proven')
  assert.equal(findings.length, 1)
})

test('a pass of one side takes the question off another, and has no findings', () => {
  const report = buildReport(
    inputOf([
      { name: 'source', observations: [seen('cors', 'not-proven', 'unread', [])] },
      { name: 'live', observations: [seen('cors', 'pass', 'proved', [note('seen')], { confidence: 'medium' })] },
    ]),
  )
  const { outcome, findings, summary, confidence } = itemIn(report, 'cors')
  assert.deepEqual(
    { outcome, findings, summary, confidence },
    { outcome: 'pass', findings: [], summary: 'proved', confidence: 'medium' },
  )
})

test('only the items that were asked for', () => {
  assert.deepEqual(outcomes(full({ which: ['cors', 'debug'] })), { cors: 'pass', debug: 'not-applicable' })
})

test('the worst finding leads, and gives the item its severity', () => {
  const report = buildReport(
    inputOf([
      {
        name: 'source',
        observations: [
          seen('cors', 'warn', 'b', [note('b')], { severity: 'low' }),
          seen('cors', 'fail', 'c', [note('c')], { severity: 'critical', mend: 'own' }),
          seen('cors', 'fail', 'a', [note('a')]),
        ],
      },
    ]),
  )
  const { severity, summary, mend, findings } = itemIn(report, 'cors')
  assert.deepEqual([severity, summary, mend], ['critical', 'c', 'own'])
  assert.deepEqual(
    findings.map((finding) => finding.summary),
    ['c', 'a', 'b'],
  )
})

test('one place is shown once, however many rest on it', () => {
  const [one, other] = [source('a.ts', 4, 'const auth = …'), source('b.ts', 1, 'app.use(auth)')]
  const report = buildReport(
    inputOf([{ name: 'source', observations: [seen('default-deny', 'fail', 's', [one, one, other, one])] }]),
  )
  assert.deepEqual(itemIn(report, 'default-deny').findings[0]?.evidence, [one, other])
})

test('the same observations in any order make the same bytes', () => {
  const shuffled = SIDES.map(({ name, observations }) => ({ name, observations: observations.toReversed() }))
  assert.equal(toJson(buildReport(inputOf(shuffled))), toJson(full()))
})

test('moving code keeps fingerprints; equal lines are told apart; what is said may be reworded', () => {
  const at = (...lines: readonly (readonly [string, number, string])[]): readonly string[] =>
    itemIn(
      buildReport(
        inputOf([
          {
            name: 'source',
            observations: lines.map(([text, line, said]) => seen('cors', 'fail', said, [source('a.ts', line, text)])),
          },
        ]),
      ),
      'cors',
    ).findings.map(({ fingerprint }) => fingerprint)
  const [one] = at(['cors()', 1, 'x'])
  assert.match(one ?? '', /^[0-9a-f]{16}$/)
  assert.deepEqual(at(['  cors()', 90, 'other words']), [one])
  const two = at(['cors()', 1, 'x'], ['cors()', 9, 'x'])
  assert.equal(two[0], one)
  assert.equal(new Set(two).size, 2)
  assert.notDeepEqual(at(['cors("*")', 1, 'x']), [one])
})

test('an exchange is known by its method and the shape of its path, a note by its words', () => {
  const mark = (evidence: Parameters<typeof seen>[3]): string | undefined =>
    itemIn(buildReport(inputOf([{ name: 'live', observations: [seen('cors', 'fail', 's', evidence)] }])), 'cors')
      .findings[0]?.fingerprint
  assert.equal(mark([exchange('GET /users/42?a=1', '200')]), mark([exchange('GET /users/{id} (other)', '500')]))
  assert.equal(mark([exchange('GET /x-8f3a2b', '200')]), mark([exchange('GET /x-99aa01', '200')]))
  assert.notEqual(mark([exchange('GET /v1/users', '200')]), mark([exchange('GET /v2/users', '200')]))
  assert.notEqual(mark([exchange('GET /users', '200')]), mark([exchange('POST /users', '200')]))
  assert.equal(mark([note('none in 41 files')]), mark([note('none in 1204 files')]))
})

test('no secret is in any text, however it is spelled there', () => {
  const key = '-----BEGIN KEY-----\nMIIEvQIBADANBgkqhkiG9w0\nAbCdEfGhIjKlMnOpQrStUv\n-----END KEY-----'
  const clean = cleaner(new Set([SECRET, 'q"\\uote/ me', key, 'abc', '']))
  assert.equal(clean(`a ${SECRET} b`), `a ${redacted(SECRET)} b`)
  assert.ok(!clean('{"k":"q\\"\\\\uote/ me"}').includes('uote'))
  assert.ok(!clean('x=q%22%5Cuote%2F%20me').includes('uote'))
  assert.ok(!clean('AbCdEfGhIjKlMnOpQrStUv').includes('KlMn'))
  assert.equal(clean("sign(x, 'abc') in abcdef"), `sign(x, '${redacted('abc')}') in abcdef`)
})

test('a secret that is the name of a field is hidden where it is a value, and the field keeps its name', () => {
  const clean = cleaner(new Set(['password']))
  const hidden = redacted('password')
  for (const [text, shown] of [
    ["getenv('DB', 'password')", `getenv('DB', '${hidden}')`],
    ['DB_PASSWORD=password', `DB_PASSWORD=${hidden}`],
    ['DB_PASSWORD: password', `DB_PASSWORD: ${hidden}`],
    ['postgres://me:password@db', `postgres://me:${hidden}@db`],
    ['POST /reset-password, body: Reset.password: a string', 'POST /reset-password, body: Reset.password: a string'],
    ['password: str', 'password: str'],
  ] as const)
    assert.equal(clean(text), shown)
  const ofTokens = cleaner(new Set(['access', 'refresh']))
  assert.equal(ofTokens('An access token lives 7 hours.'), 'An access token lives 7 hours.')
  assert.equal(ofTokens("JWT_SECRET: 'access'"), `JWT_SECRET: '${redacted('access')}'`)
  assert.equal(ofTokens('JWT_SECRET=refresh'), `JWT_SECRET=${redacted('refresh')}`)
  const ofServices = cleaner(new Set(['docker', 'app']))
  for (const path of ['docker-compose.yml', 'docker/app/config.yml', 'src/app.ts']) assert.equal(ofServices(path), path)
  assert.equal(ofServices('- PGPASSWORD=docker'), `- PGPASSWORD=${redacted('docker')}`)
})

test('a secret of a letter or two is hidden where a value stands, and no word of a sentence is taken for it', () => {
  const clean = cleaner(new Set(['a', '12']))
  const hidden = redacted('a')
  for (const text of ['POST /a/login, a wrong password of a known account', 'src/a.ts, line 12', '"a word" of "a@b.c"'])
    assert.equal(clean(text), text)
  for (const [text, shown] of [
    ["getenv('DB', 'a')", `getenv('DB', '${hidden}')`],
    ['DB_PASSWORD=a', `DB_PASSWORD=${hidden}`],
    ['ENV DB_PASSWORD a', `ENV DB_PASSWORD ${hidden}`],
    ['login --password a --all', `login --password ${hidden} --all`],
    ['postgres://me:a@db', `postgres://me:${hidden}@db`],
    ['{"a":"a","b":12}', `{"a":"${hidden}","b":${redacted('12')}}`],
  ] as const)
    assert.equal(clean(text), shown)
})

test('a secret shows its first four characters and a hash; a short one keeps two for itself', () => {
  assert.match(redacted('abcdefgh'), /^abcd… \(sha256:[\da-f]{12}\)$/)
  assert.match(redacted('abcde'), /^abc… /)
  assert.match(redacted('a'), /^… /)
})

test('a project with a key for each letter does not make texts grow without end', () => {
  const clean = cleaner(new Set([...'abcdef0123456789', 'sha256']))
  assert.ok(clean('a b c d e f sha256', 1e9).length < 300)
})

test('secrets of megabytes are hidden from their start on', () => {
  const clean = cleaner(
    new Set(Array.from({ length: 60 }, (_, index) => `${'a'.repeat(4_000 * index)}b${index} the rest`)),
  )
  assert.match(clean(`KEY=${'a'.repeat(4_000)}b1 the rest`), /^KEY=aaaa… \(sha256:[\da-f]{12}\)$/)
  assert.equal(clean('aab1 the rest'), 'aab1 the rest')
})

test('what is not seen is spelled out, on one line, within bounds', () => {
  assert.equal(visible('a\tb\n\x1b[1m\u202e\u200b\u{e0041}\ud800'), 'a b\\n\\x1b[1m\\u202e\\u200b\\u{e0041}\\ud800')
  assert.equal(visible('é 漢字 😀'), 'é 漢字 😀')
  assert.equal(bounded('😀😀', 2), '…')
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      const shown = cleaner(new Set())(text)
      assert.ok(shown.length <= 300 && shown.isWellFormed())
      assert.doesNotMatch(shown, /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u)
    }),
  )
})

test('a hostile project leaves nothing unseen and no secret in a report', () => {
  const text = JSON.stringify(hostile())
  assert.doesNotMatch(text, /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u)
  assert.ok(!text.includes(SECRET))
  assert.ok(!text.includes(encodeURIComponent(SECRET)))
  assert.ok(HOSTILE.length > 100)
})

test('a suppressed finding leaves the findings, the counts and the verdict', () => {
  const before = full()
  const suppress = (...ids: readonly string[]): Report =>
    full({
      suppressions: ids
        .flatMap((id) => itemIn(before, id).findings)
        .map(({ fingerprint }) => ({ fingerprint, reason: 'known', expires: '2026-06-15' })),
    })
  const one = suppress('jwt-expiry')
  assert.ok(!one.items.some(({ id }) => id === 'jwt-expiry'))
  assert.equal(one.counts.fail, before.counts.fail - 1)
  assert.equal(one.findings, before.findings - 1)
  assert.ok(!JSON.stringify(one).includes('8 days'))
  assert.deepEqual(one.stale, [])
  const all = suppress('jwt-expiry', 'auth-rate-limit', 'hardcoded-secret', 'value-echo')
  assert.equal(all.verdict.exit, 3)
  assert.equal(all.counts.fail, 0)
})

test('an expired suppression hides nothing, and one that matches nothing is named, unless only a part was looked at', () => {
  const [finding] = itemIn(full(), 'jwt-expiry').findings
  assert.ok(finding)
  const suppressions = [
    { fingerprint: finding.fingerprint, reason: 'was known', expires: '2026-06-14' },
    { fingerprint: '0123456789abcdef', reason: 'gone', expires: '2027-01-31' },
  ]
  const report = full({ suppressions })
  assert.equal(itemIn(report, 'jwt-expiry').outcome, 'fail')
  assert.deepEqual(
    report.stale.map(({ because }) => because),
    ['expired', 'matches nothing'],
  )
  assert.deepEqual(
    full({ suppressions, which: ['cors'] }).stale.map(({ because }) => because),
    ['expired'],
  )
})

test('against its own baseline nothing is new; a new finding decides alone', () => {
  const old: unknown = JSON.parse(toJson(full()))
  const same = newSince(old, full())
  assert.equal(same.findings, 0)
  assert.equal(same.verdict.exit, 0)
  assert.match(same.verdict.because, /^nothing is new; \d+ findings are known/)
  assert.equal(itemIn(same, 'jwt-expiry').outcome, 'fail')
  assert.equal(itemIn(same, 'jwt-expiry').known, 1)
  const more = [
    ...SIDES,
    { name: 'source', observations: [seen('cors', 'warn', 'new', [source('b.ts', 1, 'cors()')])] },
  ]
  const next = newSince(old, buildReport(inputOf(more)))
  assert.deepEqual(next.verdict, { exit: 3, because: 'nothing failed, but cors warned.' })
  assert.equal(next.findings, 1)
})

test('findings beyond what --json keeps are known to a baseline all the same', () => {
  const observations = Array.from({ length: 450 }, (_, i) =>
    seen('cors', 'fail', 's', [source(`f${i}.ts`, 1, 'cors()')]),
  )
  const report = buildReport(inputOf([{ name: 'source', observations }], { which: ['cors'] }))
  const old = JSON.parse(toJson(report)) as { items: { findings: unknown[]; leftOff: unknown[] }[] }
  assert.equal(old.items[0]?.findings.length, 200)
  assert.equal(old.items[0]?.leftOff.length, 250)
  assert.equal(newSince(old, report).findings, 0)
})

test('what is no report is no baseline', () => {
  for (const old of [null, [], 'x', {}, { version: 2, items: [] }, { version: 1, items: [1] }])
    assert.throws(() => newSince(old, full()), TypeError)
})
