import type { FastifyInstance } from 'fastify'

/** The application's own constructor options; Fastify keeps them under a symbol. */
export interface ConstructorOptions {
  frameworkErrors?: unknown
  readonly serverFactory?: unknown
  readonly trustProxy?: unknown
  readonly bodyLimit?: number
  readonly ajv?: { readonly customOptions?: { readonly coerceTypes?: unknown; readonly removeAdditional?: unknown } }
}

export const constructorOptions = (app: FastifyInstance): ConstructorOptions => {
  const symbol = Object.getOwnPropertySymbols(app).find(({ description }) => description === 'fastify.options')
  return symbol === undefined ? {} : ((app as unknown as Record<symbol, ConstructorOptions>)[symbol] ?? {})
}

/** What the application says for all of its routes. */
export interface Surroundings {
  /** Whether Fastify's own validator turns "1" into 1 and drops unknown keys, as it does unless it is told not to. */
  readonly coerces: boolean
  /** bytes of a body whose route says nothing */
  readonly bodyLimit: number
  /** The names of its plugins, complete when it is ready. */
  readonly plugins: ReadonlySet<string>
}

/** bytes of a body where nobody says anything; Fastify puts its own number there then. */
const BODY_LIMIT = 65_536
const FASTIFYS = 1_048_576

export const surroundingsOf = (app: FastifyInstance, plugins: ReadonlySet<string>): Surroundings => {
  const { ajv, bodyLimit = FASTIFYS } = constructorOptions(app)
  const { coerceTypes, removeAdditional } = ajv?.customOptions ?? {}
  return {
    coerces: coerceTypes !== false || removeAdditional !== false,
    bodyLimit: bodyLimit === FASTIFYS ? BODY_LIMIT : bodyLimit,
    plugins,
  }
}
