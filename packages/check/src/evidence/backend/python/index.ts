/** What FastAPI and Flask share: definitions and models of a program in Python, its switches, what it counts, its rules for paths. */

export { askedLimiters } from './asked-limiters.ts'
export {
  answers429,
  isLimiterName,
  keyIn,
  keyOf,
  limiterClass,
  limitsIn,
  parametersOf,
  perMinuteOf,
  rateInside,
  rateOf,
  rateOfInstance,
} from './counting.ts'
export { flagSign } from './debug-flags.ts'
export {
  ancestorsOf,
  argumentOf,
  type ClassValue,
  calledBy,
  definitionOf,
  dottedOf,
  type FunctionValue,
  flatTexts,
  givenFor,
  isNothing,
  itemsOf,
  knownText,
  lastOf,
  lineageOf,
  methodOf,
  numberOf,
  valuesOf,
} from './definitions.ts'
export { givesEnvironment } from './environment.ts'
export { boundsOf } from './field-bounds.ts'
export { itemValues } from './list-items.ts'
export { boundsOfModel, fieldsOf, isModel, isTable, isValidated, keepsUnknownKeys } from './models.ts'
export { namesOf } from './names.ts'
export { asksPath, faultsOf, isAbout, namesOnly, type PathRules, pathRules } from './path-rules.ts'
export { isOff } from './switches.ts'
export { limitsValue } from './value-checks.ts'
export { wrappingLimiters } from './wrapping-limiters.ts'
