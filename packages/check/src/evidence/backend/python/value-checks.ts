/** What a validator of the program's own refuses: whether what it lets through has an end. */
import { type Call, lastName, type Node, walk } from '../../source/index.ts'
import type { Reading } from '../reading.ts'
import { boundsText } from '../schemas/index.ts'

type Binary = Extract<Node, { kind: 'binary' }>
type End = 'least' | 'most'

/**
 * It looks at how long or large a value is, or at its form. `if len(value) < 8: raise` refuses nothing that is too long; where it is
 * not known what comes of a look, it may be what refuses.
 */
export const limitsValue = (reading: Reading, body: readonly Node[]): boolean => {
  let found = false
  const ends = new Set<End>()
  const add = (part: Part) => {
    const end = endOf(part)
    if (end !== undefined) ends.add(end)
  }
  const look = (nodes: readonly Node[]): void =>
    walk(nodes, (node) => {
      if (node.kind === 'if' && node.consequent.some(({ kind }) => kind === 'throw')) {
        for (const part of partsOf(node.test, true)) {
          found ||= limits(reading, part)
          if (isLook(part.node)) add(part)
          else look([part.node])
        }
        look([...node.consequent, ...node.alternate])
        return false
      }
      found ||= isLength(node) || isMatch(node) || isAmong(node) || isCalled(node, /^validate_email$/)
      add({ node, when: true })
      return !found
    })
  look(body)
  return found || ends.size === 2
}

/** A part of a test, and what it has to come to for the value to be refused. */
interface Part {
  readonly node: Node
  readonly when: boolean
}

const partsOf = (node: Node, when: boolean): readonly Part[] => {
  if (node.kind === 'unary' && node.operator === '!') return partsOf(node.operand, !when)
  if (node.kind === 'logical') return [...partsOf(node.left, when), ...partsOf(node.right, when)]
  // `CODE.fullmatch(value) is None`
  if (isEquality(node) && node.right.kind === 'literal' && node.right.value === null)
    return partsOf(node.left, (node.operator === '===') !== when)
  return [{ node, when }]
}

const isCalled = (node: Node, name: RegExp): node is Call =>
  node.kind === 'call' && name.test(lastName(node.callee) ?? '')
const isLength = (node: Node): boolean => isCalled(node, /^len$/)
const isMatch = (node: Node): node is Call => isCalled(node, /^(?:match|fullmatch|search)$/)

const isEquality = (node: Node): node is Binary => node.kind === 'binary' && /^[!=]==$/.test(node.operator)

/** `value in ALLOWED`; that it holds an `@` says nothing of how long it is. */
const isAmong = (node: Node): boolean =>
  node.kind === 'binary' && node.operator === 'in' && node.left.kind !== 'literal'

const isLook = (node: Node): boolean =>
  isMatch(node) || isAmong(node) || (node.kind === 'binary' && (isOrder(node) || isOfLength(node)))

const isOrder = ({ operator }: Binary): boolean => /^[<>]=?$/.test(operator)
const isOfLength = ({ left, right }: Binary): boolean => isLength(left) || isLength(right)

/** Whether all that is too long is refused, or all that is not in a list or of a form that has an end. */
const limits = (reading: Reading, { node, when }: Part): boolean => {
  if (isMatch(node)) return !when && endsText(reading, node)
  if (node.kind !== 'binary') return false
  if (isAmong(node)) return !when
  if (!isOfLength(node)) return false
  return isEquality(node) ? (node.operator === '===') !== when : sideOf({ node, when }) === 'most'
}

/** Of a number, which end is refused: an end alone is none. */
const endOf = (part: Part): End | undefined =>
  part.node.kind === 'binary' && !isOfLength(part.node) ? sideOf(part) : undefined

/** `value < 1` and `1 > value` refuse what is least, and what is most where they have to fail for that. */
const sideOf = ({ node, when }: Part): End | undefined => {
  if (node.kind !== 'binary' || !isOrder(node) || isLimit(node.left) === isLimit(node.right)) return
  return (node.operator.startsWith('<') === isLimit(node.right)) === when ? 'least' : 'most'
}

/** A number, or a constant. */
const isLimit = (node: Node): boolean =>
  node.kind === 'unary'
    ? isLimit(node.operand)
    : node.kind === 'literal' || /^[A-Z][A-Z0-9_]*$/.test(lastName(node) ?? '')

/** `[A-Z]` is found in a text of any length; `match` asks from its beginning, `fullmatch` for the whole of it. */
const endsText = (reading: Reading, { callee, args }: Call): boolean => {
  const object = callee.kind === 'member' ? callee.object : undefined
  const source = sourceOf(reading, object !== undefined && lastName(object) === 're' ? args[0] : object)
  if (source === undefined) return true
  const name = lastName(callee)
  return boundsText(
    name === 'fullmatch' ? `^(?:${source})$` : name === 'match' ? `^${source.replace(/^\^/, '')}` : source,
  )
}

/** The text of a pattern, also of one that was compiled; undefined where it is not known. */
const sourceOf = (reading: Reading, given: Node | undefined): string | undefined => {
  const scope = given && reading.program.scopeOf(given)
  const value = given && scope && reading.evaluator.value(given, scope)
  const compiled = value?.kind === 'external' && value.from === 're' ? value.call : undefined
  const text = compiled?.node.args[0] ? reading.evaluator.value(compiled.node.args[0], compiled.scope) : value
  return text?.kind === 'literal' && typeof text.value === 'string' ? text.value : undefined
}
