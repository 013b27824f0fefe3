import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { test } from 'node:test'

const src = join(import.meta.dirname, '../../src')
const files = readdirSync(src, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'))

/** The room of a file: layers/sessions, adapters/fastify, door … */
const roomOf = (file: string): string => {
  const [first = '', second = ''] = file.split('/')
  return first === 'layers' || first === 'adapters' ? `${first}/${second}` : file.includes('/') ? first : '(root)'
}

/** Which rooms each room may import, and why no others. */
const allowed: Readonly<Record<string, readonly string[]>> = {
  settings: [],
  response: [],
  client: [],
  'layers/sessions': [],
  'layers/limits': [],
  'layers/validation': [],
  'layers/access': [],
  door: ['client', 'layers/sessions', 'layers/limits', 'layers/validation', 'layers/access', 'response', 'settings'],
  accounts: ['door', 'client', 'layers/sessions', 'layers/limits', 'layers/validation', 'layers/access', 'response'],
  storage: ['accounts', 'layers/sessions', 'layers/limits'],
  'adapters/fastify': [
    'door',
    'client',
    'layers/sessions',
    'layers/limits',
    'layers/validation',
    'layers/access',
    'response',
    'settings',
  ],
  cli: ['accounts', 'storage', 'adapters/fastify', 'layers/access', 'layers/sessions', 'settings'],
  '(root)': [
    'door',
    'client',
    'layers/sessions',
    'layers/limits',
    'layers/validation',
    'layers/access',
    'response',
    'settings',
    'accounts',
  ],
}

const imports = files.flatMap((file) =>
  [
    ...readFileSync(join(src, file), 'utf8').matchAll(
      /^\s*(?:import|export)\s(?:[^'"]*?\sfrom\s)?'([^']+)'|import\('([^']+)'\)/gm,
    ),
  ].map((match) => ({
    file,
    path: match[1] ?? match[2] ?? '',
    typeOnly: /^\s*(?:import|export)\s+type\s/.test(match[0]),
  })),
)

test('the arrows between rooms point one way', () => {
  assert.ok(imports.length > 100, `only ${imports.length} imports were read`)
  for (const { file, path } of imports.filter((one) => one.path.startsWith('.'))) {
    const [from, to] = [roomOf(file), roomOf(relative(src, join(src, dirname(file), path)))]
    if (from === to) continue
    assert.ok(
      allowed[from]?.includes(to),
      `${file} imports ${path}: ${from} may not know ${to} (docs/decisions.md, "Arrows")`,
    )
    assert.ok(path.endsWith('/index.ts'), `${file} imports ${path}: go through the room's index.ts`)
  }
})

test('storage knows the ports of others as types only, so that the plugin alone pulls in no query builder', () => {
  for (const { file, path, typeOnly } of imports.filter(
    (one) => roomOf(one.file) === 'storage' && one.path.startsWith('../'),
  )) {
    const to = roomOf(relative(src, join(src, dirname(file), path)))
    // The counter in Redis falls back to the one in memory; and how many sessions a user may have is one number, the port's.
    const running =
      (to === 'layers/limits' && file.startsWith('storage/redis/')) ||
      (to === 'layers/sessions' && file === 'storage/session-ends.ts')
    if (to !== 'storage' && !running) assert.ok(typeOnly, `${file} imports ${path} as a value`)
  }
})

test('each foreign package is imported in its own room', () => {
  const rooms: Readonly<Record<string, readonly string[]>> = {
    fastify: ['adapters/fastify'],
    kysely: ['storage'],
    ioredis: ['storage'],
    pg: ['storage'],
    zod: ['layers/validation', 'door', 'accounts', 'adapters/fastify'],
  }
  for (const { file, path } of imports.filter((one) => !one.path.startsWith('.') && !one.path.startsWith('node:'))) {
    const [name = ''] = path.match(/^(@[^/]+\/)?[^/]+/) ?? []
    const home = rooms[name] ?? ['accounts']
    assert.ok(home.includes(roomOf(file)), `${file} imports ${path}, which belongs to ${home.join(', ')}`)
  }
})

test('no room is a drawer', () => {
  for (const file of files) assert.doesNotMatch(file, /(^|\/)(utils?|helpers?|common|types|misc)(\/|\.ts$)/, file)
})

test('files stay small enough to hold in the head', () => {
  for (const file of files) {
    const lines = readFileSync(join(src, file), 'utf8').split('\n').length
    assert.ok(lines <= 300, `${file} has ${lines} lines: split it, or say here why not`)
  }
})
