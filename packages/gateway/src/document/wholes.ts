import type { ValidateFunction } from 'ajv'
import type { Ajv2020 } from 'ajv/dist/2020.js'
import type { DataValidateFunction } from 'ajv/dist/types/index.js'

/** A keyword of ours: a reference to the schema of a value that is closed by itself, of which nothing is noted where it is referred to. */
export const WHOLE = 'x-portcullis-whole'

/**
 * Adds the keyword. What a `$ref` refers to is compiled within what refers to it, and two hundred schemas that lead from one to the next were too deep for
 * V8: this is looked up when it is first met.
 */
export const addWholes = (ajv: Ajv2020): void => {
  ajv.addKeyword({
    keyword: WHOLE,
    schemaType: 'string',
    compile: (name: string) => {
      let check: ValidateFunction | undefined
      const judge: DataValidateFunction = (value, at) => {
        check ??= ajv.getSchema(name) as ValidateFunction
        const passes = check(value, at) as boolean
        if (!passes) judge.errors = check.errors ?? []
        return passes
      }
      return judge
    },
  })
}
