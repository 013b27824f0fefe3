import type { z } from 'zod'
import type { Client } from '../client/index.ts'
import type { AccessRule, Principal } from '../layers/access/index.ts'

/** What a neutral handler gets: values that were validated, and who is calling. */
export interface Call<Body = unknown, Params = unknown, Query = unknown> {
  readonly body: Body
  readonly params: Params
  readonly query: Query
  /** Undefined on public routes only. */
  readonly principal: Principal | undefined
  readonly client: Client
  /** The Origin field when it is one of the listed origins: the caller is a browser that we know. */
  readonly knownOrigin: string | undefined
  /** True when an Origin field was sent, known or not. */
  readonly hasOrigin: boolean
  /** The Cookie field as it came. */
  readonly cookie: string | undefined
  /** The User-Agent field, cut to 200 characters of printable ASCII; '' when absent. */
  readonly userAgent: string
}

/** What a neutral handler answers. A body is sent as JSON. */
export interface Answer {
  readonly status: number
  readonly body?: unknown
  readonly headers?: Readonly<Record<string, string>>
}

/** A route that knows no framework; an adapter registers it. */
export interface RouteDefinition {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  /** Fastify's syntax: /users/:id/roles. */
  readonly path: string
  /** One line for the OpenAPI document. */
  readonly summary: string
  readonly access: AccessRule
  /** 'credentials': counted with everything that checks a credential; 'refresh': with the refreshes; or a quota of its own, '5/minute'. */
  readonly limit?: string
  readonly body?: z.ZodType
  readonly params?: z.ZodType
  readonly query?: z.ZodType
  /** By status, what it answers; fields that are not in it are not sent. */
  readonly response?: Readonly<Record<number, z.ZodType>>
  /** Answers a call; throws Problem to refuse. */
  handle(call: Call): Answer | Promise<Answer>
}

/**
 * Writes a route with the types that its schemas give: `call.body` is what `body` yields.
 */
export const route = <
  B extends z.ZodType = z.ZodUndefined,
  P extends z.ZodType = z.ZodUndefined,
  Q extends z.ZodType = z.ZodUndefined,
>(
  definition: Omit<RouteDefinition, 'body' | 'params' | 'query' | 'handle'> & {
    readonly body?: B
    readonly params?: P
    readonly query?: Q
    handle(call: Call<z.output<B>, z.output<P>, z.output<Q>>): Answer | Promise<Answer>
  },
): RouteDefinition => definition as unknown as RouteDefinition
