import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { Agent, request } from 'node:http'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { generateSecret, keyRing } from 'portcullis/sessions'
import type { RunningBackend } from '../backend.ts'
import { call, failedStart, folder, person, production, startBackend, UNLIMITED } from '../backend.ts'

const bin = join(import.meta.dirname, '../../../portcullis/bin/portcullis.js')
const METRICS_TOKEN = generateSecret()
const kid = (secret: string): string => keyRing([secret]).signing.kid

/** Backends over one database and one file of keys. */
const cluster = async (t: TestContext, secrets: readonly string[], count: number) => {
  const path = folder(t)
  const file = join(path, 'keys')
  writeFileSync(file, `${secrets.join('\n')}\n`, { mode: 0o600 })
  const { JWT_SECRET: _, ...env } = production(path, { ...UNLIMITED, METRICS_TOKEN, JWT_SECRET_FILE: file })
  const backends: RunningBackend[] = []
  for (let started = 0; started < count; started += 1) {
    const one = await startBackend(env)
    t.after(() => one.stop('SIGKILL'))
    backends.push(one)
  }
  return { file, env, backends, first: backends[0] as RunningBackend }
}

const read = async (address: string, token: string): Promise<number> =>
  (await call(address, 'GET', '/users/me', { token })).status

const figures = async ({ address }: RunningBackend): Promise<string> =>
  (await call(address, 'GET', '/metrics', { token: METRICS_TOKEN })).text

/** Waits until it is so, and answers how long that took in ms. */
const until = async (what: string, so: () => boolean | Promise<boolean>, within = 5_000): Promise<number> => {
  const start = performance.now()
  while (!(await so())) {
    assert.ok(performance.now() - start < within, `not within ${within} ms: ${what}`)
    await sleep(20)
  }
  return performance.now() - start
}

const replace = (file: string, text: string): void => {
  writeFileSync(`${file}.new`, text)
  renameSync(`${file}.new`, file)
}

/** About 1,000 reads a second over all of them, with every token that is listed at the time. */
const load = (backends: readonly RunningBackend[], tokens: readonly string[]) => {
  const agent = new Agent({ keepAlive: true, maxSockets: 16 })
  const failed: string[] = []
  const pending = new Set<Promise<void>>()
  let done = 0
  let turn = 0
  const one = (address: string, token: string): Promise<void> =>
    new Promise<void>((resolve) => {
      request(`${address}/users/me`, { agent, headers: { authorization: `Bearer ${token}` } }, (answer) => {
        if (answer.statusCode !== 200) failed.push(String(answer.statusCode))
        answer.resume().once('end', () => resolve())
      })
        .once('error', (error) => {
          failed.push(error.message)
          resolve()
        })
        .end()
    }).then(() => {
      done += 1
    })
  const start = performance.now()
  let asked = 0
  const timer = setInterval(() => {
    // As many as are due by now: a timer that is late is made up for.
    for (; asked < performance.now() - start && pending.size < 500; asked += 1) {
      turn += 1
      const { address } = backends[turn % backends.length] as RunningBackend
      const read = one(address, tokens[(turn >> 1) % tokens.length] ?? '')
      pending.add(read)
      read.then(() => pending.delete(read))
    }
  }, 5)
  return async () => {
    clearInterval(timer)
    const seconds = (performance.now() - start) / 1000
    await Promise.all(pending)
    agent.destroy()
    return { failed, done, rate: done / seconds }
  }
}

