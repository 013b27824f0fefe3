import type { FastifyInstance } from 'fastify'
import { serverBounds } from './server.ts'

/** The application's own constructor options; Fastify keeps them under a symbol. */
export interface ConstructorOptions {
  frameworkErrors?: unknown
  readonly serverFactory?: unknown
  readonly trustProxy?: unknown
  readonly return503OnClosing?: boolean
  readonly bodyLimit?: number
  readonly requestTimeout?: number
  readonly keepAliveTimeout?: number
  readonly ajv?: { readonly customOptions?: { readonly coerceTypes?: unknown; readonly removeAdditional?: unknown } }
}

export const constructorOptions = (app: FastifyInstance): ConstructorOptions => {
  const symbol = Object.getOwnPropertySymbols(app).find(({ description }) => description === 'fastify.options')
  return symbol === undefined ? {} : ((app as unknown as Record<symbol, ConstructorOptions>)[symbol] ?? {})
}

/** What the application says for all of its routes. */
export interface Surroundings {
  /** Whether Fastify's own validator turns "1" into 1 or drops unknown keys, as it does both unless it is told not to. */
  readonly coerces: boolean
  /** Whether it turns "1" into 1. */
  readonly converts: boolean
  /** bytes of a body whose route says nothing */
  readonly bodyLimit: number
  /** The names of its plugins, complete when it is ready. */
  readonly plugins: ReadonlySet<string>
}

/** bytes of a body at most, unless its route says otherwise */
export const BODY_LIMIT = 65_536

/** What Fastify puts there where nobody says anything: bytes, ms. */
const FASTIFYS = { bodyLimit: 1_048_576, requestTimeout: 0, keepAliveTimeout: 72_000 } as const

export const surroundingsOf = (app: FastifyInstance, plugins: ReadonlySet<string>): Surroundings => {
  const { ajv, bodyLimit = FASTIFYS.bodyLimit } = constructorOptions(app)
  const { coerceTypes, removeAdditional } = ajv?.customOptions ?? {}
  return {
    coerces: coerceTypes !== false || removeAdditional !== false,
    converts: coerceTypes !== false,
    bodyLimit: Math.min(bodyLimit, BODY_LIMIT),
    plugins,
  }
}

/** Whether the application was made for larger bodies than a route takes that says nothing. */
export const wantsLargerBodies = (app: FastifyInstance): boolean => {
  const { bodyLimit = FASTIFYS.bodyLimit } = constructorOptions(app)
  return bodyLimit !== FASTIFYS.bodyLimit && bodyLimit > BODY_LIMIT
}

/** The time-outs that the application was made with, and in whose place the door's stand: until somebody sets them on the server. */
export const replacedTimeouts = (app: FastifyInstance): readonly string[] =>
  (['requestTimeout', 'keepAliveTimeout'] as const).filter((name) => {
    const { [name]: given = FASTIFYS[name] } = constructorOptions(app)
    return given !== FASTIFYS[name] && given !== serverBounds[name] && app.server[name] === serverBounds[name]
  })
