/** The conditions that a place is behind. */
import { type If, lastName, type Module, type Node, type Scope } from '../source/index.ts'
import type { Reading } from './reading.ts'

export interface Condition {
  readonly test: Node
  readonly scope: Scope
  /** Whether it has to be true, or to fail. */
  readonly holds: boolean
  /** Where it fails the program does not start: `if not SECRET: raise RuntimeError`. Whoever serves anything is past it. */
  readonly starts?: true
}

/** What decides whether a node is reached, in its own function and around that; `early return`s count. */
export const conditionsOf = (reading: Reading, node: Node): readonly Condition[] => {
  const module = reading.program.modules.get(node.at.file)
  if (module === undefined) return []
  const found: Condition[] = []
  const within = (...body: readonly Node[]) =>
    body.some((each) => each.at.start <= node.at.start && each.at.end >= node.at.end)
  for (const [one, scope] of deciders(reading, module)) {
    const inside = within(one) && one !== node
    if (one.kind === 'if') {
      const { test, consequent, alternate } = one
      if (inside && within(...consequent)) found.push({ test, scope, holds: true })
      else if (inside && within(...alternate)) found.push({ test, scope, holds: false })
      else if (
        !inside &&
        one.at.end <= node.at.start &&
        alternate.length === 0 &&
        /^(?:return|throw)$/.test(consequent.at(-1)?.kind ?? '') &&
        sameFunction(reading, one, node) &&
        comesAfter(reading, one, node)
      )
        found.push({ test, scope, holds: false, ...(endsProgram(one, scope) ? { starts: true as const } : {}) })
    } else if (inside && one.kind === 'conditional') {
      if (within(one.consequent)) found.push({ test: one.test, scope, holds: true })
      else if (within(one.alternate)) found.push({ test: one.test, scope, holds: false })
    } else if (inside && one.kind === 'logical' && one.operator === '&&' && within(one.right))
      found.push({ test: one.left, scope, holds: true })
  }
  return found
}

/** What a factory of Python's raises that is no answer to a request. */
const AT_START = /^(?:RuntimeError|ValueError|SystemExit|ImproperlyConfigured|EnvironmentError|OSError)$/

const endsProgram = ({ consequent }: If, { owner }: Scope): boolean =>
  consequent.every(
    (one) => one.kind === 'throw' && (owner?.kind !== 'function' || (one.value && AT_START.test(raised(one.value)))),
  )

const raised = (node: Node): string => lastName(node.kind === 'call' ? node.callee : node) ?? ''

const known = new WeakMap<Module, readonly (readonly [Node, Scope])[]>()

/** The nodes of a module that decide what is reached. Kept: they are asked for each of its calls. */
const deciders = (reading: Reading, module: Module): readonly (readonly [Node, Scope])[] => {
  const kept = known.get(module)
  if (kept !== undefined) return kept
  const found = [...reading.program.scopes(module).around].filter(([{ kind }]) =>
    ['if', 'conditional', 'logical'].includes(kind),
  )
  known.set(module, found)
  return found
}

/** Whether a node is reached past an `if`: one inside of another block (`if (!key) { if (live) throw … }`) only decides there. */
const comesAfter = (reading: Reading, one: Node, node: Node): boolean => {
  const around = reading.program.parentOf(one)
  return around === undefined || (around.at.start <= node.at.start && around.at.end >= node.at.end)
}

const sameFunction = (reading: Reading, one: Node, other: Node): boolean =>
  reading.program.scopeOf(one)?.owner === reading.program.scopeOf(other)?.owner
