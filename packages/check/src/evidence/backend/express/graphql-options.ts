/** What the options of a GraphQL server switch on: explorers, introspection, stacks, CORS. */
import { lastName, type Node, possibilities, type Scope, type Value, walk } from '../../source/index.ts'
import { runsAsDevelopment } from '../disclosure/index.ts'
import type { CorsSetting, DebugSign, Docs } from '../facts.ts'
import { originsOf } from '../origins/index.ts'
import { placeOf, type Reading, whenOf, whenTrue } from '../reading.ts'
import { settingsOf } from '../switches/index.ts'
import type { Endpoint } from './graphql.ts'

export const docsOf = (reading: Reading, endpoint: Endpoint): readonly Docs[] => {
  const { kind, options, path } = endpoint
  const option = (name: string): readonly Docs[] => {
    const value = options?.entries.get(name)
    if (value === undefined) return []
    const written = writtenIn(options, name)
    const at = placeOf(reading, written?.node.at ?? value.at)
    return [{ at, path: `${path} (${name})`, when: switchedOn(reading, value, written) }]
  }
  const at = placeOf(reading, endpoint.made.node.at)
  if (kind === 'express-graphql') return option('graphiql')
  // Yoga's explorer is up unless it is switched off.
  if (kind === 'yoga')
    return options?.entries.has('graphiql') ? option('graphiql') : [{ at, path: `${path} (graphiql)`, when: 'always' }]
  const asked = [...option('playground'), ...option('introspection')]
  const pages = pagesOf(reading, endpoint)
  if (asked.length > 0 || pages !== undefined) return [...asked, ...(pages ?? [])]
  // Apollo shows its explorer and its schema unless NODE_ENV is production.
  return [{ at, path: `${path} (explorer)`, when: 'development' }]
}

/** Apollo's landing pages among the plugins; undefined where none is named. */
const pagesOf = (reading: Reading, { options, path }: Endpoint): readonly Docs[] | undefined => {
  const plugins = options?.entries.get('plugins')
  const items =
    plugins === undefined ? [] : possibilities(plugins).flatMap((one) => (one.kind === 'list' ? one.items : [one]))
  const pages = items.flatMap(possibilities).flatMap((one) => {
    const name = one.kind === 'external' ? one.path.filter((part) => part !== '()').at(-1) : undefined
    return name !== undefined && /LandingPage/.test(name) && one.kind === 'external' ? [{ name, one }] : []
  })
  if (pages.length === 0) return
  return pages.flatMap(({ name, one }): readonly Docs[] => {
    if (!/Playground|LocalDefault/.test(name)) return []
    const node = one.call?.node
    const when = node === undefined ? 'always' : whenOf(reading, node)
    return [
      {
        at: placeOf(reading, node?.at ?? one.at),
        path: `${path} (${name})`,
        when: when === 'production' ? 'always' : when,
      },
    ]
  })
}

interface Written {
  readonly node: Node
  readonly scope: Scope
}

/** The expression that an option was written as. */
const writtenIn = (options: Endpoint['options'], name: string): Written | undefined => {
  if (options?.node?.node.kind !== 'object') return
  const entry = options.node.node.entries.find((one) => one.key.kind === 'literal' && one.key.value === name)
  return entry && { node: entry.value, scope: options.node.scope }
}

/** When an option is on: by its value, by what its expression asks, or by what the project's files set its variable to. */
const switchedOn = (reading: Reading, value: Value, written: Written | undefined): Docs['when'] => {
  const all = possibilities(value)
  const isConditional = written?.node.kind === 'conditional'
  if (!isConditional && all.every((one) => one.kind === 'literal' || one.kind === 'object'))
    return all.some((one) => one.kind === 'object' || (one.kind === 'literal' && one.value)) ? 'always' : 'never'
  if (written !== undefined) {
    const { node, scope } = written
    const says = whenTrue(reading, node.kind === 'conditional' ? node.test : node, scope)
    const turned = node.kind === 'conditional' && isOff(reading.evaluator.value(node.consequent, scope))
    const on = turned ? (says === 'production' ? 'development' : says === 'development' ? 'always' : says) : says
    if (on !== 'unknown') return on === 'production' ? 'always' : on
  }
  const settings = all.flatMap((one) => variablesOf(reading, one)).flatMap((one) => settingsOf(reading, one))
  if (settings.length === 0) return all.some((one) => one.kind === 'literal' && one.value) ? 'always' : 'unknown'
  return settings.some((one) => /^(?:true|1|yes|on)$/i.test(one.value)) ? 'always' : 'never'
}

