/**
 * Results of a validation that somebody looks at, and that stop nothing: `if (!parsed.success) res.status(400).json(…)` without
 * `return`, or `req.invalid = parsed.error`, after which the handler stores what came; and the test the wrong way round, which refuses what is right.
 */
import { type Call, type If, lastName, type Node, pathOf, walk, walkBody } from '../../source/index.ts'
import { goesOnAfter, isHandedOn, isIdle, onlyAnswers } from '../guards/index.ts'
import type { Reading } from '../reading.ts'
import { restAfter } from '../statements.ts'
import { type Origins, readsInput } from './origins.ts'

/** The `if` after which a request that was found wrong goes on all the same. */
export const unstoppedAt = (reading: Reading, origins: Origins, call: Call): If | undefined => {
  const says = sayingsOf(reading, call)
  let found: If | undefined
  walkBody(origins.fn.body, (node) => {
    if (node.kind === 'if' && found === undefined && node.at.end > call.at.start) {
      const said = saidBy(node.test, says)
      const wrong = said === 'wrong' ? node.consequent : node.alternate
      const inverted = said === 'right' && node.alternate.length === 0 && isRefusal(reading, node.consequent)
      const answered =
        said !== undefined &&
        wrong.some((one) => !isWrittenDown(one)) &&
        wrong.every((one) => onlyAnswers(reading, one) || isForgotten(reading, one))
      const rest = restAfter(origins.fn.body, node) ?? []
      if (inverted || (answered && goesOnAfter(reading, rest, (one) => readsInput(origins, one)))) found = node
    }
    return found === undefined
  })
  return found
}

/** `req.invalid = parsed.error`, which nobody else names. */
const isForgotten = (reading: Reading, node: Node): boolean =>
  node.kind === 'assign' &&
  node.target.kind === 'member' &&
  /^(?:req|request|res|reply)$/.test(pathOf(node.target)?.[0] ?? '') &&
  node.value !== undefined &&
  !isHandedOn(reading, node.value)

/** Those that only log are asked for elsewhere. */
const isWrittenDown = (node: Node): boolean => node.kind === 'call' && isIdle(node)

type Said = 'right' | 'wrong'
/** What stands for the result, and what a part of it says by its being there. */
interface Sayings {
  readonly isResult: (node: Node) => boolean
  readonly names: ReadonlyMap<string, Said>
  /** Ajv's function and `isValid` answer by themselves. */
  readonly bare: boolean
}

const RIGHT = /^(?:success|valid|isValid|ok)$/
const WRONG = /^(?:errors?|issues)$/

const meaning = (name: string | undefined): Said | undefined =>
  name === undefined ? undefined : RIGHT.test(name) ? 'right' : WRONG.test(name) ? 'wrong' : undefined

const sayingsOf = (reading: Reading, call: Call): Sayings => {
  const bare = !/^(?:safeParse|safeParseAsync|spa|validate)$/.test(
    call.callee.kind === 'member' ? (lastName(call.callee) ?? '') : '',
  )
  const parent = reading.program.parentOf(call)
  const target = parent?.kind === 'assign' && parent.value === call ? parent.target : undefined
  const names = new Map<string, Said>()
  if (target?.kind === 'object')
    for (const { key, value } of target.entries) {
      const said = key.kind === 'literal' ? meaning(String(key.value)) : undefined
      const local = value.kind === 'assign' ? value.target : value
      if (said !== undefined && local.kind === 'name') names.set(local.name, said)
    }
  const held = target?.kind === 'name' ? target.name : undefined
  return { isResult: (node) => node === call || (node.kind === 'name' && node.name === held), names, bare }
}

/** What a test's being true says of what was sent; undefined where it asks for more than that. */
const saidBy = (test: Node, says: Sayings): Said | undefined => {
  switch (test.kind) {
    case 'unary':
      return test.operator === '!' ? opposite(saidBy(test.operand, says)) : undefined
    case 'binary': {
      const [plain, other] = test.right.kind === 'literal' ? [test.left, test.right] : [test.right, test.left]
      if (other.kind !== 'literal' || !/^[!=]==?$/.test(test.operator)) return
      const isTrue = other.value === true
      return isTrue === test.operator.startsWith('=') ? saidBy(plain, says) : opposite(saidBy(plain, says))
    }
    case 'member':
      return says.isResult(test.object) ? meaning(lastName(test)) : undefined
    case 'name':
      return says.names.get(test.name) ?? (says.bare && says.isResult(test) ? 'right' : undefined)
    case 'call':
      return says.bare && says.isResult(test) ? 'right' : undefined
    default:
      return
  }
}

const opposite = (said: Said | undefined): Said | undefined =>
  said === undefined ? undefined : said === 'right' ? 'wrong' : 'right'

/** `return res.status(400)…`, and nothing but that: whoever is right about something may be told of something else. */
const isRefusal = (reading: Reading, body: readonly Node[]): boolean => {
  const last = body.at(-1)
  return (
    last !== undefined &&
    body.length <= 2 &&
    body.every((one) => one === last || onlyAnswers(reading, one)) &&
    says400(body)
  )
}

const says400 = (body: readonly Node[]): boolean => {
  let found = false
  walk(body, (one) => {
    found ||= one.kind === 'literal' && (one.value === 400 || one.value === 422)
  })
  return found
}
