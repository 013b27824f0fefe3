import type { Exchange } from '../../evidence/live/exchange.ts'
import type { LiveFacts, Stand } from '../../evidence/live/facts.ts'
import type { ExchangeEvidence } from '../../items/index.ts'
import { partsAround, withoutSecrets } from '../../items/index.ts'

const LONGEST_SHOWN = 200
const JWT = /\beyJ[\w-]{5,}\.[\w-]*\.[\w-]*/g

/** Long runs that the probes send, so that a line stays one that can be read. */
const RUNS: readonly Stand[] = [
  { value: 'x'.repeat(100_000), shell: `$(printf 'x%.0s' $(seq 100000))` },
  { value: 'x'.repeat(5_000), shell: `$(printf 'x%.0s' $(seq 5000))` },
  { value: 'a'.repeat(8_000), shell: `$(printf 'a%.0s' $(seq 8000))` },
]

interface About {
  /** What mattered of the request. */
  readonly request?: string
  /** What mattered of the answer. */
  readonly response?: string
  /** The address that was bound matters. */
  readonly bound?: boolean
  /** Sent so many times. */
  readonly times?: number
}

/** The exchange as it may be shown: without secrets, and with nothing in it that would move a terminal's cursor. */
export const shown = (facts: LiveFacts, exchange: Exchange, about: About = {}): ExchangeEvidence => {
  const { method, path, status } = exchange
  const request = about.request === undefined ? `${method} ${path}` : `${method} ${path}, ${about.request}`
  const answer = status === 0 ? `no answer (${exchange.silence ?? 'silence'})` : String(status)
  return {
    kind: 'exchange',
    request: hidden(facts, request),
    response: hidden(facts, about.response === undefined ? answer : `${answer}, ${about.response}`),
    curl: curlOf(facts, exchange, about),
  }
}

const hidden = (facts: LiveFacts, text: string): string => shortened(visible(concealed(facts, text)))

const concealed = (facts: LiveFacts, text: string): string =>
  withoutSecrets(text, new Set([...asSent(facts.stands).map(({ value }) => value), ...(text.match(JWT) ?? [])]))

/** A secret is also one in the dress that JSON, a form or a URL gives it. */
const asSent = (stands: readonly Stand[]): readonly Stand[] =>
  stands.flatMap(({ value, shell }) => {
    const form = new URLSearchParams({ a: value }).toString().slice(2)
    const dressed = new Set([value, JSON.stringify(value).slice(1, -1), encodeURIComponent(value), form])
    return [...dressed].map((one) => ({ value: one, shell }))
  })

/** Without control characters, and without those that turn the direction of text. */
export const visible = (text: string): string =>
  // biome-ignore lint/suspicious/noControlCharactersInRegex: taking them out is the point
  text.replace(/[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]+/g, ' ')

const shortened = (text: string): string => (text.length > LONGEST_SHOWN ? `${text.slice(0, LONGEST_SHOWN)}…` : text)

/** Characters of a body on either side of what mattered in which secrets are looked for: more than a token has. */
const REACH = 8_192

/** The start of a body, around what mattered in it. Half of a secret would not be known for one: so they go before it is cut. */
export const excerpt = (facts: LiveFacts, body: string, mattered?: RegExp | string): string => {
  const there = Math.max(0, placeIn(body, mattered))
  const near = Math.max(0, there - REACH)
  const text = concealed(facts, body.slice(near, there + REACH))
  const start = Math.max(0, placeIn(text, mattered) - 30)
  return visible(`${near + start > 0 ? '…' : ''}${text.slice(start, start + 150)}`).trim()
}

const placeIn = (text: string, mattered: RegExp | string | undefined): number => {
  if (mattered === undefined) return 0
  return typeof mattered === 'string' ? text.indexOf(mattered) : text.search(mattered)
}

const curlOf = (facts: LiveFacts, exchange: Exchange, { bound = false, times }: About): string => {
  const { method, path, headers, body, from } = exchange
  const quoted = quoter([...asSent(facts.stands), ...RUNS])
  const words = [
    'curl',
    times === undefined ? '-i' : "-s -o /dev/null -w '%{http_code}\\n'",
    ...(/[[\]{}]/.test(path) ? ['-g'] : []),
    ...(bound && from !== undefined ? ['--interface', from] : []),
    ...(method === 'GET' ? [] : ['-X', method]),
    quoted(`${new URL(facts.base).origin}${path}`),
    ...Object.entries(headers)
      .filter(([name]) => name !== 'accept')
      .flatMap(([name, value]) => ['-H', quoted(`${name}: ${value}`)]),
    ...(body === undefined ? [] : ['--data-raw', quoted(body)]),
  ].join(' ')
  return times === undefined ? words : `for i in $(seq ${times}); do ${words}; done`
}

const SAFE = /^[\w@%+=:,./-]+$/

/**
 * A word for the shell: what came from elsewhere in single quotes, where nothing is expanded, and only our own placeholders in double
 * ones. A backend's document must not be able to write a command that somebody pastes.
 */
export const quoter = (stands: readonly Stand[]): ((text: string) => string) => {
  const longestFirst = stands.filter(({ value }) => value !== '').toSorted((a, b) => b.value.length - a.value.length)
  const split = (text: string, left: readonly Stand[]): string => {
    const [stand, ...rest] = left
    if (text === '') return ''
    // A token that nobody knew of is one as well.
    if (stand === undefined) return text.split(JWT).map(literal).join('"$TOKEN"')
    return partsAround(text, stand.value)
      .map((part) => split(part, rest))
      .join(`"${stand.shell}"`)
  }
  return (text) => split(text, longestFirst) || "''"
}

const literal = (text: string): string => {
  if (text === '') return ''
  const plain = visible(text)
  return SAFE.test(plain) ? plain : `'${plain.replaceAll("'", "'\\''")}'`
}
