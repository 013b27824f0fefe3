import type { FastifyServerOptions } from 'fastify'

type SchemaController = NonNullable<FastifyServerOptions['schemaController']>

const refuseJsonSchema = (schema: {
  readonly method: string
  readonly url: string
  readonly httpPart?: string
  readonly httpStatus?: string
}): never => {
  const { method, url, httpPart, httpStatus } = schema
  const where = `${method} ${url}, ${httpPart ?? `response ${httpStatus ?? ''}`}`
  throw new TypeError(`${where}: write it in zod, or make the application without zodOnly`)
}

/**
 * For an application whose schemas are all in zod: `Fastify({ schemaController: zodOnly })`. Fastify loads its own validator and
 * serializer into every application, whether a route uses them or not: 3 MiB and 30 ms of each start. This one goes without, and a
 * route with a JSON Schema stops its start.
 */
export const zodOnly: SchemaController = {
  // Their types are those of Ajv alone; Fastify asks by the route.
  compilersFactory: { buildValidator: () => refuseJsonSchema, buildSerializer: () => refuseJsonSchema } as NonNullable<
    SchemaController['compilersFactory']
  >,
}
