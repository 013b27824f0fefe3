/** Where passwords are compared. */
import type { Place } from '../facts.ts'
import { placeOf, type Reading } from '../reading.ts'

const PASSWORD_CHECKS = [
  'verify_password',
  'check_password',
  'checkpw',
  'compareSync',
  'comparePassword',
  'verifyPassword',
  'check_password_hash',
  'validatePassword',
  'isValidPassword',
  'matchPassword',
  'validate_password',
]

/** `compare` and `verify` are everywhere; theirs compare a password with its hash. */
const HASHES =
  /^(?:bcrypt|bcryptjs|bcrypt-ts|argon2|argon2-browser|@node-rs\/(?:bcrypt|argon2)|hash-wasm|scrypt-kdf|unixcrypt|phc-argon2)$/
const COMPARES = ['compare', 'verify', 'bcryptVerify', 'argon2Verify']

export const passwordChecksOf = (reading: Reading): Place[] =>
  [
    ...PASSWORD_CHECKS.flatMap((name) => reading.program.callsNamed(name)),
    ...COMPARES.flatMap((name) => reading.program.callsNamed(name)).filter(({ node, scope }) => {
      const callee = reading.evaluator.value(node.callee, scope)
      return callee.kind === 'external' && HASHES.test(callee.from)
    }),
  ]
    .map(({ node }) => placeOf(reading, node.at))
    .slice(0, 5)
