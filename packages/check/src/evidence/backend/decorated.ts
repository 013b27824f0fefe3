/** What a plugin of Fastify put on the application: `fastify.decorate('config', { jwt: { life: … } })`. */
import type { Value } from '../source/index.ts'
import type { Reading } from './reading.ts'

/** `fastify.config.jwt.life`, where one plugin alone decorates with that name; undefined where it says no more than before. */
export const decoratedMember = (reading: Reading, value: Value): Value | undefined => {
  const path =
    value.kind === 'unknown'
      ? value.label
      : value.kind === 'external' && value.from === 'fastify'
        ? value.path
        : undefined
  if (path === undefined || path.length < 2) return
  for (const [index, name] of path.entries()) {
    if (index === 0) continue
    const [given, ...others] = decorations(reading, name)
    if (given === undefined) continue
    if (others.length > 0) return
    const found = path.slice(index + 1).reduce((whole, key) => reading.evaluator.member(whole, key, value.at), given)
    return found.kind === 'unknown' ? undefined : found
  }
  return
}

const decorations = (reading: Reading, name: string): readonly Value[] =>
  reading.program.callsNamed('decorate').flatMap(({ node, scope }) => {
    const [key, given] = node.args
    return node.callee.kind === 'member' && key?.kind === 'literal' && key.value === name && given !== undefined
      ? [reading.evaluator.value(given, scope)]
      : []
  })
