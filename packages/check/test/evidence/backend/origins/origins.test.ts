import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { loosePattern, originsOf } from '../../../../src/evidence/backend/origins/origins.ts'
import { envOf, readingOf } from '../../sources.ts'

const origins = (option: string, env: Readonly<Record<string, string>> = {}): string => {
  const reading = readingOf({ 'src/app.ts': `const LIST = ['https://a.example']; use(${option})` }, { env: envOf(env) })
  const [call] = reading.program.callsNamed('use')
  assert.ok(call)
  return originsOf(reading, call.node.args[0] && reading.evaluator.value(call.node.args[0], call.scope), 'any')
}

const rows = (
  title: string,
  table: readonly (readonly [option: string, expected: string, env?: Readonly<Record<string, string>>])[],
) =>
  describe(title, () => {
    for (const [option, expected, env] of table)
      test(`${option}${env === undefined ? '' : ` with ${JSON.stringify(env)}`}`, () => {
        assert.equal(origins(option, env), expected)
      })
  })

rows('literals', [
  ['', 'any'],
  ["'*'", 'any'],
  ["'https://a.example'", 'listed'],
  ["'null'", 'null'],
  ['true', 'reflected'],
  ['false', 'listed'],
  ["['https://a.example', 'https://b.example']", 'listed'],
  ["['https://a.example', '*']", 'any'],
  ["['https://a.example', 'null']", 'null'],
  ['[]', 'listed'],
  ["'https://*'", 'any'],
  ["'https://*.com'", 'any'],
  ["'https://*.example.com'", 'listed'],
])

rows('settings', [
  ['process.env.ORIGIN', 'listed'],
  ['process.env.ORIGIN', 'any', { ORIGIN: '*' }],
  ['process.env.ORIGIN', 'listed', { ORIGIN: 'https://a.example' }],
  ["process.env.ORIGINS.split(',')", 'any', { ORIGINS: 'https://a.example,*' }],
  ['process.env.ORIGINS', 'any', { ORIGINS: '["*"]' }],
  ["process.env.ORIGIN || '*'", 'any'],
  ["process.env.ORIGIN ?? 'https://a.example'", 'listed'],
  ['process.env.ORIGIN || true', 'reflected'],
  ["process.env.ORIGIN === '*' ? '*' : LIST", 'listed'],
  ["process.env.OPEN ? '*' : LIST", 'any'],
])

rows('patterns', [
  ['/^https:\\/\\/a\\.example$/', 'listed'],
  ['/a\\.example$/', 'loose'],
  ['/^https:\\/\\/a.example\\.com$/', 'loose'],
  ["[/example\\.com$/, 'https://a.example']", 'loose'],
  ['new RegExp(process.env.SITE)', 'loose'],
  ["new RegExp('^' + site() + '$')", 'listed'],
])

rows('functions', [
  ['(origin, done) => done(null, true)', 'reflected'],
  ['(origin) => origin', 'reflected'],
  ['(origin, done) => done(null, LIST.includes(origin))', 'listed'],
  ['(origin, done) => { if (LIST.includes(origin)) done(null, true); else done(new Error("no")) }', 'listed'],
  ['(origin, done) => { if (LIST.indexOf(origin) === -1) return done(new Error("no")); done(null, true) }', 'listed'],
  ['(origin, done) => done(null, new Set(LIST).has(origin))', 'listed'],
  ["(origin, done) => done(null, origin === 'https://a.example')", 'listed'],
  ['(origin, done) => done(null, origin === undefined)', 'listed'],
  ["(origin, done) => { if (mode === 'development') log(origin); done(null, true) }", 'reflected'],
  ["(origin, done) => { if (origin === '') log(origin); done(null, true) }", 'reflected'],
  ["(origin, done) => done(null, origin === 'null')", 'null'],
  ['(origin, done) => done(null, origin === SITE)', 'listed'],
  ["(origin, done) => done(null, origin.includes('a.example'))", 'loose'],
  ["(origin, done) => done(null, origin.startsWith('https://a'))", 'loose'],
  ["(origin, done) => done(null, origin.endsWith('a.example'))", 'loose'],
  ["(origin, done) => done(null, origin.endsWith('.a.example'))", 'listed'],
  ["(origin, done) => done(null, origin.endsWith('.vercel.app'))", 'loose'],
  ["(origin, done) => done(null, new URL(origin).hostname.endsWith('.pages.dev'))", 'loose'],
  ["(origin, done) => done(null, origin.endsWith('.mine.workers.dev'))", 'listed'],
  ['(origin, done) => done(null, /a\\.example/.test(origin))', 'loose'],
  ['(origin, done) => done(null, /^https:\\/\\/a\\.example$/.test(origin))', 'listed'],
  ["(origin, done) => done(null, LIST.includes(origin) || origin === 'null')", 'null'],
  ['(origin, done) => done(new Error("no"))', 'unknown'],
])

test('patterns that look-alikes pass', () => {
  const table: readonly (readonly [source: string, loose: boolean])[] = [
    ['^https://a\\.example$', false],
    ['^https://(?:a|b)\\.example\\.com$', false],
    ['^https://[a-z]+\\.example\\.com$', false],
    ['https://a\\.example$', true],
    ['^https://a\\.example', true],
    ['^https://app.example.com$', true],
    ['^https?://.*example\\.com$', true],
    ['^https://.*\\.vercel\\.app$', true],
    ['^https://mine-[a-z0-9-]+\\.vercel\\.app$', true],
    ['^https://(?:[a-z]+\\.)?github\\.io$', true],
    ['^https://mine-[a-z0-9-]+-team\\.vercel\\.app$', false],
    ['^https://deploy-preview-\\d+--mine\\.netlify\\.app$', false],
    ['^https://(?:one|two)\\.vercel\\.app$', false],
  ]
  for (const [source, loose] of table) {
    assert.equal(loosePattern(source), loose, source)
    // A look-alike in earnest: what the pattern is said to let in, it does.
    if (loose)
      assert.ok(
        [
          'https://evil.examplea.example',
          'https://evil/https://a.example',
          'https://a.example.evil.com',
          'https://appxexample.com',
          'https://evilexample.com',
          'https://mine-evil.vercel.app',
          'https://evil.github.io',
        ].some((one) => new RegExp(source).test(one)),
        source,
      )
  }
})
