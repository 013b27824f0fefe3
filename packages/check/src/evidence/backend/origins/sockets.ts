/** Socket.IO: a server of its own beside the routes, with CORS of its own for the requests that it begins with. */
import {
  type Call,
  type Located,
  lastName,
  type Node,
  possibilities,
  type Value,
  walk,
  withoutDefault,
} from '../../source/index.ts'
import type { CorsSetting } from '../facts.ts'
import { literalOf, originsEntry, switchedOrigins } from '../literals.ts'
import { placeOf, type Reading, whenOf } from '../reading.ts'
import { originOption, originsOf, originsOfDelegate } from './origins.ts'

export const socketsCors = (reading: Reading): readonly CorsSetting[] => [
  ...serversOf(reading).flatMap((call) => ofArguments(reading, call)),
  ...adapted(reading),
  ...inPython(reading),
]

/** `new Server(http, { cors })`, `require('socket.io')(http, { cors })`, `@WebSocketGateway(80, { cors })`, a plugin of Fastify, an adapter of Nest. */
const serversOf = (reading: Reading): readonly Located<Call>[] => {
  const calls: Located<Call>[] = []
  for (const module of reading.program.modules.values()) {
    if (module.language !== 'javascript' || !/socket\.io|WebSocketGateway|createIOServer/.test(module.text)) continue
    const { around } = reading.program.scopes(module)
    walk(module.body, (node) => {
      const scope = node.kind === 'call' ? around.get(node) : undefined
      if (node.kind === 'call' && scope !== undefined && isServer(reading, { node, scope })) calls.push({ node, scope })
    })
  }
  return calls
}

const isServer = (reading: Reading, { node, scope }: Located<Call>): boolean => {
  const name = lastName(node.callee)
  // The adapter's own method, and what it calls of the one above it.
  if (name === 'createIOServer') return node.callee.kind === 'member'
  if (name === 'register') {
    const plugin = node.args[0] && reading.evaluator.value(node.args[0], scope)
    return plugin?.kind === 'external' && /socket\.io/.test(plugin.from)
  }
  return possibilities(reading.evaluator.value(node.callee, scope)).some(
    (one) =>
      one.kind === 'external' &&
      (one.from === 'socket.io'
        ? /^(?:|Server|listen)$/.test(withoutDefault(one.path).join('.'))
        : one.from === '@nestjs/websockets' && one.path.at(-1) === 'WebSocketGateway'),
  )
}

type ObjectValue = Extract<Value, { kind: 'object' }>

/** Without `cors` no other site is let in. */
const ofArguments = (reading: Reading, { node, scope }: Located<Call>): readonly CorsSetting[] => {
  if (whenOf(reading, node) === 'development') return []
  const hasOptions = lastName(node.callee) === 'WebSocketGateway' ? 0 : 1
  return node.args.flatMap((arg, index) =>
    possibilities(reading.evaluator.value(arg, scope)).flatMap((one): readonly CorsSetting[] => {
      if (one.kind === 'object') return ofOptions(reading, node, one)
      // An adapter hands on what it was given itself.
      const isOpen =
        index >= hasOptions && /^(?:unknown|external)$/.test(one.kind) && lastName(node.callee) !== 'createIOServer'
      return isOpen ? [{ ...setting(reading, one, 'unknown'), at: placeOf(reading, node.at) }] : []
    }),
  )
}

/** `options.cors = { origin: … }`, before an adapter of Nest hands them on. */
const adapted = (reading: Reading): readonly CorsSetting[] =>
  reading.program.functionsNamed('createIOServer').flatMap(({ node }) => {
    const found: CorsSetting[] = []
    walk(node.body, (one) => {
      if (one.kind !== 'assign' || one.target.kind !== 'member' || lastName(one.target) !== 'cors' || !one.value) return
      const scope = reading.program.scopeOf(one)
      if (scope === undefined || whenOf(reading, one) === 'development') return
      const cors = reading.evaluator.value(one.value, scope)
      found.push(
        ...ofOptions(reading, one, { kind: 'object', entries: new Map([['cors', cors]]), rest: [], at: one.at }),
      )
    })
    return found
  })

const ofOptions = (reading: Reading, node: Node, options: ObjectValue): readonly CorsSetting[] => {
  // Until 2020 it was called origins, as `https://app.example.com:*`.
  const cors = options.entries.get('cors')
  const old = options.entries.get('origins')
  if (cors === undefined && old === undefined) return []
  if (cors === undefined && old !== undefined) {
    const all = possibilities(old).some((one) => one.kind === 'literal' && /^\*(?::\*)?$/.test(String(one.value)))
    return [setting(reading, old, all ? 'any' : originsOf(reading, old, 'any'))]
  }
  return possibilities(cors ?? options).flatMap((one): readonly CorsSetting[] => {
    if (one.kind === 'literal')
      return one.value
        ? [{ ...setting(reading, one, 'any'), ...literalOf(switchedOrigins(reading, options, 'cors')) }]
        : []
    if (one.kind === 'function') return [setting(reading, one, originsOfDelegate(reading, one))]
    if (one.kind !== 'object') return [{ ...setting(reading, one, 'unknown'), at: placeOf(reading, node.at) }]
    const credentials = one.entries.get('credentials')
    return [
      {
        ...setting(reading, one.entries.get('origin') ?? one, originOption(reading, one, 'any')),
        credentials: credentials?.kind === 'literal' && credentials.value === true,
        ...literalOf(originsEntry(reading, one, 'origin')),
      },
    ]
  })
}

const setting = (reading: Reading, { at }: Value, origins: CorsSetting['origins']): CorsSetting => ({
  at: placeOf(reading, at),
  origins,
  what: 'cors of Socket.IO',
  credentials: false,
})

/** `socketio.AsyncServer(cors_allowed_origins='*')`, `SocketIO(app, cors_allowed_origins=…)`: without it the same site alone. */
const inPython = (reading: Reading): readonly CorsSetting[] =>
  ['AsyncServer', 'Server', 'SocketIO', 'init_app'].flatMap((name) =>
    reading.program.callsNamed(name).flatMap(({ node, scope }): readonly CorsSetting[] => {
      const given = node.named.get('cors_allowed_origins')
      if (given === undefined || whenOf(reading, node) === 'development') return []
      const value = reading.evaluator.value(given, scope)
      return [{ ...setting(reading, value, originsOf(reading, value, 'any')), at: placeOf(reading, given.at) }]
    }),
  )
