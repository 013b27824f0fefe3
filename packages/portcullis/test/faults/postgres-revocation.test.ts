import assert from 'node:assert/strict'
import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { suite, type TestContext, test } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import type { Storage } from '../../src/storage/index.ts'
import { postgresServerMissing, startPostgres } from '../services/postgres.ts'
import { startProxy } from '../services/slow-proxy.ts'
import { postgres } from '../storage/engines.ts'
import { noon, sampleAccount, sampleEntry, sampleSession, sampleToken } from '../storage/samples.ts'
import { opened } from '../storage/temporary.ts'
import type { Said, Told } from './postgres-host.ts'
import { everythingElse, goesOn, heals, restRejects, storageThatKnows } from './postgres-scene.ts'

/** Another process on the same database. */
const anotherHost = async (t: TestContext, url: string) => {
  const child: ChildProcess = fork(new URL('./postgres-host.ts', import.meta.url), [url])
  t.after(() => child.kill('SIGKILL'))
  await once(child, 'message')
  return {
    signal: (name: NodeJS.Signals) => child.kill(name),
    tell: (told: Told): Promise<Said> =>
      new Promise((resolve) => {
        const hear = (said: Said) => {
          if (said.id !== told.id) return
          child.off('message', hear)
          resolve(said)
        }
        child.on('message', hear)
        child.send(told)
      }),
  }
}

const register = async ({ accounts, sessions }: Storage, id: string): Promise<void> => {
  await accounts.create(sampleAccount(id), sampleEntry(id))
  await accounts.setRoles(id, ['reader'], sampleEntry(id))
  await sessions.open(sampleSession(`s-${id}`, id), sampleToken(`h-${id}`, `s-${id}`))
}

const kinds = ['end', 'disable', 'roles'] as const
const rounds = 60

