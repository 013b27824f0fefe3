/** Limiters that a function of the project's makes: they count what it was called with. */
import { express, table } from './judged.ts'

const LIMIT = "import rateLimit from 'express-rate-limit'"
const made = (factory: string, ...mounts: readonly string[]) => express(LIMIT, factory, ...mounts)
const ARROW = 'const limit = (max, windowMs = 60_000) => rateLimit({ windowMs, max })'
const lets = (line: number, count: string) => [
  `fail src/app.ts:4 src/app.ts:${line}: The limit of POST /login lets ${count} tries a minute through.`,
]
const passes = (line = 5) => [`pass src/app.ts:${line} src/app.ts:4: POST /login is limited to 10 a minute.`]

table('auth-rate-limit', [
  ['fails: far too many', made(ARROW, "app.post('/login', limit(5000), login)"), lets(5, '5000')],
  ['passes: a few', made(ARROW, "app.post('/login', limit(10), login)"), passes()],
  ['fails: in a short while', made(ARROW, "app.post('/login', limit(10, 1000), login)"), lets(5, '600')],
  ['passes: in a long one', made(ARROW, "app.post('/login', limit(150, 15 * 60_000), login)"), passes()],
  [
    'fails: of options',
    made(
      'function limit({ max, windowMs = 60_000 }) { return rateLimit({ windowMs, max }) }',
      "app.post('/login', limit({ max: 5000 }), login)",
    ),
    lets(5, '5000'),
  ],
  [
    'passes: of options, and kept in a name',
    made(
      'function limit({ max, windowMs = 60_000 }) { return rateLimit({ windowMs, max }) }',
      'const slow = limit({ max: 10 })',
      "app.post('/login', slow, login)",
    ),
    passes(6),
  ],
  [
    'fails: one for all, and a narrower one on another route',
    made(ARROW, 'app.use(limit(2000))', "app.post('/code', limit(5), code)", "app.post('/login', login)"),
    lets(7, '2000'),
  ],
  [
    'passes: one for all, and a narrower one on this route',
    made(ARROW, 'app.use(limit(2000))', "app.post('/login', limit(10), login)"),
    passes(6),
  ],
  [
    'fails: skipped as it was told',
    made(
      'const limit = (skip) => rateLimit({ windowMs: 60_000, max: 10, skip })',
      "app.post('/login', limit(() => true), login)",
    ),
    ['fail src/app.ts:5 src/app.ts:5: The limiter of POST /login never counts.'],
  ],
])
