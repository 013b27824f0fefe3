/** Schemas that a middleware asks where it was given one: `validate({ body: Note })` looks at no query. */
import { type Frame, lastName, type Node, possibilities, type Scope, type Value } from '../../source/index.ts'
import type { Reading } from '../reading.ts'

/** `if (schemas.query) schemas.query.parse(req.query)`, where the middleware was made with none for that part. */
export const isLeftOut = (reading: Reading, schema: Node, scope: Scope, frame: Frame | undefined): boolean => {
  const part =
    schema.kind === 'member'
      ? { of: reading.evaluator.value(schema.object, scope, frame), name: lastName(schema) }
      : takenOut(reading, schema, frame)
  const name = part?.name
  if (part === undefined || name === undefined) return false
  return possibilities(part.of).every((one) => one.kind === 'object' && one.rest.length === 0 && !one.entries.has(name))
}

/** `({ body, query }) => (req, res, next) => …`: what the parameter was given. */
const takenOut = (
  { evaluator }: Reading,
  schema: Node,
  frame: Frame | undefined,
): { readonly of: Value; readonly name: string } | undefined => {
  if (schema.kind !== 'name' || frame?.call === undefined) return
  const { call } = frame
  for (const [index, { target }] of frame.function.parameters.entries()) {
    const entries = target.kind === 'object' ? target.entries : []
    const key = entries.find(({ value }) => lastName(value) === schema.name)?.key
    const arg = call.node.args[index]
    if (key?.kind === 'literal' && arg !== undefined)
      return { of: evaluator.value(arg, call.scope, frame.outer), name: String(key.value) }
  }
  return
}
