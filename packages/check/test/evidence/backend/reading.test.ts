import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { placeOf, whenOf } from '../../../src/evidence/backend/reading.ts'
import { settingsOf } from '../../../src/evidence/backend/switches/settings-of.ts'
import { envOf, readingOf } from '../sources.ts'

/** When `here()` runs. */
const when = (text: string, file = 'src/app.ts'): string => {
  const reading = readingOf({ [file]: text })
  const [call] = reading.program.callsNamed('here')
  assert.ok(call)
  return whenOf(reading, call.node)
}

const rows = (title: string, file: string, table: readonly (readonly [text: string, expected: string])[]) =>
  describe(title, () => {
    for (const [text, expected] of table)
      test(text, () => {
        assert.equal(when(text, file), expected)
      })
  })

rows('when something runs, in TypeScript', 'src/app.ts', [
  ['here()', 'always'],
  ["if (process.env.NODE_ENV === 'development') here()", 'development'],
  ["if (process.env.NODE_ENV !== 'production') here()", 'development'],
  ["if (process.env.NODE_ENV === 'production') here()", 'production'],
  ["if (process.env.NODE_ENV === 'production') {} else here()", 'development'],
  ["if (!(process.env.NODE_ENV === 'production')) here()", 'development'],
  ["if ('development' === process.env.NODE_ENV) here()", 'development'],
  ["const { NODE_ENV } = process.env; if (NODE_ENV === 'development') here()", 'development'],
  ["const dev = process.env.NODE_ENV === 'development'; if (dev) here()", 'development'],
  ['const isDev = check(); if (isDev) here()', 'development'],
  ["if (['development', 'test'].includes(process.env.NODE_ENV)) here()", 'development'],
  ["if (['development', 'production'].includes(process.env.NODE_ENV)) here()", 'unknown'],
  // Everything that is not a test is production too.
  ["if (process.env.NODE_ENV !== 'test') here()", 'production'],
  // Node's own word is production: this never is.
  ["if (process.env.NODE_ENV !== 'prod') here()", 'always'],
  ["if (process.env.NODE_ENV === 'prod') here()", 'unknown'],
  ["if (process.env.NODE_ENV === 'development' && x) here()", 'development'],
  ["if (process.env.NODE_ENV === 'development' || x) here()", 'unknown'],
  ["if (!(process.env.NODE_ENV === 'production' && x)) here()", 'unknown'],
  ["if (!(process.env.NODE_ENV === 'production' || x)) here()", 'development'],
  ["process.env.NODE_ENV === 'development' && here()", 'development'],
  ["process.env.NODE_ENV === 'production' ? 0 : here()", 'development'],
  ["const f = () => { if (process.env.NODE_ENV === 'production') return; here() }", 'development'],
  ["const f = () => { if (process.env.NODE_ENV === 'production') throw new Error(); here() }", 'development'],
  ["const f = () => { if (process.env.NODE_ENV === 'production') log(); here() }", 'always'],
  ["const g = () => { if (process.env.NODE_ENV === 'production') return }; here()", 'always'],
  ['if (process.env.DOCS) here()', 'unknown'],
  // A program that does not start serves nobody; a handler that throws answers.
  ['if (!process.env.SECRET) throw new Error(); here()', 'always'],
  ['const f = () => { if (!process.env.DOCS) throw new NotFound(); here() }', 'unknown'],
  ["if (process.env.NODE_ENV === 'production') throw new Error(); here()", 'development'],
  ['if (process.env.DEBUG) here()', 'development'],
  // Whoever asks chooses.
  ['const f = (req) => { if (req.query.debug) here() }', 'unknown'],
  ['const f = (req) => { const { debug } = req.query; if (debug) here() }', 'unknown'],
  ["if (mode() === 'development') here()", 'unknown'],
  ["if (process.env.NODE_ENV === 'development') { if (x) here() }", 'development'],
])

rows('in Python', 'a.py', [
  ['if settings.ENVIRONMENT == "local":\n  here()', 'development'],
  ['if settings.ENVIRONMENT != "production":\n  here()', 'development'],
  ['if settings.ENVIRONMENT in ("local", "staging"):\n  here()', 'development'],
  ['if settings.ENVIRONMENT not in ["production"]:\n  here()', 'development'],
  ['class S(BaseSettings):\n  DEBUG: bool = False\nif S().DEBUG:\n  here()', 'development'],
  ['class S(BaseSettings):\n  DEBUG: bool = True\nif S().DEBUG:\n  here()', 'always'],
  ['if not SECRET or len(SECRET) < 32:\n  raise RuntimeError("no key")\nhere()', 'always'],
  ['def create():\n  if not SECRET:\n    raise RuntimeError\n  here()', 'always'],
  ['def page():\n  if not SHOWN:\n    raise HTTPException(404)\n  here()', 'unknown'],
  ['import os\nif os.getenv("APP_ENV", "dev") == "production":\n  here()\nelse:\n  pass', 'production'],
])

describe('a place', () => {
  const reading = readingOf({ 'a.ts': `const a = 1\n\t  here(${'x'.repeat(300)})  \nlast()` })
  const place = (name: string) => {
    const [call] = reading.program.callsNamed(name)
    assert.ok(call)
    return placeOf(reading, call.node.at)
  }

  test('has the text of its line, trimmed and bounded', () => {
    const { file, line, text } = place('here')
    assert.deepEqual([file, line], ['a.ts', 2])
    assert.ok(text.startsWith('here(xx'))
    assert.equal(text.length, 200)
    assert.equal(place('last').text, 'last()')
  })

  test('in the first line, and in a file that is not there', () => {
    const at = { file: 'a.ts', line: 1, start: 0, end: 5 }
    assert.equal(placeOf(reading, at).text, 'const a = 1')
    assert.equal(placeOf(reading, { ...at, file: 'b.ts' }).text, '')
  })
})

test("the project's own settings come before an example's", () => {
  const own = envOf({ A: '1' })
  const example = envOf({ A: '2', B: '3' }, '.env.example')
  const env = new Map([
    ['A', [...(example.get('A') ?? []), ...(own.get('A') ?? [])]],
    ['B', example.get('B') ?? []],
  ])
  const reading = readingOf({}, { env })
  assert.deepEqual(
    settingsOf(reading, 'A').map((one) => one.value),
    ['1'],
  )
  assert.deepEqual(
    settingsOf(reading, 'B').map((one) => one.value),
    ['3'],
  )
  assert.deepEqual(
    settingsOf(reading, 'b').map((one) => one.value),
    ['3'],
  )
  assert.deepEqual(settingsOf(reading, 'C'), [])
})
