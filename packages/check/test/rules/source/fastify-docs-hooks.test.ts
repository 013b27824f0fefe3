/** Pages of documentation that Fastify's own hooks hold, or may hold. */
import { type Files, table } from './judged.ts'

const page = (guard: string): Files => ({
  'src/app.ts': [
    "import Fastify from 'fastify'; import basicAuth from '@fastify/basic-auth'; import ui from '@fastify/swagger-ui'",
    'const app = Fastify(); await app.register(basicAuth, { validate, authenticate: true })',
    `await app.register(ui, { routePrefix: '/docs', uiHooks: { onRequest: ${guard} } })`,
    "app.get('/notes', list)",
  ].join('\n'),
})

table('docs-exposed', [
  ['a hook of its own', page('app.basicAuth'), ['pass src/app.ts:3: /docs is behind a guard.']],
  [
    'a hook that may not be there',
    page('app.config.DOCS_PASSWORD ? app.basicAuth : undefined'),
    ['not-proven src/app.ts:3: When /docs shows documentation could not be followed.'],
  ],
])
