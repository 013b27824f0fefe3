/** Where passwords are compared. */
import { type Call, lastName, type Node, type Scope } from '../../source/index.ts'
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

/** What somebody knows, and a stranger may guess. */
const SECRET = /^(?:\w+_)?(?:pin|pass(?:word|code|phrase|wd)?|pwd|otp|code)$|[a-z](?:Pin|Pass(?:word|code)|Otp|Code)$/i

/** Whether something is compared with what is kept: by a function that is there for it, or `device.pin !== req.body.pin`. */
export const isPasswordCheck = (reading: Reading, node: Node, scope: Scope): boolean => {
  if (node.kind === 'binary')
    return (
      /^[!=]==$/.test(node.operator) &&
      [node.left, node.right].every((one) => one.kind !== 'literal' && SECRET.test(lastName(one) ?? '')) &&
      [node.left, node.right].some((one) => one.kind === 'member')
    )
  if (node.kind !== 'call') return false
  const name = lastName(node.callee) ?? ''
  return PASSWORD_CHECKS.includes(name) || (COMPARES.includes(name) && isOfHashes(reading, node, scope))
}

const isOfHashes = ({ evaluator }: Reading, { callee }: Call, scope: Scope): boolean => {
  const called = evaluator.value(callee, scope)
  return called.kind === 'external' && HASHES.test(called.from)
}

export const passwordChecksOf = (reading: Reading): Place[] =>
  [
    ...PASSWORD_CHECKS.flatMap((name) => reading.program.callsNamed(name)),
    ...COMPARES.flatMap((name) => reading.program.callsNamed(name)).filter(({ node, scope }) =>
      isOfHashes(reading, node, scope),
    ),
  ]
    .map(({ node }) => placeOf(reading, node.at))
    .slice(0, 5)