const isOff = (value: Value): boolean => possibilities(value).every((one) => one.kind === 'literal' && !one.value)

/** The variables that a switch hangs on: `process.env.X`, `process.env.X === 'true'`. */
const variablesOf = (reading: Reading, value: Value): readonly string[] => {
  if (value.kind === 'env') return [value.name]
  return value.kind === 'unknown' ? (value.label ?? []).filter((one) => reading.env.has(one)) : []
}

export const corsOf = (reading: Reading, endpoint: Endpoint): readonly CorsSetting[] => {
  const { node, scope } = endpoint.mount
  if (endpoint.kind === 'apollo') {
    const given = node.args[0] && reading.evaluator.value(node.args[0], scope)
    return given?.kind === 'object' ? corsSetting(reading, endpoint, given.entries.get('cors'), 'any') : []
  }
  return endpoint.kind === 'yoga' ? corsSetting(reading, endpoint, endpoint.options?.entries.get('cors'), 'any') : []
}

/** Both answer any origin unless they are told not to. */
const corsSetting = (
  reading: Reading,
  { mount, made, kind }: Endpoint,
  given: Value | undefined,
  absent: CorsSetting['origins'],
): readonly CorsSetting[] => {
  const [cors] = given === undefined ? [undefined] : possibilities(given)
  const at = placeOf(reading, (kind === 'yoga' ? made : mount).node.at)
  if (cors === undefined || (cors.kind === 'literal' && cors.value === true))
    return [
      {
        at,
        origins: absent,
        what: 'CORS of the GraphQL server with its defaults',
        credentials: false,
      },
    ]
  if (cors.kind === 'literal') return []
  if (cors.kind !== 'object')
    return [{ at, origins: 'unknown', what: 'CORS of the GraphQL server', credentials: false }]
  const origin = cors.entries.get('origin')
  const credentials = cors.entries.get('credentials')
  return [
    {
      at: origin === undefined ? at : placeOf(reading, origin.at),
      origins: originsOf(reading, origin, absent),
      what: 'cors origin',
      credentials: credentials?.kind === 'literal' && credentials.value === true,
    },
  ]
}

const STACKS = ['debug', 'includeStacktraceInErrorResponses'] as const

export const debugOf = (reading: Reading, endpoint: Endpoint): readonly DebugSign[] => {
  const { options, kind } = endpoint
  const signs: DebugSign[] = []
  const formats = ['formatError', 'customFormatErrorFn'].flatMap((name) => options?.entries.get(name) ?? [])
  for (const one of formats.flatMap(possibilities)) {
    if (one.kind !== 'function') continue
    walk(one.node.body, (node) => {
      if (
        node.kind === 'member' &&
        lastName(node) === 'stack' &&
        !isLogged(reading, node) &&
        whenOf(reading, node) !== 'development'
      )
        signs.push({ at: placeOf(reading, node.at), what: "a stack in GraphQL's errors" })
    })
  }
  if (kind !== 'apollo' && kind !== 'apollo-4') return signs
  for (const name of STACKS) {
    const value = options?.entries.get(name)
    if (value === undefined) continue
    const written = writtenIn(options, name)
    const on = switchedOn(reading, value, written)
    if (on === 'always')
      signs.push({ at: placeOf(reading, written?.node.at ?? value.at), what: `GraphQL ${name}: true` })
    return signs
  }
  const start = reading.deployment?.start
  // Apollo adds the stack to each error unless NODE_ENV is production.
  if (formats.length === 0 && start !== undefined && runsAsDevelopment(reading))
    signs.push({ at: start, what: 'it runs without NODE_ENV=production, where Apollo answers errors with their stack' })
  return signs
}

/** `logger.error(error.stack)` is for the log. */
const isLogged = (reading: Reading, node: Node): boolean => {
  const parent = reading.program.parentOf(node)
  return (
    parent?.kind === 'call' &&
    parent.args.includes(node) &&
    /^(?:log|error|warn|info|debug)$/.test(lastName(parent.callee) ?? '')
  )
}
