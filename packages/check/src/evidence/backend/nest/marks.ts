/** The marks that guards read from a route's metadata: what puts them there, and what a guard makes of them. */
import {
  type At,
  type FunctionNode,
  isUndefined,
  lastName,
  type Node,
  pathOf,
  possibilities,
  type Value,
  walk,
  walkBody,
} from '../../source/index.ts'
import { type Reading, writtenAt } from '../reading.ts'
import { argOf, type Decorator } from './decorators.ts'

export interface Mark {
  readonly key: string
  readonly value: Value | undefined
  /** Where the route has it. */
  readonly at: At
}

/** One identity for a key: its text, or where its symbol or decorator was made. */
const keyOf = (value: Value, node?: Node): string => {
  if (value.kind === 'literal') return String(value.value)
  if (value.kind === 'external')
    return value.call
      ? `${value.call.node.at.file}:${value.call.node.at.start}`
      : `${value.from} ${value.path.join('.')}`
  return node === undefined ? '?' : (pathOf(node) ?? ['?']).join('.')
}

/** The marks that decorators put. */
export const marksIn = (reading: Reading, decorators: readonly Decorator[]): readonly Mark[] =>
  decorators.flatMap((one): readonly Mark[] => {
    if (one.name === 'SetMetadata') {
      const key = argOf(reading, one, 0)
      return key === undefined ? [] : [{ key: keyOf(key, one.args[0]), value: argOf(reading, one, 1), at: one.at }]
    }
    // `Reflector.createDecorator()` is key and decorator in one.
    return one.value === undefined
      ? []
      : [
          {
            key: keyOf(one.value),
            value: argOf(reading, one, 0) ?? { kind: 'literal', value: true, at: one.at },
            at: one.at,
          },
        ]
  })

/** A key that a guard reads. `passes`: the mark lets a request through; `asks`: without the mark it is let through. */
export interface ReadMark {
  readonly key: string
  readonly means: 'passes' | 'asks' | 'unknown'
  readonly onClass: boolean
  readonly onMethod: boolean
}

const READS = /^(?:get|getAll|getAllAndOverride|getAllAndMerge)$/

const isRead = (node: Node): node is Extract<Node, { kind: 'call' }> =>
  node.kind === 'call' &&
  node.callee.kind === 'member' &&
  READS.test(lastName(node.callee) ?? '') &&
  (/reflect/i.test(pathOf(node.callee.object)?.join('.') ?? '') ||
    /getHandler|getClass/.test((node.args.slice(1) ?? []).map(words).join(' ')))

const words = (node: Node): string => {
  const found: string[] = []
  walk([node], (one) => {
    if (one.kind === 'literal' && typeof one.value === 'string') found.push(one.value)
  })
  return found.join(' ')
}

/** Every metadata key that a guard's method reads, with what its tests make of it. */
export const readMarks = (reading: Reading, guard: Extract<Value, { kind: 'function' }>): readonly ReadMark[] => {
  const bodies: { node: FunctionNode; helper: string | undefined }[] = [{ node: guard.node, helper: undefined }]
  // Its own helpers: `if (this.isPublic(context)) return true`.
  walk(guard.node.body, (node) => {
    if (node.kind !== 'call') return
    const scope = reading.program.scopeOf(node)
    const callee = scope && reading.evaluator.value(node.callee, scope)
    if (callee?.kind === 'function' && callee.node !== guard.node && bodies.length < 12)
      bodies.push({ node: callee.node, helper: lastName(node.callee) })
  })
  return bodies.flatMap(({ node: body, helper }) => {
    const marks: ReadMark[] = []
    walk(body.body, (node) => {
      if (!isRead(node)) return
      const scope = reading.program.scopeOf(node)
      const key = scope && node.args[0] && reading.evaluator.value(node.args[0], scope)
      if (key === undefined) return
      const bound = new Set<string>()
      walk(body.body, (one) => {
        if (one.kind === 'assign' && one.target.kind === 'name' && one.value && contains(one.value, node))
          bound.add(one.target.name)
      })
      const about: About = { node, names: bound, helper }
      const targets = node.args.slice(1).map(words).join(' ')
      const named = /getHandler|getClass/.test(targets)
      marks.push({
        key: keyOf(key, node.args[0]),
        means: meaning(guard.node.body, about),
        onClass: !named || /getClass/.test(targets),
        onMethod: !named || /getHandler/.test(targets),
      })
    })
    return marks
  })
}

interface About {
  readonly node: Node
  readonly names: ReadonlySet<string>
  readonly helper: string | undefined
}

const contains = (outer: Node, inner: Node): boolean =>
  outer.at.file === inner.at.file && outer.at.start <= inner.at.start && outer.at.end >= inner.at.end

