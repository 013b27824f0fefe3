import assert from 'node:assert/strict'
import { test } from 'node:test'
import { passwordHasher } from '../../src/accounts/passwords/index.ts'

const ROUNDS = 24

/**
 * Spring's fix for truncation at 72 bytes answered at once when a password was too long or an account unknown, and so told
 * which accounts there are (CVE-2025-22228, CVE-2025-22234). Here every refusal costs one hash.
 */
test('unknown, wrong, too long, unreadable and otherwise peppered are refused after the work of one hash', async () => {
  const hasher = passwordHasher({ parallel: 1 })
  const stored = await hasher.hash('correct horse battery staple')
  const peppered = await passwordHasher({ pepper: 'a pepper of sixteen and more' }).hash('correct horse battery staple')
  const refusals: Readonly<Record<string, () => Promise<boolean>>> = {
    wrong: () => hasher.verify('correct horse battery stapler', stored),
    unknown: () => hasher.verify('correct horse battery stapler', null),
    'too long, known': () => hasher.verify('x'.repeat(5000), stored),
    'too long, unknown': () => hasher.verify('x'.repeat(5000), null),
    unreadable: () => hasher.verify('correct horse battery staple', '$2b$12$abcdefghijklmnopqrstuv'),
    'another pepper': () => hasher.verify('correct horse battery staple', peppered),
  }
  const times = new Map<string, number[]>(Object.keys(refusals).map((name) => [name, []]))
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const [name, refuse] of Object.entries(refusals)) {
      // Computing, of all threads: what else the machine does is not in it.
      const began = process.cpuUsage()
      assert.equal(await refuse(), false, name)
      const { user, system } = process.cpuUsage(began)
      times.get(name)?.push(user + system)
    }
  }
  const fastest = (name: string): number => Math.min(...(times.get(name) ?? []))
  // The fastest of many is what is left when the machine's noise is taken off. A refusal without a hash takes under 1 % of one.
  for (const name of Object.keys(refusals)) {
    const ratio = fastest(name) / fastest('wrong')
    assert.ok(ratio > 0.6 && ratio < 1.6, `${name} took ${ratio.toFixed(2)} of the time of a wrong password`)
  }
})
