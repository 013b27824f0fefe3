/**
 * Values that a function looks at by itself, and refuses: `if (!isUuid(req.params.id)) return res.sendStatus(404)`,
 * `const page = Number(req.query.page); if (!Number.isInteger(page) || page > 1000) throw new BadRequest()`.
 */
import {
  type Call,
  type FunctionNode,
  type If,
  isFixed,
  lastName,
  type Node,
  pathOf,
  possibilities,
  type Scope,
  type Value,
  walk,
} from '../../source/index.ts'
import { letsThrough, NONE, onlyAnswers } from '../guards/index.ts'
import type { Reading } from '../reading.ts'
import { emptyWhen, mistakesIn } from './collected.ts'
import { isLog } from './heeded.ts'
import { isIdentifier } from './judge.ts'
import { bind, type From, type Origin, type Origins, originsIn, requestOf } from './origins.ts'
import { type Fact, type Saying, sayingsIn } from './sayings.ts'
import { idOf, isNumber, type Subject, subjectsIn } from './subjects.ts'

export interface ByHand {
  /** What an expression reads, where that has been looked at: it is typed and bounded, or stands in the test that says so. */
  soundIn(node: Node): Subject | undefined
  /** The values of which all that is used is sound: the text that was sent, or what was made of it. */
  readonly keys: ReadonlySet<string>
  /** Those that are sound as they were sent. */
  readonly texts: ReadonlySet<string>
}

/** Who hears a refusal: the client, which a `return` ends, or a caller, which goes on but where something is thrown. */
type Hears = 'client' | 'caller'

const NAMES = /^(?:name|member|call)$/

const ASSERTS = /^(?:(?:\w+\.)?assert(?:\.ok)?|invariant)$/

/** Functions that a value is handed on to. */
const DEEPEST = 2

