// biome-ignore-all lint/suspicious/noTemplateCurlyInString: they are the texts of other programs
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { Limiter } from '../../../../src/evidence/backend/facts.ts'
import { createdLimiters, keyOf, limiterIn, perMinuteOf } from '../../../../src/evidence/backend/limits/limiters.ts'
import type { Value } from '../../../../src/evidence/source/index.ts'
import { readingOf, type Sources } from '../../sources.ts'

/** The limiter that the argument of `use(…)` is. */
const limiter = (text: string, more: Sources = {}): Omit<Limiter, 'mounted'> | undefined => {
  const reading = readingOf({ 'src/app.ts': text, ...more })
  const [call] = reading.program.callsNamed('use')
  assert.ok(call?.node.args[0])
  return limiterIn(reading, reading.evaluator.value(call.node.args[0], call.scope))
}

const LIMIT = "import rateLimit from 'express-rate-limit'\n"

describe('what is a limiter', () => {
  const table: readonly (readonly [text: string, library: string | undefined])[] = [
    [`${LIMIT}use(rateLimit({ limit: 10 }))`, 'express-rate-limit'],
    [`${LIMIT}const slow = rateLimit({ limit: 10 }); use(slow)`, 'express-rate-limit'],
    [`${LIMIT}const make = (limit) => rateLimit({ limit }); use(make(5))`, 'express-rate-limit'],
    ["import { rateLimit } from 'express-rate-limit'\nuse(rateLimit())", 'express-rate-limit'],
    ["import slowDown from 'express-slow-down'\nuse(slowDown({ delayAfter: 1 }))", undefined],
    [`${LIMIT}use(rateLimit)`, undefined],
    ['use((req, res, next) => { if (count(req.ip) > 9) return res.status(429).end(); next() })', 'own'],
    [
      "import { RateLimiterMemory } from 'rate-limiter-flexible'\nconst l = new RateLimiterMemory({ points: 5, duration: 60 }); use(async (req, res, next) => { try { await l.consume(req.ip); next() } catch { res.sendStatus(429) } })",
      'rate-limiter-flexible',
    ],
    ['use((req, res, next) => next())', undefined],
    ['use((req, res, next) => { throw new TooManyRequestsError() })', 'own'],
    ['use((req, res, next) => { if (req.status === 4290) res.end(); next() })', undefined],
    ['const f = (c) => { use(c.loginLimiter) }', 'unknown'],
    ['const f = (c) => { use(c.delimiter) }', undefined],
  ]
  for (const [text, library] of table)
    test(text, () => {
      assert.equal(limiter(text)?.library, library)
    })
})

describe('what it counts', () => {
  const table: readonly (readonly [options: string, perMinute: number | undefined])[] = [
    ['{ windowMs: 60_000, limit: 10 }', 10],
    ['{ windowMs: 60_000, max: 10 }', 10],
    ['{ windowMs: 15 * 60 * 1000, max: 150 }', 10],
    ["{ windowMs: ms('15m'), max: 150 }", 10],
    ['{ windowMs: 60_000, limit: x ? 5 : 100 }', 100],
    ['{ windowMs: Number(process.env.WINDOW ?? 60_000), limit: 10 }', 10],
    ['{ limit: 10 }', undefined],
    ['{ windowMs: 60_000, limit: most() }', undefined],
    ['{ windowMs: 0, limit: 10 }', undefined],
    ['{ windowMs: 10, limit: 10 }', 60_000],
  ]
  for (const [options, perMinute] of table)
    test(options, () => {
      assert.equal(limiter(`${LIMIT}import ms from 'ms'\nuse(rateLimit(${options}))`)?.perMinute, perMinute)
    })

  test('numbers, and texts of numbers and spans', () => {
    const at = { file: '', line: 1, start: 0, end: 0 }
    const reading = readingOf({})
    const literal = (value: number | string): Value => ({ kind: 'literal', value, at })
    assert.equal(perMinuteOf(reading, literal(30), literal('1 minute'), 0.001), 30)
    assert.equal(perMinuteOf(reading, literal('30'), literal(60_000), 0.001), 30)
    assert.equal(perMinuteOf(reading, literal(5), literal(60), 1), 5)
    assert.equal(perMinuteOf(reading, literal(5), literal('soon'), 1), undefined)
    assert.equal(perMinuteOf(reading, undefined, literal(60), 1), undefined)
  })

  test('never: skip says so', () => {
    assert.ok(limiter(`${LIMIT}use(rateLimit({ limit: 10, skip: () => true }))`)?.off)
    assert.equal(limiter(`${LIMIT}use(rateLimit({ limit: 10, skip: (req) => req.ip === '::1' }))`)?.off, undefined)
    assert.equal(
      limiter(`${LIMIT}use(rateLimit({ limit: 10, skip: (req) => { if (req.internal) return true; return false } }))`)
        ?.off,
      undefined,
    )
  })
})

