/** Decorators as they apply: those that a project composes (`applyDecorators`, functions that return one) are taken apart. */
import {
  type At,
  type Frame,
  type FunctionNode,
  lastName,
  type Node,
  possibilities,
  type Scope,
  type Value,
  walk,
  withoutDefault,
} from '../../source/index.ts'
import type { Reading } from '../reading.ts'
import { truth } from './truth.ts'

export interface Decorator {
  /** `Get`, `UseGuards`; a project's own keeps its own name beside what it is made of. */
  readonly name: string
  /** The package, or `own`. */
  readonly from: string
  readonly args: readonly Node[]
  readonly scope: Scope
  readonly frame: Frame | undefined
  /** Where the source has it on the class, method or parameter. */
  readonly at: At
  /** What an own one's function is. */
  readonly made?: FunctionNode
  /** What `createParamDecorator` or `Reflector.createDecorator` gave. */
  readonly value?: Value
}

const DEEPEST = 6

/** All of what these decorator expressions put on their target. */
export const decoratorsOf = (reading: Reading, nodes: readonly Node[]): readonly Decorator[] =>
  nodes.flatMap((node) => {
    const scope = reading.program.scopeOf(node)
    return scope === undefined ? [] : expanded(reading, node, scope, undefined, node.at, 0)
  })

export const named = (decorators: readonly Decorator[], name: string | RegExp, from?: RegExp): readonly Decorator[] =>
  decorators.filter(
    (one) =>
      (typeof name === 'string' ? one.name === name : name.test(one.name)) &&
      (from === undefined || from.test(one.from)),
  )

/** An argument of a decorator, evaluated where it was written. */
export const argOf = (reading: Reading, decorator: Decorator, index: number): Value | undefined => {
  const node = decorator.args[index]
  return node === undefined ? undefined : reading.evaluator.value(node, decorator.scope, decorator.frame)
}

const expanded = (
  reading: Reading,
  node: Node,
  scope: Scope,
  frame: Frame | undefined,
  at: At,
  depth: number,
): readonly Decorator[] => {
  if (depth > DEEPEST) return []
  const call = node.kind === 'call' ? node : undefined
  const args = call?.args ?? []
  const callee = reading.evaluator.value(call?.callee ?? node, scope, frame)
  return possibilities(callee).flatMap((one): readonly Decorator[] => {
    if (one.kind === 'external') {
      const path = withoutDefault(one.path)
      const last = path.at(-1) ?? ''
      if (last === 'applyDecorators') return args.flatMap((arg) => members(reading, arg, scope, frame, at, depth))
      if (last !== '()') return [{ name: last, from: one.from, args, scope, frame, at }]
      // A constant that holds a decorator which another package's call made: `const Public = Reflector.createDecorator()`.
      const maker = path.at(-2) ?? ''
      if (/^create\w*Decorator$/.test(maker))
        return [{ name: lastName(call?.callee ?? node) ?? '', from: one.from, args, scope, frame, at, value: one }]
      if (one.call !== undefined && call === undefined)
        return expanded(reading, one.call.node, one.call.scope, one.frame, at, depth + 1)
      return []
    }
    if (one.kind === 'function') {
      const own: Decorator = {
        name: one.node.name ?? lastName(call?.callee ?? node) ?? '',
        from: 'own',
        args,
        scope,
        frame,
        at,
        made: one.node,
      }
      if (call === undefined) return [own, ...applied(reading, one.node, one.frame, at, depth)]
      const inner = reading.evaluator.frame(one, { node: call, scope }, frame)
      return [own, ...returnedFrom(reading, one.node, inner, at, depth)]
    }
    // A name that nothing is known of still says something.
    const name = lastName(call?.callee ?? node)
    return name === undefined ? [] : [{ name, from: 'unknown', args, scope, frame, at }]
  })
}

/** What a function that makes a decorator returns, as far as its conditions can be read. */
const returnedFrom = (
  reading: Reading,
  made: FunctionNode,
  frame: Frame,
  at: At,
  depth: number,
): readonly Decorator[] =>
  running(reading, made.body, frame).flatMap((node) => {
    if (node.kind !== 'return' || node.value === undefined) return []
    if (node.value.kind === 'function') return applied(reading, node.value, frame, at, depth)
    const scope = reading.program.scopeOf(node.value)
    return scope === undefined ? [] : expanded(reading, node.value, scope, frame, at, depth + 1)
  })

/** A hand-written decorator applies others to its own target: `SetMetadata('x', 1)(target)`. */
const applied = (
  reading: Reading,
  body: FunctionNode,
  frame: Frame | undefined,
  at: At,
  depth: number,
): readonly Decorator[] => {
  const found: Decorator[] = []
  walk(body.body, (node) => {
    if (node.kind !== 'call' || node.callee.kind !== 'call') return
    const scope = reading.program.scopeOf(node.callee)
    if (scope !== undefined) found.push(...expanded(reading, node.callee, scope, frame, at, depth + 1))
  })
  return found
}

/** One argument of `applyDecorators`; a spread list may have been filled step by step. */
const members = (
  reading: Reading,
  arg: Node,
  scope: Scope,
  frame: Frame | undefined,
  at: At,
  depth: number,
): readonly Decorator[] => {
  const each = (node: Node, where: Scope): readonly Decorator[] => members(reading, node, where, frame, at, depth + 1)
  if (depth > DEEPEST) return []
  if (arg.kind === 'spread') return each(arg.operand, scope)
  if (arg.kind === 'list') return arg.items.flatMap((one) => each(one, scope))
  if (arg.kind === 'conditional') {
    const says = truth(reading, arg.test, scope, frame)
    return [
      ...(says === false ? [] : each(arg.consequent, scope)),
      ...(says === true ? [] : each(arg.alternate, scope)),
    ]
  }
  if (arg.kind === 'logical' && arg.operator === '&&')
    return truth(reading, arg.left, scope, frame) === false ? [] : each(arg.right, scope)
  if (arg.kind === 'name' && frame !== undefined) {
    const { name } = arg
    const steps = running(reading, frame.function.body, frame)
    const parts = steps.flatMap((node): readonly Node[] => {
      if (node.kind === 'assign' && node.target.kind === 'name' && node.target.name === name && node.value)
        return [node.value]
      const pushes =
        node.kind === 'call' &&
        /^(?:push|unshift)$/.test(lastName(node.callee) ?? '') &&
        node.callee.kind === 'member' &&
        lastName(node.callee.object) === name
      return pushes && node.kind === 'call' ? node.args : []
    })
    if (parts.length > 0) return parts.flatMap((one) => each(one, reading.program.scopeOf(one) ?? scope))
  }
  return expanded(reading, arg, scope, frame, at, depth + 1)
}

/** The statements of a body that run, by the conditions that the frame decides. */
const running = (reading: Reading, body: readonly Node[], frame: Frame | undefined): readonly Node[] =>
  body.flatMap((node): readonly Node[] => {
    if (node.kind !== 'if') return node.kind === 'other' ? [node, ...running(reading, node.children, frame)] : [node]
    const scope = reading.program.scopeOf(node)
    const says = scope === undefined ? undefined : truth(reading, node.test, scope, frame)
    return [
      ...(says === false ? [] : running(reading, node.consequent, frame)),
      ...(says === true ? [] : running(reading, node.alternate, frame)),
    ]
  })
