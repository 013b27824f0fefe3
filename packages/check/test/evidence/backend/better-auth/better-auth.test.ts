import assert from 'node:assert/strict'
import { test } from 'node:test'
import { betterAuthDocs } from '../../../../src/evidence/backend/better-auth/better-auth.ts'
import { readingOf } from '../../sources.ts'

const docs = (text: string) =>
  betterAuthDocs(readingOf({ 'auth.ts': `import { openAPI } from 'better-auth/plugins'\n${text}` })).map(
    ({ path, when }) => `${path} ${when}`,
  )

test("better-auth's reference is served unless it is told not to", () => {
  assert.deepEqual(docs('betterAuth({ plugins: [openAPI()] })'), ['/api/auth/reference always'])
  assert.deepEqual(docs("betterAuth({ plugins: [openAPI({ path: '/pages' })] })"), ['/api/auth/pages always'])
  assert.deepEqual(docs('betterAuth({ plugins: [openAPI({ disableDefaultReference: true })] })'), [])
  assert.deepEqual(docs("betterAuth({ plugins: process.env.NODE_ENV === 'development' ? [openAPI()] : [] })"), [
    '/api/auth/reference development',
  ])
  assert.deepEqual(
    betterAuthDocs(readingOf({ 'a.ts': "import { openAPI } from 'other'\nuse([openAPI()])" })),
    [],
    "another package's",
  )
})

test('a refusal in an inner block decides there alone', () => {
  const made = (before: string) =>
    docs(`export const make = () => { ${before}\nreturn betterAuth({ plugins: [openAPI()] }) }`)
  const refuse = "if (process.env.NODE_ENV === 'production') throw new Error('no')"
  assert.deepEqual(made(`if (!key) { ${refuse} }`), ['/api/auth/reference always'])
  assert.deepEqual(made(refuse), ['/api/auth/reference development'])
})
