/**
 * Takes the ready backend out of this repository, as docs/backend.md says one may, beside the packed libraries: it builds there, starts,
 * answers, and its access table holds. Run by `npm run test:package` after `npm run build`.
 */
import assert from 'node:assert/strict'
import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { generateSecret } from 'portcullis/sessions'

const root = join(import.meta.dirname, '../../../..')
const COPIED = ['src', 'package.json', 'tsconfig.build.json', 'access.lock']
const LISTENS_MS = 20_000

const folder = mkdtempSync(join(tmpdir(), 'portcullis-copy-'))
const mine = join(folder, 'mine')
// The Node that runs this, and nothing that would change how another one starts.
const env = {
  ...process.env,
  PATH: `${dirname(process.execPath)}${delimiter}${process.env['PATH']}`,
  NODE_OPTIONS: '',
  PORT: '0',
}
const run = (command: string, args: readonly string[], cwd: string): string =>
  execFileSync(command, args, { cwd, env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] })

const packed = (name: string): string => {
  const [{ filename }] = JSON.parse(
    run('npm', ['pack', '--json', '--pack-destination', folder], join(root, 'packages', name)),
  ) as [{ filename: string }]
  return join(folder, filename)
}

const answers = async (args: readonly string[], more: NodeJS.ProcessEnv = {}): Promise<void> => {
  const child = spawn(process.execPath, args, {
    cwd: mine,
    env: { ...env, ...more },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const ended = once(child, 'exit')
  try {
    let printed = ''
    const address = await new Promise<string>((resolve, reject) => {
      child.stdout.on('data', (text: Buffer) => {
        printed += text.toString()
        const found = /(?:address {2}|listening at )(http:[^\s"]+)/.exec(printed)?.[1]
        if (found !== undefined) resolve(found)
      })
      child.once('exit', (code) => reject(new Error(`it ended with ${code}: ${printed}`)))
      setTimeout(() => reject(new Error(`it does not listen: ${printed}`)), LISTENS_MS).unref()
    })
    assert.equal((await fetch(`${address}/health`)).status, 200)
    assert.equal((await fetch(`${address}/users/me`)).status, 401)
    const body = JSON.stringify({ email: 'ada@example.com', username: 'ada', password: 'correct-horse-battery' })
    const headers = { 'content-type': 'application/json' }
    assert.equal((await fetch(`${address}/auth/register`, { method: 'POST', headers, body })).status, 201)
  } finally {
    child.kill('SIGTERM')
    await ended
  }
}

try {
  for (const name of COPIED) cpSync(join(root, 'packages/backend', name), join(mine, name), { recursive: true })
  run('npm', ['install', '--no-audit', '--no-fund', packed('portcullis'), packed('check')], mine)
  // A condition that others have for packages of their own leads to what was published.
  run(
    process.execPath,
    ['--conditions=source', '--input-type=module', '--eval', "await import('portcullis/fastify')"],
    mine,
  )
  run('npm', ['run', '--silent', 'build'], mine)
  // Each module of a package would be read and compiled at each start.
  for (const file of readdirSync(join(mine, 'dist')))
    assert.doesNotMatch(readFileSync(join(mine, 'dist', file), 'utf8'), /^import .*from "(?!node:|\.)/m, file)
  assert.match(run('npm', ['run', '--silent', 'routes', '--', '--check'], mine), /holds|routes/)
  await answers(['src/main.ts', '--development'])
  await answers(['dist/main.js'], { JWT_SECRET: generateSecret(), DATABASE_URL: 'sqlite:built.db' })
  process.stdout.write('ok - the ready backend, copied out of the repository, builds, starts and answers\n')
} finally {
  rmSync(folder, { recursive: true, force: true })
}
