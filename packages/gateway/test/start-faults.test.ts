import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { test } from 'node:test'
import { generateSecret } from 'portcullis/sessions'
import { programIn } from '../../portcullis/test/cli/command.ts'
import { table } from '../src/settings.ts'
import { documentOf, folder, operation, startUpstream } from './rig.ts'

const MAIN = join(import.meta.dirname, '../src/main.ts')
const NOBODY = 'http://127.0.0.1:9'
const SERVE = ['--upstream', NOBODY, '--openapi', 'openapi.json', '--port', '0', '--development']
const ROUTES = ['routes', '--upstream', NOBODY, '--openapi', 'openapi.json']

/** Runs the command where it must end by itself. */
const ended = (cwd: string, args: readonly string[], env: Readonly<Record<string, string>> = {}) =>
  programIn(MAIN, cwd, env)(...args)

const refused = (...faults: readonly string[]) => ({
  status: 1,
  stdout: '',
  stderr: `These settings can't be used:\n${faults.map((fault) => `  - ${fault}\n`).join('')}`,
})

/** A folder with a document. */
const place = (t: TestContext): string => {
  const cwd = folder(t)
  writeFileSync(join(cwd, 'openapi.json'), JSON.stringify(documentOf({ '/items': { delete: operation() } })))
  return cwd
}

const UPSTREAM = 'UPSTREAM is missing. Say where the backend is: --upstream http://127.0.0.1:8000.'
const secretMissing = (name: string): string =>
  `${name} is missing. Make one: npx portcullis keys. (To try it out: --development.)`
const UNREAD = 'gateway.json is here and was not read: give --settings gateway.json (or move it away).'

test('what is missing is a sentence that can be acted on, the backend first', (t) => {
  const cwd = folder(t)
  const secrets = [secretMissing('IDENTITY_SECRET'), secretMissing('JWT_SECRET')]
  assert.deepEqual(ended(cwd, []), refused(UPSTREAM, ...secrets))
  assert.deepEqual(
    ended(cwd, ['--port', 'x']),
    refused(UPSTREAM, 'PORT: takes a whole number from 0 to 65535 (port)', ...secrets),
  )
  assert.deepEqual(
    ended(cwd, ['--upstream', NOBODY, '--issuer', 'https://id.example.com']),
    refused(
      secretMissing('IDENTITY_SECRET'),
      'AUDIENCE is missing. Say what the tokens of the issuer must be for: --audience TEXT.',
    ),
  )
})

test('a secret that npm has put its own lines before is said to be so, and not shown', (t) => {
  const JWT_SECRET = `\n> shop@1.0.0 keys\n> portcullis keys\n\n${generateSecret()}`
  const { status, stderr } = ended(folder(t), ['--upstream', NOBODY], { JWT_SECRET, IDENTITY_SECRET: generateSecret() })
  assert.equal(status, 1)
  assert.match(stderr, / {2}- JWT_SECRET: holds white space: if it comes from npm run keys, add --silent\n/)
  assert.doesNotMatch(stderr, /shop@/)
  assert.ok(!stderr.includes(JWT_SECRET.slice(-43)))
})

