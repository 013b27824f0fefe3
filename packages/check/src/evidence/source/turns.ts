/** What a loop, or a callback of `forEach`, runs with in each of its turns. */
import { boundNames } from './bound-names.ts'
import type { Evaluator } from './evaluate.ts'
import type { Located } from './program.ts'
import type { Scope } from './scopes.ts'
import type { Assign, Call, FunctionNode, Module, Node } from './tree.ts'
import { type Frame, possibilities, type Value } from './value.ts'

/** A list that is longer is read no further: each item is a run of the whole body. */
const MOST_ITEMS = 200

export interface Loop {
  readonly variable: Assign
  readonly over: Node
  readonly body: readonly Node[]
}

/** `for (const x of xs) …` */
export const loopOf = (node: Node): Loop | undefined => {
  if (node.kind !== 'other') return
  const [variable, over, ...body] = node.children
  if (variable?.kind !== 'assign' || variable.value !== undefined || !variable.declares || over === undefined) return
  return { variable, over, body }
}

/** What a list holds, or what `Object.entries(…)` and `Object.values(…)` make of an object or a module; undefined where it is not known. */
export const itemsOf = (evaluator: Evaluator, value: Value): readonly Value[] | undefined => {
  for (const one of possibilities(value)) {
    const items = one.kind === 'list' ? one.items : one.kind === 'external' ? membersOf(evaluator, one) : undefined
    if (items !== undefined) return items.slice(0, MOST_ITEMS)
  }
  return
}

const membersOf = (evaluator: Evaluator, value: Extract<Value, { kind: 'external' }>): readonly Value[] | undefined => {
  const [of, asked, called, ...rest] = value.path
  if (value.from !== 'global' || of !== 'Object' || called !== '()' || rest.length > 0) return
  const given = value.call?.node.args[0]
  if ((asked !== 'entries' && asked !== 'values') || value.call === undefined || given === undefined) return
  const whole = evaluator.value(given, value.call.scope, value.frame)
  if (whole.kind !== 'object' && whole.kind !== 'module') return
  const entries = whole.kind === 'object' ? [...whole.entries] : exportsOf(evaluator, whole.module)
  return entries.map(([key, entry]): Value => {
    const { at } = entry
    return asked === 'values' ? entry : { kind: 'list', items: [{ kind: 'literal', value: key, at }, entry], at }
  })
}

/** `import * as routes`: each thing that the module exports. */
const exportsOf = (evaluator: Evaluator, module: Module): readonly (readonly [string, Value])[] => {
  const at = { file: module.file, line: 1, start: 0, end: 0 }
  const whole: Value = { kind: 'module', module, at }
  return module.body
    .flatMap((one) => (one.kind === 'export' ? one.names.map(({ exported }) => exported) : []))
    .filter((name) => name !== '*')
    .map((name) => [name, evaluator.member(whole, name, at)] as const)
}

const NO_FUNCTION: FunctionNode = {
  kind: 'function',
  parameters: [],
  body: [],
  decorators: [],
  isAsync: false,
  at: { file: '', line: 0, start: 0, end: 0 },
}

/** The same frame in one turn of a loop that stands in this scope. */
export const inTurn = (frame: Frame | undefined, scope: Scope, variable: Assign, item: Value): Frame => ({
  ...(frame ?? { function: functionOf(scope), call: undefined, parameters: new Map(), depth: 0 }),
  locals: new Map([...(frame?.locals ?? []), [variable, item]]),
})

/** The frames in which a node runs: one for each turn of the loops around it in its function. */
export const turnsAround = (
  evaluator: Evaluator,
  node: Node,
  around: Scope,
  frame: Frame | undefined,
): readonly (Frame | undefined)[] => {
  const loops: Loop[] = []
  for (let one = evaluator.program.parentOf(node); one !== undefined && one.kind !== 'function'; ) {
    const loop = loopOf(one)
    if (loop !== undefined) loops.unshift(loop)
    one = evaluator.program.parentOf(one)
  }
  return loops.reduce<readonly (Frame | undefined)[]>(
    (frames, { variable, over }) =>
      frames.flatMap((each) => {
        const scope = evaluator.program.scopeOf(over) ?? around
        const items = itemsOf(evaluator, evaluator.value(over, scope, each))
        return items === undefined ? [each] : items.map((item) => inTurn(each, scope, variable, item))
      }),
    [frame],
  )
}

const functionOf = ({ owner }: Scope): FunctionNode => (owner?.kind === 'function' ? owner : NO_FUNCTION)

/** A frame of a function whose parameters are known otherwise than by a call of it: `forEach` and `register` do that. */
export const frameGiven = (
  evaluator: Evaluator,
  node: FunctionNode,
  given: readonly (Value | undefined)[],
  outer: Frame | undefined,
  call?: Located<Call>,
): Frame => {
  const parameters = new Map<string, Value>()
  for (const [index, { target }] of node.parameters.entries()) {
    const value = given[index]
    if (value === undefined) continue
    for (const { name, path } of boundNames(target))
      parameters.set(
        name,
        path.reduce<Value>((whole, key) => evaluator.member(whole, String(key), target.at), value),
      )
  }
  return { function: node, call, parameters, depth: (outer?.depth ?? 0) + 1, ...(outer ? { outer } : {}) }
}
