/** The options that a GraphQL module was given, by whatever way. */
import { isFrom, possibilities, type Value } from '../../source/index.ts'
import type { Reading } from '../reading.ts'
import { methodOf } from './classes.ts'

interface GraphqlOptions {
  readonly options: Extract<Value, { kind: 'object' }>
  readonly at: Value['at']
}

export const graphqlOptions = (reading: Reading): readonly GraphqlOptions[] =>
  ['forRoot', 'forRootAsync'].flatMap((name) =>
    reading.program.callsNamed(name).flatMap(({ node, scope }) => {
      if (
        !isFrom(reading.evaluator.value(node.callee, scope), '@nestjs/graphql', 'GraphQLModule', name) ||
        !node.args[0]
      )
        return []
      const given = reading.evaluator.value(node.args[0], scope)
      return (name === 'forRoot' ? possibilities(given) : made(reading, given)).flatMap((one) =>
        one.kind === 'object' ? [{ options: one, at: one.at }] : [],
      )
    }),
  )

const made = (reading: Reading, given: Value): readonly Value[] => {
  if (given.kind !== 'object') return []
  const factory = given.entries.get('useFactory')
  if (factory?.kind === 'function') return possibilities(reading.evaluator.returned(factory))
  const type = given.entries.get('useClass') ?? given.entries.get('useExisting')
  const create = type?.kind === 'class' ? methodOf(reading, type, 'createGqlOptions') : undefined
  return create === undefined ? [] : possibilities(reading.evaluator.returned(create))
}

/**
 * Whether it is Apollo, as it is without a driver, and none of these options is told it: then NODE_ENV decides. Options that are
 * not all known may have told it.
 */
export const isApolloUntold = ({ entries, rest }: GraphqlOptions['options'], names: readonly string[]): boolean => {
  if (rest.length > 0 || names.some((one) => entries.has(one))) return false
  const driver = entries.get('driver')
  return (
    driver === undefined ||
    possibilities(driver).every((one) => one.kind === 'external' && /^Apollo\w*Driver$/.test(one.path.at(-1) ?? ''))
  )
}
