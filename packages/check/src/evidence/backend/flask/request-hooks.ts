/** What runs before every request of a Flask application, or of a blueprint: `@app.before_request`, `app.before_request(f)`. */
import { type Call, lastName, type Node, type Scope } from '../../source/index.ts'
import { type FunctionValue, valuesOf } from '../python/index.ts'
import type { Reading } from '../reading.ts'
import { each, ownerOf } from './routes.ts'

export interface RequestHook {
  readonly value: FunctionValue
  readonly node: Node
  readonly name: string
  /** The call that makes the blueprint; without one it is everybody's. */
  readonly blueprint: Call | undefined
}

export const requestHooks = (reading: Reading): readonly RequestHook[] => {
  const found: RequestHook[] = []
  const add = (target: Node, scope: Scope, values: readonly FunctionValue[], name: string, node: Node) => {
    const owner = ownerOf(reading, target, scope)
    const blueprint = owner?.isApp || name === 'before_app_request' ? undefined : owner?.call
    found.push(...values.map((value) => ({ value, node, name: value.node.name ?? name, blueprint })))
  }
  each(reading, (node, scope) => {
    if (node.kind === 'function')
      for (const one of node.decorators) {
        const target = one.kind === 'call' ? one.callee : one
        const name = lastName(target) ?? ''
        if (target.kind === 'member' && isHook(name))
          add(target.object, scope, [{ kind: 'function', node, scope, frame: undefined, at: node.at }], name, node)
      }
    if (node.kind !== 'call' || node.callee.kind !== 'member' || node.args[0] === undefined) return
    const name = lastName(node.callee) ?? ''
    const values = isHook(name) ? valuesOf(reading, node.args[0], scope) : []
    add(
      node.callee.object,
      scope,
      values.filter((one) => one.kind === 'function'),
      name,
      node,
    )
  })
  return found
}

const isHook = (name: string): boolean => /^before_(?:app_)?request$/.test(name)
