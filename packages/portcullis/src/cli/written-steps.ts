import { JWKS_SECONDS, keyRing } from '../layers/sessions/index.ts'

/** The rotation of JWT_SECRET, for whoever deploys it: a variable can't be changed from here. */
export const writtenSteps = (secret: string, tokenMinutes: number): string => {
  const { kid, alg } = keyRing([secret]).signing
  const shown = (signs: 0 | 1): string => `portcullis_key_info{kid="${kid}",alg="${alg}",signs="${signs}"} 1`
  return `A new key, ${kid} (${alg}). It is shown this once; keep it where your secrets are:

${secret}

1. Add it last: JWT_SECRET=<the keys there are>,<the new key>. Deploy every process.
   Check that /metrics of each shows: ${shown(0)}
${alg === 'HS256' ? '' : `   Wait ${JWKS_SECONDS / 60} minutes: so long may the public keys be kept by whoever verifies elsewhere.\n`}2. Put it first: JWT_SECRET=<the new key>,<the keys there were>. Deploy every process.
   Check: ${shown(1)}
3. Wait ${tokenMinutes} minutes, an access token's lifetime. After a leak don't: who has an old token gets 401 and refreshes, no session ends.
4. Take the others out: JWT_SECRET=<the new key>. Deploy every process.
   Check that its kid is the only one.`
}
