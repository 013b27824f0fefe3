import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import { faultsOf } from '../refuses.ts'
import { usualTokens } from '../tokens.ts'

const program = (name: string): readonly string[] => [
  process.execPath,
  join(import.meta.dirname, '../contenders', name),
]

test('one that asks nobody is found out, in everything that it lets through', async () => {
  const faults = await faultsOf({ command: program('bare.ts'), tokens: usualTokens })
  for (const what of [
    'answers no token by 200',
    'answers a forged token by 200',
    'answers an expired token by 200',
    'answers a token with alg none by 200',
    'answers text where an object belongs by 201',
    'answers a list that is too long by 201',
    'does not allow the listed origin',
    'does not set x-content-type-options',
    'answers the request over the limit',
  ])
    assert.ok(faults.includes(what), `${what}: ${faults.join(', ')}`)
})

test('one that does the work has no fault', async () => {
  assert.deepEqual(await faultsOf({ command: program('fastify.ts'), tokens: usualTokens }), [])
})
