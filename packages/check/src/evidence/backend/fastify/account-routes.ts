/**
 * The routes of `accountRoutes(people)`, of portcullis/accounts. They stand in a package and not in the program, so they are known
 * here; a test compares them with what the package registers.
 */
import type { Node } from '../../source/index.ts'
import type { Input } from '../facts.ts'
import type { Added, RouteEntry } from './model.ts'
import { joined } from './route-entries.ts'

interface AccountRoute {
  readonly method: string
  readonly path: string
  readonly access: string
  readonly limit?: string
  /** What comes in, each by a schema that is bounded and closed. */
  readonly takes?: readonly Input['from'][]
}

const SIGNED_IN = 'authenticated'
const ADMIN = 'role admin'

export const ACCOUNT_ROUTES: readonly AccountRoute[] = [
  { method: 'POST', path: '/auth/register', access: 'public', limit: 'credentials', takes: ['body'] },
  { method: 'POST', path: '/auth/login', access: 'public', limit: 'credentials', takes: ['body'] },
  { method: 'POST', path: '/auth/refresh', access: 'public', limit: 'refresh', takes: ['body'] },
  { method: 'POST', path: '/auth/logout', access: SIGNED_IN, takes: ['body'] },
  { method: 'POST', path: '/auth/logout-everywhere', access: SIGNED_IN, takes: ['body'] },
  { method: 'GET', path: '/auth/sessions', access: SIGNED_IN },
  { method: 'DELETE', path: '/auth/sessions/:id', access: SIGNED_IN, takes: ['path'] },
  { method: 'POST', path: '/auth/password', access: SIGNED_IN, limit: 'credentials', takes: ['body'] },
  { method: 'GET', path: '/users/me', access: SIGNED_IN },
  { method: 'PATCH', path: '/users/me', access: SIGNED_IN, limit: 'credentials', takes: ['body'] },
  { method: 'GET', path: '/users', access: ADMIN, takes: ['query'] },
  { method: 'PUT', path: '/users/:id/roles', access: ADMIN, takes: ['body', 'path'] },
  { method: 'POST', path: '/users/:id/disable', access: ADMIN, takes: ['body', 'path'] },
]

/** Of the refresh token's cookie, which known origins get. */
export const ACCOUNT_COOKIE = ['HttpOnly', 'Secure', 'SameSite=Strict']

/** As if each were written where `accountRoutes(…)` is called. */
export const accountEntries = (added: Added, at: Node['at']): RouteEntry[] =>
  ACCOUNT_ROUTES.map(({ method, path, access, limit, takes = [] }) => ({
    ...added,
    call: { ...added.call, node: { ...added.call.node, at } },
    methods: [method],
    url: joined(added.context.prefix, path),
    options: {
      node: literals({ access, ...(limit === undefined ? {} : { limit }) }, at),
      scope: added.call.scope,
      frame: undefined,
    },
    handler: undefined,
    handlerName: '',
    neutral: true,
    takes,
  }))

const literals = (given: Readonly<Record<string, string>>, at: Node['at']): Node => ({
  kind: 'object',
  entries: Object.entries(given).map(([key, value]) => ({
    key: { kind: 'literal', value: key, at },
    value: { kind: 'literal', value, at },
  })),
  spreads: [],
  at,
})
