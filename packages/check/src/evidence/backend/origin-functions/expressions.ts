/** What each expression says of the origin. */
import type { Node } from '../../source/index.ts'
import { bind } from './binding.ts'
import { call } from './calls.ts'
import { among } from './comparisons.ts'
import { equal, ordered } from './equality.ts'
import { member } from './members.ts'
import { or } from './reach.ts'
import { given, isSpent, mentions, nothing, type Run } from './run.ts'
import { HOST, isOfOrigin, not, ORIGIN, oneOf, PART, type Said, test, UNKNOWN } from './said.ts'
import { fork } from './ways.ts'

export const say = (run: Run, node: Node): Said => {
  if (isSpent(run)) return UNKNOWN
  switch (node.kind) {
    case 'name':
      return run.names.get(node.name) ?? given(run, node)
    case 'member':
      return member(run, node)
    case 'call':
      return call(run, node)
    case 'unary':
      return unary(run, node)
    case 'logical':
      return logical(run, node)
    case 'conditional':
      return conditional(run, node)
    case 'binary':
      return binary(run, node)
    case 'template':
      return joined(run, node, node.parts)
    case 'assign': {
      const said = node.value === undefined ? nothing(node) : run.say(node.value)
      bind(run, node.target, said, node.value)
      return said
    }
    case 'list': {
      if (!mentions(run, node)) return given(run, node)
      const items = node.items.map((one) => run.say(one))
      return { is: 'list', items, yes: 'any', no: 'nobody', grants: or(...items.map((one) => one.grants)) }
    }
    case 'object':
      return record(run, node)
    case 'spread':
      return run.say(node.operand)
    case 'other':
      return sequence(run, node)
    case 'if':
    case 'try':
    case 'return':
    case 'throw':
      run.perform([node])
      return UNKNOWN
    default:
      return given(run, node)
  }
}

/** `(a, b)` is b; loops and the like are statements. */
const sequence = (run: Run, node: Extract<Node, { kind: 'other' }>): Said => {
  const [only] = node.children
  if (only !== undefined && node.children.length === 1) return run.say(only)
  run.perform([node])
  return UNKNOWN
}

const record = (run: Run, node: Extract<Node, { kind: 'object' }>): Said => {
  if (!mentions(run, node)) return given(run, node)
  const entries = new Map(
    node.entries.flatMap(({ key, value }) =>
      key.kind === 'literal' ? [[String(key.value), run.say(value)] as const] : [],
    ),
  )
  const origin = entries.get('origin')
  const absent = node.spreads.length > 0 ? 'unknown' : 'any'
  return { is: 'record', entries, yes: 'any', no: 'nobody', grants: origin?.grants ?? absent }
}

const unary = (run: Run, node: Extract<Node, { kind: 'unary' }>): Said => {
  const operand = run.say(node.operand)
  if (node.operator === '!') return not(operand)
  if (node.operator === '~' && operand.is === 'position') return test(operand.found)
  return mentions(run, node) ? UNKNOWN : given(run, node)
}

/** The right side is reached by those alone for whom the left one leaves it open. */
const logical = (run: Run, node: Extract<Node, { kind: 'logical' }>): Said => {
  const left = run.say(node.left)
  const goesOn = node.operator === '&&' ? left.yes : left.no
  let right = UNKNOWN
  const asked = node.operator === '&&' ? left : not(left)
  fork(
    run,
    asked,
    () => {
      right = run.say(node.right)
    },
    () => {},
  )
  // Whoever has an origin never gets to what stands in for it.
  if (goesOn === 'nobody') return left
  return node.operator === '&&'
    ? oneOfTwo(left.no, { ...left, yes: 'nobody', grants: 'nobody' }, left.yes, right)
    : oneOfTwo(left.yes, { ...left, no: 'nobody' }, left.no, right)
}

const oneOfTwo = (one: Said['yes'], said: Said, other: Said['yes'], more: Said): Said =>
  oneOf([
    { path: one, said },
    { path: other, said: more },
  ])

const conditional = (run: Run, node: Extract<Node, { kind: 'conditional' }>): Said => {
  const asked = run.say(node.test)
  let [then, otherwise]: [Said, Said] = [UNKNOWN, UNKNOWN]
  fork(
    run,
    asked,
    () => {
      then = run.say(node.consequent)
    },
    () => {
      otherwise = run.say(node.alternate)
    },
  )
  return oneOfTwo(asked.yes, then, asked.no, otherwise)
}

const binary = (run: Run, node: Extract<Node, { kind: 'binary' }>): Said => {
  switch (node.operator) {
    case '===':
      return equal(run, node)
    case '!==':
      return not(equal(run, node))
    case '<':
    case '>':
    case '<=':
    case '>=':
      return ordered(run, node)
    case 'in': {
      const [left, right] = [run.say(node.left), run.say(node.right)]
      return right.is === 'given' && isOfOrigin(left) ? among(run.reading, left, right.value, false) : UNKNOWN
    }
    case '+':
      return joined(run, node, [node.left, node.right])
    default:
      return mentions(run, node) ? UNKNOWN : given(run, node)
  }
}

/** `${url.protocol}//${url.host}` is the origin again; `https://${url.hostname}` says nothing of the scheme that was used. */
const joined = (run: Run, node: Node, nodes: readonly Node[]): Said => {
  const parts = nodes.map((one) => run.say(one)).filter(({ is }) => is !== 'given')
  if (parts.length === 0) return given(run, node)
  const has = (is: Said['is']) => parts.some((one) => one.is === is)
  if (has('origin')) return nodes.length === 1 ? ORIGIN : PART
  if (!parts.every(isOfOrigin) || has('part')) return PART
  return has('host') ? (has('scheme') ? ORIGIN : HOST) : PART
}
