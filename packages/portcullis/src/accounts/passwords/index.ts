/** Passwords: argon2id behind a bounded queue, and which passwords are refused. */
export { loadCommonPasswords } from './common-passwords.ts'
export { passwordFault } from './fault.ts'
export type { PasswordHasher, PasswordHasherOptions } from './hasher.ts'
export { passwordHasher } from './hasher.ts'
export { HashingBusy } from './turnstile.ts'
