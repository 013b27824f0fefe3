/** What validation schemas of TypeScript and JavaScript let through, what validates a route's inputs, and what a handler reads. */

export { EXPRESS_VALIDATOR } from './express-validator.ts'
export { type Validation, validatedInline, validationsIn } from './inline.ts'
export { type RawInput, rawInputs } from './inputs.ts'
export { judge } from './judge.ts'
export { originsIn } from './origins.ts'
export { boundsText, isBoundingPattern } from './patterns.ts'
export { type SchemaProblems, schemaProblems, validatedProblems } from './problems.ts'
export { shapeOf } from './schema-shape.ts'
export { both, type ObjectShape, type Shape, unread } from './shape.ts'
export { replacesBody, storedAsItCame, storedProblem } from './stored.ts'
export { type Validated, validatedBy } from './validators.ts'