export const checkedByHand = (
  reading: Reading,
  origins: Origins,
  known: ReadonlySet<string> = new Set(),
  given?: ReadonlyMap<string, Subject>,
  hears: Hears = 'client',
  depth = 0,
): ByHand => {
  const subjectOf = subjectsIn(origins, given)
  const says = sayingsIn(reading, origins, subjectOf)
  const facts = new Map<string, Set<Fact>>()
  const asked = new Set<Node>()
  /** Used before anything was said of them. */
  const used = new Set<string>()
  const keys = new Set<string>()
  const texts = new Set<string>(known)

  /** Where each is named for the last time. */
  const last = new Map<string, number>()
  walk(origins.fn.body, (node) => {
    const subject = NAMES.test(node.kind) ? subjectOf(node) : undefined
    if (subject !== undefined) last.set(keyOf(subject), Math.max(node.at.end, last.get(keyOf(subject)) ?? 0))
  })

  /** What is found wrong, by where it is written down: nobody has been refused for it yet. */
  const collected = new Map<string, Saying[]>()
  const collect = (into: string, all: readonly Saying[]): void => {
    for (const { node } of all) asked.add(node)
    collected.set(into, [...(collected.get(into) ?? []), ...all])
  }

  const learn = (all: readonly Saying[]): void => {
    for (const { subject, fact, node } of all) {
      const key = keyOf(subject)
      if (used.has(key)) continue
      asked.add(node)
      const own = facts.get(idOf(subject)) ?? new Set()
      facts.set(idOf(subject), own.add(fact))
      if (!suffices(subject, own)) continue
      keys.add(key)
      // A path is short enough; of what parseInt leaves out nothing is known.
      if (subject.made === undefined || (subject.made === 'whole' && subject.from === 'path')) texts.add(key)
    }
  }

  const isSoundSubject = (subject: Subject): boolean =>
    texts.has(keyOf(subject)) || (!used.has(keyOf(subject)) && suffices(subject, facts.get(idOf(subject)) ?? new Set()))

  /** `Math.min(Number(req.query.limit) || 20, 100)`, `String(req.query.q).slice(0, 100)` */
  const limited = (node: Node): Subject | undefined => {
    if (node.kind !== 'call') return
    const { callee, args } = node
    if ((pathOf(callee) ?? []).join('.') === 'Math.min')
      return args.some((one) => subjectOf(one) === undefined) ? args.map(subjectOf).find(isNumber) : undefined
    if (callee.kind !== 'member' || !/^(?:slice|substring)$/.test(lastName(callee) ?? '') || args.length < 2) return
    const subject = subjectOf(callee.object)
    return subject !== undefined && isText(subject) ? subject : undefined
  }

  const soundIn = (node: Node): Subject | undefined => {
    const subject = subjectOf(node)
    if (subject !== undefined && (asked.has(node) || isSoundSubject(subject))) return subject
    return limited(node)
  }

  /** What a call of the project's own function refuses by throwing. */
  const learnFrom = (call: Call): void => {
    if (depth === DEEPEST) return
    if (ASSERTS.test((pathOf(call.callee) ?? []).join('.')) && call.args[0]) learn(says(call.args[0], true))
    const subjects = call.args.map(subjectOf)
    const parts = call.args.map((one) => origins.of(one))
    if ([...subjects, ...parts].every((one) => one === undefined)) return
    const scope = origins.scopeOf(call)
    const callees = possibilities(reading.evaluator.value(call.callee, scope, origins.frame))
    const [callee] = callees
    if (callee?.kind !== 'function' || callees.length > 1 || callee.node === origins.fn) return
    const names = new Map<string, Origin>()
    const made = new Map<string, Subject>()
    callee.node.parameters.forEach(({ target }, index) => {
      const [subject, part] = [subjects[index], parts[index]]
      if (part !== undefined) for (const [name, one] of bind(target, part)) names.set(name, one)
      else if (subject !== undefined && target.kind === 'name') made.set(target.name, subject)
    })
    const frame = reading.evaluator.frame(callee, { node: call, scope }, origins.frame)
    const inner = originsIn(reading, callee.node, callee.scope, names, frame)
    for (const key of checkedByHand(reading, inner, texts, made, 'caller', depth + 1).texts)
      if (!used.has(key)) texts.add(key)
    // What it gives back is sound, or nothing: `Number.isInteger(id) ? id : null`.
    const { keys } = checkedByHand(reading, inner, texts, made, 'client', depth + 1)
    call.args.forEach((one, index) => {
      const subject = subjects[index]
      if (subject !== undefined && keys.has(keyOf(subject))) asked.add(one)
    })
  }

  /** What a statement does with a value, whatever comes after it. */
  const use = (statement: Node): void =>
    walk([statement], (node) => {
      if (isLog(node)) return false
      if (node.kind === 'conditional') learnTo(node.consequent.at.end, node.test, true)
      for (const one of onlyAskedIn(node)) if (subjectOf(one) !== undefined) asked.add(one)
      if (node.kind === 'assign') {
        if (node.value?.kind === 'conditional') learnTo(node.value.consequent.at.end, node.value.test, true)
        // A name that stands for it, or for what is made of it; what is put elsewhere is used there.
        const isNamed = node.target.kind !== 'member' && node.value !== undefined && subjectOf(node.value) !== undefined
        if (node.value !== undefined && !isNamed) use(node.value)
        return false
      }
      if (node.kind === 'call') learnFrom(node)
      const sound = soundIn(node)
      if (sound !== undefined) {
        keys.add(keyOf(sound))
        return false
      }
      const subject = subjectOf(node)
      if (subject !== undefined) used.add(keyOf(subject))
      return subject === undefined
    })

  const leaves = (body: readonly Node[]): boolean => {
    const last = body.at(-1)
    return (
      (last?.kind === 'throw' || (last?.kind === 'return' && hears === 'client')) &&
      !body.some((one) => letsThrough(reading, one, 'next', NONE))
    )
  }

  /** What a test says, of values that are named nowhere after what then runs. */
  const learnTo = (end: number, test: Node, holds: boolean): void =>
    learn(saysOf(test, holds).filter(({ subject }) => (last.get(keyOf(subject)) ?? 0) <= end))

  /** @param end where what is learned in it ends */
  const read = (body: readonly Node[], end: number): void => {
    for (const one of body) {
      const isLast = one === body.at(-1)
      if (one.kind === 'if') readIf(one, isLast, end)
      else if (one.kind === 'try' && isLast) {
        one.handlers.forEach(use)
        read(one.body, end)
      } else use(one)
    }
  }

  /** What a test says, also of what was written down before: nothing is wrong where nothing was. */
  const saysOf = (test: Node, holds: boolean): readonly Saying[] => [
    ...says(test, holds),
    ...emptyWhen(test, holds).flatMap((into) => collected.get(into) ?? []),
  ]

  const readIf = (node: If, isLast: boolean, end: number): void => {
    const { test, consequent, alternate } = node
    const mistakes = mistakesIn(node)
    if (mistakes !== undefined) {
      for (const one of mistakes) collect(one.into, says(one.test, false))
      for (const one of mistakes) use(one.test)
      return
    }
    const isEnd = isLast && hears === 'client'
    const refuses = leaves(consequent) || (isEnd && consequent.every((one) => onlyAnswers(reading, one)))
    if (refuses && saysOf(test, false).length > 0) {
      consequent.forEach(useRefused)
      learnTo(end, test, false)
      use(test)
      if (isLast) read(alternate, end)
      else alternate.forEach(use)
    } else {
      const inner = consequent.at(-1)?.at.end ?? 0
      learnTo(inner, test, true)
      if (subjectOf(test) !== undefined) asked.add(test)
      use(test)
      read(consequent, inner)
      alternate.forEach(use)
    }
  }

  /** What is wrong may be named to whoever sent it; to give it to anything else is a use. */
  const useRefused = (statement: Node): void =>
    walk([statement], (node) => {
      if (node.kind === 'throw') return false
      if (node.kind === 'return' && node.value !== undefined && subjectOf(node.value) !== undefined) use(node.value)
      if (node.kind !== 'call' || onlyAnswers(reading, node)) return true
      use(node)
      return false
    })

  read(origins.fn.body, Number.POSITIVE_INFINITY)
  for (const { subject } of [...collected.values()].flat()) if (!keys.has(keyOf(subject))) used.add(keyOf(subject))
  for (const key of used) keys.delete(key)
  return { soundIn, keys, texts }
}

