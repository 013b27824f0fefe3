/** Pages that somebody has to switch off, and those that somebody has to switch on. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { readExpress } from '../../../../src/evidence/backend/express/index.ts'
import { readHono } from '../../../../src/evidence/backend/hono/index.ts'
import { readNest } from '../../../../src/evidence/backend/nest/index.ts'
import { envOf, readingOf } from '../../sources.ts'

type Env = Readonly<Record<string, string>>

const nest = (condition: string, env: Env = {}) =>
  readNest(
    readingOf(
      {
        'src/main.ts': `import { NestFactory } from '@nestjs/core'
import { ConfigService } from '@nestjs/config'
import { SwaggerModule } from '@nestjs/swagger'
function showDocs(app) { SwaggerModule.setup('docs', app, document) }
const start = async () => { const app = await NestFactory.create(Root); const config = app.get(ConfigService); if (${condition}) { showDocs(app) } }`,
      },
      { env: envOf(env) },
    ),
  ).docs.map((one) => one.when)

const express = (condition: string, env: Env = {}) =>
  readExpress(
    readingOf(
      {
        'src/app.ts': `import express from 'express'\nimport ui from 'swagger-ui-express'\nconst app = express()\nif (${condition}) app.use('/docs', ui.serve, ui.setup(document))`,
      },
      { env: envOf(env) },
    ),
  ).docs.map((one) => one.when)

const hono = (condition: string, env: Env = {}) =>
  readHono(
    readingOf(
      {
        'src/app.ts': `import { Hono } from 'hono'\nimport { swaggerUI } from '@hono/swagger-ui'\nconst app = new Hono()\nif (${condition}) app.get('/docs', swaggerUI({ url: '/openapi.json' }))`,
      },
      { env: envOf(env) },
    ),
  ).docs.map((one) => one.when)

const table: readonly (readonly [condition: string, when: string, env?: Env])[] = [
  // On, as long as nobody does anything.
  ["!process.env.DOCS || process.env.DOCS === '1'", 'always'],
  ["process.env.DOCS !== 'off'", 'always'],
  ['!process.env.NO_DOCS', 'always'],
  ["!(process.env.NO_DOCS === 'true')", 'always'],
  ["process.env.DOCS !== 'off' && process.env.NO_DOCS === undefined", 'always'],
  ["process.env.DOCS !== 'off'", 'always', { DOCS: 'on' }],
  // Off in the project's own files, or there is somebody who has to do something.
  ["process.env.DOCS !== 'off'", 'unknown', { DOCS: 'off' }],
  ["process.env.DOCS === 'on' && process.env.MORE === 'on'", 'unknown'],
  ["process.env.DOCS !== 'off' && open()", 'unknown'],
  // What is production is set where it is run.
  ["process.env.NODE_ENV !== 'production' && process.env.DOCS !== 'off'", 'development'],
  ["process.env.NODE_ENV !== 'production' || process.env.DOCS === 'on'", 'unknown'],
]

for (const [framework, read] of Object.entries({ nest, express, hono }))
  describe(framework, () => {
    for (const [condition, when, env] of table)
      test(`${condition}${env === undefined ? '' : ` with ${JSON.stringify(env)}`}`, () =>
        assert.deepEqual(read(condition, env), [when]))
  })

test('a setting that the configuration service has', () => {
  assert.deepEqual(nest("config.get('DOCS') !== 'off'"), ['always'])
  assert.deepEqual(nest("config.get('DOCS') === 'on'"), ['unknown'])
})
