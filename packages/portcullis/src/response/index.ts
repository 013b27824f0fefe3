/** What goes out: the one table of problems, security headers, CORS. */
export type { ProblemCode, ProblemDocument, ProblemExtras } from './problems.ts'
export { Problem, problemDocument, problems } from './problems.ts'
