import type { Ajv2020 } from 'ajv/dist/2020.js'
import type { Part } from './pointers.ts'

/** A keyword of ours: names that a value has in this spelling alone. */
export const SPELLED = 'x-portcullis-spelled'

/**
 * Adds the keyword that refuses a name in other letters. `ROLE` and `ro\u017fter` are `role` and `roster` to Go's encoding/json, and the first to
 * ASP.NET: in an object that takes any name, such a one would be sent past what is said of the described one.
 */
export const addSpelled = (ajv: Ajv2020): void => {
  ajv.addKeyword({
    keyword: SPELLED,
    type: 'object',
    schemaType: 'array',
    compile: (names: readonly string[]) => {
      const written = new Set(names)
      const read = new Set(names.map(oneCase))
      return (value: Part) => {
        for (const name in value) if (!written.has(name) && read.has(oneCase(name))) return false
        return true
      }
    },
  })
}

/** By way of the capital, which ſ and s have in common, as K and k have the small letter, and that of ß by way of ß itself. */
export const oneCase = (name: string): string => name.toLowerCase().toUpperCase().toLowerCase()
