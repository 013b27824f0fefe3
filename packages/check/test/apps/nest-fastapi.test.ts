import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { items } from '../../src/items/items.ts'
import { variants as fastapi } from './fastapi/variants.ts'
import { variants as nest } from './nest/variants.ts'
import { badLogin, joined, outside } from './outside.ts'
import { ask, placed, removed } from './running.ts'
import { installed, prepare as prepareFastapi } from './start-fastapi.ts'
import { prepare as prepareNest } from './start-nest.ts'
import type { Variant } from './variant.ts'

const ten = items.filter((item) => item.ten).map(({ id }) => id)

// FastAPI answers 422 to what a model refuses, and gives no handler a query key that it didn't name.
const validatesInPython = async (port: number): Promise<boolean> => {
  const token = await joined(port)
  const asks = [
    { method: 'POST', path: '/notes', json: { title: 'a', text: 'b', role: 'admin' } },
    { method: 'POST', path: '/notes', json: { title: 'a', text: 'b'.repeat(4001) } },
    { method: 'GET', path: '/notes?limit=1000000' },
    { method: 'GET', path: '/notes/abc' },
  ]
  for (const { method, path, json } of asks) {
    if ((await ask(port, method, path, { token, json })).status !== 422) return false
  }
  return true
}

const broken = async (items: typeof outside, port: number): Promise<string[]> => {
  const found: string[] = []
  for (const [item, holds] of Object.entries(items)) if (!(await holds(port))) found.push(item)
  return found
}

const stacks = {
  nest: { variants: nest, prepare: prepareNest, outside, skip: false },
  fastapi: {
    variants: fastapi,
    prepare: prepareFastapi,
    outside: { ...outside, validators: validatesInPython },
    // In CI they are installed, and their absence is a failure.
    skip:
      !installed() &&
      process.env['CI'] !== 'true' &&
      'NOT RUN: /usr/bin/python3 has no fastapi, uvicorn and jose (apt install python3-fastapi python3-uvicorn python3-jose)',
  },
}

type Stack = keyof typeof stacks

const freePort = (): Promise<number> =>
  new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0))
    })
  })

const healthy = async (child: ChildProcess, port: number): Promise<void> => {
  let said = ''
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (piece) => (said += piece))
  for (let waited = 0; waited < 60_000; waited += 100) {
    if (child.exitCode !== null) throw new Error(`ended with ${child.exitCode} before it answered:\n${said}`)
    const up = await ask(port, 'GET', '/health').then(
      ({ status }) => status === 200,
      () => false,
    )
    if (up) return
    await sleep(100)
  }
  throw new Error(`no answer within a minute:\n${said}`)
}

const running = async (
  stack: Stack,
  variant: Variant | undefined,
  use: (port: number) => Promise<void>,
  secret = crypto.randomUUID() + crypto.randomUUID(),
): Promise<void> => {
  const folder = placed(stack, variant)
  const build = mkdtempSync(join(tmpdir(), `build-${stack}-`))
  try {
    const { command, args, cwd, env } = await stacks[stack].prepare(folder, build)
    const port = await freePort()
    const settings = { PATH: process.env['PATH'], HOST: '127.0.0.1', PORT: String(port), JWT_SECRET: secret }
    const child = spawn(command, args, { cwd, env: { ...settings, ...env }, stdio: ['ignore', 'pipe', 'pipe'] })
    const ended = new Promise((resolve) => child.once('exit', resolve))
    try {
      await healthy(child, port)
      await use(port)
    } finally {
      child.kill('SIGKILL')
      await ended
    }
  } finally {
    removed(folder)
    removed(build)
  }
}

for (const stack of ['nest', 'fastapi'] as const) {
  const { variants, outside, skip } = stacks[stack]

  describe(`${stack}: the secure app`, { skip }, () => {
    test('registers, logs in, keeps notes, logs out', () =>
      running(stack, undefined, async (port) => {
        const token = await joined(port)
        const me = await ask(port, 'GET', '/users/me', { token })
        assert.deepEqual([me.status, JSON.parse(me.text).email], [200, 'ada@example.com'])
        const note = await ask(port, 'POST', '/notes', { token, json: { title: 'One', text: 'First' } })
        assert.equal(note.status, 201)
        const { id } = JSON.parse(note.text)
        assert.equal((await ask(port, 'GET', `/notes/${id}`, { token })).text, note.text)
        assert.equal((await ask(port, 'GET', '/notes?limit=5', { token })).text, `[${note.text}]`)
        assert.equal((await ask(port, 'GET', '/nothing-here', { token })).status, 404)
        assert.equal((await ask(port, 'GET', '/nothing-here')).status, 401)
        // Starlette builds request.url from Host: a guard that reads the path there takes this for /health.
        assert.equal((await ask(port, 'GET', '/notes', { headers: { host: 'a/health?' } })).status, 401)
        assert.equal((await ask(port, 'POST', '/auth/logout', { token })).status, 204)
        assert.equal((await ask(port, 'GET', '/users/me', { token })).status, 401)
      }))

    test('refuses the eleventh bad login of a minute', () =>
      running(stack, undefined, async (port) => {
        await joined(port)
        const seen: number[] = []
        for (let n = 0; n < 11; n += 1) seen.push((await badLogin(port, '127.0.0.9')).status)
        assert.deepEqual(seen, [...Array(10).fill(401), 429])
      }))

    test('holds every item that shows outside', () =>
      running(stack, undefined, async (port) => {
        assert.deepEqual(await broken(outside, port), [])
      }))

    test('does not start without a secret, or with a short one', async () => {
      const never = () => assert.fail('it started')
      for (const secret of ['', 'x'.repeat(31)]) {
        await assert.rejects(running(stack, undefined, never, secret), /ended with 1 [\s\S]*jwt_secret/i)
      }
    })
  })

  describe(`${stack}: its variants`, { concurrency: 2, skip }, () => {
    test('one obvious and one overlooked for each of the ten', () => {
      const expected = ten.flatMap((id) => [`${id} obvious`, `${id} overlooked`])
      assert.deepEqual(variants.map(({ item, kind }) => `${item} ${kind}`).sort(), expected.sort())
    })

    for (const variant of variants) {
      test(`${variant.item}: ${variant.name}`, async () => {
        if (!variant.live) return removed(placed(stack, variant))
        await running(stack, variant, async (port) => {
          // Where nothing is counted, nothing is counted by the wrong key either.
          const also = variant.item === 'auth-rate-limit' ? ['forwarded-for'] : []
          assert.deepEqual(await broken(outside, port), [variant.item, ...also])
        })
      })
    }
  })
}
