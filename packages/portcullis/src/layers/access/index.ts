/** Layer 4: who may call a route, and the table that shows it. */
export type { AccessRule, Predicate, Principal, RuleRequest } from './rule.ts'
export { allow, authenticated, publicAccess, readRule, role, serviceKey } from './rule.ts'
