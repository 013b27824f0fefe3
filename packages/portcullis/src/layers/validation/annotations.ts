import { z } from 'zod'

/** Keywords of JSON Schema that say something about a value and demand nothing of it (2020-12, Meta-Data). */
const SAYING = ['id', 'title', 'description', 'examples', 'example', 'deprecated', 'readOnly', 'writeOnly', '$comment']

/**
 * What was said of schemas by `.meta(…)`, without what would be a demand: zod writes all of it into the JSON Schema and checks none of it, so that
 * `z.string().meta({ maxLength: 100 })` would be taken for bounded.
 */
class Annotations extends z.core.$ZodRegistry<Record<string, unknown>> {
  override get(schema: z.core.$ZodType): Record<string, unknown> | undefined {
    const said = z.globalRegistry.get(schema as z.ZodType)
    return said && Object.fromEntries(Object.entries(said).filter(([name]) => SAYING.includes(name)))
  }
}

export const annotations = new Annotations()
