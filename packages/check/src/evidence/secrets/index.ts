/** Finds what looks like a secret in a text. Pure; shows values as they are: whoever prints them redacts them. */
export { assignedSecrets } from './assignments.ts'
export { looksRandom, shannon } from './entropy.ts'
export type { SecretFinding, SecretOrigin, SecretSource } from './finding.ts'
export { saysSecret } from './names.ts'
export { secretsIn } from './secrets.ts'
export { isReference, isSentence, isStandIn } from './values.ts'
