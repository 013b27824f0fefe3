import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readExpress } from '../../../../src/evidence/backend/express/index.ts'
import { readingOf } from '../../sources.ts'

const HEAD = `import express from 'express'
import rateLimit from 'express-rate-limit'
const app = express()
const slow = rateLimit({ windowMs: 60_000, limit: 10 })
class Limits {
  static readonly login = rateLimit({ windowMs: 60_000, limit: Math.max(1, Number(process.env.MOST || 20)) })
  static useLogin(req, res, next) { Limits.login(req, res, next) }
}
`

/** What covers POST /login: `express-rate-limit 10`. */
const covering = (handler: string): readonly string[] =>
  readExpress(readingOf({ 'src/app.ts': `${HEAD}app.post('/login', ${handler}, login)` }))
    .routes.flatMap((one) => one.limiters)
    .map((one) => `${one.library} ${one.perMinute}`)

test('a middleware that hands the request to a limiter limits', () => {
  const table: readonly (readonly [handler: string, limiter: string])[] = [
    ['(req, res, next) => slow(req, res, next)', 'express-rate-limit 10'],
    ['(req, res, next) => { if (req.method === "HEAD") return next(); slow(req, res, next) }', 'express-rate-limit 10'],
    ['(req, res, next) => { slow(req, res, (error) => next(error)) }', 'express-rate-limit 10'],
    [
      '(req, res, next) => { if (process.env.NODE_ENV !== "test") return slow(req, res, next); next() }',
      'express-rate-limit 10',
    ],
    ['Limits.useLogin', 'express-rate-limit 20'],
    ['function each(req, res, next) { Limits.useLogin(req, res, next) }', 'express-rate-limit 20'],
  ]
  for (const [handler, limiter] of table) assert.deepEqual(covering(handler), [limiter], handler)
})

test('one that hands it on to something else, or only develops with a limit, does not', () => {
  for (const handler of [
    '(req, res, next) => log(req, res, next)',
    '(req, res, next) => { slow(other, res, next) }',
    '(req, res, next) => next()',
    '(req, res, next) => { if (process.env.NODE_ENV === "development") return slow(req, res, next); next() }',
    'function each(req, res, next) { each(req, res, next) }',
  ])
    assert.deepEqual(covering(handler), [], handler)
})
