/** Looks whether a contender does the work at all: answers what it should, and refuses what it must. */

import { created, NOBODY, ORIGIN, orderOf, sampleOrder, userId } from './contenders/work.ts'
import type { Contender } from './contenders.ts'
import { type Running, start } from './process.ts'
import { secret, type Tokens } from './tokens.ts'

/** Requests of a client in a minute, while the limit itself is looked at; more than are sent before that. */
const LIMIT = 20

/** Of the fields that a security stack sets, those that all of them do. */
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

/** Where and how a contender is looked at. */
export interface Look {
  readonly env?: Readonly<Record<string, string>>
  /** It answers GET alone. */
  readonly reads?: boolean
}

/** What a contender does wrong, in words; none when it does what all of them do. */
export const faultsOf = async (
  contender: Pick<Contender, 'command' | 'tokens'>,
  { env = {}, reads = false }: Look = {},
): Promise<readonly string[]> => {
  const settings = { JWT_SECRET: secret, LIMIT: String(LIMIT), LIMIT_WINDOW_MS: '60000', ...env }
  const running = await start(contender.command, settings)
  const { tokens } = contender
  try {
    const faults = [...(await readFaults(running, tokens)), ...(reads ? [] : await writeFaults(running, tokens))]
    return tokens === undefined ? faults : [...faults, ...(await refusalFaults(running, tokens))]
  } finally {
    await running.stop()
  }
}

/** A sentence for the report. */
export const notSecured = ({ title }: Pick<Contender, 'title'>, faults: readonly string[]): string =>
  `${title} is not secured and does not count: it ${faults.join(', it ')}.`

const readFaults = async (running: Running, tokens: Tokens | undefined): Promise<readonly string[]> => {
  const read = await ask(running, { token: tokens?.good(3) })
  const expected = JSON.stringify(orderOf('order-7', tokens === undefined ? NOBODY : userId(3)))
  return read.status === 200 && (await read.text()) === expected ? [] : ['answers GET otherwise than the others']
}

const writeFaults = async (running: Running, tokens: Tokens | undefined): Promise<readonly string[]> => {
  const token = tokens?.good(3)
  const faults = []
  const written = await ask(running, { token, body: sampleOrder })
  const expected = JSON.stringify(created(sampleOrder, tokens === undefined ? NOBODY : userId(3)))
  if (written.status !== 201 || (await written.text()) !== expected)
    faults.push('answers POST otherwise than the others')
  if (tokens === undefined) return faults
  const wrong = {
    'text where an object belongs': { address: 'x' },
    'a list that is too long': { lines: Array(21).fill(sampleOrder.lines[0]) },
  }
  for (const [what, part] of Object.entries(wrong)) {
    const { status } = await ask(running, { token, body: { ...sampleOrder, ...part } })
    if (status !== 400 && status !== 422) faults.push(`answers ${what} by ${status}`)
  }
  return faults
}

const refusalFaults = async (running: Running, tokens: Tokens): Promise<readonly string[]> => {
  const faults: string[] = []
  const expect = async (what: string, status: number, sent: Ask): Promise<Response> => {
    const answer = await ask(running, sent)
    await answer.arrayBuffer()
    if (answer.status !== status) faults.push(`answers ${what} by ${answer.status}`)
    return answer
  }
  const token = tokens.good(4)
  await expect('no token', 401, {})
  await expect('a forged token', 401, { token: tokens.forged(1) })
  await expect('an expired token', 401, { token: tokens.expired(1) })
  await expect('a token with alg none', 401, { token: tokens.unsigned(1) })
  const known = await expect('a listed origin', 200, { token })
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
