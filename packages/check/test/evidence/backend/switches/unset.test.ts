import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { stackSigns } from '../../../../src/evidence/backend/disclosure/stacks.ts'
import type { EnvSetting } from '../../../../src/evidence/backend/reading.ts'
import { readingOf } from '../../sources.ts'

const start = { file: 'Dockerfile', line: 1, text: 'node src/app.ts' }
const HEAD = "import { z } from 'zod'\nconst raw = process.env.NODE_ENV\n"
const SCHEMA = "const env = z.object({ NODE_ENV: z.string().default('development') }).parse(process.env)\n"

/** Whether an error handler shows the stack where the image starts it and nothing says that this is production. */
const shown = (body: string, settings: readonly Omit<EnvSetting, 'at'>[] = [], file = '.env'): boolean => {
  const env = settings.map((one) => ({ ...one, at: { file, line: 1, text: '' } }))
  const reading = readingOf(
    { 'src/app.ts': `${HEAD}${SCHEMA}use((err, req, res, next) => {\n${body}\n})` },
    { deployment: { start, production: false }, env: new Map([['NODE_ENV', env]]) },
  )
  const [call] = reading.program.callsNamed('use')
  assert.ok(call?.node.args[0])
  const value = reading.evaluator.value(call.node.args[0], call.scope)
  assert.ok(value.kind === 'function')
  return stackSigns(reading, value, 'error handler').length > 0
}

const when = (test: string) => `res.json({ stack: ${test} ? err.stack : undefined })`

describe('a stack that is for development, where nobody sets NODE_ENV', () => {
  const table: readonly (readonly [body: string, shown: boolean])[] = [
    [when("process.env.NODE_ENV === 'development'"), false],
    [when("process.env.NODE_ENV !== 'production'"), true],
    [when("!(process.env.NODE_ENV === 'production')"), true],
    [when("raw === 'development'"), false],
    [when("['development', 'test'].includes(process.env.NODE_ENV)"), false],
    [when("!['production', 'staging'].includes(process.env.NODE_ENV)"), true],
    [when("(process.env.NODE_ENV || 'development') === 'development'"), true],
    [when("env.NODE_ENV === 'development'"), true],
    [when("req.app.get('env') === 'development'"), true],
    [when("debug && process.env.NODE_ENV === 'development'"), false],
    ["const isProd = env.NODE_ENV === 'production'\nres.json({ ...(isProd ? {} : { stack: err.stack }) })", true],
    ["const isDev = raw === 'development'\nres.json({ ...(isDev && { stack: err.stack }) })", false],
    ["if (raw === 'development') return res.json({ stack: err.stack })\nres.end()", false],
    ["if (raw === 'production') return res.end()\nres.json({ stack: err.stack })", true],
    ["const body = { stack: err.stack }\nif (raw !== 'development') delete body.stack\nres.json(body)", false],
    ["const body = { stack: err.stack }\nif (raw === 'production') delete body.stack\nres.json(body)", true],
  ]
  for (const [body, expected] of table)
    test(body, () => {
      assert.equal(shown(body), expected)
    })
})

test('where the project sets it, that is what it is', () => {
  const body = when("process.env.NODE_ENV === 'development'")
  assert.equal(shown(body, [{ value: 'development', example: false }]), true)
  assert.equal(shown(body, [{ value: 'staging', example: false }]), false)
  // An example is for whoever develops, and so is a file that says so.
  assert.equal(shown(body, [{ value: 'development', example: true }]), false)
  assert.equal(shown(body, [{ value: 'development', example: false, development: true }]), false)
})

test('a script beside the one that is run sets nothing for it', () => {
  const body = when("process.env.NODE_ENV !== 'production'")
  assert.equal(shown(body, [{ value: 'production', example: false }], 'package.json'), true)
})
