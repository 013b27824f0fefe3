/** When a call runs: its own conditions, and those of whoever calls the function around it. */
import {
  type FunctionNode,
  functionAround,
  lastName,
  type Node,
  pathOf,
  possibilities,
  walkBody,
} from '../../source/index.ts'
import { type Reading, type When, whenOf } from '../reading.ts'
import { isOptOut, settingsOf } from '../switches/index.ts'

const ORDER: readonly When[] = ['always', 'production', 'unknown', 'development']

export const whenCalled = (reading: Reading, node: Node, depth = 0): When => {
  const own = settled(reading, node, whenOf(reading, node))
  const around = functionAround(reading.program.scopeOf(node))
  const name = around && nameOf(reading, around)
  if (around === undefined || name === undefined || depth > 3 || own === 'development') return own
  // Where the application itself is made, what lies around decides whether there is one at all.
  if (makesApplication(around)) return own
  const callers = reading.evaluator.callGraph.callers(around, name)
  if (callers.length === 0) return own
  const outer = callers.map((one) => whenCalled(reading, one.node, depth + 1))
  const most = ORDER.find((one) => outer.includes(one)) ?? 'unknown'
  return most === 'always' ? own : own === 'always' ? most : most === 'development' ? 'development' : own
}

/** `const setup = (app) => …` is called setup too. */
const nameOf = (reading: Reading, owner: FunctionNode): string | undefined => {
  if (owner.name !== undefined) return owner.name
  const module = reading.program.modules.get(owner.at.file)
  for (const [one] of module === undefined ? [] : reading.program.scopes(module).around)
    if (one.kind === 'assign' && one.value === owner) return lastName(one.target)
  return
}

const makesApplication = (around: FunctionNode): boolean => {
  let found = false
  walkBody(around.body, (node) => {
    if (node.kind === 'call' && pathOf(node.callee)?.join('.') === 'NestFactory.create') found = true
  })
  return found
}

/** A switch of its own (`ENABLE_DOCUMENTATION`) is on where the project's files turn it on. */
const settled = (reading: Reading, node: Node, when: When): When => {
  if (when !== 'unknown') return when
  const module = reading.program.modules.get(node.at.file)
  if (module === undefined) return when
  for (const [one, scope] of reading.program.scopes(module).around) {
    if (
      one.kind !== 'if' ||
      !one.consequent.some((each) => each.at.start <= node.at.start && each.at.end >= node.at.end)
    )
      continue
    const names = possibilities(reading.evaluator.value(one.test, scope)).flatMap((each) =>
      each.kind === 'env' ? [each.name] : [],
    )
    const values = names.flatMap((each) => settingsOf(reading, each)).map((each) => each.value)
    if (values.some((each) => /^(?:true|1|yes|on)$/i.test(each))) return 'always'
  }
  return isOptOut(reading, node) ? 'always' : when
}
