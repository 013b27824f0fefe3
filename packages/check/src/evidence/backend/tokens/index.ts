/** Where tokens are signed and verified: their lives, claims, purposes, keys and algorithms. */

export { livesInMinutes } from './token-lives.ts'
export { tokensOf } from './tokens.ts'
export { verificationsOf } from './verifications.ts'
