/** What a GraphQL module's errors tell: stacks that are switched on, or that nobody switched off. */
import { possibilities, type Value } from '../../source/index.ts'
import type { DebugSign } from '../facts.ts'
import { placeOf, type Reading } from '../reading.ts'
import { graphqlOptions, isApolloUntold } from './graphql.ts'

const STACKS = ['debug', 'includeStacktraceInErrorResponses'] as const

export const graphqlDebug = (reading: Reading): readonly DebugSign[] =>
  graphqlOptions(reading).flatMap(({ options, at }) => [
    ...(isApolloUntold(options, [...STACKS, 'formatError']) ? apolloStacks(reading, at) : []),
    ...STACKS.flatMap((name): readonly DebugSign[] => {
      const value = options.entries.get(name)
      const on =
        value !== undefined && possibilities(value).every((one) => one.kind === 'literal' && one.value === true)
      const written =
        options.node?.node.kind === 'object'
          ? options.node.node.entries.find((one) => one.key.kind === 'literal' && one.key.value === name)?.value
          : undefined
      return on ? [{ at: placeOf(reading, written?.at ?? options.at), what: `GraphQL ${name}: true` }] : []
    }),
  ])

/** Apollo adds the stack to each error unless NODE_ENV is production. */
const apolloStacks = (reading: Reading, at: Value['at']): readonly DebugSign[] => {
  const { deployment } = reading
  if (deployment === undefined || deployment.production) return []
  return deployment.start === undefined
    ? [
        {
          at: placeOf(reading, at),
          what: 'Apollo answers errors with their stack',
          unless: 'NODE_ENV is production, which nothing in the project sets',
        },
      ]
    : [
        {
          at: deployment.start,
          what: 'it runs without NODE_ENV=production, where Apollo answers errors with their stack',
        },
      ]
}
