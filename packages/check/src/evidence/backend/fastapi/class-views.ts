/** Class-based views (`@cbv(router)` of fastapi-utils, and the same by hand): what the class asks for, each of its routes asks for. */
import { type Assign, type ClassNode, lastName, type Parameter, pathOf, type Scope } from '../../source/index.ts'
import { type ClassValue, lineageOf } from '../python/index.ts'
import type { Reading } from '../reading.ts'
import type { Handler } from './application.ts'

interface Asking {
  readonly parameter: Parameter
  readonly scope: Scope
}

/** The attributes of the class around a route, and of those above it, as parameters: `user: User = Depends(get_current_user)`. */
export const askedByView = (reading: Reading, { call, function: callee }: Handler): readonly Asking[] => {
  const around = callee && reading.program.parentOf(callee.node)
  const scope = around && reading.program.scopeOf(around)
  const router = call.node.callee.kind === 'member' ? pathOf(call.node.callee.object)?.join('.') : undefined
  if (around?.kind !== 'class' || scope === undefined || router === undefined || !isView(around, router)) return []
  return [...attributes(reading, { kind: 'class', node: around, scope, at: around.at }).values()]
}

/** It is decorated with the router that its methods are registered on. */
const isView = ({ decorators }: ClassNode, router: string): boolean =>
  decorators.some((one) => one.kind === 'call' && one.args.some((arg) => pathOf(arg)?.join('.') === router))

/** By their names, the nearest: a class that asks for something else under one asks for that alone. */
const attributes = (reading: Reading, type: ClassValue): ReadonlyMap<string, Asking> => {
  const found = new Map<string, Asking>()
  for (const { node, scope } of lineageOf(reading, type).toReversed())
    for (const member of node.members) {
      const name = member.kind === 'assign' ? lastName(member.target) : undefined
      if (member.kind === 'assign' && name !== undefined)
        found.set(name, { parameter: asParameter(member), scope: reading.program.scopeOf(member) ?? scope })
    }
  return found
}

const asParameter = ({ target, type, value }: Assign): Parameter => ({
  target,
  ...(type ? { type } : {}),
  ...(value ? { initial: value } : {}),
  decorators: [],
  rest: false,
})
