/** Into a function of the project's own, with what it is called with. */
import type { Call, Frame, FunctionNode, Value } from '../../source/index.ts'
import { bind, forget } from './binding.ts'
import { enter, type FunctionValue, grant, nothing, type Run, stateOf } from './run.ts'
import { meeting, oneOf, type Said, UNKNOWN } from './said.ts'

const DEEPEST = 6

/** What it gives back; whoever it throws at does not go on. */
export const follow = (run: Run, value: FunctionValue, args: readonly (Said | undefined)[], node: Call): Said => {
  if (run.stack.length > DEEPEST || run.stack.includes(value.node)) {
    // Whatever it would answer is not known.
    if (args.some((one) => one?.is === 'callback')) grant(run, node, UNKNOWN)
    return UNKNOWN
  }
  const { path, scope, frame, returns, leaves, stops } = run
  const outer = new Map(run.names)
  const isInside = run.stack.some(
    ({ at }) => at.file === value.node.at.file && at.start <= value.node.at.start && at.end >= value.node.at.end,
  )
  if (!isInside) run.names = new Map()
  run.stack.push(value.node)
  run.scope = value.scope
  run.frame = frameOf(run, value, args, isInside ? frame : value.frame)
  run.returns = []
  run.leaves = []
  take(run, value.node, args)
  run.perform(value.node.body)
  const ends = [...run.returns, { ...stateOf(run), said: nothing(node) }]
  enter(run, meeting(ends))
  // Whatever it asked on the way: all who came go on.
  if (run.stops === stops) run.path = path
  run.names = isInside ? kept(run, value.node, outer) : outer
  run.stack.pop()
  Object.assign(run, { scope, frame, returns, leaves })
  return oneOf(ends)
}

/** The parameters by what they are called with. */
export const take = (run: Run, node: FunctionNode, args: readonly (Said | undefined)[]): void => {
  node.parameters.forEach(({ target, initial, rest }, index) => {
    const said = rest ? UNKNOWN : (args[index] ?? (initial === undefined ? undefined : run.say(initial)))
    if (said === undefined) forget(run, target)
    else bind(run, target, said)
  })
}

/** What is known of them besides the origin, for the evaluator. */
export const frameOf = (
  run: Run,
  value: FunctionValue,
  args: readonly (Said | undefined)[],
  outer: Frame | undefined,
): Frame => {
  const parameters = new Map<string, Value>()
  value.node.parameters.forEach(({ target, initial }, index) => {
    const said = args[index] ?? (initial === undefined ? undefined : run.say(initial))
    if (target.kind === 'name' && said?.is === 'given') parameters.set(target.name, said.value)
  })
  return {
    function: value.node,
    call: undefined,
    parameters,
    depth: 1,
    ...(value.self === undefined ? {} : { self: value.self }),
    ...(outer === undefined ? {} : { outer }),
  }
}

/** Its own names are gone; what it did to those around it stays. */
const kept = (run: Run, node: FunctionNode, outer: ReadonlyMap<string, Said>): Map<string, Said> => {
  const names = new Map(run.names)
  const own = run.reading.program.scopeOf(node.body[0] ?? node)?.names
  for (const name of own?.keys() ?? []) {
    const before = outer.get(name)
    if (before === undefined) names.delete(name)
    else names.set(name, before)
  }
  return names
}
