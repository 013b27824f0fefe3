/**
 * Whether anybody looks at what a validation found: `safeParse`, Joi's `validate` and what Ajv compiles give back what is wrong
 * and throw nothing, so that a result which nobody reads stops nothing.
 */
import {
  type Call,
  type FunctionNode,
  type If,
  lastName,
  type Node,
  pathOf,
  possibilities,
  walk,
} from '../../source/index.ts'
import type { Reading } from '../reading.ts'
import { chainOf } from './chain.ts'
import type { Origins } from './origins.ts'
import { isUnheard } from './unheard.ts'
import { unstoppedAt } from './unstopped.ts'

/** superstruct's `is` and TypeBox's `Check` answer a question. */
const GIVES_BACK = /^(?:safeParse|safeParseAsync|spa|isValid|isValidSync|is|Check)$/
/** Of a result: what came through, which Joi fills in also where something is wrong. */
const CAME_THROUGH = /^(?:data|value|output)$/

/** What stops nothing: the validation that nobody hears, or the `if` that answers and goes on. */
export const unheededIn = (reading: Reading, origins: Origins, call: Call): Node | undefined => {
  if (!isHeeded(reading, origins, call)) return call
  return givesBack(reading, origins, call) ? unstoppedAt(reading, origins, call) : undefined
}

/** Also where it can't be followed: passed on, returned, kept in a field. */
const isHeeded = (reading: Reading, origins: Origins, call: Call): boolean => {
  const { body } = origins.fn
  if (isUnheard(reading, origins, call)) return false
  if (!givesBack(reading, origins, call)) return true
  const parent = reading.program.parentOf(call)
  if (parent === undefined || isStatement(call, parent)) return readsErrors(call, body)
  if (givesEither(reading, origins, call)) return tellsApart(reading, call, origins.fn)
  return isLookedAt(reading, call, origins.fn)
}

/** Whether anybody looks at what a call found. */
export const isLookedAt = (reading: Reading, call: Call, fn: FunctionNode): boolean => {
  const parent = reading.program.parentOf(call)
  return (
    parent !== undefined &&
    !isStatement(call, parent) &&
    !isWrittenDown(reading, call, fn) &&
    looksAt(reading, call, fn, 0)
  )
}

/** ArkType's `Note(body)` gives what came through or what is wrong, the one like the other. */
const givesEither = (reading: Reading, { scopeOf, frame }: Origins, { callee }: Call): boolean =>
  possibilities(reading.evaluator.value(callee, scopeOf(callee), frame)).some(
    (one) => one.kind === 'external' && one.from === 'arktype' && one.path.at(-1) === '()',
  )

/** `if (note instanceof type.errors)`; where it is given back, its caller may ask. */
const tellsApart = (reading: Reading, call: Call, fn: FunctionNode): boolean => {
  const parent = reading.program.parentOf(call)
  const asks = (one: Node): boolean => {
    const around = reading.program.parentOf(one)
    return (
      (around?.kind === 'binary' && around.operator === 'instanceof') ||
      (around?.kind === 'member' && /^(?:issues|summary|errors|problems|throw)$/.test(lastName(around) ?? '')) ||
      (around?.kind === 'call' && /err|check|assert|invalid|valid|throw/i.test(lastName(around.callee) ?? '')) ||
      around?.kind === 'return'
    )
  }
  if (parent?.kind !== 'assign' || parent.value !== call || parent.target.kind !== 'name') return asks(call)
  return usesOf(parent.target, fn, reading).some(asks)
}

/** Whether it says what is wrong by what it gives back. */
const givesBack = (reading: Reading, { scopeOf, frame }: Origins, { callee, at }: Call): boolean => {
  const name = lastName(callee) ?? ''
  if (GIVES_BACK.test(name)) return true
  const node: Node = callee.kind === 'member' && name === 'validate' ? callee.object : callee
  return possibilities(reading.evaluator.value(node, scopeOf(callee), frame)).some((one) => {
    if (one.kind !== 'external' || one.at === at) return false
    return name === 'validate' && callee.kind === 'member'
      ? /joi/.test(chainOf(reading, one).from)
      : (/^(?:ajv|arktype)/.test(one.from) && one.path.at(-1) === '()') ||
          (one.from === 'superstruct' && name === 'validate')
  })
}

