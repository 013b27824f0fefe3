import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { test } from 'node:test'
import { stripVTControlCharacters } from 'node:util'
import { Ajv2020 } from 'ajv/dist/2020.js'
import ajvDraft04 from 'ajv-draft-04'
import ajvFormats from 'ajv-formats'
import type { Log } from 'sarif'
import { items } from '../../src/items/index.ts'
import {
  buildReport,
  newSince,
  type Report,
  toHtml,
  toJson,
  toJunit,
  toSarif,
  toTerminal,
} from '../../src/report/index.ts'
import { cut, widthOf, wrap } from '../../src/report/wrap.ts'
import { exchange, full, hostile, inputOf, SECRET, seen, source } from './samples.ts'

const require = createRequire(import.meta.url)
const json: unknown = JSON.parse(readFileSync(new URL('../../schema/report.schema.json', import.meta.url), 'utf8'))

/** Dev dependencies in CommonJS, whose default export is inside for a compiler and not at run time, or the other way round. */
const addFormats = ajvFormats as unknown as typeof ajvFormats.default
const AjvDraft04 = ajvDraft04 as unknown as typeof ajvDraft04.default

const many = (count: number): Report =>
  buildReport(
    inputOf([
      {
        name: 'source',
        observations: [
          ...Array.from({ length: count }, (_, i) =>
            seen('cors', 'fail', `finding ${i}`, [source(`f${i}.ts`, 1, 'cors()')]),
          ),
          ...Array.from({ length: count }, (_, i) =>
            seen('debug', 'fail', `other ${i}`, [source(`f${i}.ts`, 1, 'debug()')]),
          ),
        ],
      },
    ]),
  )
const baseline = (): Report => newSince(JSON.parse(toJson(full())), full())
const SAMPLES: Readonly<Record<string, () => Report>> = {
  full: () => full({ suppressions: [{ fingerprint: '0123456789abcdef', reason: 'gone', expires: '2020-01-31' }] }),
  hostile,
  'nothing seen': () => buildReport(inputOf([])),
  'nothing asked': () => full({ which: [] }),
  'many findings': () => many(450),
  'against a baseline': baseline,
}
const FORMATS: Readonly<Record<string, (report: Report) => string>> = {
  json: toJson,
  sarif: toSarif,
  junit: toJunit,
  html: toHtml,
  terminal: (report) => toTerminal(report, { colour: false }),
  'terminal, narrow': (report) => toTerminal(report, { colour: false, width: 40 }),
}

for (const [format, write] of Object.entries(FORMATS)) {
  test(`${format}: holds every item, and says what decided`, () => {
    for (const sample of [full, hostile, baseline]) {
      const text = write(sample())
      for (const { id } of items) assert.ok(text.includes(id), id)
      assert.ok(text.replace(/\s+/g, ' ').includes(sample().verdict.because), sample().verdict.because)
    }
  })
  test(`${format}: shows no secret and nothing that is not seen`, () => {
    const text = write(hostile())
    assert.ok(!text.includes(SECRET))
    assert.ok(text.includes('hunt…'))
    assert.doesNotMatch(text.replaceAll('\n', ''), /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u)
    assert.ok(text.isWellFormed())
  })
  test(`${format}: is the same for the same`, () => {
    for (const sample of Object.values(SAMPLES)) assert.equal(write(sample()), write(sample()))
  })
  test(`${format}: names a stale suppression`, () => {
    assert.ok(write((SAMPLES['full'] ?? full)()).includes('0123456789abcdef'))
  })
}

test('json: is valid against the published schema, which knows every key', () => {
  const validate = new Ajv2020({ strict: true, allErrors: true }).compile(json as object)
  for (const [name, sample] of Object.entries(SAMPLES))
    assert.ok(validate(JSON.parse(toJson(sample()))), `${name}: ${JSON.stringify(validate.errors?.slice(0, 3))}`)
  assert.ok(!validate({ ...JSON.parse(toJson(full())), extra: 1 }))
})

const sarifSchema = (): object | undefined => {
  try {
    return require('@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json') as object
  } catch {
    return undefined
  }
}

test('sarif: is valid against the schema of SARIF 2.1.0', (t) => {
  const schema = sarifSchema()
  if (schema === undefined && process.env['CI'] === undefined) {
    t.skip('NOT CHECKED: the dev dependency @microsoft/jest-sarif, which ships the schema, is not installed')
    return
  }
  assert.ok(schema, '@microsoft/jest-sarif is installed')
  const ajv = new AjvDraft04({ strict: false, allErrors: true, unicodeRegExp: false })
  addFormats(ajv)
  const validate = ajv.compile(schema)
  for (const [name, sample] of Object.entries(SAMPLES))
    assert.ok(validate(JSON.parse(toSarif(sample()))), `${name}: ${JSON.stringify(validate.errors?.slice(0, 3))}`)
})

