import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isOffByDefault } from '../../../../src/evidence/backend/guards/off-by-default.ts'
import { readingOf } from '../../sources.ts'

const isOff = (file: string, text: string, way: 'next' | 'end' | 'nothing'): boolean => {
  const reading = readingOf({ [file]: text })
  const [call] = reading.program.callsNamed('use')
  assert.ok(call?.node.args[0], text)
  const value = reading.evaluator.value(call.node.args[0], call.scope)
  assert.ok(value.kind === 'function', text)
  return isOffByDefault(reading, value, way)
}

const REFUSAL = "if (req.get('x-api-key') !== process.env.API_KEY) return res.sendStatus(401); next()"

test('a middleware that stands back until somebody sets something', () => {
  for (const [start, off] of [
    ["if (process.env.AUTH !== 'on') return next()", true],
    ['if (!process.env.API_KEY) { return next() }', true],
    ["if ((process.env.SKIP_AUTH ?? 'true') === 'true') return next()", true],
    ["if (process.env.SKIP_AUTH === 'true') return next()", false],
    ["if (!process.env.API_KEY) throw new Error('no key')", false],
    ["if (process.env.NODE_ENV !== 'production') return next()", false],
    ["if (req.path === '/health') return next()", false],
  ] as const)
    assert.equal(isOff('src/app.ts', `use((req, res, next) => { ${start}; ${REFUSAL} })`, 'next'), off, start)
})

const python = (before: string, body: string): string => `
import os
from pydantic_settings import BaseSettings
class Settings(BaseSettings):
    api_key: str | None = None
    needed_key: str
    auth_off: bool = True
settings = Settings()
${before}
def check(key):
    ${body}
use(check)
`

test('a dependency that stands back until somebody sets something', () => {
  const KEY = 'KEY = os.getenv("KEY")'
  for (const [before, body, off] of [
    [KEY, 'if KEY and key != KEY: raise Refused(401)', true],
    [KEY, 'if key != KEY: raise Refused(401)', false],
    ['KEY = os.environ["KEY"]', 'if KEY and key != KEY: raise Refused(401)', false],
    ['', 'if settings.api_key and key != settings.api_key: raise Refused(401)', true],
    ['', 'if settings.needed_key and key != settings.needed_key: raise Refused(401)', false],
    ['', 'if not settings.auth_off: raise Refused(401)', true],
    ['OFF = os.getenv("AUTH_OFF", "true").lower() == "true"', 'if not OFF: raise Refused(401)', true],
    ['OFF = os.getenv("AUTH_OFF", "false").lower() == "true"', 'if not OFF: raise Refused(401)', false],
    ['', 'wanted = os.getenv("KEY", "")\n    if wanted and key != wanted: raise Refused(401)', true],
    ['IS_PROD = os.getenv("ENV") == "production"', 'if IS_PROD: raise Refused(401)', false],
    // What was worked out on the way is no setting.
    [KEY, 'error = None\n    if key != KEY: error = "no"\n    if error: raise Refused(401)', false],
  ] as const)
    assert.equal(isOff('app.py', python(before, body), 'end'), off, `${before} ${body}`)
})
