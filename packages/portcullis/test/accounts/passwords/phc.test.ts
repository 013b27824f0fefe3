import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { formatPhc, parsePhc } from '../../../src/accounts/passwords/phc.ts'

const SALT = 'c29tZXNhbHRzb21lc2FsdA'
const TAG = 'CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc'

test('what is written is read back the same', () => {
  fc.assert(
    fc.property(
      fc.record({
        memory: fc.integer({ min: 32, max: 262_144 }),
        passes: fc.integer({ min: 1, max: 10 }),
        parallelism: fc.integer({ min: 1, max: 4 }),
        pepperId: fc.constantFrom(null, 'AbCd12+/'),
        salt: fc.uint8Array({ minLength: 8, maxLength: 64 }).map((bytes) => Buffer.from(bytes)),
        tag: fc.uint8Array({ minLength: 16, maxLength: 64 }).map((bytes) => Buffer.from(bytes)),
      }),
      (hash) => assert.deepEqual(parsePhc(formatPhc(hash)), { ...hash }),
    ),
  )
})

const wrong: Readonly<Record<string, string>> = {
  nothing: '',
  'another kind': `$argon2i$v=19$m=19456,t=2,p=1$${SALT}$${TAG}`,
  'another version': `$argon2id$v=16$m=19456,t=2,p=1$${SALT}$${TAG}`,
  'no version': `$argon2id$m=19456,t=2,p=1$${SALT}$${TAG}`,
  'in capitals': `$ARGON2ID$v=19$m=19456,t=2,p=1$${SALT}$${TAG}`,
  '4 GiB': `$argon2id$v=19$m=4194304,t=2,p=1$${SALT}$${TAG}`,
  'over 256 MiB by one': `$argon2id$v=19$m=262145,t=2,p=1$${SALT}$${TAG}`,
  'memory beyond any integer': `$argon2id$v=19$m=99999999999999999999,t=2,p=1$${SALT}$${TAG}`,
  'too little memory for its lanes': `$argon2id$v=19$m=31,t=2,p=4$${SALT}$${TAG}`,
  'eleven passes': `$argon2id$v=19$m=19456,t=11,p=1$${SALT}$${TAG}`,
  'no pass': `$argon2id$v=19$m=19456,t=0,p=1$${SALT}$${TAG}`,
  'five lanes': `$argon2id$v=19$m=19456,t=2,p=5$${SALT}$${TAG}`,
  'a sign': `$argon2id$v=19$m=+19456,t=2,p=1$${SALT}$${TAG}`,
  'a leading zero': `$argon2id$v=19$m=019456,t=2,p=1$${SALT}$${TAG}`,
  'an exponent': `$argon2id$v=19$m=1e4,t=2,p=1$${SALT}$${TAG}`,
  'another order': `$argon2id$v=19$t=2,m=19456,p=1$${SALT}$${TAG}`,
  'a parameter twice': `$argon2id$v=19$m=19456,m=8,t=2,p=1$${SALT}$${TAG}`,
  'an unknown parameter': `$argon2id$v=19$m=19456,t=2,p=1,x=1$${SALT}$${TAG}`,
  'a padded salt': `$argon2id$v=19$m=19456,t=2,p=1$${SALT}==$${TAG}`,
  'a salt in base64url': `$argon2id$v=19$m=19456,t=2,p=1$c29tZXNhbHRzb21l-2FsdA$${TAG}`,
  'a salt with bits to spare': `$argon2id$v=19$m=19456,t=2,p=1$c29tZXNhbHRzb21lc2FsdB$${TAG}`,
  'a short salt': `$argon2id$v=19$m=19456,t=2,p=1$c29tZQ$${TAG}`,
  'no tag': `$argon2id$v=19$m=19456,t=2,p=1$${SALT}$`,
  'a short tag': `$argon2id$v=19$m=19456,t=2,p=1$${SALT}$CTFhFdXP`,
  'a tag with bits to spare': `$argon2id$v=19$m=19456,t=2,p=1$${SALT}$${TAG.slice(0, -1)}d`,
  'something behind': `$argon2id$v=19$m=19456,t=2,p=1$${SALT}$${TAG}$`,
  'a line break behind': `$argon2id$v=19$m=19456,t=2,p=1$${SALT}$${TAG}\n`,
  'a space before': ` $argon2id$v=19$m=19456,t=2,p=1$${SALT}$${TAG}`,
  'a megabyte': `$argon2id$v=19$m=19456,t=2,p=1$${SALT}$${TAG.repeat(25_000)}`,
}

for (const [what, text] of Object.entries(wrong)) {
  test(`not read: ${what}`, () => assert.equal(parsePhc(text), null))
}
