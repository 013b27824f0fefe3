/** What a call beside a type bounds: `Field(max_length=80)`, `MaxLen(80)`, a validator of the program's own. */
import { type Call, type Located, lastName, type Node, possibilities, type Scope } from '../../source/index.ts'
import type { Bounds } from '../fastapi/standard-types.ts'
import type { Reading } from '../reading.ts'
import { isBoundingPattern } from '../schemas/index.ts'
import { limitsValue } from './value-checks.ts'

/** The names of what a call such as Field(…) bounds, where that is not None. */
export const boundsOf = (reading: Reading, calls: readonly Located<Call>[]): Bounds => {
  const names = new Set<string>()
  for (const { node, scope } of calls) {
    const callee = lastName(node.callee) ?? ''
    for (const [name, value] of node.named) {
      const given = possibilities(reading.evaluator.value(value, scope))
      if (given.every((one) => one.kind === 'literal' && one.value === null)) continue
      if (/^(?:pattern|regex)$/.test(name) && !given.every(isBoundingPattern)) continue
      names.add(name)
    }
    if (/^(?:MaxLen|Len|MinLen)$/.test(callee) && (callee === 'MaxLen' || node.args.length > 1)) names.add('max_length')
    if (callee === 'Le' || callee === 'Lt') names.add('le')
    if (callee === 'Ge' || callee === 'Gt') names.add('ge')
    if (
      /^(?:AfterValidator|BeforeValidator|PlainValidator|WrapValidator)$/.test(callee) &&
      node.args[0] &&
      boundsInside(reading, node.args[0], scope)
    )
      names.add('validated')
  }
  return names
}

const boundsInside = (reading: Reading, node: Node, scope: Scope): boolean => {
  const value = reading.evaluator.value(node, scope)
  return value.kind === 'function' && limitsValue(reading, value.node.body)
}
