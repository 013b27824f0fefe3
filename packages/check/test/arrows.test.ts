import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { test } from 'node:test'

const src = join(import.meta.dirname, '../src')
const files = readdirSync(src, { recursive: true, encoding: 'utf8' }).filter(
  (file) => file.endsWith('.ts') && !file.endsWith('.d.ts'),
)

/** The room of a file: evidence/backend, rules/source, items, report; what stands in src itself is (root). */
const roomOf = (file: string): string => {
  const [first = '', second = ''] = file.split('/')
  return first === 'evidence' || first === 'rules' ? `${first}/${second}` : file.includes('/') ? first : '(root)'
}

/** Which rooms each room may import, and why no others: evidence knows nothing of what is made of it. */
const allowed: Readonly<Record<string, readonly string[]>> = {
  items: [],
  'evidence/project': [],
  'evidence/secrets': ['evidence/project', 'items'],
  'evidence/source': [],
  'evidence/settings': ['evidence/project'],
  'evidence/history': ['evidence/project', 'evidence/secrets'],
  'evidence/live': [],
  'evidence/backend': ['evidence/project', 'evidence/settings', 'evidence/source'],
  'rules/source': [
    'evidence/backend',
    'evidence/history',
    'evidence/secrets',
    'evidence/settings',
    'evidence/source',
    'items',
  ],
  'rules/live': ['evidence/live', 'items'],
  report: ['items'],
  '(root)': [
    'evidence/backend',
    'evidence/history',
    'evidence/live',
    'evidence/project',
    'evidence/secrets',
    'evidence/settings',
    'items',
    'report',
    'rules/live',
    'rules/source',
  ],
}

/** What is imported past a room's index.ts, by file or by room, and why. */
const deep: Readonly<Record<string, readonly string[]>> = {
  // The parser of Python is a WebAssembly module: only a program that has a .py file pays for it.
  'evidence/backend/backend.ts': ['evidence/source/python.ts'],
  // The index is the way of a run (plan, send); the rules need only the facts, and how to compare answers.
  'rules/live': ['credentials', 'exchange', 'facts', 'likeness', 'token'].map((file) => `evidence/live/${file}.ts`),
}

const isDeep = (file: string, target: string): boolean =>
  [file, roomOf(file)].some((one) => deep[one]?.includes(target) === true)

const imports = files.flatMap((file) =>
  [
    ...readFileSync(join(src, file), 'utf8').matchAll(
      /^(?:import|export)\s(?:[\w\s{},*]+?\sfrom\s)?'([^']+)'|(?<!\*.*|\/\/.*)\bimport\('([^']+)'\)/gm,
    ),
  ].map((match) => {
    const path = match[1] ?? match[2] ?? ''
    return {
      file,
      path,
      typeOnly: /^\s*(?:import|export)\s+type\s/.test(match[0]),
      target: path.startsWith('.') ? relative(src, join(src, dirname(file), path)) : undefined,
    }
  }),
)

test('the arrows between rooms point one way', () => {
  assert.ok(imports.length > 300, `only ${imports.length} imports were read`)
  for (const { file, path, target } of imports) {
    if (target === undefined) continue
    assert.ok(files.includes(target), `${file} imports ${path}, which is no file`)
    const [from, to] = [roomOf(file), roomOf(target)]
    if (from === to) continue
    assert.ok(allowed[from]?.includes(to), `${file} imports ${path}: ${from} may not know ${to}`)
    if (to !== '(root)' && !isDeep(file, target))
      assert.ok(path.endsWith('/index.ts'), `${file} imports ${path}: go through the room's index.ts`)
  }
})

/** Each reads its own; what one has of another's, as Nest has Fastify's limits, stays where it is written. */
const FRAMEWORKS = /^evidence\/backend\/(?:controllers|express|fastapi|fastify|flask|hono|nest)$/

test('what the readers of frameworks share is imported through the index.ts of its folder', () => {
  const shared = imports.filter(
    ({ file, target = '' }) =>
      /^evidence\/backend\/[^/]+\//.test(target) &&
      !FRAMEWORKS.test(dirname(target)) &&
      dirname(file) !== dirname(target),
  )
  assert.ok(shared.length > 100, `only ${shared.length} imports were read`)
  for (const { file, path } of shared) assert.ok(path.endsWith('/index.ts'), `${file} imports ${path}`)
})

test('what is allowed is used: a rule that nobody needs is not kept', () => {
  const used = new Set(
    imports.flatMap(({ file, target }) => (target === undefined ? [] : [`${roomOf(file)} → ${roomOf(target)}`])),
  )
  for (const [from, rooms] of Object.entries(allowed))
    for (const to of rooms) assert.ok(used.has(`${from} → ${to}`), `${from} doesn't import ${to}`)
  for (const [place, targets] of Object.entries(deep))
    for (const target of targets)
      assert.ok(
        imports.some((one) => one.target === target && (one.file === place || roomOf(one.file) === place)),
        `${place} doesn't import ${target}`,
      )
})

test('the checklist knows nothing of the packages that it judges', () => {
  for (const { file, path } of imports) assert.doesNotMatch(path, /^portcullis|\/packages\//, file)
})

test('the parsers and npm packages are known in one room each', () => {
  const homes: Readonly<Record<string, readonly string[]>> = {
    'oxc-parser': ['evidence/source'],
    'web-tree-sitter': ['evidence/source'],
    // OpenAPI documents and Connexion's are YAML too.
    yaml: ['evidence/settings', 'evidence/backend', 'evidence/live'],
  }
  for (const { file, path } of imports) {
    if (path.startsWith('.') || path.startsWith('node:')) continue
    const name = path.match(/^(?:@[^/]+\/)?[^/]+/)?.[0] ?? path
    assert.ok(homes[name]?.includes(roomOf(file)), `${file} imports ${path}`)
  }
})

/** Circles of imports that run: a type is gone before the program starts. */
test('no file imports itself, by whatever way', () => {
  const targets = new Map<string, readonly string[]>(
    files.map((file) => [
      file,
      imports.flatMap((one) => (one.file === file && !one.typeOnly && one.target !== undefined ? [one.target] : [])),
    ]),
  )
  const done = new Set<string>()
  const circles: string[] = []
  const visit = (file: string, way: readonly string[]): void => {
    if (way.includes(file)) circles.push([...way.slice(way.indexOf(file)), file].join(' → '))
    else if (!done.has(file)) {
      for (const target of targets.get(file) ?? []) visit(target, [...way, file])
      done.add(file)
    }
  }
  for (const file of files) visit(file, [])
  assert.deepEqual(circles, [])
})

test('no room is a drawer', () => {
  for (const file of files)
    assert.doesNotMatch(file, /(^|\/)(utils?|helpers?|common|types|misc|shared|lib)(\/|\.ts$)/, file)
})

const MOST_LINES = 450

test('files stay small enough to hold in the head', () => {
  for (const file of files) {
    const lines = readFileSync(join(src, file), 'utf8').split('\n').length - 1
    assert.ok(lines <= MOST_LINES, `${file} has ${lines} lines: split it, or say here why not`)
  }
})
