/** Pipes of a project's own that check by a schema: one that the class has, or one that it is made with. */
import { type Frame, lastName, type Node, type Scope, type Value, walk } from '../../source/index.ts'
import type { Reading } from '../reading.ts'
import { originsIn, shapeOf, type Validation, validationsIn } from '../schemas/index.ts'
import { type ClassValue, lineOf } from './classes.ts'

type Method = Extract<Value, { kind: 'function' }>

/** What a pipe's `transform` checks its value by: `this.schema.parse(value)`, `this.buildSchema().validate(value)`, whichever class has it. */
export const ownSchema = (reading: Reading, type: ClassValue, transform: Method): Value | undefined => {
  for (const one of checksOf(reading, type, transform)) {
    if (!refuses(one.subject, transform)) continue
    const schema = reading.evaluator.value(one.schema, one.scope, one.frame)
    if (shapeOf(reading, schema).kind !== 'unread') return schema
  }
  return
}

/** The schema among what a pipe is made with: `constructor(private options, private schema)`, by the name that its check has. */
export const givenSchema = (
  reading: Reading,
  type: ClassValue,
  transform: Method,
  args: readonly Node[],
  scope: Scope | undefined,
): Value | undefined => {
  const [value] = transform.node.parameters
  if (scope === undefined || value?.target.kind !== 'name') return
  const parameters = parametersOf(reading, type)
  const { name } = value.target
  let found: Node | undefined
  walk(transform.node.body, (node) => {
    const isCheck =
      node.kind === 'call' && node.callee.kind === 'member' && node.args.some((one) => lastName(one) === name)
    if (
      !isCheck ||
      !/^(?:validate|safeParse|parse|check)/i.test(lastName(node.callee) ?? '') ||
      !refuses(node.args[0], transform)
    )
      return
    found ??= args[parameters.indexOf(lastName(node.callee.object) ?? '')]
  })
  return found && reading.evaluator.value(found, scope)
}

const checksOf = (reading: Reading, type: ClassValue, { node, scope }: Method): readonly Validation[] => {
  const [parameter] = node.parameters
  if (parameter?.target.kind !== 'name') return []
  // An abstract pipe asks the class that extends it for its schema.
  const frame: Frame = {
    function: node,
    call: undefined,
    parameters: new Map(),
    self: { kind: 'instance', class: type, at: type.at },
    depth: 1,
  }
  const names = new Map([[parameter.target.name, { kind: 'input', from: 'body' } as const]])
  return validationsIn(reading, originsIn(reading, node, scope, names, frame))
}

const THROWS = /^(?:parse|parseAsync|validateAsync|validateSync|attempt|assert|Parse|Decode|Assert|cast|mask|create)$/

/** `schema.validate(value)` only gives back what is wrong: somebody has to throw it. Yup's throws by itself. */
const refuses = (subject: Node | undefined, { node }: Method): boolean => {
  let found = false
  walk(node.body, (one) => {
    if (one.kind === 'throw') found = true
    if (
      one.kind === 'call' &&
      subject !== undefined &&
      one.args.includes(subject) &&
      THROWS.test(lastName(one.callee) ?? '')
    )
      found = true
    return !found
  })
  return found
}

/** What the parameters of its constructor, or of the nearest one above, are called. */
const parametersOf = (reading: Reading, type: ClassValue): readonly string[] => {
  for (const { node } of lineOf(reading, type))
    for (const one of node.members)
      if (one.kind === 'function' && one.name === 'constructor')
        return one.parameters.map(({ target }) => lastName(target) ?? '')
  return []
}
