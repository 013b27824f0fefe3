/**
 * Packs the gateway and the library, installs both tarballs into an empty project on Node 24 and on Node 26, and puts the packed command in
 * front of a small backend there. Run by `npm run test:package` after a build.
 */
import assert from 'node:assert/strict'
import type { ChildProcess } from 'node:child_process'
import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { publint } from 'publint'
import { formatMessage } from 'publint/utils'

const packages = join(import.meta.dirname, '../../..')
const packageFolder = join(packages, 'gateway')
const NODES = ['24.21.0', '26.10.0']
const ok = { 200: { description: 'ok' } }
const DOCUMENT = {
  openapi: '3.1.0',
  info: { title: 'a backend', version: '1' },
  paths: { '/health': { get: { responses: ok } }, '/items': { get: { responses: ok } } },
}

/** Not synchronously: the backend that the command asks is in this process. */
const run = async (command: string, args: readonly string[], cwd: string): Promise<string> =>
  (await promisify(execFile)(command, args, { cwd })).stdout

const listening = (child: ChildProcess): Promise<string> =>
  new Promise((resolve, reject) => {
    let printed = ''
    child.stdout?.on('data', (chunk: Buffer) => {
      printed += chunk.toString()
      const address = /address {3}(http:\S+)/.exec(printed)?.[1]
      if (address !== undefined) resolve(address)
    })
    child.once('exit', (code) => reject(new Error(`the gateway ended with ${code}: ${printed}`)))
    setTimeout(() => reject(new Error('the gateway did not listen in 20 s')), 20_000).unref()
  })

const consumer = async (version: string, tarballs: readonly string[], upstream: string): Promise<void> => {
  const project = mkdtempSync(join(tmpdir(), `portcullis-gateway-consumer-${version.split('.')[0]}-`))
  try {
    writeFileSync(
      join(project, 'package.json'),
      JSON.stringify({ name: 'consumer', private: true, allowScripts: { node: true } }),
    )
    await run('npm', ['install', '--no-audit', '--no-fund', ...tarballs, `node@${version}`], project)
    writeFileSync(join(project, 'gateway.json'), JSON.stringify({ access: { 'GET /health': 'public' } }))
    const node = join(project, 'node_modules/.bin/node')
    const options = ['--upstream', upstream, '--settings', 'gateway.json']
    assert.match(
      await run(node, ['node_modules/portcullis/bin/portcullis.js', 'gateway', 'routes', ...options], project),
      /GET {5}\/items {2,}authenticated {2,}document says: open/,
    )
    const command = 'node_modules/portcullis-gateway/bin/portcullis-gateway.js'
    const child = spawn(node, [command, ...options, '--port', '0', '--development'], {
      cwd: project,
      env: { PATH: process.env['PATH'] ?? '' },
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    try {
      const address = await listening(child)
      assert.equal(await (await fetch(`${address}/health`)).text(), 'behind')
      assert.equal((await fetch(`${address}/items`)).status, 401)
    } finally {
      child.kill('SIGKILL')
    }
    process.stdout.write(`ok - the packed gateway stands in front of a backend on Node ${version}\n`)
  } finally {
    rmSync(project, { recursive: true, force: true })
  }
}

assert.ok(existsSync(join(packageFolder, 'dist/main.js')), 'run npm run build first')
const { messages, pkg } = await publint({ pkgDir: packageFolder, strict: true })
assert.deepEqual(
  messages.map((message) => formatMessage(message, pkg)),
  [],
  'publint',
)
const packed = mkdtempSync(join(tmpdir(), 'portcullis-gateway-packed-'))
const backend = createServer((request, response) =>
  response.end(request.url === '/openapi.json' ? JSON.stringify(DOCUMENT) : 'behind'),
)
await once(backend.listen(0, '127.0.0.1'), 'listening')
try {
  const tarballs: string[] = []
  for (const name of ['portcullis', 'gateway']) {
    const output = await run('npm', ['pack', '--json', '--pack-destination', packed], join(packages, name))
    const [{ filename }] = JSON.parse(output) as [{ filename: string }]
    tarballs.push(join(packed, filename))
  }
  const { port } = backend.address() as AddressInfo
  for (const version of NODES) await consumer(version, tarballs, `http://127.0.0.1:${port}`)
  process.stdout.write(`${NODES.length} passed, 0 failed\n`)
} finally {
  backend.close()
  rmSync(packed, { recursive: true, force: true })
}
