/** The exceptions that a guard makes by itself: whom it lets through unchecked. */
export { type Asked, unmarked } from './asked.ts'
export { checks } from './checks.ts'
export { methodFaults } from './methods.ts'
export { answerFor, listingFaults, type Opening, openingOf, type Standing } from './opened.ts'
export { tested as patternFits } from './patterns.ts'
