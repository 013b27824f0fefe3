import assert from 'node:assert/strict'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { temporaryFolder } from '../storage/temporary.ts'
import { portcullisIn } from './command.ts'

const adapter = join(import.meta.dirname, '../../src/adapters/fastify/index.ts')
const sessions = join(import.meta.dirname, '../../src/layers/sessions/index.ts')

/** An application that is up as soon as its module is read. */
const LISTENING = `
import Fastify from '${import.meta.resolve('fastify')}'
import { portcullis } from '${adapter}'
import { generateSecret } from '${sessions}'
const app = Fastify()
await app.register(portcullis, { sessions: { secret: generateSecret() }, identify: () => null })
app.get('/health', { config: { access: 'public' } }, async () => ({}))
await app.listen({ host: '127.0.0.1', port: 0 })
`

/** One without an `await` beside its functions, which CommonJS has not. */
const COMPILED = `
const { default: Fastify } = require('${import.meta.resolve('fastify').replace('file://', '')}')
const { portcullis } = require('${adapter}')
const { generateSecret } = require('${sessions}')
const made = Fastify()
made.register(portcullis, { sessions: { secret: generateSecret() }, identify: () => null })
made.after(() => made.get('/health', { config: { access: 'public' } }, async () => ({})))
exports.made = made
`

test('a module that listens and exports nothing is refused, and does not keep the command', (t) => {
  const cwd = temporaryFolder(t)
  writeFileSync(join(cwd, 'example.ts'), LISTENING)
  assert.deepEqual(portcullisIn(cwd)('routes', '--app', './example.ts'), {
    status: 1,
    stdout: '',
    stderr:
      './example.ts has no application as its default export, nor a function that makes one. Let it make the application, and another module listen.\n',
  })
})

test('what else a module holds open does not keep the command once its table is out', (t) => {
  const cwd = temporaryFolder(t)
  writeFileSync(join(cwd, 'example.ts'), `${LISTENING}setInterval(() => {}, 1000)\nexport default app\n`)
  assert.deepEqual(portcullisIn(cwd)('routes', '--app', './example.ts'), {
    status: 0,
    stdout: 'GET  /health  public\n',
    stderr: '',
  })
})

test('an application without the plugin ends the command too', (t) => {
  const cwd = temporaryFolder(t)
  writeFileSync(
    join(cwd, 'plain.ts'),
    `import Fastify from '${import.meta.resolve('fastify')}'
const app = Fastify()
await app.listen({ host: '127.0.0.1', port: 0 })
export default app
`,
  )
  const { status, stderr } = portcullisIn(cwd)('routes', '--app', './plain.ts')
  assert.deepEqual([status, stderr], [2, 'The application of ./plain.ts has not registered portcullis.\n'])
})

test('a module that ends the command, or never comes to its end, does not pass a check', (t) => {
  const cwd = temporaryFolder(t)
  writeFileSync(join(cwd, 'access.lock'), 'GET  /health  public\n')
  const ends = LISTENING.replace('await app.listen', 'if (false) await app.listen')
  const said =
    './example.mjs ended this command, or waits for what never comes: its routes were not read. Let it make the application and no more.\n'
  for (const source of [
    'process.exit(0)',
    'process.exit()',
    'export default () => process.exit(0)',
    'export default { ready: async () => process.exit(0), close: async () => {} }',
    `${ends}app.addHook('onClose', async () => process.exit(0))\nexport default app`,
    'export default () => new Promise(() => {})',
  ]) {
    writeFileSync(join(cwd, 'example.mjs'), source)
    const { status, stdout, stderr } = portcullisIn(cwd)('routes', '--check', '--app', './example.mjs')
    assert.deepEqual([status, stdout], [1, ''], source)
    assert.ok(stderr.endsWith(said), stderr)
  }
})

test('whatever a module throws is said, and no stack of the command', (t) => {
  const cwd = temporaryFolder(t)
  for (const thrown of ['undefined', 'null', '"a text"', '{}', '5', '{ message: 5 }']) {
    writeFileSync(join(cwd, 'example.mjs'), `throw ${thrown}`)
    const { status, stderr } = portcullisIn(cwd)('routes', '--app', './example.mjs')
    assert.equal(status, 1, thrown)
    assert.doesNotMatch(stderr, /main\.ts| {4}at /, thrown)
    assert.notEqual(stderr.trim(), '')
  }
})

