/** The ids of better-auth's sessions: known, so that their tokens can be signed elsewhere. */

/** The id of the session of the user of this number. */
export const sessionToken = (number: number): string => `session${String(number).padStart(25, '0')}`

/** The id of a session that is over. */
export const EXPIRED = 'expired'.padEnd(32, '0')
