/** The baseline without a framework: the door, its layers, what goes out. Each subpath offers one layer on its own. */
export type {
  Admission,
  Answer,
  Baseline,
  BaselineOptions,
  Call,
  Identify,
  Identity,
  RequestFacts,
  RouteDefinition,
  SecurityEventName,
  SecurityEvents,
  SecurityFacts,
} from './door/index.ts'
export { baseline, eventNames, noBody, route, securityEvents } from './door/index.ts'
export type { AccessEntry, AccessRule, Predicate, Principal, RuleRequest } from './layers/access/index.ts'
export { allow, authenticated, publicAccess, role, serviceKey } from './layers/access/index.ts'
export type { Cors, CorsOptions, ProblemCode, ProblemDocument } from './response/index.ts'
export { cors, Problem, problems, securityHeaders } from './response/index.ts'
export { SettingsError } from './settings/index.ts'
