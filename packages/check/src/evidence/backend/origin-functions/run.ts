/** One way through a function that decides on origins: for whom a place is reached, and what its names are by then. */
import {
  type Call,
  type Frame,
  type FunctionNode,
  lastName,
  type Node,
  possibilities,
  type Scope,
  type Value,
  walk,
} from '../../source/index.ts'
import type { Reading } from '../reading.ts'
import { truthOf } from './given.ts'
import { and, or, type Reach } from './reach.ts'
import type { Said, State } from './said.ts'

export type FunctionValue = Extract<Value, { kind: 'function' }>

export interface Run {
  readonly reading: Reading
  /** Whom a value lets in that has nothing to do with the origin. */
  readonly judge: (value: Value) => Reach
  /** What is answered: whom to let in, or the options of the package. */
  readonly answers: 'origin' | 'options'
  /** Each place where an answer is given, and whom it lets in. */
  readonly granted: Map<Node, Reach>
  readonly stack: FunctionNode[]
  /** Answers that were come to, and what nobody comes to: an answer in neither was not followed. */
  readonly seen: Set<Node>
  readonly skipped: Set<Node>
  path: Reach
  names: Map<string, Said>
  scope: Scope
  frame: Frame | undefined
  returns: (State & { readonly said: Said })[]
  /** Where a loop was left or went on. */
  leaves: State[]
  /** How often somebody was stopped: an error thrown, or a refusal. */
  stops: number
  steps: number
  /** What an expression says, statements that run, a function that is called: each needs the others. */
  readonly say: (node: Node) => Said
  readonly perform: (nodes: readonly Node[]) => void
  readonly follow: (value: FunctionValue, args: readonly (Said | undefined)[], node: Call) => Said
}

/** More than a function that a person wrote and can follow. */
const STEPS = 4_000

export const isSpent = (run: Run): boolean => {
  run.steps += 1
  return isOver(run)
}

/** It was longer than that: what was not read may say anything. */
export const isOver = ({ steps }: Run): boolean => steps > STEPS

export const stateOf = ({ path, names }: Run): State => ({ path, names: new Map(names) })

export const enter = (run: Run, { path, names }: State): void => {
  run.path = path
  run.names = new Map(names)
}

export const comesTo = (run: Run, node: Node): Value =>
  run.reading.evaluator.value(node, run.reading.program.scopeOf(node) ?? run.scope, run.frame)

/** Something that has nothing to do with the origin; `stands` is where, of a node that was made up. */
export const given = (run: Run, node: Node, stands: Node = node): Said => {
  const scope = run.reading.program.scopeOf(stands) ?? run.scope
  const value = run.reading.evaluator.value(node, scope, run.frame)
  const truth = truthOf(run.reading, node, scope, value)
  return { is: 'given', value, ...truth, grants: grantsOf(run, value) }
}

/** The same of a value that no node stands for: one of a list, a parameter that nobody gave. */
export const handed = (run: Run, value: Value): Said => ({
  is: 'given',
  value,
  yes: 'any',
  no: 'any',
  grants: grantsOf(run, value),
})

export const nothing = (node: Node): Said => ({
  is: 'given',
  value: { kind: 'literal', value: null, at: node.at },
  yes: 'nobody',
  no: 'any',
  grants: 'nobody',
})

const grantsOf = (run: Run, value: Value): Reach => {
  const all = possibilities(value)
  if (all.every((one) => one.kind === 'literal' && !one.value)) return 'nobody'
  if (run.answers === 'origin' || all.every((one) => one.kind !== 'object')) return run.judge(value)
  return or(
    ...all.map((one): Reach => {
      if (one.kind !== 'object') return 'unknown'
      const origin = one.entries.get('origin')
      return origin === undefined ? (one.rest.length > 0 ? 'unknown' : 'any') : run.judge(origin)
    }),
  )
}

/** An answer: `said` lets in whom it lets in, of those that come here. */
export const grant = (run: Run, node: Node, said: Said): Reach => {
  const reach = and(run.path, said.grants)
  run.granted.set(node, or(reach, run.granted.get(node) ?? 'nobody'))
  return reach
}

export const isAllowOrigin = (node: Node | undefined): boolean =>
  node?.kind === 'literal' && /^access-control-allow-origin$/i.test(String(node.value))

/** The first of a call, a key, or a member: among the headers that a client may send or read it is a word. */
export const setsAllowOrigin = (reading: Reading, node: Node): boolean => {
  if (!isAllowOrigin(node)) return false
  const parent = reading.program.parentOf(node)
  return parent?.kind === 'call' ? parent.args[0] === node : parent?.kind === 'object' || parent?.kind === 'member'
}

const isOriginWord = (node: Node | undefined): boolean =>
  node?.kind === 'literal' && /^origin$/i.test(String(node.value))

/** `req.headers.origin`, `req.get('Origin')`, `c.req.header('origin')`, `request.headers.get('origin')`. */
export const isOriginHeader = (node: Node): boolean => {
  if (node.kind === 'member') return isOriginWord(node.property) && /headers$/i.test(lastName(node.object) ?? '')
  return (
    node.kind === 'call' &&
    /^(?:get|header|getHeader|getRequestHeader)$/.test(lastName(node.callee) ?? '') &&
    isOriginWord(node.args.at(-1))
  )
}

/** Whether a node has to do with the origin, or with how it is answered. */
export const mentions = (run: Run, node: Node): boolean => {
  let found = false
  walk([node], (one) => {
    if (found) return false
    if (one.kind === 'name') {
      const said = run.names.get(one.name)
      if (said !== undefined && said.is !== 'given') found = true
    } else if (isOriginHeader(one) || isAllowOrigin(one)) found = true
    // `forEach(() => { open = true })` changes what it was.
    else if (one.kind === 'assign' && !one.declares && one.target.kind === 'name')
      found ||= run.names.has(one.target.name)
    return !found
  })
  return found
}
