/** What a Flask program's own settings say: `app.config['X'] = …`, `app.config.update(X=…)`, and classes and files of settings. */
import { type Located, lastName, type Node, possibilities, type Scope, type Value } from '../../source/index.ts'
import { type Reading, whenOf } from '../reading.ts'
import { each } from './routes.ts'
import { settingsInFiles } from './setting-files.ts'

type Written = ReadonlyMap<string, readonly Located[]>

const known = new WeakMap<Reading, Written>()

/** Where a setting is written, and what it is there; for development and tests it may be what it wants. */
export const configured = (
  reading: Reading,
  name: string,
): readonly { readonly node: Node; readonly values: readonly Value[] }[] => {
  const written = known.get(reading) ?? writtenIn(reading)
  known.set(reading, written)
  return (written.get(name) ?? []).map(({ node, scope }) => ({
    node,
    values: possibilities(reading.evaluator.value(node, scope)),
  }))
}

const SETTING = /^(?:JWT|RATELIMIT|SESSION_COOKIE|(?:QUART_)?CORS|APISPEC)_[A-Z_]+$|^[A-Z_]*ORIGINS$|^authjwt_/
const DEVELOPMENT = /(?:^|_)(?:dev|test|local)|Dev|Test|Local/

/** Kept: several of them are asked for, and each would be looked for in the whole program. */
const writtenIn = (reading: Reading): Written => {
  const found = new Map<string, Located[]>()
  const add = (name: string, node: Node | undefined, scope: Scope): void => {
    if (node === undefined || !SETTING.test(name) || whenOf(reading, node) === 'development') return
    found.set(name, [...(found.get(name) ?? []), { node, scope }])
  }
  each(reading, (node, scope) => {
    if (node.kind === 'assign' && node.target.kind === 'member' && lastName(node.target.object) === 'config')
      add(lastName(node.target) ?? '', node.value, scope)
    if (node.kind === 'call' && /^(?:update|from_mapping)$/.test(lastName(node.callee) ?? '')) {
      for (const [name, value] of node.named) add(name, value, scope)
      for (const given of node.args)
        if (given.kind === 'object')
          for (const { key, value } of given.entries) if (key.kind === 'literal') add(String(key.value), value, scope)
    }
    if (node.kind === 'class' && !DEVELOPMENT.test(node.name ?? ''))
      for (const member of node.members)
        if (member.kind === 'assign') add(lastName(member.target) ?? '', member.value, scope)
  })
  for (const { node, scope } of settingsInFiles(reading))
    if (node.kind === 'assign') add(lastName(node.target) ?? '', node.value, scope)
  return found
}