const runOf = (report: Report) => {
  const [run] = (JSON.parse(toSarif(report)) as Log).runs
  assert.ok(run)
  return run
}

test('sarif: rules carry the standards, results their level, place and fingerprint', () => {
  const { tool, results = [], invocations } = runOf(full())
  const rules = tool.driver.rules ?? []
  assert.deepEqual(
    rules.map(({ id }) => id),
    items.map(({ id }) => id),
  )
  assert.ok(rules[0]?.properties?.tags?.includes('ASVS-5.0/V9.2.1'))
  assert.ok(rules[0]?.properties?.tags?.includes('OWASP-API/API2:2023'))
  assert.equal(invocations?.[0]?.exitCode, 1)
  const expiry = results.find(({ ruleId }) => ruleId === 'jwt-expiry')
  assert.equal(expiry?.level, 'error')
  assert.equal(expiry?.locations?.[0]?.physicalLocation?.region?.startLine, 33)
  assert.equal(expiry?.relatedLocations?.[0]?.physicalLocation?.artifactLocation?.uri, 'app/api/login.py')
  assert.match(expiry?.partialFingerprints?.['portcullisCheck/v1'] ?? '', /^[0-9a-f]{16}$/)
  const live = results.find(({ ruleId }) => ruleId === 'value-echo')
  assert.match(live?.locations?.[0]?.logicalLocations?.[0]?.fullyQualifiedName ?? '', /^POST \/users/)
  assert.deepEqual(new Set(results.map(({ level }) => level)), new Set(['error', 'warning', 'note']))
  for (const { ruleId, ruleIndex } of results) assert.equal(rules[ruleIndex ?? -1]?.id, ruleId)
})

test('sarif: somebody else’s text makes no link and no placeholder, and a name stays a name', () => {
  const text = '[click](http://evil.example) {0}'
  const observations = [seen('cors', 'fail', text, [source('a b/c:d%[x].ts', 1, 'x'), exchange(`GET /${text}`, '200')])]
  const [result] = runOf(buildReport(inputOf([{ name: 'source', observations }], { which: ['cors'] }))).results ?? []
  assert.ok(result?.message.text?.startsWith('\\[click\\](http://evil.example) {{0}}'), result?.message.text)
  assert.equal(result?.locations?.[0]?.physicalLocation?.artifactLocation?.uri, 'a%20b/c%3Ad%25%5Bx%5D.ts')
})

test('junit: one case an item; fails are failures, what is not shown to hold is skipped, a warning passes with its words', () => {
  const text = toJunit(full())
  assert.match(text, /tests="23" failures="4" errors="0" skipped="12"/)
  const bodyOf = (page: string, id: string): string => new RegExp(`name="${id}: [^>]*>(<[a-z-]+)`).exec(page)?.[1] ?? ''
  assert.equal(bodyOf(text, 'jwt-expiry'), '<failure')
  assert.equal(bodyOf(text, 'docs-exposed'), '<system-out')
  assert.equal(bodyOf(text, 'weak-key'), '<skipped')
  assert.equal(bodyOf(text, 'cors'), '<system-out')
  assert.equal(bodyOf(toJunit(full({ failOn: 'warn' })), 'docs-exposed'), '<failure')
  assert.equal(bodyOf(toJunit(full({ failOn: 'not-proven' })), 'weak-key'), '<failure')
  assert.equal(bodyOf(toJunit(full({ failOn: 'never' })), 'jwt-expiry'), '<failure')
  assert.doesNotMatch(toJunit(baseline()), /<failure/)
})

