/** What a switch or a setting of the program's own comes to, where nobody sets it and as the project's files set it. */

export { byDefault, isForDevelopment, isOff, isOptOut, isTrueByDefault, isUp, not, whenServed } from './by-default.ts'
export { isChosenOff } from './chosen.ts'
export { chosenByValue } from './chosen-by-value.ts'
export { ofProduction } from './of-production.ts'
export { settingsOf, startsWithout } from './settings-of.ts'
export { isOpenUnset, isShutUnset, isTrueUnset } from './unset.ts'
