/** Middleware that makes an instance of a class out of a request and has class-validator look at it. */
import {
  type FunctionNode,
  lastName,
  type Node,
  possibilities,
  type Scope,
  type Value,
  walk,
} from '../../source/index.ts'
import type { Input } from '../facts.ts'
import { dtoShape } from '../nest/index.ts'
import { placeOf, type Reading } from '../reading.ts'
import { isLookedAt, judge } from '../schemas/index.ts'

type FunctionValue = Extract<Value, { kind: 'function' }>

const FROM: ReadonlyMap<string, Input['from']> = new Map([
  ['body', 'body'],
  ['query', 'query'],
  ['params', 'path'],
])

/** `validate(CreateUser)` of the project's own; undefined where class-validator has no part in it. */
export const classValidated = (reading: Reading, value: Value): readonly Input[] | undefined => {
  const found = possibilities(value).flatMap((one) => (one.kind === 'function' ? (ofFunction(reading, one) ?? []) : []))
  return found.length === 0 ? undefined : found
}

const ofFunction = (reading: Reading, value: FunctionValue): readonly Input[] | undefined => {
  const calls: { readonly node: Extract<Node, { kind: 'call' }>; readonly scope: Scope }[] = []
  walk(value.node.body, (node) => {
    const scope = node.kind === 'call' ? reading.program.scopeOf(node) : undefined
    if (node.kind === 'call' && scope !== undefined) calls.push({ node, scope })
  })
  const check = calls.find(
    ({ node, scope }) =>
      /^(?:validate|validateOrReject|validateSync|transformAndValidate)$/.test(lastName(node.callee) ?? '') &&
      possibilities(reading.evaluator.value(node.callee, scope, value.frame)).some(
        (one) => one.kind === 'external' && /^class-(?:validator|transformer-validator)$/.test(one.from),
      ),
  )
  if (check === undefined) return
  // It gives back what is wrong, and throws nothing.
  if (/^validate(?:Sync)?$/.test(lastName(check.node.callee) ?? '') && !isLookedAt(reading, check.node, value.node)) {
    const at = placeOf(reading, check.node.at)
    return [{ from: whichIn(value.node), at, problems: [{ what: 'nobody looks at what validate found', at }] }]
  }
  const closed = check.node.args.some((arg) => {
    const options = reading.evaluator.value(arg, check.scope, value.frame)
    const whitelist = options.kind === 'object' ? options.entries.get('whitelist') : undefined
    return (
      whitelist !== undefined && possibilities(whitelist).every((one) => one.kind === 'literal' && one.value === true)
    )
  })
  const made = calls.filter(({ node }) =>
    /^(?:plainTo(?:Instance|Class)|transformAndValidate)$/.test(lastName(node.callee) ?? ''),
  )
  return made.flatMap(({ node, scope }): readonly Input[] => {
    const [given, source] = node.args
    const type =
      given && possibilities(reading.evaluator.value(given, scope, value.frame)).find((one) => one.kind === 'class')
    if (given === undefined || type === undefined) return []
    const from = FROM.get((source && lastName(source)) ?? '') ?? whichIn(value.node)
    const { problems, unread } = judge(reading, dtoShape(reading, type, { closed, graphql: false }), from)
    return [{ from, at: placeOf(reading, node.at), problems, ...(unread === undefined ? {} : { unread }) }]
  })
}

/** The part of the request that a function names. */
const whichIn = (node: FunctionNode): Input['from'] => {
  let found: Input['from'] | undefined
  walk(node.body, (one) => {
    if (one.kind === 'member') found ??= FROM.get(lastName(one) ?? '')
  })
  return found ?? 'body'
}
