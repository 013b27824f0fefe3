import { randomInt } from 'node:crypto'
import type { Exchange } from '../exchange.ts'
import { wasAnswered } from '../exchange.ts'
import type { Forged, LimitFacts } from '../facts.ts'
import type { Wire } from '../wire.ts'
import { type LoginRoute, loginQuestion, stranger } from './login.ts'

interface ForgedHeader {
  readonly name: string
  readonly value: (client: string) => string
  /** The header as a proxy passes it on that appends the address it sees. */
  readonly behindProxy?: (client: string, seen: string) => string
}

/** Headers that name the client and that anyone may send; a browser's name beside the address makes as many clients. */
export const FORGED_HEADERS: readonly ForgedHeader[] = [
  { name: 'X-Forwarded-For', value: (client) => client, behindProxy: (client, seen) => `${client}, ${seen}` },
  {
    name: 'Forwarded',
    value: (client) => `for=${client}`,
    behindProxy: (client, seen) => `for=${client}, for=${seen}`,
  },
  ...['X-Real-IP', 'X-Client-IP', 'CF-Connecting-IP', 'True-Client-IP'].map((name) => ({
    name,
    value: (client: string) => client,
  })),
  { name: 'User-Agent', value: (client) => `portcullis-check (${client})` },
]

const MOST_TRIES = 104
/** Kept for the forged headers. */
const RESERVE = FORGED_HEADERS.length + 2
/** Tried whatever time they take. */
const ENOUGH = 30
/** Somebody else's address: of 203.0.113.0/24, which is nobody's (RFC 5737). */
const SEEN_BY_PROXY = '203.0.113.7'
const SLOW_MS = 60
/** A try that the end of the run cuts off would look like a server that died. */
const LAST_MS = 4_000

const forgedAddress = (): string => `198.51.100.${randomInt(1, 255)}`

/** Bad logins answer 200, 400, 401 or 422: only these say that there were too many. */
const isLimited = ({ status, answered }: Exchange): boolean =>
  status === 429 || ((status === 403 || status === 503) && answered['retry-after'] !== undefined)

/** Bad logins until one is refused for being too many; then the same with forged addresses. */
export const askUntilLimited = async (wire: Wire, route: LoginRoute): Promise<LimitFacts> => {
  const from = wire.freshAddress()
  const body = stranger(route.body)
  const attempt = (headers: Readonly<Record<string, string>> = {}): Promise<Exchange> => {
    const question = loginQuestion(route, body)
    return wire.ask({ ...question, headers: { ...question.headers, ...headers }, from })
  }
  const begun = { tries: 0, forged: [], ...(from === undefined ? {} : { from }) }
  const most = Math.min(MOST_TRIES, wire.triesLeft() - RESERVE)
  let facts: LimitFacts = begun
  while (facts.tries < most && facts.limited === undefined && facts.broken === undefined) {
    if (facts.tries >= ENOUGH && wire.msLeft() < LAST_MS) break
    // A slow hash answers several at once in the time of one.
    const width = Math.min((facts.open?.ms ?? 0) > SLOW_MS ? 4 : 1, most - facts.tries)
    const answers = await Promise.all(Array.from({ length: width }, () => attempt()))
    facts = answers.reduce(counted, facts)
  }
  return facts.limited === undefined ? facts : askForged(wire, facts, attempt)
}

const counted = (facts: LimitFacts, exchange: Exchange): LimitFacts => {
  if (facts.limited !== undefined || facts.broken !== undefined) return facts
  if (!wasAnswered(exchange)) return { ...facts, broken: exchange.silence ?? 'no answer' }
  const tries = facts.tries + 1
  return isLimited(exchange)
    ? { ...facts, tries, limitedAt: tries, limited: exchange }
    : { ...facts, tries, open: exchange }
}

type Attempt = (headers?: Readonly<Record<string, string>>) => Promise<Exchange>

const askForged = async (wire: Wire, facts: LimitFacts, attempt: Attempt): Promise<LimitFacts> => {
  const forged: Forged[] = []
  for (const { name, value } of FORGED_HEADERS) {
    const exchange = await attempt({ [name]: value(forgedAddress()) })
    forged.push({ what: `a forged ${name}`, header: name, exchange })
  }
  // If the limit ended by itself in between, the answers above tell nothing.
  const control = await attempt()
  if (!isLimited(control))
    return { ...facts, forged: [], ...(wasAnswered(control) ? {} : { broken: control.silence ?? 'no answer' }) }
  const lifted = FORGED_HEADERS.find(
    ({ name, behindProxy }) =>
      behindProxy !== undefined &&
      forged.some((one) => one.header === name && wasAnswered(one.exchange) && !isLimited(one.exchange)),
  )
  if (lifted?.behindProxy === undefined) return { ...facts, forged }
  const { name, behindProxy } = lifted
  return {
    ...facts,
    forged,
    chain: await askBehindProxy(wire, facts, () => attempt({ [name]: behindProxy(forgedAddress(), SEEN_BY_PROXY) })),
  }
}

/**
 * A backend that trusts just the proxy before it also lifts the limit here, where nothing stands before it. What tells the two
 * apart is a header as that proxy would pass it on: another first entry each time, the last one always the same.
 */
const askBehindProxy = async (
  wire: Wire,
  { limitedAt = 0 }: LimitFacts,
  attempt: Attempt,
): Promise<NonNullable<LimitFacts['chain']>> => {
  const first = await attempt()
  let last = await attempt()
  if (isLimited(last)) return { believed: 'last', exchange: last }
  const [before, after] = [remainingOf(first), remainingOf(last)]
  if (before !== undefined && after !== undefined)
    return { believed: after < before ? 'last' : 'first', exchange: last }
  for (let tries = 2; tries <= limitedAt; tries += 1) {
    if (wire.triesLeft() === 0 || !wasAnswered(last)) return { believed: 'unknown', exchange: last }
    last = await attempt()
    if (isLimited(last)) return { believed: 'last', exchange: last }
  }
  return { believed: wasAnswered(last) ? 'first' : 'unknown', exchange: last }
}

/** What the limiter says is left, in the fields of today and of yesterday. */
const remainingOf = ({ answered }: Exchange): number | undefined => {
  const plain = answered['ratelimit-remaining'] ?? answered['x-ratelimit-remaining']
  const found =
    plain ??
    /\br=(\d+)/.exec(answered['ratelimit'] ?? '')?.[1] ??
    /remaining=(\d+)/.exec(answered['ratelimit'] ?? '')?.[1]
  const remaining = Number.parseInt(found ?? '', 10)
  return Number.isNaN(remaining) ? undefined : remaining
}
