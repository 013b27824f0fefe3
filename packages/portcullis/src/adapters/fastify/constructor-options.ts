import type { FastifyInstance } from 'fastify'

/** The application's own constructor options; Fastify keeps them under a symbol. */
export interface ConstructorOptions {
  frameworkErrors?: unknown
  readonly serverFactory?: unknown
  readonly trustProxy?: unknown
  readonly ajv?: { readonly customOptions?: { readonly coerceTypes?: unknown; readonly removeAdditional?: unknown } }
}

export const constructorOptions = (app: FastifyInstance): ConstructorOptions => {
  const symbol = Object.getOwnPropertySymbols(app).find(({ description }) => description === 'fastify.options')
  return symbol === undefined ? {} : ((app as unknown as Record<symbol, ConstructorOptions>)[symbol] ?? {})
}

/** Whether Fastify's own validator turns "1" into 1 and drops unknown keys, as it does unless it is told not to. */
export const coerces = (app: FastifyInstance): boolean => {
  const { coerceTypes, removeAdditional } = constructorOptions(app).ajv?.customOptions ?? {}
  return coerceTypes !== false || removeAdditional !== false
}
