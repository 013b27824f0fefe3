import assert from 'node:assert/strict'
import { test } from 'node:test'
import { HashingBusy, passwordHasher } from '../../../src/accounts/passwords/index.ts'

const SHAPE = /^\$argon2id\$v=19\$m=19456,t=2,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/
const good = 'correct horse battery staple'

test('a hash is a PHC string with the parameters of today, and salted', async () => {
  const hasher = passwordHasher()
  const [one, two] = await Promise.all([hasher.hash(good), hasher.hash(good)])
  assert.match(one, SHAPE)
  assert.match(two, SHAPE)
  assert.notEqual(one, two)
  assert.equal(await hasher.verify(good, one), true)
  assert.equal(await hasher.verify(good.toUpperCase(), one), false)
  assert.equal(hasher.needsRehash(one), false)
})

test('é is é however it was composed', async () => {
  const hasher = passwordHasher()
  const stored = await hasher.hash('cafe\u0301 au lait'.repeat(2))
  assert.equal(await hasher.verify('caf\u00e9 au lait'.repeat(2), stored), true)
})

test('nothing is cut off: passwords that differ after 72 bytes, or behind a NUL, are different (CVE-2025-22228)', async () => {
  const hasher = passwordHasher()
  const long = await hasher.hash(`${'x'.repeat(80)}one`)
  assert.equal(await hasher.verify(`${'x'.repeat(80)}two`, long), false)
  const withNul = await hasher.hash('with a NUL\u0000one')
  assert.equal(await hasher.verify('with a NUL\u0000two', withNul), false)
  assert.equal(await hasher.verify('with a NUL\u0000one', withNul), true)
})

test('a hash of another program verifies: the reference implementation, more memory', async () => {
  // argon2id of "password" with the salt "somesalt", m = 65536, t = 2, p = 1: phc-winner-argon2, test.c
  const reference = '$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc'
  const hasher = passwordHasher()
  assert.equal(await hasher.verify('password', reference), true)
  assert.equal(await hasher.verify('passwore', reference), false)
  assert.equal(hasher.needsRehash(reference), false)
})

test('weaker parameters and unreadable strings are to be hashed again', () => {
  const hasher = passwordHasher()
  const tail = '$c29tZXNhbHRzb21lc2FsdA$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc'
  const rows: readonly (readonly [string, boolean])[] = [
    [`$argon2id$v=19$m=19456,t=2,p=1${tail}`, false],
    [`$argon2id$v=19$m=65536,t=3,p=4${tail}`, false],
    [`$argon2id$v=19$m=19455,t=2,p=1${tail}`, true],
    [`$argon2id$v=19$m=65536,t=1,p=1${tail}`, true],
    ['$2b$12$abcdefghijklmnopqrstuv', true],
    ['', true],
  ]
  for (const [phc, expected] of rows) assert.equal(hasher.needsRehash(phc), expected, phc)
})

test('a pepper is recorded by its id: it can be introduced, and what was made with another does not verify', async () => {
  const plain = passwordHasher()
  const peppered = passwordHasher({ pepper: 'a pepper of sixteen and more' })
  const other = passwordHasher({ pepper: 'another pepper, just as long' })
  const before = await plain.hash(good)
  const after = await peppered.hash(good)
  assert.match(after, /^\$argon2id\$v=19\$m=19456,t=2,p=1,keyid=[A-Za-z0-9+/]{8}\$/)
  assert.equal(await peppered.verify(good, before), true)
  assert.equal(peppered.needsRehash(before), true)
  assert.equal(await peppered.verify(good, after), true)
  assert.equal(peppered.needsRehash(after), false)
  assert.equal(await plain.verify(good, after), false)
  assert.equal(await other.verify(good, after), false)
  assert.equal(other.needsRehash(after), true)
  // The tag itself is of the pepper, not only its id: with the id taken out it is another hash.
  assert.equal(await plain.verify(good, after.replace(/,keyid=[^$]+/, '')), false)
})

test('a password beyond the bounds is not hashed: hash throws, verify answers false', async () => {
  const hasher = passwordHasher()
  const stored = await hasher.hash('x'.repeat(256))
  assert.equal(await hasher.verify('x'.repeat(256), stored), true)
  assert.equal(await hasher.verify('x'.repeat(257), stored), false)
  await assert.rejects(hasher.hash('x'.repeat(257)), {
    name: 'RangeError',
    message: 'The password is longer than 256 characters or 1024 bytes.',
  })
  await assert.rejects(hasher.hash('é'.repeat(513)), RangeError)
})

test('no more than `parallel` run, no more than `queue` wait, and the excess is refused at once', async () => {
  const hasher = passwordHasher({ parallel: 2, queue: 3 })
  const refused: unknown[] = []
  let most = 0
  const tasks = Array.from({ length: 9 }, async () => {
    try {
      const answer = hasher.verify(good, null)
      most = Math.max(most, hasher.inFlight)
      return await answer
    } catch (error) {
      refused.push(error)
      return undefined
    }
  })
  assert.deepEqual([hasher.inFlight, hasher.waiting], [2, 3])
  const answers = await Promise.all(tasks)
  assert.equal(most, 2)
  assert.equal(answers.filter((answer) => answer === false).length, 5)
  assert.equal(refused.length, 4)
  for (const error of refused) {
    assert.ok(error instanceof HashingBusy)
    assert.equal(error.message, 'Too many passwords are being hashed; come back later.')
    assert.equal(error.retryAfterSeconds, 2)
  }
  assert.deepEqual([hasher.inFlight, hasher.waiting], [0, 0])
  assert.equal(await hasher.verify(good, null), false)
})

test('a hash that fails gives its place back', async () => {
  const hasher = passwordHasher({ parallel: 1, queue: 0 })
  await assert.rejects(hasher.hash(undefined as unknown as string), TypeError)
  assert.equal(hasher.inFlight, 0)
  assert.match(await hasher.hash(good), SHAPE)
})

test('options out of their bounds are refused at start, without the pepper in the message', () => {
  const rows: readonly (readonly [object, string])[] = [
    [{ parallel: 0 }, 'passwordHasher: parallel is a whole number from 1 to 64.'],
    [{ parallel: 1.5 }, 'passwordHasher: parallel is a whole number from 1 to 64.'],
    [{ parallel: '2' }, 'passwordHasher: parallel is a whole number from 1 to 64.'],
    [{ queue: -1 }, 'passwordHasher: queue is a whole number from 0 to 4096.'],
    [{ queue: Number.POSITIVE_INFINITY }, 'passwordHasher: queue is a whole number from 0 to 4096.'],
    [{ pepper: '' }, 'passwordHasher: pepper is a secret of at least 16 characters; leave it out to have none.'],
    [{ pepper: 'short' }, 'passwordHasher: pepper is a secret of at least 16 characters; leave it out to have none.'],
  ]
  for (const [options, message] of rows) assert.throws(() => passwordHasher(options), { name: 'TypeError', message })
})