test('TypeScript that was compiled to CommonJS is read like a module: the application itself, or a function that makes it', (t) => {
  const cwd = temporaryFolder(t)
  writeFileSync(join(cwd, 'package.json'), '{"type":"commonjs"}')
  writeFileSync(join(cwd, 'example.ts'), COMPILED)
  for (const [name, exported] of [
    ['made.js', 'made'],
    ['makes.js', '() => made'],
  ] as const) {
    writeFileSync(
      join(cwd, name),
      `"use strict"
Object.defineProperty(exports, "__esModule", { value: true })
const { made } = require('./example.ts')
exports.default = ${exported}
`,
    )
    assert.deepEqual(portcullisIn(cwd)('routes', '--app', `./${name}`), {
      status: 0,
      stdout: 'GET  /health  public\n',
      stderr: '',
    })
  }
})

test('a module with a fault of syntax is named, and the line of it', (t) => {
  const cwd = temporaryFolder(t)
  const fault = 'export const a = 1\nconst x = this is error\n'
  writeFileSync(join(cwd, 'package.json'), '{"type":"module"}')
  writeFileSync(join(cwd, 'plain.js'), fault)
  writeFileSync(join(cwd, 'typed.ts'), fault)
  writeFileSync(join(cwd, 'json.js'), "\nJSON.parse('{x')\n")
  writeFileSync(join(cwd, 'outer.js'), "import './plain.js'\n")
  for (const [name, said] of [
    ['plain.js', `Unexpected identifier 'is' (${join(cwd, 'plain.js')}:2)`],
    ['typed.ts', `Expected a semicolon (${join(cwd, 'typed.ts')}:2)`],
    ['json.js', `Expected property name or '}' in JSON at position 1 (line 1 column 2) (${join(cwd, 'json.js')}:2)`],
    ['outer.js', "Unexpected identifier 'is' (in a module that it imports; node ./outer.js says which)"],
  ] as const)
    assert.deepEqual(portcullisIn(cwd)('routes', '--app', `./${name}`), {
      status: 1,
      stdout: '',
      stderr: `./${name} can't be read: ${said}\n`,
    })
})

test('a module that is not there is named, with what names it', (t) => {
  const cwd = temporaryFolder(t)
  const absent = `and there is no file ${join(cwd, 'dist/app.js')}. Build it first, or name the module that makes the application.\n`
  writeFileSync(join(cwd, 'package.json'), '{"portcullis":{"app":"./dist/app.js"}}')
  for (const [args, names] of [
    [[], 'package.json ("portcullis": { "app": … })'],
    [['--app', './dist/app.js'], '--app'],
  ] as const)
    assert.deepEqual(portcullisIn(cwd)('routes', ...args), {
      status: 1,
      stdout: '',
      stderr: `./dist/app.js can't be read: ${names} names it, ${absent}`,
    })
  mkdirSync(join(cwd, 'dist/app.js'), { recursive: true })
  assert.ok(portcullisIn(cwd)('routes').stderr.endsWith(absent))
})

test('a default export that throws when it is called is named, and a plugin is told from what makes an application', (t) => {
  const cwd = temporaryFolder(t)
  const threw = 'its default export was called with nothing, to make the application, and threw: '
  for (const [name, source, said] of [
    [
      'plugin.mjs',
      "export default async (app) => app.get('/', () => 1)",
      "Cannot read properties of undefined (reading 'get')\nIt has a parameter, as a plugin has: export a function that makes the application itself.",
    ],
    ['makes.mjs', "export default () => { throw new Error('no database') }", 'no database'],
    ['text.mjs', "export default async () => { throw 'a text' }", 'a text'],
  ] as const) {
    writeFileSync(join(cwd, name), source)
    assert.deepEqual(portcullisIn(cwd)('routes', '--app', `./${name}`), {
      status: 1,
      stdout: '',
      stderr: `./${name}: ${threw}${said}\n`,
    })
  }
})
