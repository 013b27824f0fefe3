import type { RouteDefinition } from '../door/index.ts'
import { route } from '../door/index.ts'
import { authenticated, role } from '../layers/access/index.ts'
import { callerOf, contextOf } from './call.ts'
import { answers, bodies, idParams, pageQuery } from './schemas.ts'
import type { Accounts } from './service.ts'
import type { Account } from './store.ts'

/** The routes under /users. */
export const userRoutes = (service: Accounts): readonly RouteDefinition[] => [
  route({
    method: 'GET',
    path: '/users/me',
    summary: 'My account',
    access: authenticated,
    response: { 200: answers.account },
    handle: async (call) => ({ status: 200, body: await service.me(callerOf(call)) }),
  }),
  route({
    method: 'PATCH',
    path: '/users/me',
    summary: 'Change my username, or my e-mail address with the current password',
    access: authenticated,
    limit: 'credentials',
    body: bodies.me,
    response: { 200: answers.account },
    handle: async (call) => {
      const { email, username, current_password: currentPassword } = call.body
      const changes = { email, username, currentPassword }
      return { status: 200, body: await service.changeMe(callerOf(call), changes, contextOf(call)) }
    },
  }),
  route({
    method: 'GET',
    path: '/users',
    summary: 'Everybody, page by page',
    access: role('admin'),
    query: pageQuery,
    response: { 200: answers.people },
    handle: async (call) => {
      const { items, next } = await service.list(call.query)
      return { status: 200, body: { items: items.map(personBody), next } }
    },
  }),
  route({
    method: 'PUT',
    path: '/users/:id/roles',
    summary: "Replace somebody's roles",
    access: role('admin'),
    params: idParams,
    body: bodies.roles,
    response: { 200: answers.person },
    handle: async (call) => {
      const account = await service.setRoles(callerOf(call), call.params.id, call.body.roles, contextOf(call))
      return { status: 200, body: personBody(account) }
    },
  }),
  route({
    method: 'POST',
    path: '/users/:id/disable',
    summary: 'Close an account and end its sessions; with disabled: false, open it again',
    access: role('admin'),
    params: idParams,
    body: bodies.disabled,
    response: { 200: answers.person },
    handle: async (call) => {
      const disabled = call.body?.disabled ?? true
      const account = await service.setDisabled(callerOf(call), call.params.id, disabled, contextOf(call))
      return { status: 200, body: personBody(account) }
    },
  }),
]

const personBody = ({ createdAt, ...account }: Account) => ({ ...account, created_at: createdAt })
