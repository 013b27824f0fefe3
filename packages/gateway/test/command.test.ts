import assert from 'node:assert/strict'
import { spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { test } from 'node:test'
import { generateSecret } from 'portcullis/sessions'
import { documentOf, folder, operation, startUpstream } from './rig.ts'

const LAUNCHER = join(import.meta.dirname, '../bin/portcullis-gateway.js')
const LIBRARY = join(import.meta.dirname, '../../portcullis/bin/portcullis.js')
const document = documentOf({
  '/health': { get: operation() },
  '/items': { get: operation({ security: [{ Bearer: [] }] }), options: operation() },
})

/** A folder with a document and the settings that open one route. */
const place = (t: TestContext): string => {
  const cwd = folder(t)
  writeFileSync(join(cwd, 'openapi.json'), JSON.stringify(document))
  writeFileSync(join(cwd, 'gateway.json'), JSON.stringify({ access: { 'GET /health': 'public' } }))
  return cwd
}
const OPTIONS = ['--openapi', 'openapi.json', '--settings', 'gateway.json']

/** Starts the command, and waits until it listens. */
const start = async (t: TestContext, args: readonly string[], env: Record<string, string>, cwd: string) => {
  const child = spawn(process.execPath, [LAUNCHER, ...args], { cwd, env: { PATH: process.env['PATH'] ?? '', ...env } })
  t.after(() => child.kill('SIGTERM'))
  let printed = ''
  const exited = new Promise<number | null>((resolve) => child.once('exit', resolve))
  const address = await new Promise<string>((resolve, reject) => {
    const read = (chunk: Buffer): void => {
      printed += chunk.toString()
      const found = /http:\/\/127\.0\.0\.1:\d+/.exec(printed.replace(/upstream {2}\S+/, ''))?.[0]
      if (found !== undefined) resolve(found)
    }
    child.stdout.on('data', read)
    child.stderr.on('data', read)
    void exited.then((code) => reject(new Error(`it ended with ${code}: ${printed}`)))
  })
  return { address, child, exited, output: () => printed }
}

test('in development it makes what is missing and shows who may call what; SIGTERM ends it in order', async (t) => {
  const upstream = await startUpstream(t, (_request, response) => setTimeout(() => response.end('late'), 700))
  const cwd = place(t)
  const args = ['--upstream', upstream.address, ...OPTIONS, '--port', '0', '--development']
  const { address, child, exited, output } = await start(t, args, {}, cwd)
  for (const line of [
    /JWT_SECRET in \.\/data\/development-jwt-secret \(mode 0600\)/,
    /GET {5}\/health {2,}public {2,}document says: open/,
    /GET {5}\/items {2,}authenticated {2,}document says: Bearer/,
    /not served: OPTIONS \/items is not forwarded/,
  ])
    assert.match(output(), line)
  const asked = fetch(`${address}/health`)
  for (let tries = 0; upstream.reached.length === 0; tries += 1) {
    assert.ok(tries < 500, 'the request did not reach the upstream')
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
  child.kill('SIGTERM')
  assert.equal(await (await asked).text(), 'late')
  assert.equal(await exited, 0)
})

test('outside development it refuses with everything that is wrong at once, and exit 1', (t) => {
  const ran = spawnSync(process.execPath, [LAUNCHER, '--port', 'x'], { cwd: folder(t), encoding: 'utf8', env: {} })
  assert.equal(ran.status, 1)
  for (const name of ['UPSTREAM is missing', 'JWT_SECRET is missing', 'IDENTITY_SECRET is missing', 'PORT'])
    assert.ok(ran.stderr.includes(name), `${name} in ${ran.stderr}`)
})

test('the lock file: written, held, and red when a route opens', (t) => {
  const cwd = place(t)
  const env = { PATH: process.env['PATH'] ?? '' }
  const run = (...args: readonly string[]) =>
    spawnSync(process.execPath, [LAUNCHER, 'routes', '--upstream', 'http://127.0.0.1:9', ...OPTIONS, ...args], {
      cwd,
      encoding: 'utf8',
      env,
    })
  assert.match(run('--check').stderr, /can't be read. Write it first/)
  assert.match(run('--write').stdout, /access\.lock: \d+ routes\./)
  assert.deepEqual([run('--check').status, run('--check').stderr], [0, ''])
  writeFileSync(join(cwd, 'gateway.json'), JSON.stringify({ access: { 'GET /items': 'public' } }))
  const red = run('--check')
  assert.equal(red.status, 1)
  assert.match(red.stdout, /opened {4}GET \/items {2}authenticated → public/)
  assert.match(red.stdout, /closed {4}GET \/health {2}public → authenticated/)
  assert.match(run().stdout, /GET {5}\/items {2,}public {2,}document says: Bearer/)
})

test('--version says which release it is, and needs nothing', (t) => {
  const { version } = JSON.parse(readFileSync(join(import.meta.dirname, '../package.json'), 'utf8'))
  for (const args of [
    [LAUNCHER, '--version'],
    [LIBRARY, 'gateway', '--version'],
  ]) {
    const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd: folder(t), encoding: 'utf8', env: {} })
    assert.deepEqual([status, stdout, stderr], [0, `${version}\n`, ''])
  }
})

test('portcullis gateway is the same command', (t) => {
  const ran = spawnSync(process.execPath, [LIBRARY, 'gateway', '--help'], { cwd: folder(t), encoding: 'utf8' })
  assert.match(ran.stdout, /^portcullis-gateway --upstream URL/)
  assert.equal(ran.status, 0)
})

test('it starts in production with what it needs, and logs what the document leaves open', async (t) => {
  const upstream = await startUpstream(t)
  const cwd = place(t)
  const env = { UPSTREAM: upstream.address, PORT: '0', JWT_SECRET: generateSecret(), IDENTITY_SECRET: generateSecret() }
  const { address, output } = await start(t, OPTIONS, env, cwd)
  assert.equal((await fetch(`${address}/health`)).status, 200)
  assert.equal((await fetch(`${address}/items`)).status, 401)
  assert.match(output(), /not served: OPTIONS \/items is not forwarded/)
})

test('a development secret that somebody emptied is named, with what to do', (t) => {
  const cwd = place(t)
  const path = join(cwd, 'data', 'development-identity-secret')
  mkdirSync(join(cwd, 'data'))
  writeFileSync(path, '')
  const args = [LAUNCHER, '--upstream', 'http://127.0.0.1:1', ...OPTIONS, '--development']
  const { status, stderr } = spawnSync(process.execPath, args, {
    cwd,
    encoding: 'utf8',
    env: { PATH: process.env['PATH'] ?? '' },
    timeout: 15_000,
  })
  assert.deepEqual(
    [status, stderr],
    [
      1,
      `The development secret in ${path} can't be used (it holds none): remove it, and another one is made; or set IDENTITY_SECRET.\n`,
    ],
  )
})

test('in development no secret is made where another setting is wrong, and all that is wrong is said', (t) => {
  const cwd = place(t)
  const args = [LAUNCHER, '--upstream', 'http://127.0.0.1:1', ...OPTIONS, '--port', 'x', '--development']
  const { status, stderr } = spawnSync(process.execPath, args, {
    cwd,
    encoding: 'utf8',
    env: { PATH: process.env['PATH'] ?? '', LIMIT_CLIENT: 'many' },
    timeout: 15_000,
  })
  assert.equal(status, 1)
  for (const name of ['PORT', 'LIMIT_CLIENT']) assert.match(stderr, new RegExp(`\\b${name}\\b`))
  assert.equal(existsSync(join(cwd, 'data')), false)
})
