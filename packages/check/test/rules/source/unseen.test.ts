import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { type ItemId, items, outcomeOf } from '../../../src/items/index.ts'
import type { SourceFacts } from '../../../src/rules/source/index.ts'
import { unseen } from '../../../src/rules/source/unseen.ts'
import { express, type Files, judged } from './judged.ts'

const SAFE = express(
  "import rateLimit from 'express-rate-limit'",
  "app.set('trust proxy', 1)",
  'app.use(rateLimit({ windowMs: 60_000, limit: 10 }))',
  "app.post('/login', login)",
)

const outcomes = async (files: Files) => {
  const seen = await judged(files)
  return (id: ItemId) => outcomeOf([seen.filter((one) => one.id === id)])
}

describe('what was not read', () => {
  test('takes a pass away, and leaves a fault', async () => {
    const whole = await outcomes(SAFE)
    assert.equal(whole('auth-rate-limit'), 'pass')
    assert.equal(whole('default-deny'), 'fail')
    const torn = await outcomes({ ...SAFE, 'src/broken.ts': "import express from 'express'\nconst app = (" })
    assert.equal(torn('auth-rate-limit'), 'not-proven')
    assert.equal(torn('default-deny'), 'fail')
  })

  test('takes it away from each of the ten, and from no other', async () => {
    const torn = await judged({ ...SAFE, 'src/broken.ts': "import express from 'express'\nconst app = (" })
    for (const { id, ten } of items) {
      const seen = torn.filter((one) => one.id === id)
      if (ten) assert.ok(['not-proven', 'fail', 'warn'].includes(outcomeOf([seen])), id)
      else
        assert.ok(
          seen.every((one) => !one.summary.startsWith('Not all')),
          id,
        )
    }
  })

  test('of a whole part of the folder, it takes what the others rest on too', async () => {
    const backend = { frameworks: ['express'], unread: [{ why: 'over 50000 files' }] }
    const taken = unseen({ backend } as unknown as SourceFacts, await judged(SAFE)).map(({ id }) => id)
    assert.ok(taken.includes('unsafe-deployment') && taken.includes('auth-rate-limit'), String(taken))
    assert.ok(!taken.includes('default-deny') && !taken.includes('vulnerable-dependencies'), String(taken))
  })

  test('a broken file that has nothing to do with a backend takes nothing', async () => {
    const torn = await outcomes({ ...SAFE, 'src/broken.ts': 'const colours = (' })
    assert.equal(torn('auth-rate-limit'), 'pass')
  })

  test('a file that is too large to be read may say anything', async () => {
    const large = await outcomes({
      ...SAFE,
      'src/large.ts': `import express from 'express'\n${'// much\n'.repeat(60_000)}`,
    })
    assert.equal(large('auth-rate-limit'), 'not-proven')
  })

  test('declarations are no part of what runs, however large or broken', async () => {
    const declared = await outcomes({
      ...SAFE,
      'worker-configuration.d.ts': `import type express from 'express'\n${'// much\n'.repeat(60_000)}`,
      'src/types.d.mts': "import express from 'express'\ndeclare const app: (",
    })
    assert.equal(declared('auth-rate-limit'), 'pass')
  })
})

describe('procedures that a package answers', () => {
  const SERVER =
    "import { initTRPC } from '@trpc/server'\nconst t = initTRPC.create()\nexport const appRouter = t.router({})"
  const before = [
    "import { createExpressMiddleware } from '@trpc/server/adapters/express'",
    "import { appRouter } from './trpc'",
  ]
  const mounts: Readonly<Record<string, Files>> = {
    Express: express(
      ...before,
      "app.use('/trpc', createExpressMiddleware({ router: appRouter }))",
      "app.get('/health', ok)",
    ),
    Fastify: {
      'src/app.ts':
        "import Fastify from 'fastify'\nimport { fastifyTRPCPlugin } from '@trpc/server/adapters/fastify'\nconst app = Fastify()\napp.register(fastifyTRPCPlugin, { prefix: '/trpc' })\napp.get('/health', async () => 1)",
    },
    Hono: {
      'src/app.ts':
        "import { Hono } from 'hono'\nimport { trpcServer } from '@hono/trpc-server'\nconst app = new Hono()\napp.use('/trpc/*', trpcServer({ router }))\napp.get('/health', (c) => c.text('ok'))",
    },
  }
  for (const [framework, files] of Object.entries(mounts))
    test(`below ${framework}: their inputs and logins are not proven`, async () => {
      const outcome = await outcomes({ ...files, 'src/trpc.ts': SERVER })
      assert.equal(outcome('validators'), 'not-proven')
      assert.equal(outcome('auth-rate-limit'), 'not-proven')
    })
})

test('a folder without a backend proves nothing', async () => {
  const seen = await judged({ 'src/app.ts': 'console.log(1)' })
  for (const { id, ten } of items)
    if (ten)
      assert.ok(
        ['not-proven', 'pass'].includes(outcomeOf([seen.filter((one) => one.id === id)])) &&
          (id === 'hardcoded-secret' || outcomeOf([seen.filter((one) => one.id === id)]) === 'not-proven'),
        id,
      )
})

test('every rule says something of every backend, with evidence for what it claims', async () => {
  const rules: readonly ItemId[] = [
    'jwt-expiry',
    'auth-rate-limit',
    'validators',
    'default-deny',
    'cors',
    'debug',
    'hardcoded-secret',
    'docs-exposed',
    'jwt-payload',
    'forwarded-for',
    'jwt-verification',
    'unused-limiter',
    'unsafe-deployment',
    'cookie-flags',
    'vulnerable-dependencies',
  ]
  for (const files of [SAFE, { 'src/app.ts': '' }, {}]) {
    const seen = await judged(files)
    assert.deepEqual([...new Set(seen.map((one) => one.id))].sort(), [...rules].sort())
    for (const one of seen)
      if (/^(?:pass|fail|warn)$/.test(one.outcome)) assert.ok(one.evidence.length > 0, `${one.id}: ${one.summary}`)
  }
})
