import { z } from 'zod'
import { annotations } from './annotations.ts'
import { closed } from './closed.ts'

/** A schema's input as JSON Schema 2020-12: what the audit reads and OpenAPI shows. Plain objects are closed, as they are checked. */
export const jsonSchemaOf = (schema: z.ZodType): object =>
  z.toJSONSchema(closed(schema), {
    io: 'input',
    metadata: annotations,
    unrepresentable: 'any',
    override: ({ zodSchema, jsonSchema }) => {
      // Nothing is allowed: not the same as {}, which is anything.
      if (zodSchema._zod.def.type === 'undefined') jsonSchema.not = {}
    },
  })
