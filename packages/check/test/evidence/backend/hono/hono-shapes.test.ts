import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { readHono } from '../../../../src/evidence/backend/hono/index.ts'
import type { Deployment } from '../../../../src/evidence/backend/reading.ts'
import { readingOf } from '../../sources.ts'

const HONO = "import { Hono } from 'hono'\nconst app = new Hono()\n"

describe('what the call that makes a guard leaves open', () => {
  const docs = (options: string) =>
    readHono(
      readingOf({
        'app.ts': `${HONO}import { swaggerUI } from '@hono/swagger-ui'
          import { guard } from './guard'
          app.use('/*', guard(${options}))
          app.get('/pages', swaggerUI({ url: '/doc' }))
          app.get('/notes', list)`,
        'guard.ts': `import { verify } from 'hono/jwt'
          export const guard = (config) => async (c, next) => {
            if (config.excludePaths.includes(c.req.path)) return next()
            if (!(await verify(c.req.header('authorization'), c.env.KEY))) return c.json({}, 401)
            await next()
          }`,
      }),
    ).docs.map(({ path, when }) => `${path} ${when}`)

  test('is open, documentation too', () => {
    assert.deepEqual(docs("{ excludePaths: ['/', '/pages'] }"), ['/pages always'])
    assert.deepEqual(docs("{ excludePaths: ['/pages/*'] }"), ['/pages always'])
  })
  test('and nothing else is', () => {
    assert.deepEqual(docs("{ excludePaths: ['/'] }"), ['/pages guarded'])
    assert.deepEqual(docs("{ roles: ['/pages'] }"), ['/pages guarded'])
  })
})

describe("stoker's own error handler", () => {
  const signs = (deployment: Deployment) =>
    readHono(
      readingOf(
        { 'app.ts': `import { onError } from 'stoker/middlewares'\n${HONO}app.onError(onError)` },
        { deployment },
      ),
    ).debug.map((one) => one.unless)

  test('shows the stack unless NODE_ENV is production', () => {
    assert.deepEqual(signs({ production: false }), ['NODE_ENV is production, which nothing in the project sets'])
    assert.deepEqual(signs({ production: true }), [])
  })
})
