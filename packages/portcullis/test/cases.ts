import { existsSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { TestContext } from 'node:test'

const folder = process.env['CASES_DIR'] ?? resolve(import.meta.dirname, '../../../../shared/cases')

/** The public sources of the corpora, for those who have a clone without them. */
const sources: Readonly<Record<string, string>> = {
  'wycheproof-jws.json': 'C2SP/wycheproof testvectors_v1 at dac1dd47',
  'wycheproof-jws-keysets.json': 'C2SP/wycheproof testvectors_v1 at dac1dd47',
  'wycheproof-jwk.json': 'C2SP/wycheproof testvectors_v1 at dac1dd47',
  'wycheproof-hmac-sha256.json': 'C2SP/wycheproof testvectors_v1 at dac1dd47',
  'email-isemail.json': 'dominicsayers/isemail at cfeefc3f',
  'naughty-strings.json': 'minimaxir/big-list-of-naughty-strings at db33ec7b',
  'json-parsing.json': 'nst/JSONTestSuite at 1ef36fa0',
}

/**
 * Reads a public corpus. Where it is absent the test is skipped with a line that says where to get it; with CI=true its
 * absence is a failure, so that no run of the record passes on the quiet.
 */
export const corpus = <T>(test: TestContext, file: string): T | undefined => {
  const path = join(folder, file)
  if (existsSync(path)) return JSON.parse(readFileSync(path, 'utf8')) as T
  const missing = `${file} is not there (source: ${sources[file] ?? 'unknown'}); set CASES_DIR to the folder that holds it`
  if (process.env['CI'] === 'true') throw new Error(missing)
  test.skip(missing)
  return undefined
}