/** 1 where the test holds for a marked route, -1 where it holds for an unmarked one, 0 where it is about something else. */
const signOf = (test: Node, about: About): number => {
  if (test === about.node) return 1
  switch (test.kind) {
    case 'name':
      return about.names.has(test.name) ? 1 : 0
    case 'member':
      return signOf(test.object, about)
    case 'unary':
      return test.operator === '!' ? -signOf(test.operand, about) : 0
    case 'logical':
      return signOf(test.left, about) || signOf(test.right, about)
    case 'binary': {
      const sign = signOf(test.left, about) || signOf(test.right, about)
      const other = signOf(test.left, about) === 0 ? test.left : test.right
      const empty = (other.kind === 'literal' && !other.value) || isUndefined(other)
      if (test.operator === '===' || test.operator === '!==')
        return (empty ? -sign : sign) * (test.operator === '===' ? 1 : -1)
      return test.operator === '<' || test.operator === '<=' ? -sign : sign
    }
    case 'call': {
      if (about.helper !== undefined && lastName(test.callee) === about.helper) return 1
      const inArgs = test.args.map((one) => signOf(one, about)).find((one) => one !== 0)
      return inArgs ?? (test.callee.kind === 'member' ? signOf(test.callee.object, about) : 0)
    }
    default:
      return 0
  }
}

const isTrue = (node: Node | undefined): boolean => node?.kind === 'literal' && node.value === true

const lets = (nodes: readonly Node[]): boolean => {
  let found = false
  walkBody(nodes, (one) => {
    if (
      one.kind === 'return' &&
      (isTrue(one.value) ||
        (one.value?.kind === 'call' &&
          /^(?:of|resolve)$/.test(lastName(one.value.callee) ?? '') &&
          isTrue(one.value.args[0])))
    )
      found = true
  })
  return found
}

const checks = (nodes: readonly Node[]): boolean => {
  let found = false
  walk(nodes, (one) => {
    if (one.kind === 'throw') found = true
    if (one.kind === 'call' && /^(?:canActivate|verify\w*|validate\w*|authenticate)$/.test(lastName(one.callee) ?? ''))
      found = true
  })
  return found
}

const meaning = (body: readonly Node[], about: About): ReadMark['means'] => {
  let means: ReadMark['means'] = 'unknown'
  const say = (sign: number, through: boolean) => {
    if (sign !== 0 && means === 'unknown') means = sign > 0 === through ? 'passes' : 'asks'
  }
  walkBody(body, (node) => {
    if (node.kind === 'if') {
      const sign = signOf(node.test, about)
      if (lets(node.consequent) && !checks(node.consequent)) say(sign, true)
      else if (checks(node.consequent)) say(sign, false)
    } else if (node.kind === 'return' && node.value?.kind === 'conditional') {
      const sign = signOf(node.value.test, about)
      if (isTrue(node.value.consequent)) say(sign, true)
      else if (isTrue(node.value.alternate)) say(-sign, true)
    } else if (node.kind === 'return' && node.value?.kind === 'logical' && node.value.operator === '||') {
      say(signOf(node.value.left, about) || signOf(node.value.right, about), true)
    }
  })
  return means
}

const OPENS = /none|public|anonymous|guest/i

/** Whether a route's marks take it out of what a guard asks: the method's own mark wins over its class's. */
export const isExempt = (
  reading: Reading,
  read: readonly ReadMark[],
  ofMethod: readonly Mark[],
  ofClass: readonly Mark[],
): boolean =>
  read.some((mark) => {
    const found =
      (mark.onMethod ? ofMethod.find((one) => one.key === mark.key) : undefined) ??
      (mark.onClass ? ofClass.find((one) => one.key === mark.key) : undefined)
    if (found === undefined) return false
    const values =
      found.value === undefined
        ? []
        : possibilities(found.value).flatMap((one) => (one.kind === 'list' ? one.items : [one]))
    if (
      values.length > 0 &&
      values.every((one) => one.kind === 'literal' && (one.value === false || one.value === null))
    )
      return false
    if (mark.means === 'passes') return true
    return (
      mark.means === 'unknown' &&
      (OPENS.test(mark.key.replace(/^.*:\d+$/, '')) ||
        OPENS.test(writtenAt(reading, found)) ||
        values.some((one) => OPENS.test(one.kind === 'literal' ? String(one.value) : writtenAt(reading, one))))
    )
  })

/** Whether a route carries a mark without which the guard would let it through. */
export const isAsked = (read: readonly ReadMark[], ofMethod: readonly Mark[], ofClass: readonly Mark[]): boolean =>
  read
    .filter((one) => one.means === 'asks')
    .some((mark) =>
      [...(mark.onMethod ? ofMethod : []), ...(mark.onClass ? ofClass : [])].some((one) => one.key === mark.key),
    )
