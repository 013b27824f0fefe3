/** fastapi-users: what it puts on the router that it makes, and the secrets that its manager is given. */
import { type Call, type Located, lastName, walk } from '../../source/index.ts'
import type { Reading } from '../reading.ts'
import type { Handler } from './application.ts'

/** `reset_password_token_secret = …` in the project's own class of users: links to a new password are signed with it. */
export const usersSecrets = (reading: Reading): readonly Located[] => {
  const found: Located[] = []
  for (const module of reading.program.modules.values())
    walk(module.text.includes('_token_secret') ? module.body : [], (node) => {
      const isSecret =
        node.kind === 'assign' && /^(?:reset_password|verification)_token_secret$/.test(lastName(node.target) ?? '')
      const scope = isSecret ? reading.program.scopeOf(node) : undefined
      if (node.kind === 'assign' && node.value !== undefined && scope?.owner?.kind === 'class')
        found.push({ node: node.value, scope })
    })
  return found
}

/** Its login, which a limiter of the inclusion covers like any other, and its logout. */
export const usersHandlers = (units: Iterable<[Call, { readonly call: Handler['call'] }]>): Handler[] =>
  [...units].flatMap(([unit, { call }]) =>
    lastName(unit.callee) !== 'get_auth_router'
      ? []
      : ['login', 'logout'].map((name) => ({
          unit,
          methods: ['POST'],
          path: `/${name}`,
          call,
          function: undefined,
          dependencies: [],
          plain: false,
          wrappers: [],
        })),
  )