test('junit: its tags nest and close whatever the texts hold', () => {
  const text = toJunit(hostile())
  const open: string[] = []
  for (const [, close, name = '', self] of text
    .replace(/^<\?[^>]*>/, '')
    .matchAll(/<(\/?)([a-z-]+)(?:\s+[a-z]+="[^"<]*")*(\/?)>/g))
    if (close === '/') assert.equal(open.pop(), name)
    else if (self !== '/') open.push(name)
  assert.deepEqual(open, [])
  const left = text.replace(/^<\?[^>]*>/, '').replace(/<\/?[a-z-]+(?:\s+[a-z]+="[^"<]*")*\/?>/g, '')
  assert.doesNotMatch(left, /[<>]|&(?!amp;|lt;|gt;|quot;|apos;|#10;|#13;)/)
})

test('a terminal that does not say how wide it is, or says 0, has 80 columns', () => {
  const page = toTerminal(full(), { colour: false, width: 80 })
  assert.equal(toTerminal(full(), { colour: false }), page)
  assert.equal(toTerminal(full(), { colour: false, width: 0 }), page)
})

test('terminal: the last line is what decided, the ten come first, and a failure has all it should', () => {
  const lines = toTerminal(full(), { colour: false, width: 120 }).trimEnd().split('\n')
  assert.equal(lines.at(-1), 'Exit 1: jwt-expiry, auth-rate-limit, hardcoded-secret and value-echo failed.')
  assert.equal(lines.at(-2), '23 items: 4 failed, 2 warnings, 11 not proven, 5 passed, 1 not applicable; 20 findings')
  assert.ok(lines.indexOf('The ten') < lines.indexOf('Beyond the ten'))
  const page = lines.join('\n')
  for (const part of [
    '✗ fail  jwt-expiry',
    'app/core/config.py:33  ACCESS_TOKEN_EXPIRE_MINUTES: int = 60 * 24 * 8',
    'why    A token that leaks',
    'mend   Sign access tokens',
    'page   docs/checks/jwt-expiry.md',
    "$ curl -si -X POST 'http://127.0.0.1:3000/users' -H 'Authorization: Bearer $TOKEN'\n",
    '.env:3 @ 4f0c1b7a9d',
    '✓ pass  default-deny  Every router takes the guard from the application.  app/main.py:18 (+1)',
  ])
    assert.ok(page.includes(part), part)
})

test('terminal: what is said of several of which nothing was seen is said once and whole, with what to do', () => {
  const said = 'No backend was found in 0 source files (Express, Fastify, Hono, NestJS, FastAPI, Flask).'
  const observations = items.filter(({ ten }) => ten).map(({ id }) => seen(id, 'not-proven', said, []))
  const page = (target: { folder: string; url?: string }, all: typeof observations): string =>
    toTerminal(buildReport({ ...inputOf([{ name: 'source', observations: all }]), target }), { colour: false })
  const folder = 'some-api'
  const text = page({ folder }, observations)
  assert.ok(text.includes('  ? not proven  jwt-expiry, auth-rate-limit, validators, default-deny, cors,\n'), text)
  assert.equal(text.replaceAll(/\s+/g, ' ').split(said).length, 2, text)
  assert.match(text, /\nWhat can't be read can be checked while it runs: --url http/)
  const proven = [...observations.slice(1), seen('jwt-expiry', 'pass', 's', [])]
  for (const other of [page({ folder, url: 'http://127.0.0.1:3000' }, observations), page({ folder }, proven)])
    assert.doesNotMatch(other, /while it runs/)
})

test('terminal: no line is wider than it should be, but one that is to be run', () => {
  for (const sample of Object.values(SAMPLES))
    for (const width of [40, 80, 120])
      for (const line of toTerminal(sample(), { colour: false, width }).split('\n'))
        assert.ok(widthOf(line) <= width || line.startsWith('        $ '), `${width}: ${line}`)
})

test('terminal: colours only when told, and then the same text', () => {
  const plain = toTerminal(full(), { colour: false })
  const painted = toTerminal(full(), { colour: true })
  assert.ok(!plain.includes('\x1b'))
  assert.ok(painted.includes('\x1b[32m'))
  assert.equal(stripVTControlCharacters(painted), plain)
})

test('terminal: at most 20 findings, shared among the items, and how many more', () => {
  const page = toTerminal(many(450), { colour: false })
  assert.equal(page.match(/•/g)?.length, 10)
  assert.ok(page.includes('• other 0'))
  assert.ok(page.includes('and 445 more: see --json'))
  const observations = items.flatMap(({ id }) =>
    Array.from({ length: 9 }, (_, i) =>
      seen(id, id === 'cookie-flags' ? 'fail' : 'warn', 's', [source('f.ts', i + 1, 'x')]),
    ),
  )
  const all = toTerminal(buildReport(inputOf([{ name: 'source', observations }])), { colour: false })
  assert.equal(all.match(/•/g)?.length, 20)
  assert.match(all, /✗ fail {2}cookie-flags.*\n +•/)
  assert.ok(all.includes('9 findings: see --json'))
})

test('terminal: where the rest is, of one finding and of its places', () => {
  const lines = (places: number): string => {
    const evidence = Array.from({ length: places }, (_, i) => source('f.ts', i + 1, 'x'))
    return toTerminal(buildReport(inputOf([{ name: 'source', observations: [seen('cors', 'fail', 's', evidence)] }])), {
      colour: false,
    })
  }
  assert.doesNotMatch(lines(5), /more place/)
  assert.match(lines(6), / and 1 more place: see --json/)
  assert.match(lines(7), / and 2 more places: see --json/)
})

test('wrap: keeps every word, within the columns, wide characters counted twice', () => {
  assert.deepEqual(wrap('one two three', 7), ['one two', 'three'])
  assert.deepEqual(wrap('abcdefghij', 4), ['abcd', 'efgh', 'ij'])
  assert.deepEqual(wrap('', 4), [''])
  assert.equal(widthOf('漢字e\u0301'), 5)
  assert.equal(cut('漢字漢字', 5), '漢字…')
})
