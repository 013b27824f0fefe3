import assert from 'node:assert/strict'
import { test } from 'node:test'
import { saidByTsc } from './tsc.ts'

/** Slips, and what TypeScript has to say of them: it names the slip, and not a secret that is as it should be. */
const SLIPS: readonly (readonly [options: string, said: RegExp])[] = [
  ['sessions: { secret, acessTokenMinutes: 5 }, identify', /'acessTokenMinutes'.*mean to write 'accessTokenMinutes'/],
  ['sessions: { secret }, identity: identify', /'identity' does not exist/],
  ['sessions: { secret }, identify, trustedProxy: []', /'trustedProxy' does not exist/],
  ['sessions: { secret }, identify, cors: { origin: [] }', /'origin'.*mean to write 'origins'/],
  ["sessions: { secret }, identify, mode: 'prod'", /"prod".*"production"/],
  ['sessions: { secret }', /'identify' is missing/],
]

test('what TypeScript says of a slip in the options names the slip', (t) => {
  const head = [
    "import Fastify from 'fastify'",
    "import { portcullis } from 'portcullis/fastify'",
    'declare const secret: string',
    'const identify = (userId: string) => ({ id: userId })',
    'const app = Fastify()',
  ]
  const calls = SLIPS.map(([options]) => `app.register(portcullis, { ${options} })`)
  const stdout = saidByTsc(t, [...head, ...calls, ''].join('\n'))
  for (const [at, [options, said]] of SLIPS.entries()) {
    const [, ofThis = ''] = stdout.split(`uses.ts(${head.length + at + 1},`)
    const [message = ''] = ofThis.split('uses.ts(')
    assert.match(message, said, `${options}\n${stdout}`)
    assert.doesNotMatch(message, /'never'/, options)
  }
})