/** Nothing is done with it where it stands as a line of its own. */
const isStatement = (node: Node, parent: Node): boolean =>
  (parent.kind === 'function' || parent.kind === 'try') && parent.body.includes(node)
    ? true
    : parent.kind === 'if' && parent.test !== node

/** `validate(body); if (validate.errors)`: Ajv keeps them at the function. */
const readsErrors = ({ callee }: Call, body: readonly Node[]): boolean => {
  let found = false
  walk(body, (node) => {
    if (node.kind === 'member' && lastName(node) === 'errors' && lastName(node.object) === lastName(callee))
      found = true
    return !found
  })
  return found
}

const DEEPEST = 3

/** Whether a result is looked at: anything of it but what came through, or that in a test. */
const looksAt = (reading: Reading, result: Node, fn: FunctionNode, depth: number): boolean => {
  const parent = reading.program.parentOf(result)
  if (parent === undefined || depth > DEEPEST) return true
  if (parent.kind === 'member' && parent.object === result)
    return CAME_THROUGH.test(lastName(parent) ?? '') ? isTested(reading, parent, fn, depth) : true
  if (parent.kind !== 'assign' || parent.value !== result) return true
  const { target } = parent
  if (target.kind === 'name') return usesOf(target, fn, reading).some((one) => looksAt(reading, one, fn, depth + 1))
  // superstruct's `const [error, note] = validate(body, Note)`
  if (target.kind === 'list') {
    const names = target.items.filter((one) => one.kind === 'name')
    return names.some((one) => {
      const uses = usesOf(one, fn, reading)
      return one === target.items[0] ? uses.length > 0 : uses.some((use) => isTested(reading, use, fn, depth + 1))
    })
  }
  if (target.kind !== 'object' || target.spreads.length > 0) return true
  return target.entries.some(({ key, value }) => {
    const local = value.kind === 'assign' ? value.target : value
    if (key.kind !== 'literal' || local.kind !== 'name') return true
    const uses = usesOf(local, fn, reading)
    return CAME_THROUGH.test(String(key.value))
      ? uses.some((one) => isTested(reading, one, fn, depth + 1))
      : uses.length > 0
  })
}

/** `if (!parsed.data)`, `parsed.data ?? {}`, `parsed.data?.page`: what is undefined where something was wrong. */
const isTested = (reading: Reading, node: Node, fn: FunctionNode, depth: number): boolean => {
  const parent = reading.program.parentOf(node)
  if (parent === undefined || depth > DEEPEST) return true
  switch (parent.kind) {
    case 'unary':
    case 'logical':
    case 'binary':
      return true
    case 'if':
    case 'conditional':
      return parent.test === node
    case 'member': {
      const text = reading.program.modules.get(node.at.file)?.text.slice(node.at.end, node.at.end + 2)
      return text === '?.' || isTested(reading, parent, fn, depth)
    }
    case 'assign':
      return (
        parent.value === node &&
        parent.target.kind === 'name' &&
        usesOf(parent.target, fn, reading).some((one) => isTested(reading, one, fn, depth + 1))
      )
    default:
      return false
  }
}

/** What is only written down is no use of it. */
export const isLog = (node: Node): boolean =>
  node.kind === 'call' &&
  /(?:^|\.)(?:console|logger|log|winston|debug)\.(?:\w+)$/i.test((pathOf(node.callee) ?? []).join('.'))

/** `if (!parsed.success) console.warn(parsed.error)`: it is written down, and all goes on. */
const onlyLogs = ({ consequent, alternate }: If): boolean => alternate.length === 0 && consequent.every(isLog)

const isWrittenDown = (reading: Reading, node: Node, fn: FunctionNode): boolean => {
  let inner = node
  for (let parent = reading.program.parentOf(node); parent !== undefined && parent !== fn; ) {
    if (isLog(parent)) return true
    if (parent.kind === 'if') return parent.test === inner && onlyLogs(parent)
    inner = parent
    parent = reading.program.parentOf(parent)
  }
  return false
}

/** Every other place where the name stands as a value and something comes of it. */
const usesOf = (name: Extract<Node, { kind: 'name' }>, fn: FunctionNode, reading: Reading): readonly Node[] => {
  const found: Node[] = []
  walk(fn.body, (node) => {
    if (node.kind !== 'name' || node.name !== name.name || node.at.start === name.at.start) return
    const parent = reading.program.parentOf(node)
    if (!(parent?.kind === 'assign' && parent.target === node) && !isWrittenDown(reading, node, fn)) found.push(node)
  })
  return found
}
