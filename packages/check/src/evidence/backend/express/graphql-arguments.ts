/** What the fields of a GraphQL endpoint take: type-graphql's classes say it; a schema in words says types without bounds. */
import { type FunctionNode, lastName, type Parameter } from '../../source/index.ts'
import type { Input } from '../facts.ts'
import {
  classesOf,
  type Decorated,
  decoratorsOf,
  dtoShape,
  methodsOf,
  named,
  programOf,
  typeName,
} from '../nest/index.ts'
import { placeOf, type Reading } from '../reading.ts'
import { judge, type Shape } from '../schemas/index.ts'
import type { Endpoint } from './graphql.ts'

const PACKAGE = /^type-graphql$/
const LOGIN = /^(?:log_?in|sign_?in|authenticate)(?:_?user)?$/i

export const argumentsOf = (reading: Reading, endpoint: Endpoint): readonly Input[] => {
  const resolvers = resolversOf(reading)
  if (resolvers.length > 0) return resolvers.flatMap((one) => ofResolver(reading, one))
  return [
    {
      from: 'body',
      at: placeOf(reading, endpoint.made.node.at),
      problems: [],
      unread: 'what the resolvers check of their arguments',
    },
  ]
}

const resolversOf = (reading: Reading): readonly Decorated[] =>
  [...reading.program.modules.values()].some((module) =>
    module.body.some((one) => one.kind === 'import' && PACKAGE.test(one.from)),
  )
    ? programOf(reading).classes.filter((one) => named(one.decorators, 'Resolver', PACKAGE).length > 0)
    : []

const fieldsOf = (reading: Reading, resolver: Decorated): readonly FunctionNode[] =>
  methodsOf(resolver.class.node).filter(
    (one) => named(decoratorsOf(reading, one.decorators), /^(?:Query|Mutation|Subscription)$/, PACKAGE).length > 0,
  )

const ofResolver = (reading: Reading, resolver: Decorated): readonly Input[] =>
  fieldsOf(reading, resolver).flatMap((method) =>
    method.parameters.flatMap((one): readonly Input[] => {
      if (named(decoratorsOf(reading, one.decorators), /^Args?$/, PACKAGE).length === 0) return []
      const { problems, unread } = judge(reading, shapeOf(reading, one), 'path')
      const name = `${method.name ?? ''}.${lastName(one.target) ?? 'argument'}`
      return [
        {
          from: 'body',
          at: placeOf(reading, one.target.at),
          problems: problems.map((each) => ({ ...each, what: each.what.replace(/^path/, name) })),
          ...(unread === undefined ? {} : { unread }),
        },
      ]
    }),
  )

/** A number that names a record needs no maximum. */
const IDENTIFIER = /(?:^|_)ids?$|[a-z0-9](?:Id|ID)s?$/

/** GraphQL itself holds the types and refuses unknown keys; a length is nobody's unless a class says one. */
const shapeOf = (reading: Reading, parameter: Parameter): Shape => {
  const { at } = parameter.target
  const scope = reading.program.scopeOf(parameter.target)
  const [type] = classesOf(reading, parameter.type, scope)
  if (type !== undefined) return dtoShape(reading, type, { closed: true, graphql: true })
  const written = typeName(parameter.type)
  if (written === 'string') return { kind: 'string', bounded: false, at }
  if (written === 'number') return { kind: 'number', bounded: IDENTIFIER.test(lastName(parameter.target) ?? ''), at }
  return { kind: 'fixed', at }
}

/** A mutation that checks a password, by its name. */
export const loginOf = (reading: Reading): string | undefined => {
  for (const resolver of resolversOf(reading))
    for (const method of fieldsOf(reading, resolver)) if (LOGIN.test(method.name ?? '')) return method.name
  for (const name of ['login', 'logIn', 'signin', 'signIn', 'authenticate', 'loginUser', 'signInUser'])
    if (reading.program.functionsNamed(name).some(({ node }) => isMutation(reading, node))) return name
  return
}

/** `Mutation: { login() {} }`, `const Mutation = { login() {} }`. */
const isMutation = (reading: Reading, node: FunctionNode): boolean => {
  const object = reading.program.parentOf(node)
  const outer = object?.kind === 'object' ? reading.program.parentOf(object) : undefined
  if (outer?.kind === 'assign') return /mutations?$/i.test(lastName(outer.target) ?? '')
  if (outer?.kind !== 'object') return false
  return outer.entries.some((one) => one.value === object && one.key.kind === 'literal' && one.key.value === 'Mutation')
}
