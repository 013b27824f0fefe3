import assert from 'node:assert/strict'
import { Writable } from 'node:stream'
import { test } from 'node:test'
import { setTimeout } from 'node:timers/promises'
import { allow, logEvent, loggerOptions } from '../../../src/adapters/fastify/index.ts'
import { bearer, guarded } from './app.ts'

/** An error that can't be read. */
const unreadable = (): Error =>
  Object.defineProperty(new Error('x'), 'message', {
    get: () => {
      throw new Error('marker')
    },
  })

const logged = () => {
  const lines: string[] = []
  const stream = new Writable({
    write: (chunk, _encoding, done) => {
      lines.push(String(chunk))
      done()
    },
  })
  return { lines, stream }
}

const loggers = {
  'its own logger options': (stream: Writable) => ({ ...loggerOptions('error'), stream }),
  "Fastify's own": (stream: Writable) => ({ level: 'error', stream }),
}

for (const [whose, logger] of Object.entries(loggers)) {
  test(`a door that breaks by whatever it is answers 503 and leaves a line, with ${whose}`, async (t) => {
    for (const thrown of [null, unreadable(), Proxy.revocable({}, {}), 'text']) {
      const { lines, stream } = logged()
      let ran = 0
      const fail = async (): Promise<never> => {
        // A proxy is revoked on its way: a promise that is rejected with one looks at nothing.
        if (thrown !== null && typeof thrown === 'object' && 'revoke' in thrown) {
          thrown.revoke()
          throw thrown.proxy
        }
        throw thrown
      }
      for (const [url, options, rule] of [
        ['/identity', { identify: fail }, undefined],
        ['/rule', {}, allow('mine', fail)],
      ] as const) {
        const app = await guarded(options, { logger: logger(stream) })
        t.after(() => app.close())
        app.get(url, { config: rule === undefined ? {} : { access: rule } }, async () => {
          ran += 1
        })
        const answer = await app.inject({ url, headers: await bearer(app, 'ada') })
        assert.equal(answer.statusCode, 503, url)
        assert.equal(answer.json().type, 'urn:portcullis:problem:unavailable')
        assert.doesNotMatch(answer.body, /marker/)
      }
      assert.equal(ran, 0)
      assert.equal(lines.filter((line) => line.includes('the door could not decide')).length, 2)
    }
  })
}

test('a handler that throws null is answered by a problem, and leaves a line', async (t) => {
  const { lines, stream } = logged()
  const app = await guarded({}, { logger: { ...loggerOptions('error'), stream } })
  t.after(() => app.close())
  app.get('/x', { config: { access: 'public' } }, async () => {
    throw null
  })
  const answer = await app.inject('/x')
  assert.equal(answer.json().type, 'urn:portcullis:problem:internal')
  assert.equal(lines.filter((line) => line.includes('a handler failed')).length, 1)
})

const full = (): never => {
  throw null
}

test('a late answer of the door that can not be given ends nothing', async (t) => {
  const { promise: late, resolve } = Promise.withResolvers<null>()
  const app = await guarded({ identify: () => late }, { handlerTimeout: 20, logger: { level: 'silent' } })
  t.after(() => app.close())
  // What Fastify says when it is given a second answer.
  app.setChildLoggerFactory((log) => Object.assign(Object.create(log), { warn: full }))
  app.get('/x', async () => ({}))
  const rejections: unknown[] = []
  const heed = (reason: unknown): void => void rejections.push(reason)
  process.on('unhandledRejection', heed)
  t.after(() => process.off('unhandledRejection', heed))
  assert.equal((await app.inject({ url: '/x', headers: await bearer(app, 'ada') })).statusCode, 503)
  resolve(null)
  await setTimeout(20)
  assert.deepEqual(rejections, [])
})

test('an identify that never answers is a broken one: 503, and the handler does not run when it answers after all', async (t) => {
  const { promise: late, resolve } = Promise.withResolvers<{ id: string }>()
  const asked = Promise.withResolvers<void>()
  const identify = () => {
    asked.resolve()
    return late
  }
  const app = await guarded({ identify }, { logger: { level: 'silent' } })
  t.after(() => app.close())
  let ran = 0
  app.get('/x', async () => {
    ran += 1
  })
  const headers = await bearer(app, 'ada')
  await app.ready()
  t.mock.timers.enable({ apis: ['setTimeout'] })
  const answer = app.inject({ url: '/x', headers })
  await asked.promise
  t.mock.timers.tick(5_000)
  const { statusCode, headers: fields } = await answer
  t.mock.timers.reset()
  assert.equal(statusCode, 503)
  assert.equal(fields['retry-after'], '1')
  resolve({ id: 'ada' })
  await setTimeout(20)
  assert.equal(ran, 0)
})

test('a log that can not be written changes no answer', async (t) => {
  const app = await guarded(
    { identify: async () => Promise.reject(new Error('down')) },
    { logger: { level: 'silent' } },
  )
  t.after(() => app.close())
  app.setChildLoggerFactory((log) => Object.assign(Object.create(log), { error: full }))
  app.get('/x', async () => ({}))
  assert.equal((await app.inject({ url: '/x', headers: await bearer(app, 'ada') })).statusCode, 503)
})

test('an event that can not be logged refuses nobody', () => {
  assert.equal(logEvent({ info: full, warn: full } as never, 'refused', {}), undefined)
})

test('a door that throws nothing opens nothing', async (t) => {
  for (const thrown of [null, undefined]) {
    const publish = (): never => {
      throw thrown
    }
    const app = await guarded({ events: { counts: new Map(), publish } })
    t.after(() => app.close())
    let ran = 0
    app.get('/x', async () => {
      ran += 1
    })
    const answer = await app.inject('/x')
    assert.equal(answer.statusCode, 500)
    assert.equal(answer.json().type, 'urn:portcullis:problem:internal')
    assert.equal(ran, 0)
  }
})
