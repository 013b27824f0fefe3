import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Admission, Baseline, DoorRoute, HeaderFields, RequestFacts } from '../../door/index.ts'
import { problemDocument } from '../../response/index.ts'
import { sendProblem } from './replies.ts'
import { doorRouteOf } from './routes.ts'

/** Where a request keeps what the door said of it. */
export const ADMITTED: unique symbol = Symbol('portcullis.admitted')

/** Translates a request of Fastify's into facts, and an admission into a reply. Holds no rule. */
export const admit =
  (baseline: Baseline) =>
  (request: FastifyRequest, reply: FastifyReply, done: () => void): void => {
    const route = doorRouteOf(request)
    const settle = (admission: Admission): void => {
      if (!admission.admitted) refuse(request, reply, admission)
      else if (route === undefined && !hasOwn404(request)) {
        sendProblem(reply, problemDocument('not-found'), admission.headers)
      } else {
        reply.headers(admission.headers)
        request[ADMITTED] = admission
        if (request.raw.headers.expect !== undefined) reply.raw.writeContinue()
        done()
      }
    }
    const admission = baseline.door(facts(request, route))
    if (admission instanceof Promise) admission.then(settle, (error: unknown) => reply.send(error))
    else settle(admission)
  }

/**
 * Whether the application answers what matched no route by a handler of its own. Fastify's (basic404) would echo the path; and
 * a route that was never compiled, or a target that Fastify refused itself, has nobody's.
 */
const hasOwn404 = (request: FastifyRequest): boolean => {
  const handler: { readonly name: string } | undefined = request.routeOptions.handler
  return request.is404 && handler !== undefined && handler.name !== 'basic404'
}

const facts = (request: FastifyRequest, route: DoorRoute | undefined): RequestFacts => {
  const { raw } = request
  return {
    method: raw.method ?? '',
    target: raw.url ?? '',
    params: (request.params ?? {}) as Record<string, string>,
    query: (request.query ?? {}) as Record<string, unknown>,
    peer: raw.socket.remoteAddress,
    headers: raw.headers as HeaderFields,
    credentials: count('authorization', raw.rawHeaders),
    hosts: count('host', raw.rawHeaders),
    httpVersion: raw.httpVersion,
    route,
  }
}

/** node:http shows the first of two Authorization or Host fields; a proxy before it may have judged the second. */
const count = (name: 'authorization' | 'host', rawHeaders: readonly string[]): number => {
  let found = 0
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const field = rawHeaders[index] as string
    if (field.length === name.length && field.toLowerCase() === name) found += 1
  }
  return found
}

const refuse = (
  request: FastifyRequest,
  reply: FastifyReply,
  refused: Extract<Admission, { admitted: false }>,
): void => {
  if (refused.cause !== undefined) request.log.error({ err: refused.cause }, 'the door could not decide')
  if (refused.problem === undefined) reply.code(refused.status).headers(refused.headers).send()
  else sendProblem(reply, refused.problem, refused.headers)
}