/** Whether all that a function does with what one of its parameters was given is sound. */
export const isCheckedByHand = (
  reading: Reading,
  fn: FunctionNode,
  scope: Scope,
  name: string,
  from: From,
): boolean => {
  const names = new Map<string, Origin>([[name, { kind: 'input', from, key: name }]])
  return checkedByHand(reading, originsIn(reading, fn, scope, names)).keys.has(keyOf({ from, key: name }))
}

/** The values that are sound as they were sent once a middleware has let a request through: `path id`. */
export const soundAfter = (
  reading: Reading,
  { node, scope, frame }: Extract<Value, { kind: 'function' }>,
  names: ReadonlyMap<string, Origin> = requestOf(node),
): ReadonlySet<string> => checkedByHand(reading, originsIn(reading, node, scope, names, frame)).texts

const keyOf = ({ from, key }: Subject): string => `${from} ${key}`

/** Nothing but a text comes of it. */
const isText = ({ from, made, text }: Subject): boolean =>
  made === 'text' || (made === undefined && (text ?? from === 'path'))

const suffices = (subject: Subject, facts: ReadonlySet<Fact>): boolean =>
  facts.has('listed') ||
  (facts.has('short') && (facts.has('string') || isText(subject))) ||
  (facts.has('number') && (facts.has('small') || isIdentifier(subject.key)))

/** Values of which only an answer to a question comes: `req.query.all === 'true'`, `typeof q`, `q && …`. */
const onlyAskedIn = (node: Node): readonly Node[] => {
  switch (node.kind) {
    case 'binary':
      return /^(?:[!=]==|[<>]=?)$/.test(node.operator) && isFixed(node.right) ? [node.left] : []
    case 'unary':
      return /^(?:!|typeof)$/.test(node.operator) ? [node.operand] : []
    case 'logical':
      return node.operator === '&&' ? [node.left] : []
    case 'if':
    case 'conditional':
      return [node.test]
    default:
      return []
  }
}
