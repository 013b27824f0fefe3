/** What a test says of the values that were sent, by its being true or not. */
import { type Call, isUndefined, lastName, type Node, pathOf, type Value, walk } from '../../source/index.ts'
import type { Reading } from '../reading.ts'
import type { Origins } from './origins.ts'
import { isBoundingPattern } from './patterns.ts'
import { boundsLength } from './predicates.ts'
import { idOf, isNumber, type Subject, type Subjects } from './subjects.ts'

/** `short` and `small` have an upper end; `listed` is one of what the program names. */
export type Fact = 'string' | 'short' | 'number' | 'small' | 'listed'

export interface Saying {
  readonly subject: Subject
  readonly fact: Fact
  /** Where the test names the value. */
  readonly node: Node
}

type Says = (test: Node, holds: boolean) => readonly Saying[]

export const sayingsIn = (reading: Reading, origins: Origins, subjectOf: Subjects): Says => {
  const kept = constantsIn(origins)
  /** One name is looked behind at a time: they may stand for one another. */
  let isBehind = false

  const about = (node: Node | undefined, ...facts: readonly Fact[]): readonly Saying[] => {
    const subject = node && subjectOf(node)
    return node === undefined || subject === undefined ? [] : facts.map((fact) => ({ subject, fact, node }))
  }

  const says: Says = (test, holds) => {
    switch (test.kind) {
      case 'unary':
        return test.operator === '!' ? says(test.operand, !holds) : []
      case 'logical':
        return ofTwo(test, holds)
      case 'binary':
        return ofComparison(test, holds)
      case 'call':
        return holds ? ofCall(test) : ofNoNumber(test)
      case 'name': {
        const constant = kept.get(test.name)
        if (constant !== undefined && subjectOf(test) === undefined) return behind(constant, holds)
        // 0 and NaN are as good as false.
        return holds && isNumber(subjectOf(test)) ? about(test, 'number') : []
      }
      default:
        return []
    }
  }

  const behind = (constant: Node, holds: boolean): readonly Saying[] => {
    if (isBehind) return []
    isBehind = true
    const said = says(constant, holds)
    isBehind = false
    return said
  }

  const ofTwo = ({ operator, left, right }: Extract<Node, { kind: 'logical' }>, holds: boolean): readonly Saying[] => {
    if (operator === '??') return []
    const [first, second] = [says(left, holds), says(right, holds)]
    if ((operator === '&&') === holds) return [...first, ...second]
    // One of them is enough: what both say, or what the other says of a value that is not there otherwise.
    const missing = missingWhen(left, holds)
    return second.filter(
      ({ subject, fact }) =>
        (missing !== undefined && missing.from === subject.from && missing.key === subject.key) ||
        first.some((one) => one.fact === fact && idOf(one.subject) === idOf(subject)),
    )
  }

  /** Whose not being there makes it so: `id === undefined || …`, `q && …`. */
  const missingWhen = (test: Node, holds: boolean): Subject | undefined => {
    if (test.kind === 'unary' && test.operator === '!') return missingWhen(test.operand, !holds)
    if (test.kind === 'binary' && isNothing(test.right) && /^[!=]==$/.test(test.operator))
      return (test.operator === '===') === holds ? subjectOf(test.left) : undefined
    return holds ? undefined : subjectOf(test)
  }

  const ofComparison = (test: Extract<Node, { kind: 'binary' }>, holds: boolean): readonly Saying[] => {
    const { left, right } = test
    const operator = holds ? test.operator : NEGATED[test.operator]
    if (left.kind === 'unary' && left.operator === 'typeof' && right.kind === 'literal' && operator === '===')
      return about(left.operand, ...(TYPES[String(right.value)] ?? []))
    if (isNothing(right)) return operator === '!==' && isMatch(constantOf(left)) ? behind(constantOf(left), true) : []
    if (operator === 'in') return about(left, 'listed')
    if (operator === '===') {
      if (isLength(left)) return about(left.object, 'short')
      return right.kind === 'literal' ? about(left, 'listed') : []
    }
    if (operator !== '<' && operator !== '<=') return []
    if (isLength(left)) return about(left.object, 'short')
    // NaN is not above the maximum either.
    return about(left, 'small', ...(holds && isNumber(subjectOf(left)) ? (['number'] as const) : []))
  }

  const constantOf = (node: Node): Node => (node.kind === 'name' ? (kept.get(node.name) ?? node) : node)

  const ofCall = (call: Call): readonly Saying[] => {
    const { callee, args } = call
    const [first, second] = args
    const scope = origins.scopeOf(call)
    const value = (node: Node): Value => reading.evaluator.value(node, scope, origins.frame)
    const name = lastName(callee) ?? ''
    if (callee.kind === 'member') {
      const bounds = (pattern: Node | undefined) => pattern !== undefined && isBoundingPattern(value(pattern))
      if (/^(?:test|exec)$/.test(name)) return bounds(callee.object) ? about(first, 'short') : []
      if (name === 'match' && subjectOf(callee.object))
        return bounds(first) ? about(callee.object, 'string', 'short') : []
      if (/^(?:includes|has|hasOwnProperty)$/.test(name) && origins.of(callee.object) === undefined)
        return about(first, 'listed')
      if (/^Object\.hasOwn$/.test((pathOf(callee) ?? []).join('.'))) return about(second, 'listed')
    }
    if (/^(?:Number\.)?is(?:Safe)?(?:Integer|Finite)$/.test((pathOf(callee) ?? []).join('.')))
      return about(first, 'number')
    const predicate = value(callee)
    if (!boundsLength(predicate, false, formOf(callee))) return []
    return about(first, 'short', ...(predicate.kind !== 'function' || looksAtType(predicate) ? STRING : []))
  }

  /** `isNaN(id)` being false. */
  const ofNoNumber = ({ callee, args: [first] }: Call): readonly Saying[] => {
    const subject = first && subjectOf(first)
    const name = (pathOf(callee) ?? []).join('.')
    if (first === undefined || subject === undefined || !/^(?:Number\.)?isNaN$/.test(name)) return []
    if (isNumber(subject)) return about(first, 'number')
    // It makes a number of a text first; Number.isNaN says of a text that it is not NaN.
    return name === 'isNaN' ? [{ subject: { ...subject, made: 'whole' }, fact: 'number', node: first }] : []
  }

  return says
}

