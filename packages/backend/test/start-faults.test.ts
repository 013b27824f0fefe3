import assert from 'node:assert/strict'
import { test } from 'node:test'
import { generateSecret } from 'portcullis/sessions'
import { failedStart, folder, production } from './backend.ts'

test('a missing JWT_SECRET is said with how to make one, in plain text', async (t) => {
  const { code, printed } = await failedStart({ PATH: process.env['PATH'] ?? '' }, [], folder(t))
  assert.equal(code, 1)
  assert.match(
    printed,
    /can't be used:\n {2}- JWT_SECRET is missing\. Make one: npx portcullis keys\. \(To try it out: npm run dev\.\)\n$/,
  )
})

test('a secret that npm has put its own lines before is said to be so, and not shown', async (t) => {
  const key = generateSecret()
  const given = `\n> shop@1.0.0 keys\n> portcullis keys\n\n${key}`
  for (const name of ['JWT_SECRET', 'PASSWORD_PEPPER', 'METRICS_TOKEN']) {
    const { code, printed } = await failedStart(production(folder(t), { [name]: given }))
    assert.equal(code, 1)
    assert.match(printed, new RegExp(`${name}: holds white space: if it comes from npm run keys, add --silent`))
    assert.ok(!printed.includes(key) && !printed.includes('shop@'), printed)
  }
})