test('a rotation by the command under 1,000 reads a second over two processes: none fails, then the old key is refused', {
  timeout: 60_000,
}, async (t) => {
  const { file, backends, first } = await cluster(t, [generateSecret()], 2)
  const ada = await person(first.address)
  const tokens = [ada.token]
  const urls = backends.flatMap(({ address }) => ['--url', address])
  const rotate = ['keys', 'rotate', '--file', file, ...urls]
  const env = { PATH: process.env['PATH'] ?? '', METRICS_TOKEN }

  const stop = load(backends, tokens)
  const command = spawn(process.execPath, ['--conditions=source', join(bin, '../../src/cli/main.ts'), ...rotate], {
    env,
  })
  t.after(() => command.kill('SIGKILL'))
  let printed = ''
  for (const stream of [command.stdout, command.stderr]) stream.on('data', (chunk) => (printed += chunk))
  await until('the command waits for a token’s lifetime', () => printed.includes('waiting for 15 min'), 30_000)
  command.kill('SIGKILL')
  const { body } = await call(first.address, 'POST', '/auth/refresh', { body: { refresh_token: ada.refresh } })
  const young = body.access_token as string
  tokens.push(young)
  await sleep(2_500)
  for (const { address } of backends)
    assert.deepEqual([await read(address, ada.token), await read(address, young)], [200, 200])
  const { failed, done, rate } = await stop()
  assert.deepEqual(failed, [])
  t.diagnostic(`${done} reads, ${rate.toFixed(0)} a second, none failed`)
  assert.ok(rate > 300, `only ${rate.toFixed(0)} reads a second: the test shows little`)

  const going = load(backends, [young])
  const started = performance.now()
  const refused = Promise.all(
    backends.map(({ address }) => until('refused', async () => (await read(address, ada.token)) === 401, 30_000)),
  )
  const resumed = spawn(process.execPath, [bin, ...rotate, '--retire-now'], { env })
  let rest = ''
  for (const stream of [resumed.stdout, resumed.stderr]) stream.on('data', (chunk) => (rest += chunk))
  let written = 0
  resumed.stdout.on('data', () => {
    if (written === 0 && rest.includes('step 4 of 4')) written = performance.now() - started
  })
  assert.equal(await new Promise((resolve) => resumed.once('exit', resolve)), 0, rest)
  const slowest = Math.max(...(await refused)) - written
  t.diagnostic(`the retired key was refused everywhere ${slowest.toFixed(0)} ms after it was taken out of the file`)
  assert.ok(written > 0 && slowest < 5_000)
  assert.match(rest, /step 4 of 4[\s\S]*checked: 2 processes[\s\S]*Done/)
  assert.doesNotMatch(rest, /step [12] of 4/, 'it began anew')
  // Nothing signed by it passes from memory, however often it is shown.
  for (const { address } of [...backends, ...backends]) assert.equal(await read(address, ada.token), 401)
  const after = await going()
  assert.deepEqual(after.failed, [], 'a token of the new key was refused')
  for (const one of backends) {
    const keys = [...(await figures(one)).matchAll(/^portcullis_key_info\{kid="(.*)",alg="HS256",signs="1"\} 1$/gm)]
    assert.equal(keys.length, 1)
    assert.doesNotMatch(one.output(), new RegExp(`"level":50|${METRICS_TOKEN}`))
  }
})

