import { ACROSS } from './multipart.ts'
import type { Parameter } from './parameters.ts'
import { readParameter } from './parameters.ts'
import type { Part } from './pointers.ts'
import { resolved } from './pointers.ts'
import { propertiesOf } from './properties.ts'
import { saidTogether, takesNoOthers } from './read-only.ts'
import type { SchemaCloser } from './schemas.ts'
import { kindsOf } from './texts.ts'

/**
 * Reads a parameter object. One of a query that is an object has each of its properties as a parameter of its own, unless its style says otherwise (OpenAPI
 * 3.1 §4.8.12.4): Springdoc writes the Pageable of Spring so, `page=0&size=20&sort=name`.
 *
 * @throws TypeError that says what can't be served
 */
export const parametersIn = (document: Part, given: unknown, closer: SchemaCloser): readonly Parameter[] => {
  const { name, schema, required } = resolved(document, given)
  if (!isExploded(document, given)) return [readParameter(document, given, closer)]
  const listed = propertiesOf(document, schema)
  // Whether one of them is there would decide whether the others must be.
  if (required !== true && listed.required.length > 0)
    throw new TypeError(
      `takes ${name} as an object that may be left out and has members that may not, which is not served`,
    )
  return Object.entries(listed.properties).map(([member, property]) =>
    readParameter(
      document,
      { name: member, in: 'query', required: listed.required.includes(member), schema: property },
      closer,
    ),
  )
}

/** Whether it is an object whose members are all listed, and of which nothing is said together. */
const isExploded = (document: Part, given: unknown): boolean => {
  const { in: place, schema, content, style = 'form', explode } = resolved(document, given)
  if (place !== 'query' || content !== undefined || style !== 'form' || explode === false) return false
  const said = saidTogether(document, schema)
  return (
    [...kindsOf(document, schema)].join() === 'object' &&
    takesNoOthers(document, schema) &&
    Object.keys(propertiesOf(document, schema).properties).length > 0 &&
    !ACROSS.some((keyword) => said.some((part) => part[keyword] !== undefined))
  )
}