test('no sentence for a terminal has the Markdown of the page', () => {
  for (const [name, { remedy = '' }] of Object.entries<{ readonly remedy?: string }>(table))
    assert.doesNotMatch(remedy, /[`*[\]]/, name)
})

test('a gateway.json that nobody named stops the start, and the table: what it closes would be open', (t) => {
  const cwd = place(t)
  writeFileSync(join(cwd, 'gateway.json'), JSON.stringify({ access: { 'DELETE /items': 'role admin' } }))
  for (const args of [SERVE, ROUTES, [...ROUTES, '--write'], [...ROUTES, '--check']])
    for (const env of [{}, { SETTINGS: '' }]) assert.deepEqual(ended(cwd, args, env), refused(UNREAD), args.join(' '))
  assert.deepEqual(
    ended(cwd, []),
    refused(UPSTREAM, secretMissing('IDENTITY_SECRET'), secretMissing('JWT_SECRET'), UNREAD),
  )
  for (const [args, env] of [
    [[...ROUTES, '--settings', 'gateway.json'], {}],
    [ROUTES, { SETTINGS: './gateway.json' }],
  ] as const)
    assert.match(ended(cwd, args, env).stdout, /DELETE {2}\/items {2,}role admin/)
  // Another file is a decision.
  writeFileSync(join(cwd, 'other.json'), '{}')
  assert.match(ended(cwd, [...ROUTES, '--settings', 'other.json']).stdout, /DELETE {2}\/items {2,}authenticated/)
})

test('so does one that leads nowhere, and without any the table is for everybody who registers', (t) => {
  const cwd = place(t)
  assert.match(ended(cwd, ROUTES).stdout, /DELETE {2}\/items {2,}authenticated/)
  symlinkSync('/nowhere/gateway.json', join(cwd, 'gateway.json'))
  assert.deepEqual(ended(cwd, ROUTES), refused(UNREAD))
})

test('help and page say whom a route is for that nobody named', () => {
  assert.match(ended('/', ['--help']).stdout, /is for everybody who\n +registers, and anybody may register/)
  for (const page of ['gateway.md', 'gateway-settings.md']) {
    const text = readFileSync(join(import.meta.dirname, '../../../docs', page), 'utf8')
    assert.match(text, /everybody who registers, and anybody may register/, page)
    assert.doesNotMatch(text, /all are closed/, page)
  }
})

test('a settings file that can not be read is said with the reason', (t) => {
  const cwd = place(t)
  mkdirSync(join(cwd, 'here'))
  for (const [file, why] of [
    ['nope.json', 'there is no such file'],
    ['here', 'it is a folder'],
    ['openapi.json/x', 'there is no such file'],
  ] as const)
    assert.deepEqual(ended(cwd, [...ROUTES, '--settings', file]), refused(`${file}: can't be read: ${why}`))
})

test('a HOST that can not be listened on is named', (t) => {
  const cwd = place(t)
  const instead = 'set it to 127.0.0.1, to another address of this machine, or to 0.0.0.0 for all.\n'
  for (const [HOST, sentence] of [
    [
      '999.1.1.1',
      /^HOST "999\.1\.1\.1" (?:is neither an address nor a name that is known here|could not be looked up): /,
    ],
    // RFC 5737: nobody's.
    ['203.0.113.7', /^HOST "203\.0\.113\.7" is no address of this machine: /],
    ['\u001b[31m', /^HOST "\\u001b\[31m" (?:is neither|could not)/],
  ] as const) {
    const { status, stdout, stderr } = ended(cwd, SERVE, { HOST })
    assert.deepEqual([status, stdout], [1, ''])
    assert.match(stderr, sentence)
    assert.ok(stderr.endsWith(instead), stderr)
  }
})

test('a PORT that is taken is named', async (t) => {
  const server = createServer().listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  t.after(() => server.close())
  const { port } = server.address() as { port: number }
  const { status, stderr } = ended(place(t), [...SERVE, '--port', String(port)])
  assert.deepEqual([status, stderr], [1, 'The port is taken: end what listens there, or set PORT to another one.\n'])
})

test('a backend that has no document in the usual place is told where else it may be', async (t) => {
  const { address } = await startUpstream(t, (_request, response) => response.writeHead(404).end())
  const child = spawn(process.execPath, ['--conditions=source', MAIN, '--upstream', address, '--development'], {
    cwd: folder(t),
    env: { PATH: process.env['PATH'] },
  })
  child.stderr.setEncoding('utf8')
  assert.equal(
    (await child.stderr.toArray()).join(''),
    `The OpenAPI document can't be used (${address}/openapi.json): ${address}/openapi.json answered 404: if the document is elsewhere, or a file, name it by --openapi.\n`,
  )
})
