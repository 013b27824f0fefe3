/** What goes out: the one table of problems, security headers, CORS. */
export type { Cors, CorsOptions } from './cors.ts'
export { cors, methodsField } from './cors.ts'
export type { ProblemCode, ProblemDocument, ProblemExtras } from './problems.ts'
export { Problem, problemDocument, problems } from './problems.ts'
export { securityHeaders } from './security-headers.ts'
export type { OwnFields, SharedFields } from './shared-fields.ts'
export { AnswerFields, JoinedFields, ownFields, securityFields, sharedFields } from './shared-fields.ts'
