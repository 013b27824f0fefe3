import type { CodeKeywordDefinition, SchemaCxt } from 'ajv'
import { Name } from 'ajv'
import type { Ajv2020 } from 'ajv/dist/2020.js'

/**
 * Has each union, and each condition, note by itself what its alternatives describe. ajv takes over what the first of them notes that has alternatives
 * itself, whether it holds or not: what a failed one describes would be taken beside another, and what stands before a union be forgotten.
 */
export const noteEvaluated = (ajv: Ajv2020): void => {
  for (const keyword of ['anyOf', 'oneOf', 'if']) {
    const definition = ajv.getKeyword(keyword) as CodeKeywordDefinition
    const { code } = definition
    definition.code = (context, type) => {
      context.mergeEvaluated({ props: {}, items: 0 } as SchemaCxt, Name)
      code(context, type)
    }
  }
}
