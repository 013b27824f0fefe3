/** What is registered: a function of the project's, wrapped by fastify-plugin or not, or another package's plugin. */
import { lastName, type Node, possibilities, type Value, walk, withoutDefault } from '../../source/index.ts'
import type { Reading } from '../reading.ts'

type FunctionValue = Extract<Value, { kind: 'function' }>

type Plugin =
  /** `shared`: it works on the context that it is registered on. */
  | { readonly kind: 'own'; readonly value: FunctionValue; readonly shared: boolean }
  | { readonly kind: 'package'; readonly from: string; readonly path: readonly string[] }

const isWrapper = (from: string): boolean => from === 'fastify-plugin'

export const pluginIn = (reading: Reading, value: Value, shared = false, depth = 0): Plugin | undefined => {
  if (depth > 6) return
  for (const one of possibilities(value)) {
    const found = single(reading, one, shared, depth)
    if (found !== undefined) return found
  }
  return
}

const single = (reading: Reading, value: Value, shared: boolean, depth: number): Plugin | undefined => {
  if (value.kind === 'function') {
    if (isOwnPortcullis(value)) return { kind: 'package', from: 'portcullis/fastify', path: ['portcullis'] }
    return { kind: 'own', value, shared: shared || skipsOverride(value) }
  }
  if (value.kind === 'module' || value.kind === 'object') {
    const at = value.at
    for (const name of ['default', 'plugin', 'routes']) {
      const inner = reading.evaluator.member(value, name, at)
      if (inner !== value && inner.kind !== 'unknown' && inner.kind !== 'module')
        return pluginIn(reading, inner, shared, depth + 1)
    }
    return
  }
  if (value.kind !== 'external') return
  const path = withoutDefault(value.path)
  if (isWrapper(value.from) && value.call !== undefined && path.at(-1) === '()') {
    const [inner, options] = value.call.node.args
    if (inner === undefined) return
    const given = options && reading.evaluator.value(options, value.call.scope, value.frame)
    const encapsulates =
      given?.kind === 'object' &&
      possibilities(given.entries.get('encapsulate') ?? given).some(
        (one) => one.kind === 'literal' && one.value === true,
      )
    return pluginIn(reading, reading.evaluator.value(inner, value.call.scope, value.frame), !encapsulates, depth + 1)
  }
  return value.from === 'global' ? undefined : { kind: 'package', from: value.from, path }
}

/** Portcullis's own plugin, where the program is the one that has it. */
const isOwnPortcullis = ({ node, scope }: FunctionValue): boolean =>
  /(?:^|\/)adapters\/fastify\/plugin\.[jt]s$/.test(scope.module.file) &&
  (node.name ?? 'portcullis') === 'portcullis' &&
  scope.module.text.includes('PortcullisOptions')

/** `plugin[Symbol.for('skip-override')] = true`: what fastify-plugin does, by hand. */
const skipsOverride = ({ node, scope }: FunctionValue): boolean => {
  if (!scope.module.text.includes('skip-override')) return false
  let found = false
  walk(scope.module.body, (one: Node) => {
    if (
      one.kind === 'assign' &&
      one.target.kind === 'member' &&
      one.target.property.kind === 'call' &&
      (node.name === undefined || lastName(one.target.object) === node.name)
    )
      found = true
    return !found
  })
  return found
}
