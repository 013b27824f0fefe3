/** An application with Portcullis's own account routes, and with routes from elsewhere. */
import { type Files, table } from './judged.ts'

const app = (...lines: readonly string[]): Files => ({
  'src/app.ts': [
    "import Fastify from 'fastify'",
    "import { accountRoutes, accounts } from 'portcullis/accounts'",
    "import { portcullis, publicAccess, route, routesOf } from 'portcullis/fastify'",
    'const app = Fastify()',
    'await app.register(portcullis, { sessions: { secret: process.env.JWT_SECRET } })',
    ...lines,
    "app.get('/orders', async (request) => ({ of: request.principal.id, orders: [] }))",
  ].join('\n'),
})

const ACCOUNTS = app('const people = accounts({ store })', 'await app.register(routesOf(accountRoutes(people), known))')
const PREFIXED = app("await app.register(routesOf(accountRoutes(accounts({ store })), known), { prefix: '/api' })")
const OWN = app("await app.register(routesOf([route({ method: 'GET', path: '/tags', access: publicAccess, handle })]))")
const BESIDE = app(
  "await app.register(routesOf([...accountRoutes(people), { method: 'DELETE', path: '/orders/:id', access: publicAccess, handle }]))",
)
const mapped = (route: string) =>
  app(`await app.register(routesOf(accountRoutes(people).map((one) => ${route}), known))`)
const MOVED = mapped("one.path === '/auth/login' ? one : { ...one, path: '/other' }")
const CHANGED = mapped('({ ...one, access: publicAccess })')
const ELSEWHERE: Files = {
  'src/app.ts': (app('await app.register(routesOf(tagRoutes(), known))')['src/app.ts'] ?? '').replace(
    'const app',
    "import { tagRoutes } from '@example/tags'; const app",
  ),
}

const unread = 'Routes are registered here whose definitions could not be read.'

table('auth-rate-limit', [
  [
    'passes: the login of the account routes',
    ACCOUNTS,
    ['pass src/app.ts:7 src/app.ts:5: POST /auth/login is limited to 10 a minute.'],
  ],
  [
    'passes: below a prefix',
    PREFIXED,
    ['pass src/app.ts:6 src/app.ts:5: POST /api/auth/login is limited to 10 a minute.'],
  ],
  ['passes: below other paths', MOVED, ['pass src/app.ts:6 src/app.ts:5: POST /auth/login is limited to 10 a minute.']],
  ['not applicable: routes that were read', OWN, ['not-applicable (2 routes read): No route checks a credential.']],
  [
    'not proven: the account routes, changed',
    CHANGED,
    ['not-applicable (1 route read): No route checks a credential.', `not-proven src/app.ts:6: ${unread}`],
  ],
  [
    'not proven: routes of another package',
    ELSEWHERE,
    ['not-applicable (1 route read): No route checks a credential.', `not-proven src/app.ts:6: ${unread}`],
  ],
])

table('cookie-flags', [
  ['passes: the refresh cookie', ACCOUNTS, ['pass src/app.ts:7: HttpOnly, Secure and SameSite are set.']],
  [
    'not applicable: routes that were read',
    OWN,
    ['not-applicable (none in 1 file): The program sets no session cookie.'],
  ],
  [
    'not proven: routes of another package',
    ELSEWHERE,
    ['not-applicable (none in 1 file): The program sets no session cookie.', `not-proven src/app.ts:6: ${unread}`],
  ],
])

table('default-deny', [
  [
    'passes: the account routes say what is public',
    ACCOUNTS,
    ['pass src/app.ts:5: One guard covers 11 of 14 routes; the others are marked public.'],
  ],
  [
    'fails: a public route that writes, beside them',
    BESIDE,
    ['fail src/app.ts:6: DELETE /orders/:id can be called by anybody: opened beside the guard.'],
  ],
  [
    'not proven: routes of another package may be public',
    ELSEWHERE,
    ['pass src/app.ts:5: One guard covers 1 of 1 route.', `not-proven src/app.ts:6: ${unread}`],
  ],
])

table('validators', [
  [
    'passes: the account routes have schemas',
    ACCOUNTS,
    ['pass src/app.ts:7 src/app.ts:7 src/app.ts:7: 13 inputs of 14 routes bounded and closed.'],
  ],
])
