import assert from 'node:assert/strict'
import { test } from 'node:test'
import { proxiesOf } from '../../../../src/evidence/backend/nest/proxies.ts'
import { envOf, readingOf } from '../../sources.ts'

const trust = (given: string, env: Readonly<Record<string, string>> = {}, file = '.env.example') =>
  proxiesOf(
    readingOf(
      {
        'main.ts': `import { FastifyAdapter } from '@nestjs/platform-fastify'\nimport { NestFactory } from '@nestjs/core'
          const number = (name, fallback) => { const raw = process.env[name]; if (raw === undefined) return fallback; return Number(raw) }
          NestFactory.create(AppModule, new FastifyAdapter({ trustProxy: ${given} }))`,
      },
      { env: envOf(env, file) },
    ),
  ).map((one) => one.trust)

test('a number of hops that a deployment sets is one, though nobody is trusted where it sets none', () => {
  assert.deepEqual(trust("number('PROXIES', 0)"), ['hops'])
  assert.deepEqual(trust("number('PROXIES', 0)", { PROXIES: '0' }), ['hops'], 'an example is there to be changed')
  assert.deepEqual(trust("number('PROXIES', 0)", { PROXIES: '0' }, '.env'), ['none'], 'the project itself sets none')
  assert.deepEqual(trust("number('PROXIES', 0)", { PROXIES: '2' }, '.env'), ['hops'])
  assert.deepEqual(trust('Number(process.env.HOPS ?? 0)'), ['hops'])
  assert.deepEqual(trust('0'), ['none'])
  assert.deepEqual(trust('process.env.TRUST_PROXY ?? false'), ['none'], 'a switch is no number')
})
