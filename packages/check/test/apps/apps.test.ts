import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { items } from '../../src/items/items.ts'
import { variants as express } from './express/variants.ts'
import { variants as fastify } from './fastify/variants.ts'
import { variants as hono } from './hono/variants.ts'
import { badLogin, joined, outside } from './outside.ts'
import { ask, placed, type Running, removed, started } from './running.ts'
import type { Variant } from './variant.ts'

const stacks: Record<string, readonly Variant[]> = { express, fastify, hono }
// A password costs the app a quarter of a second: these are asked only where they are the ones broken.
const needsAccount = ['jwt-expiry', 'jwt-payload', 'validators']

const broken = async (port: number, own: string): Promise<string[]> => {
  const found: string[] = []
  for (const [item, holds] of Object.entries(outside)) {
    if ((item === own || !needsAccount.includes(item)) && !(await holds(port))) found.push(item)
  }
  return found
}

const ten = items.filter((item) => item.ten).map(({ id }) => id)

const running = async (stack: string, variant: Variant | undefined, use: (app: Running) => Promise<void>) => {
  const folder = placed(stack, variant)
  const app = await started(folder).catch((error: unknown) => {
    removed(folder)
    throw error
  })
  try {
    await use(app)
  } finally {
    await app.stop()
    removed(folder)
  }
}

for (const [stack, variants] of Object.entries(stacks)) {
  describe(`${stack}: the secure app`, () => {
    test('registers, logs in, keeps notes, logs out', () =>
      running(stack, undefined, async ({ port }) => {
        const token = await joined(port)
        const me = await ask(port, 'GET', '/users/me', { token })
        assert.deepEqual([me.status, JSON.parse(me.text).email], [200, 'ada@example.com'])
        const note = await ask(port, 'POST', '/notes', { token, json: { title: 'One', text: 'First' } })
        assert.equal(note.status, 201)
        const { id } = JSON.parse(note.text)
        assert.equal((await ask(port, 'GET', `/notes/${id}`, { token })).text, note.text)
        const list = await ask(port, 'GET', '/notes?limit=5', { token })
        assert.deepEqual(JSON.parse(list.text), [JSON.parse(note.text)])
        assert.equal((await ask(port, 'GET', '/notes', { token })).status, 200)
        assert.equal((await ask(port, 'GET', '/health')).status, 200)
        assert.equal((await ask(port, 'GET', '/nothing-here', { token })).status, 404)
        assert.equal((await ask(port, 'POST', '/auth/logout', { token })).status, 204)
        assert.equal((await ask(port, 'GET', '/users/me', { token })).status, 401)
      }))

    test('refuses the eleventh bad login of a minute', () =>
      running(stack, undefined, async ({ port }) => {
        await joined(port)
        const seen: number[] = []
        for (let n = 0; n < 11; n += 1) seen.push((await badLogin(port, '127.0.0.9')).status)
        assert.deepEqual(seen, [...Array(10).fill(401), 429])
      }))

    test('holds every item that shows outside', () =>
      running(stack, undefined, async ({ port }) => {
        for (const [item, holds] of Object.entries(outside)) assert.equal(await holds(port), true, item)
      }))

    test('does not start without a secret, or with a short one', async () => {
      const folder = placed(stack)
      try {
        await assert.rejects(started(folder, { JWT_SECRET: '' }), /JWT_SECRET/)
        await assert.rejects(started(folder, { JWT_SECRET: 'x'.repeat(31) }), /JWT_SECRET/)
      } finally {
        removed(folder)
      }
    })
  })

  describe(`${stack}: its variants`, { concurrency: 2 }, () => {
    test('one obvious and one overlooked for each of the ten', () => {
      const expected = ten.flatMap((id) => [`${id} obvious`, `${id} overlooked`])
      assert.deepEqual(variants.map(({ item, kind }) => `${item} ${kind}`).sort(), expected.sort())
    })

    for (const variant of variants) {
      test(`${variant.item}: ${variant.name}`, async () => {
        if (!variant.live) return removed(placed(stack, variant))
        await running(stack, variant, async ({ port }) => {
          // Where nothing is counted, nothing is counted by the wrong key either.
          const also = variant.item === 'auth-rate-limit' ? ['forwarded-for'] : []
          assert.deepEqual(await broken(port, variant.item), [variant.item, ...also])
        })
      })
    }
  })
}
