/** Nest serves the document beside its page: `/docs-json` and `/docs-yaml`. */
import { type Files, table } from './judged.ts'

type Row = Parameters<typeof table>[1][number]

const nest = (guarded: string, options = ''): Files => ({
  'src/main.ts': `import { NestFactory } from '@nestjs/core'
import { DocumentBuilder, SwaggerModule } from '@nestjs/swagger'
import basicAuth from 'express-basic-auth'
import { AppModule } from './app.module'
const app = await NestFactory.create(AppModule)
app.use(${guarded}, basicAuth({ challenge: true, users: { docs: process.env.DOCS_PASSWORD } }))
SwaggerModule.setup('docs', app, document${options})`,
})
const shows = (path: string) => [`fail src/main.ts:7: ${path} shows the API's documentation to anybody.`]
const GUARDED = ['pass src/main.ts:7: /docs is behind a guard.']

table('docs-exposed', [
  ['fails: the page alone is behind a guard', nest("'/docs'"), shows('/docs-json')],
  ['fails: one format of two', nest("['/docs', '/docs-json']"), shows('/docs-yaml')],
  ['fails: the documents alone', nest("['/docs-json', '/docs-yaml']"), shows('/docs')],
  ['passes: all three', nest("['/docs', '/docs-json', '/docs-yaml']"), GUARDED],
  ['passes: the page, and there are no documents', nest("'/docs'", ', { raw: false }'), GUARDED],
  ['passes: both that there are', nest("['/docs', '/docs-json']", ", { raw: ['json'] }"), GUARDED],
  [
    'passes: the documents are below the page',
    nest("'/docs'", ", { jsonDocumentUrl: 'docs/json', yamlDocumentUrl: 'docs/yaml' }"),
    GUARDED,
  ],
  [
    'fails: a document elsewhere',
    nest("'/docs'", ", { jsonDocumentUrl: 'openapi', raw: ['json'] }"),
    shows('/openapi'),
  ],
  ['fails: no page, and its document', nest("'/docs'", ', { ui: false }'), shows('/docs-json')],
  ...(
    [
      ['fails: put on the instance below', 'fail', "/api-docs shows the API's documentation to anybody.", ''],
      [
        'passes: only while developing',
        'pass',
        '/api-docs is up in development only.',
        "if (process.env.NODE_ENV !== 'production') ",
      ],
    ] as const
  ).map(
    ([title, outcome, said, when]): Row => [
      title,
      {
        'src/main.ts': `import swaggerUi from '@fastify/swagger-ui'
import { NestFactory } from '@nestjs/core'
import { FastifyAdapter } from '@nestjs/platform-fastify'
import { AppModule } from './app.module'
const app = await NestFactory.create(AppModule, new FastifyAdapter())
const fastify = app.getHttpAdapter().getInstance()
${when}await fastify.register(swaggerUi, { routePrefix: '/api-docs' })`,
      },
      [`${outcome} src/main.ts:7: ${said}`],
    ],
  ),
])
