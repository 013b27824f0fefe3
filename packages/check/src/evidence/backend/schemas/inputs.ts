/** What a handler reads of a request as it came. */
import {
  type Call,
  childrenOf,
  type Frame,
  type FunctionNode,
  lastName,
  type Node,
  possibilities,
  type Scope,
} from '../../source/index.ts'
import type { Input, Place } from '../facts.ts'
import { placeOf, type Reading } from '../reading.ts'
import { checkedByHand } from './by-hand.ts'
import { isLog } from './heeded.ts'
import { validationsIn } from './inline.ts'
import { bind, type From, type Origins, originsIn, requestOf } from './origins.ts'

export interface RawInput {
  readonly from: From
  readonly at: Place
  /** Which of it; empty is the whole. */
  readonly keys: readonly string[]
  /** The handler has looked at all that it reads of it, by itself. */
  readonly sound?: true
}

/** @param unnamed the keys of it that no schema names */
export const rawInput = ({ from, at, sound }: RawInput, unnamed: readonly string[] = []): Input => ({
  from,
  at,
  problems: sound ? [] : [{ what: `nothing checks ${unnamed.length > 0 ? unnamed.join(', ') : 'it'}`, at }],
})

interface Read {
  readonly from: From
  readonly node: Node
  readonly key?: string
  readonly sound?: true
  /** It is only taken out under a name, and read where the name is. */
  readonly named?: true
}

const DEEPEST = 3

/** `stripe.webhooks.constructEvent(req.body, signature, secret)`: it throws where they who hold the secret have not written it. */
const isSigned = ({ callee }: Call): boolean => /^constructEvent(?:Async)?$/.test(lastName(callee) ?? '')

/**
 * What is given to a validation is not raw: `schema.parse(req.body)`; nor what the function has looked at by itself.
 *
 * @param known what those before it have looked at: `path id`
 */
export const rawInputs = (
  reading: Reading,
  handler: FunctionNode,
  scope: Scope,
  frame?: Frame,
  known: ReadonlySet<string> = new Set(),
): readonly RawInput[] => {
  const reads: Read[] = []
  readsOf(reading, originsIn(reading, handler, scope, requestOf(handler), frame), reads, known, 0)
  const inputs: RawInput[] = []
  for (const from of ['body', 'query', 'path'] as const) {
    const all = reads.filter((one) => one.from === from)
    const bare = all.filter((one) => !one.sound)
    const looked = new Set(all.filter((one) => one.sound).map((one) => one.key))
    const used = new Set(bare.filter((one) => !one.named).map((one) => one.key))
    const own = bare.filter(({ named, key }) => !named || !looked.has(key) || used.has(key))
    const first = own[0]
    const sound = all.find((one) => one.sound)
    if (first === undefined) {
      if (sound !== undefined) inputs.push({ from, at: placeOf(reading, sound.node.at), keys: [], sound: true })
      continue
    }
    // A read of the whole says nothing of its keys.
    const whole = own.find((one) => one.key === undefined)
    const keys = whole ? [] : [...new Set(own.flatMap((one) => one.key ?? []))]
    inputs.push({ from, at: placeOf(reading, (whole ?? first).node.at), keys })
  }
  return inputs
}

