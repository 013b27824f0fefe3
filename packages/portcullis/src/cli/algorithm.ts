import type { Algorithm } from '../layers/sessions/index.ts'
import { misused } from './usage-error.ts'

/** @throws UsageError for one that makes no key here. Nothing near it is proposed: RS256 is no slip of HS256. */
export const readAlgorithm = (alg: string, usage: string): Algorithm => {
  if (alg !== 'HS256' && alg !== 'EdDSA' && alg !== 'ES256') throw misused('--alg takes HS256, EdDSA or ES256.', usage)
  return alg
}