describe('what never refuses a wrong password', () => {
  const REFUSES = 'const login = (req, res) => res.status(401).end()\n'
  const state = (option: string, login = REFUSES): string => {
    const found = limiter(`${LIMIT}${login}use(rateLimit({ limit: 10, ${option} }))`)
    return found?.off ? 'off' : found?.unsure ? 'unsure' : 'on'
  }
  const table: readonly (readonly [option: string, expected: string, login?: string])[] = [
    ['skipFailedRequests: true', 'off'],
    ['skipFailedRequests: false', 'on'],
    ['skipFailedRequests: off()', 'on'],
    ['skipSuccessfulRequests: true', 'on'],
    ['skipFailedRequests: true, requestWasSuccessful: (req, res) => res.statusCode < 500', 'on'],
    // To the limiter these are successes.
    ['skipFailedRequests: true', 'unsure', "const login = (req, res) => res.redirect('/login')\n"],
    ['skipFailedRequests: true', 'unsure', 'const login = (req, res) => res.json({ ok: false })\n'],
    ['handler: (req, res, next) => next()', 'off'],
    ["handler: (req, res, next) => { log.warn('too many'); next() }", 'off'],
    ['handler: (req, res) => res.status(429).end()', 'on'],
    ['handler: (req, res, next) => next(new TooMany())', 'on'],
    ['handler: (req, res, next) => { req.tooMany = true; next() }', 'on'],
    ['handler: (req, res, next) => { if (soft) return next(); res.sendStatus(429) }', 'on'],
    ['handler: () => { throw new TooMany() }', 'on'],
    ['handler: refuse', 'on'],
  ]
  for (const [option, expected, login] of table)
    test(`${option} ${login ?? ''}`, () => {
      assert.equal(state(option, login), expected)
    })
})

describe('what it counts by', () => {
  const key = (generator: string): string => {
    const reading = readingOf({
      'src/app.ts': `const trustedProxies = new BlockList(); const of = (req) => req.headers['x-forwarded-for']; use(${generator})`,
    })
    const [call] = reading.program.callsNamed('use')
    assert.ok(call?.node.args[0])
    const found = keyOf(reading, reading.evaluator.value(call.node.args[0], call.scope))
    return [found.kind, found.what].filter((one) => one !== undefined).join(' ')
  }
  const table: readonly (readonly [generator: string, expected: string])[] = [
    ['(req) => req.ip', 'client'],
    ['(req) => req.socket.remoteAddress', 'client'],
    ["(req) => req.headers['x-forwarded-for']", 'header x-forwarded-for'],
    ["(req) => req.get('X-Real-IP')", 'header X-Real-IP'],
    ["(req) => req.headers['x-forwarded-for'] ?? req.ip", 'header x-forwarded-for'],
    ["(req) => req.headers['cf-connecting-ip'] || req.ip", 'header cf-connecting-ip'],
    ['(req) => of(req)', 'header x-forwarded-for'],
    ["(req) => (trustedProxies.check(req.ip) ? req.headers['x-forwarded-for'] : req.ip)", 'client checked'],
    ['(req) => req.user.id', 'identity'],
    ['(req) => req.body.email', 'identity'],
    ["(req) => req.ip + ':' + req.body.email", 'client'],
    ["(req) => req.headers['user-agent']", 'written the user-agent header'],
    ["(req) => `${req.ip}:${req.get('x-device-id')}`", 'written the x-device-id header'],
    ["(req) => [req.ip, req.headers['x-device-id']].join('|')", 'written the x-device-id header'],
    ["(req) => { const device = req.get('x-device-id'); return device ?? req.ip }", 'written the x-device-id header'],
    ['(req) => { if (!req.cookies.sid) return req.ip; return req.cookies.sid }', 'written the cookie sid'],
    ['(req) => req.headers.cookie ?? req.ip', 'written the cookie header'],
    ['(req) => req.query.client ?? req.ip', 'written client of the query'],
    // The body may have the account under any name, and a key may have been proved before.
    ['(req) => req.body.nonce ?? req.ip', "unknown the body's nonce"],
    ["(req) => req.get('x-api-key') ?? req.ip", 'unknown the x-api-key header'],
    ["(req) => (KEYS.has(req.get('x-plan')) ? req.get('x-plan') : req.ip)", 'unknown the x-plan header'],
    ["(req) => { if (!known(req.get('x-id'))) return req.ip; return req.get('x-id') }", 'unknown the x-id header'],
    // What is only asked, or made into something else, is not in the key.
    ["(req) => (req.get('x-plan') === 'pro' ? `pro:${req.ip}` : req.ip)", 'client'],
    ["(req) => { log(req.headers['user-agent']); return req.ip }", 'client'],
    ['(req) => verify(req.cookies.sid).sub ?? req.ip', 'client'],
    ['(req) => `${req.ip}:${req.body.username}`', 'client'],
    ['(req) => `${req.ip}:${req.query.email}`', 'client'],
    ['(req) => req.signedCookies.sid ?? req.ip', 'client'],
    ['(req) => `${req.ip}:${req.path}`', 'client'],
    ['nothing', 'unknown'],
  ]
  for (const [generator, expected] of table)
    test(generator, () => {
      assert.equal(key(generator), expected)
    })

  test("without one, by the framework's address", () => {
    assert.equal(limiter(`${LIMIT}use(rateLimit({ limit: 10 }))`)?.key.kind, 'client')
  })
})

test('every one that is made is found, whoever uses it', () => {
  const reading = readingOf({
    'src/a.ts': `${LIMIT}export const slow = rateLimit({ limit: 1 })`,
    'src/c.ts':
      "import { rateLimit as rateLimiter } from 'express-rate-limit'\nexport const slower = rateLimiter({ limit: 1 })",
    'src/b.ts': "import { rateLimit } from './prices'\nexport const price = rateLimit({ limit: 1 })",
  })
  assert.deepEqual(
    createdLimiters(reading, ['rateLimit', 'rateLimiter'], /^express-rate-limit$/).map(
      (one) => `${one.at.file}:${one.at.line}`,
    ),
    ['src/a.ts:2', 'src/c.ts:2'],
  )
})
