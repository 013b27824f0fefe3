/** What validation schemas of TypeScript and JavaScript let through, what validates a route's inputs, and what a handler reads. */

export { validatedInline } from './inline.ts'
export { type RawInput, rawInputs } from './inputs.ts'
export { type SchemaProblems, schemaProblems, validatedProblems } from './problems.ts'
export { replacesBody, storedAsItCame, storedProblem } from './stored.ts'
export { type Validated, validatedBy } from './validators.ts'
