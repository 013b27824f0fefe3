// What the checker says of an app that runs.

import assert from 'node:assert/strict'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { check } from '../../src/checklist.ts'
import type { Observation } from '../../src/items/index.ts'
import { ask, placed, removed } from '../apps/running.ts'
import type { Variant } from '../apps/variant.ts'
import { committed } from './source.ts'
import type { Stack } from './stacks.ts'

const ACCOUNT = { email: 'ada@example.com', password: 'correct horse battery staple' }

// The price of a password is none of the ten, and a hundred tries of one are most of what a row costs.
const cheapened = (folder: string): void => {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  for (const file of files.filter((one) => /(?:passwords(?:\.service)?\.[jt]s|security\.py)$/.test(one))) {
    const text = readFileSync(join(folder, file), 'utf8')
    const cheap = text.replace('2 ** 14', '2 ** 8').replace('2**14', '2**8')
    if (cheap === text) throw new Error(`${file} has no cost that could be lowered`)
    writeFileSync(join(folder, file), cheap)
  }
}

/** What the live side saw; the source says the same with a running app as without one, so the rest is the live side's. */
export const fromOutside = async (stack: Stack, variant?: Variant): Promise<readonly Observation[]> => {
  const folder = committed(stack.name, variant)
  // What starting leaves behind (node_modules, caches) is no part of what is judged.
  const place = placed(stack.name, variant)
  cheapened(place)
  try {
    const app = await stack.start(place)
    try {
      const { status } = await ask(app.port, 'POST', '/auth/register', { json: { ...ACCOUNT, name: 'Ada' } })
      if (status !== 201) throw new Error(`registering answered ${status}`)
      const live = {
        url: app.url,
        openapi: join(folder, 'openapi.json'),
        login: JSON.stringify(ACCOUNT),
        origins: ['https://app.example.com'],
        allowWrites: true,
        iOwnThisHost: false,
        timeoutMs: 8_000,
      }
      const source = await check({ folder })
      const { observations } = await check({ folder, live })
      const shared = source.observations.length
      assert.deepEqual(observations.slice(0, shared), source.observations)
      return observations.slice(shared)
    } finally {
      await app.stop()
    }
  } finally {
    removed(place)
    removed(folder)
  }
}
