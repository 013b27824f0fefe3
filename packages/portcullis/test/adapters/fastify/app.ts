import type { FastifyInstance, FastifyServerOptions } from 'fastify'
import Fastify from 'fastify'
import type { PortcullisOptions } from '../../../src/adapters/fastify/index.ts'
import { portcullis } from '../../../src/adapters/fastify/index.ts'
import { generateSecret } from '../../../src/layers/sessions/index.ts'

/** A secret that only tests know. */
export const secret = generateSecret()

/** The accounts of the tests: ada is an admin, bob is not, carol is disabled. */
export const people = new Map<string, { id: string; roles: string[]; disabled?: boolean }>([
  ['ada', { id: 'ada', roles: ['admin'] }],
  ['bob', { id: 'bob', roles: [] }],
  ['carol', { id: 'carol', roles: ['admin'], disabled: true }],
])

/** An application with the door hung; routes are the test's own. */
export const guarded = async (
  options: Partial<PortcullisOptions> = {},
  server: FastifyServerOptions = {},
): Promise<FastifyInstance> => {
  const app = Fastify(server)
  await app.register(portcullis, {
    identify: (id) => {
      const found = people.get(id)
      return found === undefined || found.disabled === true ? null : found
    },
    ...options,
    sessions: { secret, ...options.sessions },
  } as PortcullisOptions)
  return app
}

/** A session of one of the people, as header fields. */
export const bearer = async (app: FastifyInstance, id: string): Promise<{ authorization: string }> => {
  const { accessToken } = await app.portcullis.sessions.open(id, { client: '127.0.0.1', label: 'test' })
  return { authorization: `Bearer ${accessToken}` }
}
