import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { test } from 'node:test'
import type { Surroundings } from '../../src/cli/keys-rotate.ts'
import { rotate } from '../../src/cli/keys-rotate.ts'
import { ringInUse } from '../../src/cli/ring-in-use.ts'
import { generateSecret, keyRing, secretsIn } from '../../src/layers/sessions/index.ts'

process.env['METRICS_TOKEN'] = 'of the tests'
const START = Date.parse('2027-01-15T08:00:00Z')
const A = 'http://127.0.0.1:1'
const B = 'http://127.0.0.1:2'

const keyFile = (t: TestContext, text = `${generateSecret()}\n`): string => {
  const folder = mkdtempSync(join(tmpdir(), 'portcullis-rotate-'))
  t.after(() => rmSync(folder, { recursive: true, force: true }))
  const path = join(folder, 'keys')
  writeFileSync(path, text, { mode: 0o600 })
  return path
}
const secrets = (path: string): readonly string[] => secretsIn(readFileSync(path, 'utf8'))
const kids = (path: string): readonly string[] => keyRing(secrets(path)).names.map(({ kid }) => kid)

/** Processes that follow the file `lag` ms late, a clock that only sleeping moves, and everything that was seen. */
const world = (path: string, { lag = 1_500, from = START, stopAt = Number.POSITIVE_INFINITY } = {}) => {
  let time = from
  const written: { readonly at: number; readonly kids: readonly string[] }[] = [{ at: 0, kids: kids(path) }]
  const lines: string[] = []
  const look = (): void => {
    if (written.at(-1)?.kids.join() !== kids(path).join()) written.push({ at: time, kids: kids(path) })
  }
  const surroundings: Surroundings = {
    now: () => time,
    sleep: async (ms) => {
      look()
      time += ms
      if (time >= stopAt) throw new Error('killed')
    },
    ask: async (url) => {
      look()
      const late = url === B ? lag : 0
      return { kids: written.findLast(({ at }) => at + late <= time)?.kids ?? [], fileFaulty: false }
    },
    say: (line) => void lines.push(line),
  }
  return { surroundings, written, lines, printed: () => lines.join('\n'), time: () => time }
}

const both = (path: string, ...more: readonly string[]) => ['--file', path, '--url', A, '--url', B, ...more]

test('add, put first, a token’s lifetime after every process signs with it, take out', async (t) => {
  const path = keyFile(t)
  const [old = ''] = kids(path)
  const { surroundings, written, printed } = world(path, { lag: 7_000 })
  assert.equal(await rotate(both(path, '--token-minutes', '20'), surroundings), 0)
  const [young = ''] = kids(path)
  assert.notEqual(young, old)
  assert.deepEqual(
    written.map((one) => one.kids),
    [[old], [old, young], [young, old], [young]],
  )
  const [, added, first, retired] = written.map(({ at }) => at)
  assert.ok((first ?? 0) - (added ?? 0) >= 7_000, 'it signed before every process knew it')
  assert.ok((retired ?? 0) - (first ?? 0) >= 20 * 60_000 + 7_000, 'a token of the old key was still alive')
  assert.equal(readFileSync(path, 'utf8'), `${secrets(path)[0]}\n`, 'a note was left')
  assert.equal(statSync(path).mode & 0o777, 0o600)
  for (const line of ['step 1 of 4', 'step 2 of 4', 'step 3 of 4', 'waiting for 20 min', 'step 4 of 4', 'Done'])
    assert.ok(printed().includes(line), line)
  assert.match(
    printed(),
    new RegExp(`waiting; needed are the file's: ${old} \\(signs\\), ${young}\n {2}${B} has ${old}`),
  )
})

test('stopped at any moment it is gone on with, by the same new key, and nothing is done too early', async (t) => {
  for (const stopped of [0, 1_000, 3_000, 5_000, 60_000, 600_000, 903_000]) {
    const path = keyFile(t)
    const [old = ''] = kids(path)
    const before = world(path, { stopAt: START + stopped })
    await assert.rejects(rotate(both(path), before.surroundings), /killed/)
    const named = kids(path).find((kid) => kid !== old)
    const retired = kids(path).length === 1 && named !== undefined
    const after = world(path, { from: before.time() + 2_000 })
    if (!retired) assert.equal(await rotate(both(path), after.surroundings), 0)
    const [young = ''] = kids(path)
    assert.equal(kids(path).length, 1, String(stopped))
    assert.equal(young, named ?? young, 'another key was made')
    const all = [...before.written, ...after.written]
    const rings = [old, `${old},${young}`, `${young},${old}`, young]
    for (const one of all) assert.ok(rings.includes(one.kids.join()), one.kids.join())
    const first = all.find((one) => one.kids.join() === rings[2])?.at ?? 0
    const out = all.findLast((one) => one.kids.join() === young)?.at ?? 0
    if (out > 0 && first > 0) assert.ok(out - first >= 15 * 60_000, `${stopped}: taken out after ${out - first} ms`)
  }
})

