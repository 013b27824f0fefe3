import type { FastifyInstance, FastifyReply, FastifyRequest, FastifySchema } from 'fastify'
import type { Answer, Call, RouteDefinition } from '../../door/index.ts'
import { noBody } from '../../door/index.ts'
import { ADMITTED } from './requests.ts'

/**
 * Registers routes that know no framework (the accounts', say): `app.register(routesOf(definitions))`.
 *
 * @param isKnownOrigin whether an Origin field is one of the listed origins
 * @throws TypeError when it is no function: every login of a browser would be a 500
 */
export const routesOf = (
  definitions: readonly RouteDefinition[],
  isKnownOrigin: (origin: string) => boolean,
): ((app: FastifyInstance) => Promise<void>) => {
  if (typeof isKnownOrigin !== 'function')
    throw new TypeError(
      'routesOf takes a function that says which origins are listed, such as (origin) => origins.includes(origin).',
    )
  return async (app) => {
    for (const definition of definitions) {
      app.route({
        method: definition.method,
        url: definition.path,
        config: { access: definition.access, ...(definition.limit === undefined ? {} : { limit: definition.limit }) },
        schema: schemaOf(definition),
        handler: async (request, reply) => answer(reply, await definition.handle(callOf(request, isKnownOrigin))),
      })
    }
  }
}

const schemaOf = ({ method, body, params, query, response, summary }: RouteDefinition): FastifySchema => ({
  ...(method === 'GET' ? {} : { body: body ?? noBody }),
  ...(params === undefined ? {} : { params }),
  ...(query === undefined ? {} : { querystring: query }),
  ...(response === undefined ? {} : { response }),
  ...({ summary } as object),
})

const callOf = (request: FastifyRequest, isKnownOrigin: (origin: string) => boolean): Call => {
  const { origin, cookie } = request.headers
  return {
    body: request.body,
    params: request.params,
    query: request.query,
    principal: request[ADMITTED]?.principal,
    client: request.client,
    knownOrigin: origin !== undefined && isKnownOrigin(origin) ? origin : undefined,
    hasOrigin: origin !== undefined,
    cookie,
    userAgent: (request.headers['user-agent'] ?? '').replace(/[^ -~]/g, '').slice(0, 200),
  }
}

const answer = (reply: FastifyReply, { status, body, headers }: Answer): FastifyReply => {
  reply.code(status)
  if (headers !== undefined) reply.headers(headers)
  return reply.send(body)
}
