/** Looks whether a contender does the work at all: answers what it should, and refuses what it must. */

import { NOBODY, ORIGIN, orderOf, sampleOrder, userId } from './contenders/work.ts'
import type { Contender } from './contenders.ts'
import { type Running, start } from './process.ts'
import { secret } from './tokens.ts'

/** Requests of a client in a minute, while the limit itself is looked at; more than are sent before that. */
const LIMIT = 20

/** Who could be: the fields that a security stack sets, of which each has at least these. */
const FIELDS: Readonly<Record<string, string>> = { 'x-content-type-options': 'nosniff' }

interface Ask {
  readonly token?: string | undefined
  readonly origin?: string
  readonly body?: unknown
}

const ask = async ({ port }: Running, { token, origin = ORIGIN, body }: Ask = {}): Promise<Response> =>
  await fetch(`http://127.0.0.1:${port}/orders${body === undefined ? '/order-7' : ''}`, {
    method: body === undefined ? 'GET' : 'POST',
    headers: {
      origin,
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })

/** What a contender does wrong, in words; none when it does what all of them do. */
export const faultsOf = async (contender: Contender): Promise<readonly string[]> => {
  const env = { JWT_SECRET: secret, LIMIT: String(LIMIT), LIMIT_WINDOW_MS: '60000' }
  const running = await start(contender.command, env)
  try {
    return [
      ...(await answerFaults(running, contender)),
      ...(contender.tokens === undefined ? [] : await refusalFaults(running, contender.tokens)),
    ]
  } finally {
    await running.stop()
  }
}

const answerFaults = async (running: Running, { tokens }: Contender): Promise<readonly string[]> => {
  const faults: string[] = []
  const token = tokens?.good(3)
  const read = await ask(running, { token })
  const expected = orderOf('order-7', tokens === undefined ? NOBODY : userId(3))
  if (read.status !== 200 || (await read.text()) !== JSON.stringify(expected)) faults.push('answers GET otherwise')
  const written = await ask(running, { token, body: sampleOrder })
  if (written.status !== 201) faults.push(`answers POST by ${written.status}`)
  return faults
}

const refusalFaults = async (
  running: Running,
  tokens: NonNullable<Contender['tokens']>,
): Promise<readonly string[]> => {
  const faults: string[] = []
  const expect = async (what: string, statuses: readonly number[], sent: Ask): Promise<Response> => {
    const answer = await ask(running, sent)
    await answer.arrayBuffer()
    if (!statuses.includes(answer.status)) faults.push(`answers ${what} by ${answer.status}`)
    return answer
  }
  const token = tokens.good(4)
  await expect('no token', [401], {})
  await expect('a forged token', [401], { token: tokens.forged(1) })
  await expect('an expired token', [401], { token: tokens.expired(1) })
  await expect('a token with alg none', [401], { token: tokens.unsigned(1) })
  await expect('a number where text belongs', [400, 422], { token, body: { ...sampleOrder, address: { street: [] } } })
  await expect('a list that is too long', [400, 422], {
    token,
    body: { ...sampleOrder, lines: Array(21).fill(sampleOrder.lines[0]) },
  })
  const known = await expect('a listed origin', [200], { token })
  if (known.headers.get('access-control-allow-origin') !== ORIGIN) faults.push('does not allow the listed origin')
  for (const [name, value] of Object.entries(FIELDS))
    if (known.headers.get(name) !== value) faults.push(`does not set ${name}`)
  const foreign = await ask(running, { token, origin: 'https://evil.example' })
  await foreign.arrayBuffer()
  const allowed = foreign.headers.get('access-control-allow-origin')
  if (allowed === '*' || allowed === 'https://evil.example') faults.push('allows an origin that is not listed')
  let last = 200
  for (let sent = 0; sent <= LIMIT && last !== 429; sent += 1) {
    const answer = await ask(running, { token })
    await answer.arrayBuffer()
    last = answer.status
  }
  if (last !== 429) faults.push('answers the request over the limit')
  return faults
}
