import assert from 'node:assert/strict'
import { test } from 'node:test'
import { passwordHasher } from '../../src/accounts/passwords/index.ts'

/** Who can write one row of the database must not be able to stop the process by a login. */
test('a stored hash that asks for 4 GiB or a million passes is not run: one hash of today is, and the answer is no', async () => {
  const hasher = passwordHasher()
  const tail = '$c29tZXNhbHRzb21lc2FsdA$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc'
  for (const parameters of ['m=4194304,t=1,p=1', 'm=19456,t=1000000,p=1', 'm=262144,t=10,p=16777215']) {
    const began = performance.now()
    const before = process.memoryUsage().rss
    assert.equal(await hasher.verify('correct horse battery staple', `$argon2id$v=19$${parameters}${tail}`), false)
    assert.ok(performance.now() - began < 2000, `${parameters} took too long`)
    assert.ok(process.memoryUsage().rss - before < 200_000_000, `${parameters} took too much memory`)
  }
})
