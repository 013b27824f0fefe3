import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { readNest } from '../../../../src/evidence/backend/nest/index.ts'
import type { Deployment } from '../../../../src/evidence/backend/reading.ts'
import { readingOf } from '../../sources.ts'

const START = { file: 'Dockerfile', line: 9, text: 'CMD node dist/main.js' }
const UNSAID: Deployment = { production: false }
const PLAIN: Deployment = { start: START, production: false }
const PRODUCTION: Deployment = { start: START, production: true }

const read = (options: string, deployment: Deployment) => {
  const { docs, debug } = readNest(
    readingOf(
      {
        'a.ts': `import { GraphQLModule } from '@nestjs/graphql'
          import { ApolloDriver, MercuriusDriver } from 'drivers'
          import { Module } from '@nestjs/common'
          @Module({ imports: [GraphQLModule.forRoot({ autoSchemaFile: true, ${options} })] }) class Root {}`,
      },
      { deployment },
    ),
  )
  return [
    ...docs.map((one) => `${one.path} ${one.when}`),
    ...debug.map((one) => `${one.at.file} ${one.unless === undefined ? 'on' : 'unless'}`),
  ]
}

describe('Apollo that is told nothing, in Nest', () => {
  for (const options of ['', 'driver: ApolloDriver']) {
    test(`goes by NODE_ENV, which an image sets or not: ${options}`, () => {
      assert.deepEqual(read(options, PRODUCTION), ['/graphql (explorer) development'])
      assert.deepEqual(read(options, PLAIN), ['/graphql (explorer) always', 'Dockerfile on'])
    })
    test(`is not known where nothing says how it is started: ${options}`, () => {
      assert.deepEqual(read(options, UNSAID), ['/graphql (explorer) unknown', 'a.ts unless'])
    })
  }
  test('says nothing where it was told, or may have been, or is not Apollo', () => {
    for (const options of [
      'playground: false, debug: false',
      'introspection: false, includeStacktraceInErrorResponses: false',
      '...others',
      'driver: MercuriusDriver',
      'plugins: [], formatError: (error) => ({ message: error.message })',
    ])
      assert.deepEqual(read(options, PLAIN), [], options)
  })
})
