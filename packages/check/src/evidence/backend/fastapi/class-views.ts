/** Class-based views (`@cbv(router)` of fastapi-utils, and the same by hand): what the class asks for, each of its routes asks for. */
import { type ClassNode, lastName, type Parameter, pathOf, type Scope } from '../../source/index.ts'
import type { Reading } from '../reading.ts'
import type { Handler } from './application.ts'
import type { ClassValue } from './definitions.ts'

interface Asking {
  readonly parameter: Parameter
  readonly scope: Scope
}

const DEEPEST = 8

/** The attributes of the class around a route, and of those above it, as parameters: `user: User = Depends(get_current_user)`. */
export const askedByView = (reading: Reading, { call, function: callee }: Handler): readonly Asking[] => {
  const around = callee && reading.program.parentOf(callee.node)
  const scope = around && reading.program.scopeOf(around)
  const router = call.node.callee.kind === 'member' ? pathOf(call.node.callee.object)?.join('.') : undefined
  if (around?.kind !== 'class' || scope === undefined || router === undefined || !isView(around, router)) return []
  return [...attributes(reading, { kind: 'class', node: around, scope, at: around.at }, DEEPEST).values()]
}

/** It is decorated with the router that its methods are registered on. */
const isView = ({ decorators }: ClassNode, router: string): boolean =>
  decorators.some((one) => one.kind === 'call' && one.args.some((arg) => pathOf(arg)?.join('.') === router))

/** By their names, the nearest: a class that asks for something else under one asks for that alone. */
const attributes = (reading: Reading, type: ClassValue, depth: number): ReadonlyMap<string, Asking> => {
  const found = new Map<string, Asking>()
  for (const base of depth === 0 ? [] : [...type.node.bases].reverse()) {
    const above = reading.evaluator.value(base, type.scope)
    if (above.kind === 'class' && above.node !== type.node)
      for (const [name, one] of attributes(reading, above, depth - 1)) found.set(name, one)
  }
  for (const member of type.node.members) {
    const name = member.kind === 'assign' ? lastName(member.target) : undefined
    if (member.kind !== 'assign' || name === undefined) continue
    const { target, type: annotation, value: initial } = member
    found.set(name, {
      parameter: {
        target,
        ...(annotation ? { type: annotation } : {}),
        ...(initial ? { initial } : {}),
        decorators: [],
        rest: false,
      },
      scope: reading.program.scopeOf(member) ?? type.scope,
    })
  }
  return found
}
