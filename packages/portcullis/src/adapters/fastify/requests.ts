import type { IncomingMessage } from 'node:http'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Admission, Baseline, DoorRoute, HeaderFields, RequestFacts } from '../../door/index.ts'
import { hasBody } from '../../door/index.ts'
import type { AccessRule } from '../../layers/access/index.ts'
import { isJson } from '../../layers/validation/index.ts'
import { problemDocument } from '../../response/index.ts'
import { giveFields, giveSecurityFields } from './answer-fields.ts'
import { endWithAnswer } from './empty-request.ts'
import { logError } from './logging.ts'
import { isPlain404 } from './not-found.ts'
import type { Registrations } from './registrations.ts'
import { errorHandler, sendProblem } from './replies.ts'
import { doorRouteOf } from './routes.ts'
import { endUpgrade } from './upgrades.ts'

/** Where a request keeps what the door said of it. */
export const ADMITTED: unique symbol = Symbol('portcullis.admitted')

/** Translates a request of Fastify's into facts, and an admission into a reply. Holds no rule. */
export const admit =
  (baseline: Baseline, { groupRule }: Pick<Registrations, 'groupRule'>) =>
  (request: FastifyRequest, reply: FastifyReply, done: () => void): void => {
    try {
      if (isGone(request.raw)) {
        reply.hijack()
        request.raw.destroy()
        return
      }
      // Asked once: Fastify puts its answer together anew each time.
      const route = doorRouteOf(request)
      endWithAnswer(request.raw)
      endUpgrade(request.raw, reply.raw)
      const rule = route === undefined && hasOwn404(request) ? groupRule(request.server) : undefined
      // Without a session nobody learns which paths there are, in a public group neither.
      const admission = baseline.door(facts(request, route, rule?.kind === 'public' ? undefined : rule))
      if (!(admission instanceof Promise)) settle(request, reply, done, route, admission)
      else settleLate(request, reply, done, route, admission)
    } catch (error) {
      // Not left to Fastify: it takes a thrown null or undefined for no error, and would go on to the handler.
      errorHandler(error, request, reply)
    }
  }

/**
 * Who resets its connection after a request has no address any more, and would be counted, and trusted, as a Unix socket is. There is nobody
 * to answer either.
 */
const isGone = ({ socket }: IncomingMessage): boolean =>
  socket.remoteAddress === undefined && (socket.localAddress !== undefined || socket.destroyed)

const settleLate = (
  request: FastifyRequest,
  reply: FastifyReply,
  done: () => void,
  route: DoorRoute | undefined,
  admission: Promise<Admission>,
): void => {
  // Fastify answers in the meantime, when handlerTimeout is over.
  giveSecurityFields(reply.raw)
  // What settling throws too: nobody else waits for this promise, and its rejection would end the process.
  admission
    .then((late) => settle(request, reply, done, route, late))
    .catch((error: unknown) => errorHandler(error, request, reply))
}

const settle = (
  request: FastifyRequest,
  reply: FastifyReply,
  done: () => void,
  route: DoorRoute | undefined,
  admission: Admission,
): void => {
  if (!admission.admitted) refuse(request, reply, admission)
  else if (route === undefined && !hasOwn404(request)) {
    giveFields(reply, admission.fields)
    sendProblem(reply, problemDocument('not-found'))
  } else {
    giveFields(reply, admission.fields)
    request[ADMITTED] = admission
    // Node looks at the Expect of an HTTP/1.1 request only: to one of 1.0 there is no interim answer (RFC 9110 §15.2, §10.1.1).
    if (request.raw.headers.expect !== undefined && request.raw.httpVersion !== '1.0') reply.raw.writeContinue()
    forgetTypeOfNothing(request.raw)
    done()
  }
}

/**
 * Whether the application answers what matched no route by a handler of its own. A route that was never compiled, or a target that
 * Fastify refused itself, has nobody's. Nor has a body that nobody described.
 */
const hasOwn404 = (request: FastifyRequest): boolean =>
  request.is404 && !isPlain404(request.routeOptions.handler) && !bodyFollows(request.raw)

const bodyFollows = (raw: Raw): boolean => hasBody(raw.headers as HeaderFields, isUnannounced(raw))

/**
 * Clients name the type of a form and send nothing (`curl -d ''`). It is the type of no content (RFC 9110 §8.3), and Fastify would look for
 * a parser of it. The one of JSON tells nothing from a broken text.
 */
const forgetTypeOfNothing = (raw: Raw): void => {
  const type = raw.headers['content-type']
  if (type !== undefined && !isJson(type) && !bodyFollows(raw)) delete raw.headers['content-type']
}

/** What node:http2 adds. */
interface Raw extends IncomingMessage {
  readonly stream?: { readonly endAfterHeaders?: boolean }
}

/** HTTP/2 has frames, and needs no field to say that a body follows. */
const isUnannounced = ({ httpVersionMajor, headers, stream }: Raw): boolean =>
  httpVersionMajor === 2 && headers['content-length'] === undefined && stream?.endAfterHeaders !== true

const facts = (
  request: FastifyRequest,
  route: DoorRoute | undefined,
  notFoundRule: AccessRule | undefined,
): RequestFacts => {
  const { raw } = request
  const sent = fieldsSent(raw.rawHeaders)
  return {
    method: raw.method ?? '',
    target: raw.url ?? '',
    params: (request.params ?? {}) as Record<string, string>,
    query: (request.query ?? {}) as Record<string, unknown>,
    peer: raw.socket.remoteAddress,
    headers: raw.headers as HeaderFields,
    credentials: sent.credentials,
    hosts: sent.hosts,
    httpVersion: raw.httpVersion,
    unannounced: isUnannounced(raw),
    route,
    notFoundRule,
  }
}

/** node:http shows the first of two Authorization or Host fields; a proxy before it may have judged the second. */
const fieldsSent = (rawHeaders: readonly string[]): Pick<RequestFacts, 'credentials' | 'hosts'> => {
  let [credentials, hosts] = [0, 0]
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index] as string
    if (name.length === 4 && name.toLowerCase() === 'host') hosts += 1
    else if (name.length === 13 && name.toLowerCase() === 'authorization') credentials += 1
  }
  return { credentials, hosts }
}

const refuse = (
  request: FastifyRequest,
  reply: FastifyReply,
  refused: Extract<Admission, { admitted: false }>,
): void => {
  if (refused.cause !== undefined) logError(request.log, refused.cause, 'the door could not decide')
  giveFields(reply, refused.fields)
  if (refused.problem === undefined) reply.code(refused.status).send()
  else sendProblem(reply, refused.problem)
}
