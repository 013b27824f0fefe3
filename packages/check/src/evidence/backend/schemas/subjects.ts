/** Which value of a request an expression is: what was sent under a key, or the number or the text that is made of it. */
import { isFixed, lastName, type Node, pathOf, walk } from '../../source/index.ts'
import type { From, Origins } from './origins.ts'
import { NUMBER_MAKERS } from './predicates.ts'

export interface Subject {
  readonly from: From
  readonly key: string
  /** It can't be sent as a list. */
  readonly text?: true
  /** `whole`: a number, of all of the text; `start`: of its start, as parseInt takes `1; DROP TABLE` for 1. */
  readonly made?: 'whole' | 'start' | 'text'
}

export type Subjects = (node: Node) => Subject | undefined

const KEEPS_TEXT = /^(?:trim|trimStart|trimEnd|toLowerCase|toUpperCase|toString|normalize)$/

/** @param given names that stand for something made: a parameter that was given `Number(req.params.id)` */
export const subjectsIn = (origins: Origins, given: ReadonlyMap<string, Subject> = new Map()): Subjects => {
  const held = new Map<string, Subject | undefined>(given)

  const ofCall = (node: Extract<Node, { kind: 'call' }>): Subject | undefined => {
    const name = (pathOf(node.callee) ?? []).join('.')
    const [first] = node.args
    if (name.startsWith('Math.')) {
      const subject = node.args.map(of).find((one) => one !== undefined)
      return subject === undefined || isNumber(subject) ? subject : { ...subject, made: 'whole' }
    }
    if (NUMBER_MAKERS.test(name)) {
      const subject = first && of(first)
      return subject && { ...subject, made: /parse/.test(name) ? 'start' : 'whole' }
    }
    const text = name === 'String' ? first : keptText(node.callee)
    const subject = text && of(text)
    return subject && { ...subject, made: 'text' }
  }

  const read = (node: Node): Subject | undefined => {
    switch (node.kind) {
      case 'logical':
        return node.operator === '&&' ? undefined : of(node.left)
      case 'call':
        return ofCall(node) ?? ofOrigin(node)
      case 'unary': {
        const subject = node.operator === '+' ? of(node.operand) : undefined
        return subject && { ...subject, made: 'whole' }
      }
      case 'conditional': {
        const [one, other] = [node.consequent, node.alternate]
        return isFixed(other) ? of(one) : isFixed(one) ? of(other) : undefined
      }
      case 'name':
        return ofOrigin(node) ?? held.get(node.name)
      default:
        return ofOrigin(node)
    }
  }

  const ofOrigin = (node: Node): Subject | undefined => {
    const origin = origins.of(node)
    if (origin?.kind !== 'input' || origin.key === undefined || origin.deep) return
    const { from, key, text } = origin
    return { from, key, ...(text ? { text } : {}) }
  }

  /** Chains and nests of hundreds of calls are asked for at each of their links. */
  const known = new Map<Node, Subject | undefined>()
  let isWhole = false
  const of = (node: Node): Subject | undefined => {
    if (!isWhole) return read(node)
    if (!known.has(node)) known.set(node, read(node))
    return known.get(node)
  }

  walk(origins.fn.body, (node) => {
    if (node.kind !== 'assign' || node.value === undefined || node.target.kind !== 'name') return
    const { name } = node.target
    if (isFixed(node.value)) return
    const subject = of(node.value)
    const made = subject?.made === undefined ? undefined : subject
    // What stands for two values by turns is neither.
    if (!held.has(name)) held.set(name, made)
    else if (made === undefined || idOf(held.get(name) ?? made) !== idOf(made)) held.set(name, undefined)
  })
  isWhole = true
  return of
}

export const idOf = ({ from, key, made }: Subject): string => `${from} ${key} ${made ?? 'as sent'}`

export const isNumber = (subject: Subject | undefined): boolean =>
  subject?.made === 'whole' || subject?.made === 'start'

/** `id.trim()` */
const keptText = (callee: Node): Node | undefined =>
  callee.kind === 'member' && KEEPS_TEXT.test(lastName(callee) ?? '') ? callee.object : undefined
