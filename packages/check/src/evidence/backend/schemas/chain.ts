/** A schema as the calls that make it: `z.string().max(5)` is z, string(), max(5), through names and imports. */
import {
  type At,
  type Call,
  type Frame,
  type Located,
  type Node,
  possibilities,
  type Value,
  withoutDefault,
} from '../../source/index.ts'
import type { Reading } from '../reading.ts'

export interface Step {
  readonly name: string
  /** Undefined for a member that isn't called, and for a call that the source doesn't show. */
  readonly call?: Located<Call> | undefined
  readonly called: boolean
  readonly frame?: Frame | undefined
  readonly at: At
}

export interface Chain {
  /** The package of the first name. */
  readonly from: string
  readonly steps: readonly Step[]
  readonly at: At
}

export type External = Extract<Value, { kind: 'external' }>

const DEEPEST = 80

export const chainOf = (reading: Reading, value: External, depth = 0): Chain => {
  const path = withoutDefault(value.path)
  const { call } = value
  if (call === undefined || depth > DEEPEST) {
    const steps = path.flatMap((name, index): Step[] =>
      name === '()' ? [] : [{ name, called: path[index + 1] === '()', at: value.at }],
    )
    return { from: value.from, steps, at: value.at }
  }
  const after = path.slice(path.lastIndexOf('()') + 1).map((name): Step => ({ name, called: false, at: value.at }))
  const callee = possibilities(reading.evaluator.value(call.node.callee, call.scope, value.frame)).find(
    (one) => one.kind === 'external',
  )
  const before = callee === undefined ? undefined : chainOf(reading, callee as External, depth + 1)
  const last = before?.steps.at(-1)
  const { at } = call.node
  const step = { call, called: true, frame: value.frame, at }
  const steps: Step[] =
    before === undefined || last === undefined || last.called
      ? [...(before?.steps ?? []), { name: '', ...step }]
      : [...before.steps.slice(0, -1), { name: last.name, ...step, at: nameAt(call.node, last.at) }]
  return { from: before?.from ?? value.from, steps: [...steps, ...after], at: value.at }
}

/** Where the step's own name stands: long chains are written over many lines. */
const nameAt = (call: Call, at: At): At => (call.callee.kind === 'member' ? call.callee.property.at : at)

export const argOf = (reading: Reading, step: Step, index: number): Value | undefined => {
  const node = step.call?.node.args[index]
  return node === undefined || step.call === undefined
    ? undefined
    : reading.evaluator.value(node, step.call.scope, step.frame)
}

export const argsOf = (reading: Reading, step: Step): readonly Value[] => {
  const { call, frame } = step
  if (call === undefined) return []
  return call.node.args.flatMap((one): readonly Value[] => {
    const value = reading.evaluator.value(one, call.scope, frame)
    return one.kind === 'spread' && value.kind === 'list' ? value.items : [value]
  })
}

export const memberNode = (object: Node, name: string): Node => ({
  kind: 'member',
  object,
  property: { kind: 'literal', value: name, at: object.at },
  at: object.at,
})

/** Only literals that are true: `unknown(true)`, `unknown()` is asked with its own default. */
export const isTrue = (value: Value | undefined): boolean => value?.kind === 'literal' && value.value === true

export const isFalse = (value: Value | undefined): boolean => value?.kind === 'literal' && value.value === false

export const textOf = (value: Value | undefined): string | undefined =>
  value?.kind === 'literal' && typeof value.value === 'string' ? value.value : undefined

/** A text, or a list of texts. */
export const textsIn = (value: Value | undefined): readonly string[] =>
  value?.kind === 'list' ? value.items.flatMap((one) => textOf(one) ?? []) : [textOf(value)].flatMap((one) => one ?? [])
