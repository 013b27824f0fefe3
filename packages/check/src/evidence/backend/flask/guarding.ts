/** Which guard covers a Flask route: a hook before every request, its blueprint's, a decorator, or its own first lines. */
import { type Call, lastName, type Node, type Scope, walkBody } from '../../source/index.ts'
import { methodFaults } from '../exceptions/index.ts'
import type { GlobalGuard, Place, Route } from '../facts.ts'
import { guardIn, isOpen, refusalIn } from '../guards/index.ts'
import {
  type FunctionValue,
  faultsOf,
  isAbout,
  namesOnly,
  type PathRules,
  pathRules,
  valuesOf,
} from '../python/index.ts'
import { placeOf, type Reading } from '../reading.ts'
import { standsIn } from '../stands-in.ts'
import { requestHooks } from './request-hooks.ts'
import type { FlaskRoute } from './routes.ts'

const WRAPPER =
  /login_?required|jwt_?required|fresh_login|auth(?:enticated|orized?|_required|entication_required)?$|token_?required|require_?(?:auth|login|token|role|permission|oauth)\w*|roles?_(?:required|accepted)|permission|admin_?(?:required|only)|protected|auth\.login_required|requires?_\w*(?:auth|login|scope|role)/i

interface Hook {
  readonly at: Place
  readonly what: string
  readonly blueprint: Call | undefined
  readonly rules: PathRules
  readonly faults: GlobalGuard['faults']
}

interface FlaskGuarding {
  readonly guards: readonly GlobalGuard[]
  readonly of: (
    route: Pick<FlaskRoute, 'path' | 'methods' | 'handler' | 'wrappers' | 'blueprint' | 'endpoint'>,
  ) => Pick<Route, 'guard' | 'guardAt' | 'openedByName'>
}

export const guardingOf = (reading: Reading): FlaskGuarding => {
  const hooks = hooksOf(reading)
  const wide = hooks.filter((one) => one.blueprint === undefined)
  const lists = (one: Hook): boolean => one.rules.only.length > 0
  const guards = wide.map((one) => ({
    at: one.at,
    what: one.what,
    faults: [
      ...faultsOf(one.rules.open),
      ...one.faults,
      ...(lists(one)
        ? [
            {
              what: 'it guards only the paths that it lists: what is added tomorrow is open',
              at: one.rules.only[0]?.at ?? one.at,
            },
          ]
        : []),
    ],
  }))
  return {
    guards,
    of: ({ path, methods, handler, wrappers, blueprint, endpoint }) => {
      const bare = wrappers.some(({ node }) =>
        /public|exempt|anonymous|no_auth|allow_any/i.test(lastName(node.kind === 'call' ? node.callee : node) ?? ''),
      )
      for (const one of wide) {
        if (lists(one)) {
          if (one.rules.only.some((test) => isAbout(test, path, methods[0], endpoint)))
            return { guard: 'group', guardAt: one.at }
          continue
        }
        const open = one.rules.open.filter((test) => isAbout(test, path, methods[0], endpoint))
        if (!bare && open.length === 0) return { guard: 'global', guardAt: one.at }
        return { guard: 'exempt', guardAt: one.at, ...(namesOnly(open) ? { openedByName: true } : {}) }
      }
      const group = hooks.find((one) => one.blueprint !== undefined && one.blueprint === blueprint)
      if (group) return { guard: 'group', guardAt: group.at }
      const own = wrapping(reading, wrappers) ?? (handler && asking(reading, handler))
      return own ? { guard: 'own', guardAt: own } : { guard: 'none' }
    },
  }
}

const hooksOf = (reading: Reading): readonly Hook[] =>
  requestHooks(reading)
    .filter(({ value }) => guardOf(reading, value) !== undefined)
    .map(({ value, node, name, blueprint }) => {
      const acts = (nodes: readonly Node[], inner: Scope) =>
        refusalIn(reading, nodes, inner) || standsIn(reading, nodes, inner, isAsking, 2)
      return {
        at: placeOf(reading, node.at),
        what: name,
        blueprint,
        rules: pathRules(reading, value, acts),
        faults: methodFaults(reading, value, 'nothing'),
      }
    })

/** flask-jwt-extended's and Authlib's: they raise what is answered with 401. */
const isAsking = (node: Node): node is Call =>
  node.kind === 'call' && /^(?:verify_jwt_in_request|jwt_required|acquire_token)$/.test(lastName(node.callee) ?? '')

const guardOf = (reading: Reading, value: FunctionValue): boolean | undefined => {
  if (isOpen(reading, value, 'nothing')) return
  const guard = guardIn(reading, value)
  if (guard && !guard.optional) return true
  let asks = false
  walkBody(value.node.body, (node) => {
    if (isAsking(node)) asks = node.named.get('optional') === undefined
    if (node.kind === 'member' && /^is_authenticated$/.test(lastName(node) ?? ''))
      asks ||= refusalIn(reading, value.node.body, value.scope)
  })
  return asks || undefined
}

const wrapping = (reading: Reading, wrappers: FlaskRoute['wrappers']): Place | undefined => {
  for (const { node, scope } of wrappers) {
    const target = node.kind === 'call' ? node.callee : node
    const optional =
      node.kind === 'call' &&
      [node.named.get('optional'), node.named.get('required')].some(
        (one, index) => one?.kind === 'literal' && one.value === (index === 0),
      )
    if (optional) continue
    const values = valuesOf(reading, target, scope)
    const named = WRAPPER.test(lastName(target) ?? '')
    const project = values.filter((one) => one.kind === 'function')
    // A decorator of the project must do what its name says.
    if (
      project.length > 0
        ? project.some(
            (one) =>
              guardIn(reading, one) !== undefined ||
              (named && one.kind === 'function' && refusalIn(reading, one.node.body, one.scope)),
          )
        : named
    )
      return placeOf(reading, node.at)
  }
  return
}

/** The handler itself reads the Authorization header, and refuses. */
const asking = (reading: Reading, handler: FunctionValue): Place | undefined => {
  if (!refusalIn(reading, handler.node.body, handler.scope)) return
  let found: Place | undefined
  walkBody(handler.node.body, (node) => {
    if (found || node.kind !== 'call') return
    const header = node.args.some(
      (one) => one.kind === 'literal' && /^(?:authorization|x-api-key|x-access-token)$/i.test(String(one.value)),
    )
    const verifies =
      /^(?:verify_jwt_in_request|get_jwt_identity|validate_token|verify_token|token_validator|check_token|decode_token)$/.test(
        lastName(node.callee) ?? '',
      )
    if (header || verifies) found = placeOf(reading, node.at)
  })
  return found
}
