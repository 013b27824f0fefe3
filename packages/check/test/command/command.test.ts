/** What a shell, a CI job and a person see of the command: its exit codes, its last line, what it changes and what it leaves alone. */
import assert from 'node:assert/strict'
import { execFileSync, spawn, spawnSync } from 'node:child_process'
import { chmodSync, cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { delimiter, join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { temporaryFolder } from '../evidence/repository.ts'
import { type Ran, run } from './run.ts'

const EXPRESS = fileURLToPath(new URL('../apps/express', import.meta.url))
const BIN = fileURLToPath(new URL('../../bin/portcullis-check.js', import.meta.url))
const MAIN = fileURLToPath(new URL('../../src/main.ts', import.meta.url))
const LIFE = 'src/config/constants.ts'

interface App {
  readonly folder: string
  readonly read: (file: string) => string
  /** Fails where the text to be replaced is not there: a change that changes nothing would test nothing. */
  readonly change: (file: string, from: string, to: string) => void
}

/** A copy of the small Express backend that passes all of the ten. */
const app = (t: TestContext): App => {
  const folder = join(temporaryFolder(t), 'app')
  cpSync(EXPRESS, folder, { recursive: true })
  const read = (file: string) => readFileSync(join(folder, file), 'utf8')
  return {
    folder,
    read,
    change: (file, from, to) => {
      assert.ok(read(file).includes(from), `${file} says ${from}`)
      writeFileSync(join(folder, file), read(file).replace(from, to))
    },
  }
}

const broken = (t: TestContext): App => {
  const made = app(t)
  made.change(LIFE, '15 * 60', '30 * 86400')
  return made
}

/** The sentence at the end of the page, on one line. */
const verdict = ({ stdout }: Ran): string =>
  stdout
    .slice(stdout.lastIndexOf('\nExit ') + 1)
    .replaceAll(/\s+/g, ' ')
    .trim()

const findingsIn = (json: string, id: string): readonly { readonly fingerprint: string }[] =>
  JSON.parse(json).items.find((one: { id: string }) => one.id === id)?.findings ?? []

test('the exit code and the last line say the same: 0 all passed, 1 a failure, 3 nothing failed and not all is proven', async (t) => {
  const { folder, change } = app(t)
  const passed = await run([folder])
  assert.deepEqual([passed.exit, verdict(passed)], [0, 'Exit 0: 13 passed, 1 not applicable.'])
  assert.equal(passed.stderr, '')
  change(LIFE, '15 * 60', 'Number(process.env.SOME_LIFE)')
  const open = await run([folder])
  assert.deepEqual([open.exit, verdict(open)], [3, 'Exit 3: nothing failed, but jwt-expiry was not proven.'])
  change(LIFE, 'Number(process.env.SOME_LIFE)', '30 * 86400')
  const failed = await run([folder])
  assert.deepEqual([failed.exit, verdict(failed)], [1, 'Exit 1: jwt-expiry failed.'])
})

test('--fail-on moves what counts as a failure, and the report stays as it is', async (t) => {
  const { folder, change } = app(t)
  change(LIFE, '15 * 60', 'Number(process.env.SOME_LIFE)')
  for (const [failOn, exit, says] of [
    ['fail', 3, 'nothing failed, but jwt-expiry was not proven.'],
    ['warn', 3, 'nothing failed, but jwt-expiry was not proven.'],
    ['not-proven', 1, 'jwt-expiry was not proven.'],
    ['never', 0, 'it was asked never to fail; jwt-expiry was not proven.'],
  ] as const) {
    const ran = await run([folder, '--fail-on', failOn])
    assert.deepEqual([ran.exit, verdict(ran)], [exit, `Exit ${exit}: ${says}`], failOn)
    assert.match(ran.stdout, /\? not proven {2}jwt-expiry/)
  }
})

test('what is not used right is exit 2 with a sentence on standard error, and no report', async (t) => {
  const { folder } = app(t)
  for (const [args, says] of [
    [['--jsn'], /^There is no option --jsn\. Did you mean --json\?\n/],
    [['--base', 'a.json'], /^There is no option --base\. Did you mean --baseline\?\n/],
    [['--fail=warn'], /^There is no option --fail\. Did you mean --fail-on\?\n/],
    [['--zzzzzz'], /^There is no option --zzzzzz\.\n/],
    [['--url'], /^--url needs a value/],
    [['--quiet=yes'], /^--quiet takes no value/],
    [['--fail-on', 'often'], /^--fail-on is one of fail, warn, not-proven, never\.\n/],
    [['--yes'], /^--yes is about --fix\.\n/],
    [['--json', '--html'], /^One format can be printed; write the others to files/],
    [['--json', 'report.json'], /^One folder at a time: .*\nTo write the report to a file: --json=report\.json\n/],
    [['--json=none/at/all.json'], /there is no folder none\/at\.\n/],
    [['--fix', '--json'], /^--fix shows a diff and no report/],
    [['--login', '{}'], /^--login needs --url/],
    [['--url', 'http://192.0.2.1/'], /--i-own-this-host/],
    [['--baseline', 'none.json'], /^--baseline none\.json: there is no such file\./],
    [['--baseline', join(folder, 'Dockerfile')], /it is not JSON, or cannot be read\./],
    [['--baseline', join(folder, 'package.json')], /is not a report that --json wrote/],
  ] as const) {
    const ran = await run([folder, ...args])
    assert.deepEqual([ran.exit, ran.stdout], [2, ''], `${args.join(' ')}: ${ran.stderr}`)
    assert.match(ran.stderr, says)
  }
  const nowhere = await run([join(folder, 'nowhere')])
  assert.equal(nowhere.exit, 2)
  assert.match(nowhere.stderr, /nowhere is no folder: there is nothing of that name\.\n/)
})

test('--baseline: what an earlier --json run found is known, and what is new decides', async (t) => {
  const { folder, change } = broken(t)
  const baseline = join(folder, '../baseline.json')
  assert.equal((await run([folder, `--json=${baseline}`])).exit, 1)
  const known = await run([folder, '--baseline', baseline])
  assert.equal(known.exit, 0)
  assert.equal(verdict(known), 'Exit 0: nothing is new; 1 finding is known from the baseline.')
  change('src/auth/tokens.ts', 'jti: sessionId }', 'jti: sessionId, email: user.email }')
  const more = await run([folder, '--baseline', baseline])
  assert.deepEqual([more.exit, verdict(more)], [1, 'Exit 1: jwt-payload failed.'])
})

test('a suppression takes its finding out of the report, until it expires; a faulty one is no run at all', async (t) => {
  const { folder } = broken(t)
  const [finding] = findingsIn((await run([folder, '--json'])).stdout, 'jwt-expiry')
  assert.ok(finding)
  const suppress = (...suppressions: readonly object[]) =>
    writeFileSync(join(folder, 'portcullis-check.json'), JSON.stringify({ suppressions }))
  const one = { fingerprint: finding.fingerprint, reason: 'A decision', expires: '2999-12-31' }
  suppress(one)
  const ran = await run([folder])
  assert.equal(ran.exit, 0, ran.stdout)
  assert.doesNotMatch(ran.stdout, /jwt-expiry/)
  suppress({ ...one, expires: '2020-01-31' })
  const expired = await run([folder])
  assert.deepEqual([expired.exit, verdict(expired)], [1, 'Exit 1: jwt-expiry failed.'])
  assert.match(expired.stdout, new RegExp(`${finding.fingerprint}.*expired`))
  suppress({ ...one, reason: '', expire: '2999-12-31' })
  const faulty = await run([folder])
  assert.deepEqual([faulty.exit, faulty.stdout], [2, ''])
  assert.match(
    faulty.stderr,
    /can't be used:\n {2}- suppressions\[0\]: unknown key "expire"\n {2}- suppressions\[0\]\.reason/,
  )
})

test('--fix without a terminal shows what it would change and changes nothing; --fix --yes changes it', async (t) => {
  const { folder, read } = broken(t)
  const before = read(LIFE)
  const shown = await run([folder, '--fix'])
  assert.equal(shown.exit, 0)
  assert.match(shown.stdout, /^-.*30 \* 86400\n\+.*900\n/m)
  assert.match(shown.stdout, /\nNothing was changed; --fix --yes changes it\.\n$/)
  assert.equal(read(LIFE), before)
  const changed = await run([folder, '--fix', '--yes'])
  assert.deepEqual([changed.exit, changed.stderr], [0, ''])
  assert.match(changed.stdout, /\n1 changed\.\n$/)
  assert.equal(read(LIFE), before.replace('30 * 86400', '900'))
  assert.equal((await run([folder])).exit, 0)
  assert.equal((await run([folder, '--fix'])).stdout, 'Nothing here is mended by changing one literal.\n')
})

test('without git the history of a repository is not proven, and a folder that is none has no history', async (t) => {
  const { folder } = app(t)
  const secrets = async () => {
    const { stdout } = await run([folder, '--json'], { env: { PATH: join(folder, 'nothing-in-here') } })
    const { items } = JSON.parse(stdout) as { items: { id: string; outcome: string; summary: string }[] }
    const found = items.find(({ id }) => id === 'hardcoded-secret')
    return [found?.outcome, found?.summary]
  }
  assert.deepEqual(await secrets(), ['pass', 'No secret in the files; there is no git history.'])
  execFileSync('git', ['init', '-q', folder])
  assert.deepEqual(await secrets(), ['not-proven', 'Not all of the git history could be read: git is not installed.'])
})

test('a backend that refuses the connection proves nothing and takes no pass of the source away', async (t) => {
  const { folder } = app(t)
  const server = createServer().listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  const ran = await run([folder, '--url', `http://127.0.0.1:${port}`, '--json'])
  assert.equal(ran.exit, 3)
  assert.match(ran.stderr, /^What will be sent:\n/)
  const why = `othing listens at http://127.0.0.1:${port}: start the backend, or check the port`
  assert.ok(ran.stderr.endsWith(`\n\nN${why}.\n`), ran.stderr)
  assert.equal((await run([folder, '--url', `http://127.0.0.1:${port}`, '--quiet', '--json'])).stderr, `N${why}.\n`)
  const { items } = JSON.parse(ran.stdout) as { items: { id: string; outcome: string; summary: string }[] }
  assert.deepEqual(
    [...new Set(items.filter(({ outcome }) => outcome === 'not-proven').map(({ summary }) => summary))],
    [`n${why}`],
  )
  const outcomes = new Map(items.map(({ id, outcome }) => [id, outcome]))
  assert.deepEqual([outcomes.get('default-deny'), outcomes.get('error-disclosure')], ['pass', 'not-proven'])
  assert.ok(![...outcomes.values()].includes('fail'))
})

test('whoever stops reading is no mistake: no complaint, and the exit code is what was found', async (t) => {
  const { folder } = broken(t)
  const child = spawn(process.execPath, [BIN, folder, '--json'], { stdio: ['ignore', 'pipe', 'pipe'] })
  let complaint = ''
  child.stderr.on('data', (chunk: Buffer) => {
    complaint += chunk.toString()
  })
  child.stdout.destroy()
  const exit = await new Promise((resolve) => child.on('close', resolve))
  assert.deepEqual([exit, complaint], [1, ''])
})

test('the launcher runs the sources of a fresh checkout, and tells a Node that is too old which one it needs', () => {
  assert.match(execFileSync(process.execPath, [BIN, '--help'], { encoding: 'utf8' }), /^portcullis-check \[FOLDER\]/)
  assert.match(execFileSync(process.execPath, [BIN, '--version'], { encoding: 'utf8' }), /^\d+\.\d+\.\d+\n$/)
  const old = (process.env['PATH'] ?? '')
    .split(delimiter)
    .map((folder) => join(folder, 'node'))
    .find((one) => existsSync(one) && Number(/^v(\d+)/.exec(execFileSync(one, ['-v'], { encoding: 'utf8' }))?.[1]) < 24)
  // Where no old one is installed, this one says that it is.
  const pretending = "--import=data:text/javascript,Object.defineProperty(process,'versions',{value:{node:'20.0.0'}})"
  const ran = spawnSync(old ?? process.execPath, [...(old === undefined ? [pretending] : []), BIN], {
    encoding: 'utf8',
  })
  assert.deepEqual([ran.status, ran.stdout], [2, ''])
  assert.match(ran.stderr, /^portcullis-check needs Node 24 or newer; this is v[\d.]+\.\n$/)
})

test('a path of a hostile document changes nothing in the terminal', async (t) => {
  const { folder } = app(t)
  const paths = {
    '/a\u001b]0;mine\u0007\u202e\nWhat will be sent:': { get: { responses: { 200: { description: '' } } } },
  }
  const server = createServer((_request, response) => {
    response.setHeader('content-type', 'application/json')
    response.end(JSON.stringify({ openapi: '3.1.0', info: { title: 'a', version: '1' }, paths }))
  }).listen(0, '127.0.0.1')
  t.after(() => server.close())
  await new Promise((resolve) => server.once('listening', resolve))
  const { port } = server.address() as AddressInfo
  const { stderr } = await run([folder, '--url', `http://127.0.0.1:${port}`, '--json'])
  assert.match(stderr, /\\x1b\]0;mine\\x07\\u202e/)
  // biome-ignore lint/suspicious/noControlCharactersInRegex: it is them that must not be there
  assert.doesNotMatch(stderr, /[\u001b\u0007\u202e]|\nWhat will be sent:/)
})

/** As a user who is not the one that owns the files; whoever runs the tests may be root, who reads everything. */
const asSomebody = (folder: string): { exit: number | null; stdout: string; stderr: string } => {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['--conditions=source', MAIN, folder, '--json'], {
    encoding: 'utf8',
    timeout: 60_000,
    ...(process.getuid?.() === 0 ? { uid: 65534, gid: 65534 } : {}),
  })
  return { exit: status, stdout, stderr }
}

