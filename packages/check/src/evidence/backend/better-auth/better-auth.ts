/** better-auth's own reference of its routes, which its openAPI plugin serves whatever the framework. */
import { possibilities, type Value, withoutDefault } from '../../source/index.ts'
import type { Docs } from '../facts.ts'
import { placeOf, type Reading, whenOf } from '../reading.ts'

/** `betterAuth({ plugins: [openAPI()] })`: /api/auth/reference, unless `disableDefaultReference`. */
export const betterAuthDocs = (reading: Reading): readonly Docs[] =>
  reading.program.callsNamed('openAPI').flatMap(({ node, scope }): Docs[] => {
    const callee = reading.evaluator.value(node.callee, scope)
    const isPlugin = possibilities(callee).some(
      (one) =>
        one.kind === 'external' &&
        /^better-auth\/plugins(?:\/|$)/.test(one.from) &&
        withoutDefault(one.path).join('.') === 'openAPI',
    )
    if (!isPlugin) return []
    const options = node.args[0] && reading.evaluator.value(node.args[0], scope)
    if (isTrue(entry(options, 'disableDefaultReference'))) return []
    const path = entry(options, 'path')
    const when = whenOf(reading, node)
    return [
      {
        at: placeOf(reading, node.at),
        path: `/api/auth${path?.kind === 'literal' ? String(path.value) : '/reference'}`,
        when: when === 'development' || when === 'unknown' ? when : 'always',
      },
    ]
  })

const entry = (value: Value | undefined, name: string): Value | undefined =>
  value?.kind === 'object' ? value.entries.get(name) : undefined

const isTrue = (value: Value | undefined): boolean => value?.kind === 'literal' && value.value === true
