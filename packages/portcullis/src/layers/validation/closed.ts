import { z } from 'zod'
import { isZod } from './is-zod.ts'

type Def = z.core.$ZodTypeDef & Readonly<Record<string, unknown>>

/**
 * A schema in which every plain object refuses unknown keys. zod drops them by default, and what was dropped in one place is
 * used in another (an extra `role` at registration). An object that was written open (looseObject, catchall) stays as written,
 * and is a finding of the audit.
 */
export const closed = (schema: z.ZodType): z.ZodType => close(schema, new Map())

const close = (schema: z.ZodType, done: Map<z.ZodType, z.ZodType>): z.ZodType => {
  const known = done.get(schema)
  if (known !== undefined) return known
  const def = schema._zod.def as Def
  if (def.type === 'lazy') {
    const lazy = z.lazy(() => close((def['getter'] as () => z.ZodType)(), done))
    done.set(schema, lazy)
    return lazy
  }
  // A part may be the whole again (a getter in its shape): it is what becomes of the whole.
  done.set(
    schema,
    z.lazy(() => done.get(schema) as z.ZodType),
  )
  const changes = changesOf(def, done)
  const result = changes === undefined ? schema : (schema.clone({ ...def, ...changes } as never) as z.ZodType)
  done.set(schema, result)
  return result
}

/** The parts of a definition that hold other schemas, closed; undefined when there are none. */
const changesOf = (def: Def, done: Map<z.ZodType, z.ZodType>): Readonly<Record<string, unknown>> | undefined => {
  const one = (name: string): Record<string, unknown> => (isZod(def[name]) ? { [name]: close(def[name], done) } : {})
  const many = (name: string): Record<string, unknown> => ({
    [name]: (def[name] as readonly z.ZodType[]).map((part) => close(part, done)),
  })
  switch (def.type) {
    case 'object': {
      const shape = Object.fromEntries(
        Object.entries(def['shape'] as Record<string, z.ZodType>).map(([key, part]) => [key, close(part, done)]),
      )
      return { shape, catchall: def['catchall'] ?? z.never() }
    }
    case 'array':
      return one('element')
    case 'union':
      return many('options')
    case 'tuple':
      return { ...many('items'), ...one('rest') }
    case 'intersection':
      // Each side of an intersection would refuse the keys of the other.
      return undefined
    case 'record':
    case 'map':
      return one('valueType')
    case 'set':
      return one('valueType')
    case 'pipe':
      return { ...one('in'), ...one('out') }
    default:
      return isZod(def['innerType']) ? one('innerType') : undefined
  }
}