test('a folder that may not be read is told plainly, and a file that may not takes every pass away', (t) => {
  const folder = temporaryFolder(t)
  chmodSync(folder, 0o755)
  writeFileSync(join(folder, 'main.py'), 'from fastapi import FastAPI\napp = FastAPI()\n')
  writeFileSync(join(folder, 'settings.py'), 'DEBUG = True\n')
  chmodSync(join(folder, 'settings.py'), 0o000)
  const { stdout } = asSomebody(folder)
  const items: readonly { id: string; outcome: string; findings: readonly { message: string }[] }[] =
    JSON.parse(stdout).items
  const passed = items.filter((one) => one.outcome === 'pass').map(({ id }) => id)
  assert.deepEqual(passed, [])
  assert.match(stdout, /Not all of the program could be read: cannot read settings\.py\./)
  const locked = join(folder, 'locked')
  mkdirSync(join(locked, 'inner'), { recursive: true })
  chmodSync(locked, 0o000)
  const said = [locked, join(locked, 'inner')].map((one) => ({ one, ...asSomebody(one) }))
  // Before anything is asserted: what may not be read may not be removed either.
  chmodSync(locked, 0o755)
  for (const { one, exit, stderr } of said) {
    assert.equal(exit, 2)
    assert.ok(stderr.includes(`${one} can't be read: this user has no permission to.`), stderr)
  }
})

test('a folder without a name is what a variable gives that nobody set', async () => {
  const { exit, stderr } = await run([''])
  assert.equal(exit, 2)
  assert.match(stderr, /^The folder has an empty name: leave it out to check this one\.$/m)
})
