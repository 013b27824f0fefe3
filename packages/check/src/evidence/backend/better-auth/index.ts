/** better-auth, which answers its logins itself, and has a reference page of its own. */

export { betterAuthDocs } from './better-auth.ts'
export { BETTER_AUTH, signIns, signInsBelow, withOwnLimit } from './better-auth-logins.ts'
