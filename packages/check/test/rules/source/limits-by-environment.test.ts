/** Limiters whose number is a choice by where they run: production's side counts. */
import { express, table } from './judged.ts'

const LIMIT = "import rateLimit from 'express-rate-limit'"
const max = (count: string, ...before: readonly string[]) =>
  express(LIMIT, ...before, `app.post('/login', rateLimit({ windowMs: 60_000, max: ${count} }), login)`)
const PASSES = ['pass src/app.ts:4 src/app.ts:4: POST /login is limited to 10 a minute.']
const lets = (count: string) => [
  `fail src/app.ts:4 src/app.ts:4: The limit of POST /login lets ${count} tries a minute through.`,
]

table('auth-rate-limit', [
  ['passes: many outside of production', max("process.env.NODE_ENV === 'production' ? 10 : 10_000"), PASSES],
  ['passes: many in tests', max("process.env.NODE_ENV === 'test' ? 10_000 : 10"), PASSES],
  [
    'passes: by a name',
    max('MAX', "const MAX = process.env.NODE_ENV !== 'production' ? Infinity : 10"),
    ['pass src/app.ts:5 src/app.ts:5: POST /login is limited to 10 a minute.'],
  ],
  ['passes: by a function', max("() => (process.env.NODE_ENV === 'production' ? 10 : 10_000)"), PASSES],
  ['fails: many in production', max("process.env.NODE_ENV === 'production' ? 10_000 : 10"), lets('10000')],
  ['fails: many by another choice', max('process.env.GENEROUS ? 10_000 : 10'), lets('10000')],
])
