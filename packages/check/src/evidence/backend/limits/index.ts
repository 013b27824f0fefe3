/** Limiters, whatever the framework: what they count, by what, and how much. */

export { asksFor, identityIn, refusesAround } from './asked.ts'
export { askedBeside, askedBy, askedInside } from './asked-limiters.ts'
export { isFreshKey } from './fresh-keys.ts'
export { countingFor } from './left-out.ts'
export { answered, createdLimiters, importedLimiters, isEndless, keyOf, limiterIn, perMinuteOf } from './limiters.ts'
export { skipsAll } from './never-counts.ts'
export { unreadLimiters } from './unread-limiters.ts'
export { writtenKey } from './written-keys.ts'
