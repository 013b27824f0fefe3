import assert from 'node:assert/strict'
import { test } from 'node:test'
import { saidByTsc } from './tsc.ts'

/** Each is of another type to TypeScript. */
const APPLICATIONS = [
  'Fastify()',
  'Fastify({ https: {} })',
  'Fastify({ http2: true })',
  'Fastify({ http2: true, https: { allowHTTP1: true } })',
  'Fastify({ loggerInstance: pino() })',
  'Fastify({ http2: true }).withTypeProvider<ZodTypeProvider>()',
]

/** What the documentation does with one. */
const uses = (application: string, index: number): string => `
const app${index} = ${application}
app${index}.register(portcullis, { sessions: { secret }, identify: (id) => ({ id }) })
app${index}.register(routesOf([], () => false))
app${index}.setErrorHandler((error, request, reply) => errorHandler(error, request, reply))
app${index}.setErrorHandler(errorHandler)
app${index}.get('/', { errorHandler }, async (request, reply) => [request.principal, request.client, replyFields(reply)])
metrics(app${index}, { path: '/metrics', token: undefined, figures: () => figuresOf({}) })
everyServer(app${index}, (server) => server.listening)
process.once('SIGTERM', () => drain(app${index}))
`

test('what the library offers takes an application of HTTP/2, and one with a logger of its own', (t) => {
  const head = [
    "import Fastify from 'fastify'",
    "import { pino } from 'pino'",
    "import type { ZodTypeProvider } from 'portcullis/fastify'",
    "import { drain, errorHandler, everyServer, figuresOf, metrics, portcullis, replyFields, routesOf } from 'portcullis/fastify'",
    'declare const secret: string',
  ]
  assert.equal(saidByTsc(t, [...head, ...APPLICATIONS.map(uses)].join('\n')), '')
})
