import type { FastifyInstance, FastifyReply, FastifyRequest, RawServerBase, RouteGenericInterface } from 'fastify'

// To TypeScript an application of HTTP/2, or one with a `loggerInstance`, is no `FastifyInstance`: its methods take its own server and logger.
// What the library's functions ask of one is alike in all.

/** An application, whatever its server and its logger. */
export type AnyApplication = Pick<FastifyInstance, 'close' | 'portcullis' | 'version'>

/** A request of any such application. */
export type AnyRequest = FastifyRequest<RouteGenericInterface, RawServerBase>

/** A reply of any such application. */
export type AnyReply = FastifyReply<RouteGenericInterface, RawServerBase>
