import type { RouteDefinition } from '../door/index.ts'
import { authRoutes } from './auth-routes.ts'
import { refreshCookie } from './refresh-cookie.ts'
import type { Accounts } from './service.ts'
import { userRoutes } from './user-routes.ts'

/** How the account routes are registered. */
export interface AccountRoutesOptions {
  /** Where the browser's refresh cookie is sent: the path under which /auth is reached, prefix included. `/auth` by default. */
  readonly cookiePath?: string
}

/**
 * The routes under /auth and /users, for an adapter to register.
 *
 * @throws TypeError when cookiePath is no path, or something else is given
 */
export const accountRoutes = (service: Accounts, options: AccountRoutesOptions = {}): readonly RouteDefinition[] => {
  if (typeof Object(service).logIn !== 'function') throw new TypeError('accountRoutes takes what accounts() answers.')
  const unknown = Object.keys(options).filter((name) => name !== 'cookiePath')
  if (unknown.length > 0) throw new TypeError(`accountRoutes: ${unknown.join(', ')}: the one option is cookiePath.`)
  const path = options.cookiePath ?? '/auth'
  if (!/^\/[A-Za-z0-9/_.-]{0,255}$/.test(path))
    throw new TypeError("accountRoutes: cookiePath is a path of letters, digits and / _ . -, such as '/api/auth'.")
  return [...authRoutes(service, refreshCookie(path)), ...userRoutes(service)]
}
