import type { Backend, Verification } from '../../evidence/backend/index.ts'

/** A token that is checked here, in a program that makes none: somebody else's. */
export const readsOthers = ({ tokens, verifications }: Backend): Verification | undefined =>
  tokens.length === 0 ? verifications.find((one) => one.signature === 'verified') : undefined