test('a rotation of a file without a note takes out every other key, and keeps remarks and the algorithm', async (t) => {
  const path = keyFile(t, `# of the orders service\n${generateSecret('EdDSA')}\n${generateSecret()}\n`)
  const before = kids(path)
  const { surroundings, written } = world(path)
  await rotate(both(path), surroundings)
  const [young = ''] = kids(path)
  assert.deepEqual(
    written.map((one) => one.kids),
    [before, [...before, young], [young, ...before], [young]],
  )
  assert.match(readFileSync(path, 'utf8'), /^# of the orders service\ned25519:\S+\n$/)
  const [, added, first] = written.map(({ at }) => at)
  assert.ok((first ?? 0) - (added ?? 0) >= 300_000, 'it signed while verifiers elsewhere had the old public keys')
})

test('a key that leaked is out at once, and --alg changes the algorithm', async (t) => {
  const path = keyFile(t)
  const start = world(path)
  await rotate(both(path, '--retire-now', '--alg', 'ES256'), start.surroundings)
  assert.ok(start.time() - START < 15_000)
  assert.match(secrets(path).join(), /^es256:/)
})

test('a process that does not follow ends it with a sentence, before the next step', async (t) => {
  const path = keyFile(t)
  const { surroundings, written, time } = world(path, { lag: 1_000_000 })
  await assert.rejects(rotate(both(path, '--timeout-seconds', '30'), surroundings), (error: Error) => {
    assert.match(error.message, /^Not followed in 30 s; needed are the file's/)
    assert.match(error.message, new RegExp(`${B} has`))
    assert.doesNotMatch(error.message, new RegExp(`${A} has`))
    assert.match(error.message, /run it again/)
    return true
  })
  assert.ok(time() - START < 40_000)
  assert.equal(written.length, 2, 'it went on')
  assert.equal(kids(path).length, 2)
})

test('processes that have other keys than the file stop it before anything is written', async (t) => {
  const path = keyFile(t)
  const text = readFileSync(path, 'utf8')
  const { surroundings } = world(path)
  const ask = async () => ({ kids: ['another'], fileFaulty: true })
  await assert.rejects(
    rotate(both(path, '--timeout-seconds', '5'), { ...surroundings, ask }),
    /has another \(signs\), and can't use its JWT_SECRET_FILE/,
  )
  assert.equal(readFileSync(path, 'utf8'), text)
})

test('without a url each run is one step, says what to look for, and refuses to be early', async (t) => {
  const path = keyFile(t)
  const [old = ''] = kids(path)
  let time = START
  const run = async (...more: readonly string[]): Promise<string> => {
    const { surroundings, printed } = world(path)
    assert.equal(await rotate(['--file', path, ...more], { ...surroundings, now: () => time }), 0)
    return printed()
  }
  assert.match(await run(), /step 1 of 4/)
  const young = kids(path)[1] ?? ''
  assert.deepEqual(kids(path), [old, young])
  const second = await run()
  assert.deepEqual(kids(path), [young, old])
  assert.ok(second.includes(`portcullis_key_info{kid="${young}",alg="HS256",signs="1"} 1`))
  assert.ok(second.includes(`portcullis_key_info{kid="${old}",alg="HS256",signs="0"} 1`))
  assert.ok(second.includes(`the next step: npx portcullis keys rotate --file ${path}`))
  assert.match(await run(), /step 3 of 4[\s\S]*from 2027-01-15T08:15:00\.000Z on/)
  for (const early of [0, 1, 899_999]) {
    time = START + early
    await assert.rejects(run(), /Too early, nothing was done: run it again from 2027-01-15T08:15:00\.000Z/)
    assert.deepEqual(kids(path), [young, old])
  }
  time += 1
  assert.match(await run(), /step 4 of 4[\s\S]*That was the last step/)
  assert.deepEqual(kids(path), [young])
})

test('no line of a rotation of a file holds a key; without a file the new one is shown, once', async (t) => {
  const path = keyFile(t)
  const seen = new Set(secrets(path))
  const { surroundings, printed } = world(path)
  const sleep: Surroundings['sleep'] = (ms) => {
    for (const one of secrets(path)) seen.add(one)
    return surroundings.sleep(ms)
  }
  await rotate(both(path), { ...surroundings, sleep })
  assert.equal(seen.size, 2)
  for (const one of seen) assert.ok(!printed().includes(one))

  for (const alg of ['HS256', 'EdDSA'] as const) {
    const lines: string[] = []
    await rotate(['--alg', alg], { ...surroundings, say: (line) => void lines.push(line) })
    const [key = '', ...others] = lines
      .join('\n')
      .split('\n')
      .filter((line) => /^(ed25519:)?[\w-]{43,}$/.test(line))
    assert.deepEqual(others, [])
    assert.ok(lines.join('\n').includes(`kid="${keyRing([key]).signing.kid}",alg="${alg}",signs="1"`))
    assert.equal(/Wait 5 minutes/.test(lines.join('\n')), alg === 'EdDSA')
  }
})

test('what a process answers at /metrics is read strictly', async (t) => {
  let answer = { status: 200, body: '' }
  const asked: (string | undefined)[] = []
  const server = createServer((request, response) => {
    asked.push(`${request.url} ${request.headers.authorization}`)
    response.writeHead(answer.status, { location: '/elsewhere' }).end(answer.body)
  }).listen(0, '127.0.0.1')
  t.after(() => server.close())
  await new Promise((resolve) => server.once('listening', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const ask = () => ringInUse(url, 'bearer')
  answer.body = [
    '# HELP portcullis_key_info The keys',
    'portcullis_key_info{kid="one",alg="HS256",signs="0"} 1',
    'portcullis_key_info{kid="-two_",alg="EdDSA",signs="1"} 1',
    'portcullis_key_info{kid="gone",alg="HS256",signs="0"} 0',
    'portcullis_key_file_faulty 1',
    '',
  ].join('\n')
  assert.deepEqual(await ask(), { kids: ['-two_', 'one'], fileFaulty: true })
  for (const status of [401, 403]) {
    answer = { status, body: '' }
    await assert.rejects(ask, /METRICS_TOKEN is not the one/)
  }
  answer = { status: 503, body: '' }
  assert.deepEqual(await ask(), { unknown: 'answers 503 at /metrics' })
  answer = { status: 200, body: 'up 1\n' }
  await assert.rejects(ask, /says nothing of its keys/)
  asked.length = 0
  answer = { status: 302, body: '' }
  assert.match(JSON.stringify(await ask()), /does not answer/)
  assert.deepEqual(asked, ['/metrics Bearer bearer'], 'the bearer went elsewhere')
  server.close()
  server.closeAllConnections()
  assert.match(JSON.stringify(await ask()), /does not answer \((ECONNREFUSED|UND_ERR_SOCKET)\)/)
})

test('as a command: exit codes and sentences', (t) => {
  const bin = join(import.meta.dirname, '../../bin/portcullis.js')
  const run = (...args: readonly string[]) =>
    spawnSync(process.execPath, [bin, 'keys', 'rotate', ...args], {
      encoding: 'utf8',
      env: { PATH: process.env['PATH'] ?? '' },
    })
  assert.match(run('--help').stdout, /^portcullis keys rotate/)
  const path = keyFile(t)
  for (const wrong of [
    ['--url', A],
    ['--retire-now'],
    ['--file', path, '--url', 'ftp://x'],
    ['--file', path, '--token-minutes', '61'],
    ['--file', path, '--timeout-seconds', '1'],
    ['--alg', 'RS256'],
    ['--nope'],
    ['--file', ''],
  ]) {
    const { status, stderr } = run(...wrong)
    assert.equal(status, 2, wrong.join(' '))
    assert.doesNotMatch(stderr, /\n\s+at /)
  }
  const cases: readonly (readonly [readonly string[], RegExp])[] = [
    [['--file', join(path, 'nowhere')], /can't be read \(ENOTDIR\)\. To make it .* npx portcullis keys > /],
    [['--file', keyFile(t, 'short\n')], /holds no key ring\.[\s\S]*secret 1 of 1/],
    [['--file', keyFile(t, '')], /a secret is missing/],
    [['--file', path, '--url', A], /METRICS_TOKEN is not set/],
  ]
  for (const [args, message] of cases) {
    const { status, stderr, stdout } = run(...args)
    assert.equal(status, 1, args.join(' '))
    assert.match(stderr, message)
    assert.doesNotMatch(stderr + stdout, /\n\s+at |short\b/)
  }
  assert.match(run('--file', path).stdout, /step 1 of 4/)
  assert.match(run('--file', keyFile(t, `${generateSecret()}\n`)).stdout, /^step 1/, 'mode 0600 needs no warning')
})
