import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { problemDocument } from '../../response/index.ts'
import { sendProblem } from './replies.ts'

type Handler = (request: FastifyRequest, reply: FastifyReply) => void

/** Answers in the place of Fastify's own 404 handler, which echoes the path. */
const notFound: Handler = (_request, reply) => sendProblem(reply, problemDocument('not-found'))

/** Whether nobody of the application wrote it: Fastify's own, or the door's in its place. */
export const isPlain404 = (handler: object | undefined): boolean =>
  handler === undefined || handler === notFound || Reflect.get(handler, 'name') === 'basic404'

/**
 * The door refuses an unknown path before its handler. But a route's own handler may ask for the 404 handler by `reply.callNotFound()`,
 * as @fastify/static does for a file that is not there. Fastify keeps that handler under a symbol, and takes none that is set once the
 * application is ready; earlier, the application's own would come second, and be refused.
 */
export const replacePlain404 = (contexts: Iterable<FastifyInstance>): void => {
  for (const context of contexts) {
    const kept = keptIn(context)
    if (kept !== undefined && isPlain404(kept.handler)) kept.handler = notFound
  }
}

/** The nearest one: contexts inherit from each other by prototype. */
const keptIn = (context: object): { handler: Handler } | undefined => {
  for (let owner: object | null = context; owner !== null; owner = Object.getPrototypeOf(owner)) {
    const symbol = Object.getOwnPropertySymbols(owner).find(({ description }) => description === CONTEXT)
    if (symbol !== undefined) return Reflect.get(owner, symbol) ?? undefined
  }
  return undefined
}

const CONTEXT = 'fastify.404ContextKey'
