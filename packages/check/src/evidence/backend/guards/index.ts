/** Which functions are guards: they look at who is calling, and refuse; and which only look like it. */

export { answersOnly, onlyAnswers } from './answered-only.ts'
export { asksOnly } from './asked-only.ts'
export { swallowsFailure } from './failed-checks.ts'
export { isLeft } from './floating-checks.ts'
export { goesOnAfter, handsOn, isHarmless, isIdle, letsThrough, NONE, type Way } from './going-on.ts'
export { exceptionFaults, type Guard, guardIn } from './guards.ts'
export { isHandedOn } from './handed-on.ts'
export { asksKind } from './kinds-of-failure.ts'
export { isOpen, isOpenToAll } from './open-guards.ts'
export { passwordChecksOf } from './password-checks.ts'
export { isCheck, mayRefuse, refusalIn } from './refusals.ts'
export { isAsked, isFilled, letsStrangersThrough } from './strangers.ts'
