import { readFileSync } from 'node:fs'
import type { FastifyInstance, RouteOptions } from 'fastify'
import { publicAccess } from 'portcullis/fastify'
import { jsonSchemaOf } from 'portcullis/validation'
import type { z } from 'zod'

type Schemas = {
  readonly summary?: string
  readonly body?: z.ZodType
  readonly params?: z.ZodType
  readonly querystring?: z.ZodType
  readonly response?: Record<string, z.ZodType>
}
type ObjectSchema = { readonly properties?: Record<string, object>; readonly required?: readonly string[] }

const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE']

/** The routes that were registered since, as an OpenAPI 3.1 document: made from the schemas that check the requests. */
const collect = (app: FastifyInstance): readonly RouteOptions[] => {
  const routes: RouteOptions[] = []
  app.addHook('onRoute', (route) => {
    if (METHODS.includes(String(route.method))) routes.push(route)
  })
  return routes
}

const parameters = (schema: z.ZodType | undefined, place: 'path' | 'query'): object[] => {
  if (schema === undefined) return []
  const { properties = {}, required = [] } = jsonSchemaOf(schema) as ObjectSchema
  return Object.entries(properties).map(([name, value]) => ({
    name,
    in: place,
    required: place === 'path' || required.includes(name),
    schema: value,
  }))
}

/** A body that is none: `noBody`. */
const isNothing = (schema: z.ZodType): boolean => 'not' in jsonSchemaOf(schema)

const operation = (route: RouteOptions, access: string): object => {
  const { summary, body, params, querystring, response = {} } = (route.schema ?? {}) as Schemas
  const json = (schema: z.ZodType) =>
    isNothing(schema) ? {} : { content: { 'application/json': { schema: jsonSchemaOf(schema) } } }
  const taken =
    body === undefined || isNothing(body) ? undefined : { required: !body.safeParse(undefined).success, ...json(body) }
  return {
    summary: summary ?? '',
    description: `Who may call it: ${access}.`,
    ...(access === 'public' ? { security: [] } : {}),
    parameters: [...parameters(params, 'path'), ...parameters(querystring, 'query')],
    ...(taken === undefined ? {} : { requestBody: taken }),
    responses: {
      ...Object.fromEntries(
        Object.entries(response).map(([status, schema]) => [status, { description: 'Answered', ...json(schema) }]),
      ),
      default: {
        description: 'Refused',
        content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
      },
    },
  }
}

const problem = {
  type: 'object',
  properties: {
    type: { type: 'string' },
    title: { type: 'string' },
    status: { type: 'integer' },
    detail: { type: 'string' },
  },
  required: ['type', 'title', 'status', 'detail'],
}

/** What the package says it is; sources and built files are equally deep in it. */
const version = (): string => {
  const text = readFileSync(new URL('../package.json', import.meta.url), 'utf8')
  return (JSON.parse(text) as { readonly version: string }).version
}

const document = (app: FastifyInstance, routes: readonly RouteOptions[]): object => {
  const access = new Map(app.portcullis.accessTable().map((entry) => [`${entry.method} ${entry.path}`, entry.access]))
  const paths: Record<string, Record<string, object>> = {}
  for (const route of routes) {
    const path = route.url.replace(/:([A-Za-z0-9_]+)/g, '{$1}')
    paths[path] = {
      ...paths[path],
      [String(route.method).toLowerCase()]: operation(
        route,
        access.get(`${route.method} ${route.url}`) ?? 'authenticated',
      ),
    }
  }
  return {
    openapi: '3.1.0',
    info: { title: 'Portcullis backend', version: version() },
    security: [{ session: [] }],
    paths,
    components: {
      securitySchemes: { session: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' } },
      schemas: { Problem: problem },
    },
  }
}

const html = (text: string): string => text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`)

/** A page without a script: what can't run needs no policy that lets it. */
const page = (openapi: {
  readonly paths?: Record<string, Record<string, { summary: string; description: string; requestBody?: object }>>
}): string => {
  const rows = Object.entries(openapi.paths ?? {}).flatMap(([path, operations]) =>
    Object.entries(operations).map(
      ([method, { summary, description, ...rest }]) =>
        `<details><summary><code>${method.toUpperCase()} ${html(path)}</code> ${html(summary)}</summary><p>${html(description)}</p><pre>${html(JSON.stringify(rest, null, 2))}</pre></details>`,
    ),
  )
  return `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Portcullis backend</title>
<style>body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}summary{cursor:pointer}pre{overflow:auto;background:#8881;padding:1rem}:root{color-scheme:light dark}</style>
<h1>Portcullis backend</h1><p>Made from the schemas that check the requests. The document itself: <a href="/openapi.json">/openapi.json</a>.</p>${rows.join('\n')}</html>`
}

/** GET /docs and /openapi.json, in development only. Call it before the routes it shows are registered. */
export const docs = (app: FastifyInstance): void => {
  const routes = collect(app)
  let made: object | undefined
  const openapi = (): object => {
    made ??= document(app, routes)
    return made
  }
  app.get('/openapi.json', { config: { access: publicAccess }, schema: { summary: 'This document' } }, async () =>
    openapi(),
  )
  app.get(
    '/docs',
    { config: { access: publicAccess }, schema: { summary: 'This document, to read' } },
    async (_request, reply) => {
      reply
        .type('text/html; charset=utf-8')
        .header(
          'content-security-policy',
          "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
        )
      return page(openapi())
    },
  )
}
