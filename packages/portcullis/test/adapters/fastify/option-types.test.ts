import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'

const ROOT = join(import.meta.dirname, '../../../../..')

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
  const places = join(ROOT, 'node_modules/.cache')
  mkdirSync(places, { recursive: true })
  const folder = mkdtempSync(join(places, 'portcullis-types-'))
  t.after(() => rmSync(folder, { recursive: true, force: true }))
  const head = [
    "import Fastify from 'fastify'",
    "import { portcullis } from 'portcullis/fastify'",
    'declare const secret: string',
    'const identify = (userId: string) => ({ id: userId })',
    'const app = Fastify()',
  ]
  const calls = SLIPS.map(([options]) => `app.register(portcullis, { ${options} })`)
  writeFileSync(join(folder, 'slips.ts'), [...head, ...calls, ''].join('\n'))
  const settings = [
    '--ignoreConfig',
    '--noEmit',
    '--strict',
    '--module',
    'nodenext',
    '--target',
    'es2024',
    '--types',
    'node',
  ]
  const sources = ['--customConditions', 'source', '--allowImportingTsExtensions', '--skipLibCheck']
  const command = [join(ROOT, 'node_modules/typescript/bin/tsc'), ...settings, ...sources, 'slips.ts']
  const { stdout } = spawnSync(process.execPath, command, { cwd: folder, encoding: 'utf8' })
  for (const [at, [options, said]] of SLIPS.entries()) {
    const [, ofThis = ''] = stdout.split(`slips.ts(${head.length + at + 1},`)
    const [message = ''] = ofThis.split('slips.ts(')
    assert.match(message, said, `${options}\n${stdout}`)
    assert.doesNotMatch(message, /'never'/, options)
  }
})