const readsOf = (
  reading: Reading,
  origins: Origins,
  reads: Read[],
  known: ReadonlySet<string>,
  depth: number,
): void => {
  const validated = new Set(validationsIn(reading, origins).map((one) => one.subject))
  const byHand = checkedByHand(reading, origins, known)
  const record = (node: Node, from: From, key: string | undefined, more: Pick<Read, 'named'> = {}) => {
    if (key === undefined) reads.push({ from, node })
    else reads.push({ from, node, key, ...more, ...(byHand.texts.has(`${from} ${key}`) ? { sound: true } : {}) })
  }
  const takeOut = (node: Node, from: From, key: string) => record(node, from, key, { named: true })

  const visit = (node: Node): void => {
    if (validated.has(node)) return
    const sound = byHand.soundIn(node)
    if (sound !== undefined) {
      reads.push({ from: sound.from, node, key: sound.key, sound: true })
      return
    }
    if (node.kind === 'assign') {
      const origin = node.value && origins.of(node.value)
      if (node.value !== undefined && origin?.kind === 'input' && !validated.has(node.value)) {
        // A name that stands for it is followed; one taken out of it is a read.
        if (node.target.kind === 'object') {
          const whole = node.target.spreads.length > 0 || node.target.entries.some(({ key }) => key.kind !== 'literal')
          if (whole || origin.key !== undefined) record(node.value, origin.from, origin.key)
          else
            for (const { key } of node.target.entries)
              if (key.kind === 'literal') takeOut(node.value, origin.from, String(key.value))
        } else if (node.target.kind === 'name') {
          if (origin.key !== undefined) takeOut(node.value, origin.from, origin.key)
        } else record(node.value, origin.from, origin.key)
        return
      }
      if (origin?.kind === 'request') {
        takenApart(node.target)
        return
      }
      if (node.value) visit(node.value)
      return
    }
    const origin = origins.of(node)
    if (origin?.kind === 'input') {
      record(node, origin.from, origin.key)
      if (node.kind === 'call') node.args.forEach(visit)
      return
    }
    if (node.kind === 'function') {
      node.body.forEach(visit)
      return
    }
    if (node.kind === 'call') {
      if (isLog(node)) return
      if (isSigned(node)) {
        for (const one of node.args) {
          const given = origins.of(one)
          if (given?.kind === 'input') reads.push({ from: given.from, node: one, key: given.key ?? '', sound: true })
        }
        return
      }
      if (depth < DEEPEST) passedOn(node)
      // `c.body(null)` is an answer.
      const answers = node.callee.kind === 'member' && origins.of(node.callee.object)?.kind === 'request'
      for (const one of answers ? node.args : [node.callee, ...node.args]) visit(one)
      return
    }
    childrenOf(node).forEach(visit)
  }

  /** `{ body: { email }, params }`: what is bound whole is read where its name is used. */
  const takenApart = (target: Node): void => {
    const pattern = target.kind === 'assign' ? target.target : target
    if (pattern.kind !== 'object') return
    for (const { key, value } of pattern.entries) {
      if (key.kind !== 'literal' || value.kind !== 'object') continue
      const inner = bind(
        {
          kind: 'object',
          entries: [{ key, value: { kind: 'name', name: 'part', at: key.at } }],
          spreads: [],
          at: key.at,
        },
        { kind: 'request' },
      ).get('part')
      if (inner?.kind === 'request') takenApart(value)
      if (inner?.kind !== 'input') continue
      for (const one of value.entries)
        if (one.key.kind === 'literal') takeOut(value, inner.from, String(one.key.value))
        else record(value, inner.from, undefined)
      if (value.spreads.length > 0) record(value, inner.from, undefined)
    }
  }

  const passedOn = (call: Extract<Node, { kind: 'call' }>): void => {
    const index = call.args.findIndex((one) => origins.of(one)?.kind === 'request')
    if (index === -1) return
    const scope = origins.scopeOf(call)
    for (const callee of possibilities(reading.evaluator.value(call.callee, scope, origins.frame))) {
      const parameter = callee.kind === 'function' ? callee.node.parameters[index] : undefined
      if (callee.kind !== 'function' || parameter === undefined) continue
      const frame = reading.evaluator.frame(callee, { node: call, scope }, origins.frame)
      readsOf(
        reading,
        originsIn(reading, callee.node, callee.scope, bind(parameter.target, { kind: 'request' }), frame),
        reads,
        byHand.texts,
        depth + 1,
      )
    }
  }

  for (const { target } of origins.fn.parameters) takenApart(target)
  origins.fn.body.forEach(visit)
}