suite('promise 12: what one process takes away', { skip: postgres.skip || postgresServerMissing() }, () => {
  test(`is refused by every other within a second, ${rounds} times measured`, { timeout: 120_000 }, async (t) => {
    const url = await postgres.fresh(t)
    const storage = await opened(t, url)
    const { accounts, sessions } = storage
    const other = await anotherHost(t, url)
    const ids = Array.from({ length: rounds }, (_, n) => `u${n}`)
    for (const id of ids) await register(storage, id)
    await storage.catchUp()

    const refused: Record<(typeof kinds)[number], (id: string) => Promise<boolean>> = {
      end: async (id) => !(await sessions.isActive(`s-${id}`, id, noon)),
      disable: async (id) => (await accounts.identity(id)) === null && !(await sessions.isActive(`s-${id}`, id, noon)),
      roles: async (id) => (await accounts.identity(id))?.roles[0] === 'changed',
    }
    const took: number[] = []
    const measure = async (id: string, what: (typeof kinds)[number]): Promise<void> => {
      assert.equal(await sessions.isActive(`s-${id}`, id, noon), true)
      assert.equal(await refused[what](id), false)
      assert.equal(sessions.isActive(`s-${id}`, id, noon), true, 'it is remembered')
      // At every moment between two looks.
      await delay(Math.random() * 400)
      const { at } = await other.tell({ what, id })
      while (!(await refused[what](id))) {
        assert.ok(Date.now() - at < 5000, `${what} was not heard of in 5 seconds`)
        await delay(2)
      }
      took.push(Date.now() - at)
    }
    const lane = async (which: number): Promise<void> => {
      for (const [n, id] of ids.entries()) if (n % 3 === which) await measure(id, kinds[which] ?? 'end')
    }
    await Promise.all(kinds.map((_, which) => lane(which)))
    const sorted = took.toSorted((a, b) => a - b)
    const of = (part: number) => `${sorted[Math.min(rounds - 1, Math.floor(part * rounds))]} ms`
    t.diagnostic(`refused elsewhere after: half within ${of(0.5)}, 90% ${of(0.9)}, all ${of(1)}; soonest ${of(0)}`)
    assert.ok((sorted.at(-1) ?? Number.POSITIVE_INFINITY) < 1000, of(1))
  })

  test('is refused by a process that was frozen meanwhile, by its very first answer', {
    timeout: 60_000,
  }, async (t) => {
    const url = await postgres.fresh(t)
    const storage = await opened(t, url)
    const frozen = await anotherHost(t, url)
    for (const [n, what] of kinds.entries()) {
      const id = `u${n}`
      await register(storage, id)
      const before = await frozen.tell({ what: 'ask', id })
      assert.deepEqual([before.active, before.roles], [true, ['reader']])
      frozen.signal('SIGSTOP')
      if (what === 'end') await storage.sessions.end(`s-${id}`, id)
      if (what === 'disable') await storage.accounts.setDisabled(id, true, sampleEntry(id))
      if (what === 'roles') await storage.accounts.setRoles(id, [], sampleEntry(id))
      const asked = frozen.tell({ what: 'ask', id })
      await delay(1200)
      frozen.signal('SIGCONT')
      const { active, roles } = await asked
      const expected = { end: [false, ['reader']], disable: [false, null], roles: [true, []] }[what]
      assert.deepEqual([active, roles], expected, what)
    }
  })

  test('is refused at once by a process that was cut off, as soon as it is not any more', {
    timeout: 120_000,
  }, async (t) => {
    const server = await startPostgres(t)
    const proxy = await startProxy(t, server.port)
    const direct = await opened(t, server.url)
    const through = await storageThatKnows(t, `postgres://root@127.0.0.1:${proxy.port}/postgres`)
    const lost = () => through.gauges().find(({ name }) => name === 'portcullis_database_lost')?.value === 1
    const took: number[] = []
    for (let round = 0; round < 3; round += 1) {
      goesOn(through)
      proxy.swallow()
      // So long that it has noticed, and goes on by what it knows.
      while (!lost()) await delay(10)
      if (round % 2 === 0) await direct.sessions.end('s-ada', 'ada')
      else await direct.accounts.setDisabled('ada', true, sampleEntry('ada'))
      goesOn(through)
      await delay(300)
      goesOn(through)
      proxy.mend()
      const mended = performance.now()
      while (lost()) await delay(1)
      assert.notEqual(through.sessions.isActive('s-ada', 'ada', noon), true, 'it found the database, and not the news')
      assert.equal(await through.sessions.isActive('s-ada', 'ada', noon), false)
      took.push(performance.now() - mended)
      await direct.accounts.setDisabled('ada', false, sampleEntry('ada'))
      await direct.database.updateTable('sessions').set({ ended_at: null }).execute()
      await through.catchUp()
      assert.equal(await through.sessions.isActive('s-ada', 'ada', noon), true)
      await through.accounts.identity('ada')
    }
    t.diagnostic(`refused ${took.map((time) => time.toFixed(0)).join(', ')} ms after it could connect again`)
    assert.ok(Math.max(...took) < 2000, took.join())
  })
})

suite('promise 9: PostgreSQL is slow', { skip: postgresServerMissing() }, () => {
  for (const delayMs of [300, 700])
    test(`by ${delayMs} ms an answer: who is known goes on, the rest is done or 503 in under a second`, {
      timeout: 120_000,
    }, async (t) => {
      const server = await startPostgres(t)
      const proxy = await startProxy(t, server.port)
      const storage = await storageThatKnows(t, `postgres://root@127.0.0.1:${proxy.port}/postgres`)
      proxy.delayMs = delayMs
      goesOn(storage)
      if (delayMs > 500) t.diagnostic(`the slowest was told after ${(await restRejects(storage)).toFixed(0)} ms`)
      else {
        const done: string[] = []
        // These two may be long: a transaction is the application's own, and every session is many.
        const { endEverything: _, transaction: __, ...rest } = everythingElse
        for (const [name, ask] of Object.entries(rest)) {
          const began = performance.now()
          const outcome = await Promise.resolve(ask(storage)).then(
            () => 'done',
            ({ statusCode }) => statusCode,
          )
          assert.ok(performance.now() - began < 1000, `${name} took ${performance.now() - began} ms`)
          assert.ok(outcome === 'done' || outcome === 503, `${name}: ${outcome}`)
          if (outcome === 'done') done.push(name)
          goesOn(storage)
        }
        t.diagnostic(`done nevertheless: ${done.join(', ')}`)
        assert.ok(done.includes('byId'))
      }
      proxy.delayMs = 0
      await heals(storage)
    })
})
