/** Layer 4: who may call a route, and the table that shows it. */
export { decide } from './decide.ts'
export type { AccessChange } from './lock.ts'
export { accessChanges, formatChanges, formatLock, parseLock } from './lock.ts'
export { MAX_ROLES, ROLE_FORM } from './role-form.ts'
export type { AccessRule, Predicate, Principal, RuleRequest } from './rule.ts'
export { allow, authenticated, isSameRule, publicAccess, readRule, role, serviceKey } from './rule.ts'
export type { AccessEntry } from './table.ts'
export { accessEntry, accessTable, formatTable } from './table.ts'
