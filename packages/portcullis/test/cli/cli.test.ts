import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { keyRing } from '../../src/layers/sessions/index.ts'
import { openStorage } from '../../src/storage/index.ts'

const bin = join(import.meta.dirname, '../../bin/portcullis.js')
const adapter = join(import.meta.dirname, '../../src/adapters/fastify/index.ts')
const sessions = join(import.meta.dirname, '../../src/layers/sessions/index.ts')
const fastify = import.meta.resolve('fastify')

const run = (args: readonly string[], cwd: string = tmpdir()) =>
  spawnSync(process.execPath, [bin, ...args], { cwd, encoding: 'utf8', env: { PATH: process.env['PATH'] ?? '' } })

const application = (access: string): string => `
import Fastify from '${fastify}'
import { portcullis, role } from '${adapter}'
import { generateSecret } from '${sessions}'
export default async () => {
  const app = Fastify()
  await app.register(portcullis, { sessions: { secret: generateSecret() }, identify: () => null })
  app.get('/health', { config: { access: 'public' } }, async () => ({}))
  app.delete('/orders/:id', { config: { access: ${access} } }, async () => ({}))
  return app
}
`

test('keys prints one line that a ring takes, of each algorithm', () => {
  for (const args of [[], ['--alg', 'HS256'], ['--alg', 'EdDSA'], ['--alg', 'ES256']]) {
    const { stdout, status } = run(['keys', ...args])
    assert.equal(status, 0)
    assert.match(stdout, /^\S+\n$/)
    keyRing([stdout.trim()])
  }
  assert.equal(run(['keys', '--alg', 'none']).status, 2)
})

test('routes prints, writes and checks the table of the application that package.json names', (t) => {
  const cwd = mkdtempSync(join(tmpdir(), 'portcullis-cli-'))
  t.after(() => rmSync(cwd, { recursive: true, force: true }))
  assert.equal(run(['routes'], cwd).status, 2)
  writeFileSync(join(cwd, 'package.json'), JSON.stringify({ type: 'module', portcullis: { app: './app.ts' } }))
  writeFileSync(join(cwd, 'app.ts'), application("role('admin')"))
  assert.equal(run(['routes'], cwd).stdout, 'GET     /health      public\nDELETE  /orders/:id  role admin\n')
  const missing = run(['routes', '--check'], cwd)
  assert.equal(missing.status, 1)
  assert.match(missing.stderr, /access\.lock can't be read\. Write it first: npx portcullis routes --write/)
  assert.equal(run(['routes', '--write'], cwd).stdout, 'access.lock: 2 routes.\n')
  assert.match(run(['routes', '--check'], cwd).stdout, /access\.lock holds: 2 routes, none changed/)

  writeFileSync(join(cwd, 'app.ts'), application("'public'"))
  const opened = run(['routes', '--check'], cwd)
  assert.equal(opened.status, 1)
  assert.match(opened.stdout, /opened +DELETE \/orders\/:id {2}role admin → public/)
  assert.match(opened.stdout, /If that is meant, run npx portcullis routes --write and commit it/)
  assert.match(readFileSync(join(cwd, 'access.lock'), 'utf8'), /role admin/, 'a check must not write')
  assert.equal(run(['routes', '--check', '--write'], cwd).status, 2)
})

test('what is typed wrong is answered with what to type, and exit 2', () => {
  for (const args of [
    [],
    ['route'],
    ['keys', '--algo', 'x'],
    ['users'],
    ['users', 'promote', 'ada'],
    ['users', 'grant', 'ada'],
    ['users', 'grant', 'ada', 'Admin!'],
    ['routes', '--app'],
  ]) {
    const { status, stderr } = run(args)
    assert.equal(status, 2, args.join(' '))
    assert.notEqual(stderr, '')
    assert.doesNotMatch(stderr, /\n\s+at /, 'a stack is no help')
  }
  for (const command of ['routes', 'keys', 'users'])
    assert.match(run([command, '--help']).stdout, new RegExp(`^portcullis ${command}`))
  assert.match(run(['--help']).stdout, /^portcullis COMMAND/)
})

test('users keeps people in the database it is given', async (t) => {
  const cwd = mkdtempSync(join(tmpdir(), 'portcullis-cli-'))
  t.after(() => rmSync(cwd, { recursive: true, force: true }))
  await (await openStorage(`sqlite:${join(cwd, 'x/people.db')}`)).close()
  const listed = run(['users', 'list', '--database', 'sqlite:./x/people.db'], cwd)
  assert.equal(listed.stdout, '0 accounts.\n')
  const nobody = run(['users', 'grant', 'nobody@example.com', 'admin', '--database', 'sqlite:./x/people.db'], cwd)
  assert.equal(nobody.status, 1)
  assert.match(nobody.stderr, /There is no account/)
  assert.equal(run(['users', 'list', '--database', 'mysql://x'], cwd).status, 1)
})