test('content that is no key ring never replaces a good one; it is said once, without the key, and shown', async (t) => {
  const old = generateSecret()
  const { file, first } = await cluster(t, [old], 1)
  const { token } = await person(first.address)
  const weak = 'your-256-bit-secret-your-256-bit-secret-xyz'
  const bad: readonly (readonly [string, () => void])[] = [
    ['missing', () => rmSync(file)],
    ['empty', () => writeFileSync(file, '')],
    ['half written', () => writeFileSync(file, `${old}\n${generateSecret().slice(0, 20)}`)],
    ['well known', () => writeFileSync(file, `${generateSecret()}\n${weak}\n`)],
    ['of another purpose', () => writeFileSync(file, METRICS_TOKEN)],
    ['twice', () => writeFileSync(file, `${old},${old}`)],
    ['too large', () => writeFileSync(file, `${old}\n${'#\n'.repeat(40_000)}`)],
  ]
  const errors = () => first.output().match(/"level":50/g)?.length ?? 0
  for (const [index, [name, spoil]] of bad.entries()) {
    spoil()
    await until(name, async () => errors() === index + 1)
    assert.match(await figures(first), /^portcullis_key_file_faulty 1$/m)
    assert.match(
      await figures(first),
      new RegExp(`^portcullis_key_info{kid="${kid(old)}",alg="HS256",signs="1"} 1$`, 'm'),
    )
    assert.equal(await read(first.address, token), 200, name)
  }
  await sleep(2_500)
  assert.equal(errors(), bad.length, 'a fault is said every second')
  assert.ok(!first.output().includes(weak) && !first.output().includes(old) && !first.output().includes(METRICS_TOKEN))

  replace(file, `${generateSecret()}\n${old}\n`)
  await until('it heals', async () => /^portcullis_key_file_faulty 0$/m.test(await figures(first)))
  assert.equal((await figures(first)).match(/^portcullis_key_info\{/gm)?.length, 2)
  assert.equal(await read(first.address, token), 200)
})

test('a mounted secret that is swapped by its link is followed, and SIGHUP is not waited out', async (t) => {
  const path = folder(t)
  const [old, young] = [generateSecret(), generateSecret('EdDSA')]
  writeFileSync(join(path, 'one'), old)
  writeFileSync(join(path, 'two'), `${young}\n${old}`)
  const file = join(path, 'keys')
  symlinkSync('one', file)
  const { JWT_SECRET: _, ...env } = production(path, { ...UNLIMITED, METRICS_TOKEN, JWT_SECRET_FILE: file })
  const running = await startBackend(env)
  t.after(() => running.stop('SIGKILL'))
  const { token } = await person(running.address)
  const jwks = async () => (await call(running.address, 'GET', '/.well-known/jwks.json')).body.keys
  assert.deepEqual(await jwks(), [])
  symlinkSync('two', `${file}.new`)
  renameSync(`${file}.new`, file)
  running.child.kill('SIGHUP')
  const took = await until('SIGHUP', async () => (await jwks()).length === 1, 900)
  t.diagnostic(`followed ${took.toFixed(0)} ms after SIGHUP`)
  assert.equal((await jwks())[0].kid, kid(young))
  assert.equal(await read(running.address, token), 200)
  assert.equal(await running.stop('SIGTERM'), 0)
})

test('a file that is being written is not taken at its half, though that is a key ring too', async (t) => {
  const [one, two] = [generateSecret(), generateSecret()]
  const { file, first } = await cluster(t, [one, two], 1)
  let seen = 0
  for (let round = 0; round < 5; round += 1) {
    writeFileSync(file, `${one}\n`)
    const start = performance.now()
    first.child.kill('SIGHUP')
    await sleep(50)
    writeFileSync(file, `${one}\n${two}\n`)
    // On a machine that is slow just now it was half written for long enough to be meant.
    if (performance.now() - start > 150) continue
    seen += 1
    await sleep(600)
    assert.doesNotMatch(first.output(), /the keys were replaced/)
  }
  assert.ok(seen > 0)
  writeFileSync(file, `${one}\n`)
  await until('what is meant', () => first.output().includes('the keys were replaced'))
})

test('keys come from one place: both, neither, or a file that can not be used stop the start with a sentence', async (t) => {
  const path = folder(t)
  const file = join(path, 'keys')
  const { JWT_SECRET = '', ...env } = production(path)
  writeFileSync(file, JWT_SECRET)
  const short = join(path, 'short')
  writeFileSync(short, 'short-and-secret')
  const same = join(path, 'same')
  writeFileSync(same, METRICS_TOKEN)
  const cases: readonly (readonly [Record<string, string>, RegExp])[] = [
    [{ JWT_SECRET, JWT_SECRET_FILE: file }, /Both JWT_SECRET and JWT_SECRET_FILE are set/],
    [{}, /JWT_SECRET is missing: set it, or JWT_SECRET_FILE/],
    [
      { JWT_SECRET_FILE: join(path, 'nowhere') },
      /JWT_SECRET_FILE can't be read: ENOENT: "\/\S+\/nowhere"\. Make it with its first key: \(umask 077; npx portcullis keys > FILE\)\.$/m,
    ],
    [
      { JWT_SECRET_FILE: path },
      /JWT_SECRET_FILE can't be read: not a file: "\/\S+"\. Name the file that holds the keys, one a line\.$/m,
    ],
    [{ JWT_SECRET_FILE: short }, /JWT_SECRET_FILE: secret 1 of 1 .*\[weak-key: /],
    [{ JWT_SECRET_FILE: same, METRICS_TOKEN }, /one purpose a key/],
  ]
  for (const [more, message] of cases) {
    const { code, printed } = await failedStart({ ...env, ...more })
    assert.equal(code, 1)
    assert.match(printed, message)
    assert.doesNotMatch(printed, /short-and-secret|\n\s+at /)
  }
  const development = await startBackend({ ...env, JWT_SECRET_FILE: file }, ['--development'], path)
  t.after(() => development.stop('SIGKILL'))
  assert.match(development.output(), /secret {3}from the environment/)
})
