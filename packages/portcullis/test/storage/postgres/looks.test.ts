import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import type { PostgresPool } from 'kysely'
import { newsOf } from '../../../src/storage/postgres/news.ts'

interface Answer {
  server?: string
  at?: number
  subjects?: readonly (string | null)[]
}

/** A database whose answers and whose clock a test sets, and what was dropped because of them. */
const scene = (t: TestContext) => {
  let now = 1_000_000
  t.mock.method(performance, 'now', () => now)
  // The looks are called by hand.
  t.mock.timers.enable({ apis: ['setTimeout'] })
  const dropped: (string | null)[] = []
  const asked: string[] = []
  let own: () => Answer = () => ({})
  let shared: () => Answer = () => ({})
  const pool = (name: string, answer: () => Answer) =>
    ({
      connect: async () => ({
        query: async (_text: string, [snapshot]: readonly unknown[]) => {
          asked.push(`${name} since ${snapshot}`)
          const given = answer()
          return { rows: [{ server: 'one', snapshot: `${asked.length}`, at: now, subjects: [], ...given }] }
        },
        release: () => {},
      }),
    }) as unknown as PostgresPool
  let found = 0
  const news = newsOf({
    own: pool('own', () => own()),
    shared: pool('shared', () => shared()),
    drop: (subject) => dropped.push(subject),
    found: () => {
      found += 1
    },
  })
  return {
    news,
    dropped,
    asked,
    found: () => found,
    wait: (ms: number) => {
      now += ms
    },
    answer: (ownAnswer: () => Answer, sharedAnswer: () => Answer = ownAnswer) => {
      own = ownAnswer
      shared = sharedAnswer
    },
  }
}

const gone = () => {
  throw Object.assign(new Error('connect ECONNREFUSED'), { statusCode: 503 })
}
const full = () => {
  throw Object.assign(new Error('too many'), { severity: 'FATAL', code: '53300', statusCode: 503 })
}

test('what a look finds is dropped, and the next one asks since then', async (t) => {
  const { news, dropped, asked, answer } = scene(t)
  await news.start()
  assert.deepEqual(dropped.splice(0), [null])
  answer(() => ({ subjects: ['ada', 'grace'] }))
  await news.catchUp()
  assert.deepEqual(dropped.splice(0), ['ada', 'grace'])
  answer(() => ({ subjects: [null] }))
  await news.catchUp()
  assert.deepEqual(dropped.splice(0), [null])
  answer(() => ({}))
  await news.catchUp()
  assert.deepEqual(dropped, [])
  assert.deepEqual(asked, ['own since null', 'own since 1', 'own since 2', 'own since 3'])
})

test('a look vouches for a second', async (t) => {
  const { news, wait } = scene(t)
  await news.start()
  assert.equal(news.current(), true)
  wait(999)
  assert.equal(news.current(), true)
  wait(1)
  // This process was frozen, or its event loop blocked: no look has failed, but none has been made.
  assert.equal(news.current(), false)
  await news.settled()
  assert.equal(news.current(), true)
})

test('while looks fail what is remembered holds for 5 minutes, and is then forgotten', async (t) => {
  const { news, dropped, wait, answer } = scene(t)
  await news.start()
  dropped.splice(0)
  answer(gone)
  await news.catchUp()
  assert.deepEqual([news.current(), news.lost(), news.failures], [true, false, 1])
  await news.catchUp()
  assert.deepEqual([news.current(), news.lost(), news.failures], [true, true, 2])
  wait(299_999)
  await news.catchUp()
  assert.equal(news.current(), true)
  assert.deepEqual(dropped, [])
  wait(1)
  assert.equal(news.current(), false)
  wait(1)
  await news.catchUp()
  assert.deepEqual(dropped, [null])
})

test('the first look that works catches up, before anything is answered again as current', async (t) => {
  const { news, dropped, found, wait, answer } = scene(t)
  await news.start()
  dropped.splice(0)
  answer(gone)
  await news.catchUp()
  await news.catchUp()
  wait(60_000)
  assert.equal(found(), 0)
  answer(() => {
    assert.equal(news.lost(), true)
    return { subjects: ['ada'] }
  })
  await news.catchUp()
  assert.deepEqual(dropped, ['ada'])
  assert.deepEqual([news.current(), news.lost(), found()], [true, false, 1])
})

test('of another server nothing is known, and after a long gap neither', async (t) => {
  const { news, dropped, wait, answer } = scene(t)
  await news.start()
  dropped.splice(0)
  answer(() => ({ server: 'two', subjects: ['ada'] }))
  await news.catchUp()
  assert.deepEqual(dropped.splice(0), [null])
  answer(() => ({ server: 'two' }))
  wait(300_000)
  await news.catchUp()
  assert.deepEqual(dropped.splice(0), [])
  wait(300_001)
  await news.catchUp()
  assert.deepEqual(dropped, [null])
})

test('more than it reads at once is everything', async (t) => {
  const { news, dropped, answer } = scene(t)
  await news.start()
  dropped.splice(0)
  answer(() => ({ subjects: Array.from({ length: 1000 }, (_, n) => `u${n}`) }))
  await news.catchUp()
  assert.deepEqual(dropped, [null])
})

test('when the server has no connection left, the one of a query is asked', async (t) => {
  const { news, asked, dropped, answer } = scene(t)
  await news.start()
  dropped.splice(0)
  answer(full, () => ({ subjects: ['ada'] }))
  await news.catchUp()
  assert.deepEqual(dropped, ['ada'])
  assert.deepEqual([news.current(), news.failures], [true, 0])
  answer(full)
  await news.catchUp()
  assert.equal(news.failures, 1)
  assert.deepEqual(asked.slice(1), ['own since 1', 'shared since 1', 'own since 3', 'shared since 3'])
})

test('a call joins no look that began before it, and however many call, one look follows', async (t) => {
  const { news, asked } = scene(t)
  await news.start()
  const first = news.catchUp()
  const others = Array.from({ length: 10 }, () => news.catchUp())
  await Promise.all([first, ...others])
  assert.equal(asked.length, 3)
})

test('a server that answers and lets nobody read the news is not lost, and nothing is remembered', async (t) => {
  const { news, dropped, answer } = scene(t)
  await news.start()
  dropped.splice(0)
  answer(() => {
    throw new Error('permission denied for table portcullis_news')
  })
  for (let look = 0; look < 3; look += 1) await news.catchUp()
  assert.deepEqual(dropped, [null, null, null])
  assert.deepEqual([news.current(), news.lost(), news.failures], [false, false, 3])
  answer(() => ({}))
  await news.catchUp()
  assert.equal(news.current(), true)
})

test('a first look that fails rejects', async (t) => {
  const { news, answer } = scene(t)
  answer(gone)
  await assert.rejects(news.start(), /ECONNREFUSED/)
})

test('after a stop nothing is current', async (t) => {
  const { news } = scene(t)
  await news.start()
  news.stop()
  assert.equal(news.current(), false)
})