const STRING: readonly Fact[] = ['string']

/** What `typeof` says. */
const TYPES: Readonly<Record<string, readonly Fact[]>> = { string: STRING, number: ['number'], boolean: ['listed'] }

const NEGATED: Readonly<Record<string, string>> = {
  '===': '!==',
  '!==': '===',
  '<': '>=',
  '<=': '>',
  '>': '<=',
  '>=': '<',
}

const isNothing = (node: Node): boolean => (node.kind === 'literal' && node.value === null) || isUndefined(node)

const isLength = (node: Node): node is Extract<Node, { kind: 'member' }> =>
  node.kind === 'member' && lastName(node) === 'length'

const isMatch = (node: Node): boolean => node.kind === 'call' && /^(?:exec|match)$/.test(lastName(node.callee) ?? '')

/** `isUuid`, of `uuid.validate` and `ObjectId.isValid` what stands before the dot. */
const formOf = (callee: Node): string =>
  (callee.kind === 'member' && /^(?:isValid|validate)$/.test(lastName(callee) ?? '')
    ? lastName(callee.object)
    : lastName(callee)) ?? ''

const looksAtType = ({ node }: Extract<Value, { kind: 'function' }>): boolean => {
  let found = false
  walk(node.body, (one) => {
    found ||= one.kind === 'unary' && one.operator === 'typeof'
    return !found
  })
  return found
}

/** The names that a function gives one value: `const isRight = isUuid(req.params.id)`. */
const constantsIn = ({ fn }: Origins): ReadonlyMap<string, Node> => {
  const kept = new Map<string, Node>()
  const changed = new Set<string>()
  walk(fn.body, (node) => {
    if (node.kind !== 'assign' || node.target.kind !== 'name' || node.value === undefined) return
    if (kept.has(node.target.name)) changed.add(node.target.name)
    kept.set(node.target.name, node.value)
  })
  for (const name of changed) kept.delete(name)
  return kept
}
