import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { test } from 'node:test'
import { call, folder, newClient, person, production, startBackend, UNLIMITED } from '../backend.ts'

const cli = join(import.meta.dirname, '../../../portcullis/bin/portcullis.js')
const ROUNDS = 300
/** Rank-biserial effect size of two samples (Mann-Whitney U): 0 when neither tends to be slower, ±1 when one always is. */
const effect = (a: readonly number[], b: readonly number[]): number => {
  let wins = 0
  for (const x of a) for (const y of b) wins += x > y ? 1 : x === y ? 0.5 : 0
  return (2 * wins) / (a.length * b.length) - 1
}

/** With 300 against 300 the effect of two equal distributions has a standard deviation of 0.047: 0.25 is beyond five of them. */
const DISTINGUISHABLE = 0.25

const shape = (answer: { status: number; text: string; headers: Headers }): string =>
  JSON.stringify([
    answer.status,
    answer.text,
    [...answer.headers.keys()].sort(),
    answer.headers.get('ratelimit-policy'),
    answer.headers.get('www-authenticate'),
  ])

const compare = async (
  t: { diagnostic(text: string): void },
  kinds: Readonly<Record<string, () => Promise<{ status: number; text: string; headers: Headers }>>>,
  status: number,
) => {
  const names = Object.keys(kinds)
  const times = new Map<string, number[]>(names.map((name) => [name, []]))
  const shapes = new Set<string>()
  for (let round = 0; round < ROUNDS + 10; round += 1) {
    // Interleaved, each round in another order: the machine's mood is spread evenly.
    for (let offset = 0; offset < names.length; offset += 1) {
      const name = names[(round + offset) % names.length] as string
      const before = performance.now()
      const answer = await (kinds[name] as () => Promise<{ status: number; text: string; headers: Headers }>)()
      const took = performance.now() - before
      assert.equal(answer.status, status, name)
      shapes.add(shape(answer))
      if (round >= 10) times.get(name)?.push(took)
    }
  }
  assert.equal(shapes.size, 1, [...shapes].join('\n'))
  const [first = '', ...others] = names
  for (const other of others) {
    const size = effect(times.get(first) ?? [], times.get(other) ?? [])
    t.diagnostic(`${first} against ${other}: effect size ${size.toFixed(3)} over ${ROUNDS} + ${ROUNDS} calls`)
    assert.ok(
      Math.abs(size) < DISTINGUISHABLE,
      `${first} and ${other} can be told apart by time: effect size ${size.toFixed(3)}`,
    )
  }
}

test('login and refresh answer alike for known, unknown and disabled accounts, in status, body, header names and time', async (t) => {
  const env = production(folder(t), UNLIMITED)
  const running = await startBackend(env)
  t.after(() => running.stop('SIGKILL'))
  const { address } = running
  const [known, disabled] = [await person(address, newClient()), await person(address, newClient())]
  execFileSync(process.execPath, [cli, 'users', 'disable', disabled.email], { env })

  const login = (email: string, password: string) => () =>
    call(address, 'POST', '/auth/login', { body: { email, password } })
  await compare(
    t,
    {
      'wrong password': login(known.email, 'not the right password'),
      'unknown account': login('nobody@example.com', 'not the right password'),
      'disabled account, right password': login(disabled.email, disabled.password),
    },
    401,
  )

  const refresh = (token: string) => () => call(address, 'POST', '/auth/refresh', { body: { refresh_token: token } })
  await compare(
    t,
    {
      'unknown token': refresh(Buffer.alloc(32, 7).toString('base64url')),
      'token of a disabled account': refresh(disabled.refresh),
    },
    401,
  )
})

test('the limits count alike for known, unknown and disabled accounts, the client and the account', async (t) => {
  const env = production(folder(t), { TRUSTED_PROXIES: '127.0.0.1' })
  const running = await startBackend(env)
  t.after(() => running.stop('SIGKILL'))
  const { address } = running
  const password = 'correct horse battery'
  for (const username of ['known', 'disabled']) {
    const body = { email: `${username}@example.com`, username, password }
    assert.equal((await call(address, 'POST', '/auth/register', { body, headers: newClient() })).status, 201)
  }
  execFileSync(process.execPath, [cli, 'users', 'disable', 'disabled'], { env })

  /** What a run of logins sees: each status, and what is left of each quota (not the seconds, which pass). */
  const run = async (
    email: string,
    clients: () => Record<string, string>,
    times: number,
  ): Promise<readonly string[]> => {
    const seen: string[] = []
    for (let attempt = 0; attempt < times; attempt += 1) {
      const body = { email, password: 'not the right password' }
      const { status, headers, text } = await call(address, 'POST', '/auth/login', { body, headers: clients() })
      const left = (headers.get('ratelimit') ?? '').replaceAll(/;t=\d+/g, '')
      seen.push(`${status} ${left} ${headers.get('retry-after') === null ? '' : 'wait'} ${text}`)
    }
    return seen
  }
  const runs = async (clients: () => () => Record<string, string>, times: number) => {
    const [known, unknown, disabled] = [
      await run('known@example.com', clients(), times),
      await run('nobody@example.com', clients(), times),
      await run('disabled@example.com', clients(), times),
    ]
    assert.deepEqual(unknown, known)
    assert.deepEqual(disabled, known)
    return known.map((line) => Number(line.slice(0, 3)))
  }
  const oneClient = () => {
    const client = newClient()
    return () => client
  }
  const statuses = await runs(oneClient, 12)
  assert.deepEqual(
    [statuses.filter((one) => one === 401).length, statuses.filter((one) => one === 429).length],
    [10, 2],
  )
  // From ever new clients only the account's quota is left: 10 of its 20 are used.
  const many = await runs(() => newClient, 13)
  assert.deepEqual([many.filter((one) => one === 401).length, many.filter((one) => one === 429).length], [10, 3])
})
