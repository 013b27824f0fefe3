import { STATUS_CODES } from 'node:http'
import { brotliDecompressSync, gunzipSync, inflateSync, zstdDecompressSync } from 'node:zlib'
import type { ProblemDocument } from 'portcullis'
import { problems } from 'portcullis'
import { parseJson } from 'portcullis/validation'

/** Bytes of a refusal that are looked at; a longer one is no refusal for a client to read. */
export const REFUSAL_BYTES = 65_536

/** What an upstream's error answer becomes. */
export interface CleanAnswer {
  readonly type: string
  readonly body: Buffer
}

/** Members that show what runs inside, at any depth of an answer. */
const INSIDE =
  /^(?:trace|traceback|backtrace|stack|stack_?trace|exception|exc_info|debug|debug_info|cause|sql|query_string)$/i

/** What FastAPI and Pydantic add to each validation error: what was sent, and a link that names the version. */
const ECHOED = new Set(['input', 'ctx', 'url'])

/**
 * A stack of Python, JavaScript, Java, Ruby, Go or PHP in a text. The text may be a client's, echoed: no alternative may begin again
 * inside of what another beginning of it has run over, or its time grows with the square of the length.
 */
const STACK =
  /Traceback \(most recent call last\)|\bFile "[^"\n]+", line \d|\n[^\S\n]*at .+[:(]\d|goroutine \d+ \[|#\d+ \S+\(\d+\)|\.rb:\d+:in /

/** `at read (/app/main.js:7`, taken whole to where its bracket closes: the next is looked for behind it. */
const CALLS = /\bat [\w.$<>]+ ?\([^)\n]*/g

const showsStack = (text: string): boolean =>
  STACK.test(text) || (text.match(CALLS) ?? []).some((call) => /:\d/.test(call))

const DEEPEST = 8

/**
 * Cleans an error answer of the upstream: a 5xx says nothing but its status; a 4xx in JSON keeps its own words, without stacks and without
 * echoes of what was sent; any other 4xx becomes the problem of its status. API8:2023, ASVS 16.5.1.
 */
export const cleanAnswer = (status: number, type: string | undefined, body: Buffer | undefined): CleanAnswer => {
  const kept = status < 500 && body !== undefined && isJson(type) ? cleanJson(body) : undefined
  if (kept !== undefined) return { type: type ?? 'application/json', body: kept }
  return { type: 'application/problem+json', body: Buffer.from(JSON.stringify(problemOf(status))) }
}

type Decode = (body: Buffer, options: { readonly maxOutputLength: number }) => Buffer

/** Content codings (RFC 9110 §8.4.1) that servers write for browsers, of long answers by themselves. */
const CODINGS: ReadonlyMap<string, Decode> = new Map<string, Decode>([
  ['gzip', gunzipSync],
  ['x-gzip', gunzipSync],
  ['deflate', inflateSync],
  ['br', brotliDecompressSync],
  ['zstd', zstdDecompressSync],
])

/**
 * A body without its content coding; undefined where that is none of ours, or it is longer then than is looked at.
 *
 * @param most bytes
 */
export const uncoded = (body: Buffer, coding: string | undefined, most = REFUSAL_BYTES): Buffer | undefined => {
  if (coding === undefined) return body
  try {
    return CODINGS.get(coding.trim().toLowerCase())?.(body, { maxOutputLength: most })
  } catch {
    return undefined
  }
}

const isJson = (type: string | undefined): boolean =>
  /^application\/(?:json|[\w.-]+\+json)(?:[ \t]*;[ \t]*charset=utf-8)?$/i.test(type ?? '')

const cleanJson = (body: Buffer): Buffer | undefined => {
  const parsed = parseJson(body)
  if (!parsed.ok) return undefined
  const cleaned = clean(parsed.value, 0)
  if (cleaned === REFUSED) return undefined
  const written = JSON.stringify(cleaned)
  // Written anew, an id of 19 digits would be another one: what nothing was taken out of stays as it is.
  return written === JSON.stringify(parsed.value) ? body : Buffer.from(written)
}

const REFUSED: unique symbol = Symbol('refused')

const clean = (value: unknown, depth: number): unknown => {
  if (depth > DEEPEST) return REFUSED
  if (typeof value === 'string') return showsStack(value) ? REFUSED : value
  if (Array.isArray(value)) {
    const items = value.map((item) => clean(item, depth + 1))
    return items.includes(REFUSED) ? REFUSED : items
  }
  if (typeof value !== 'object' || value === null) return value
  const given = value as Record<string, unknown>
  const isFault = Array.isArray(given['loc']) && typeof given['msg'] === 'string'
  const entries = Object.entries(given)
    .filter(([name]) => !INSIDE.test(name) && !(isFault && ECHOED.has(name)))
    .map(([name, member]) => [name, clean(member, depth + 1)] as const)
  if (entries.some(([, member]) => member === REFUSED)) return REFUSED
  const cleaned = Object.fromEntries(entries)
  return isFault ? { ...cleaned, msg: withoutEcho(given['msg'] as string, given['input']) } : cleaned
}

/** A validator of the upstream's own may put the value into its sentence, and one of a whole body or list a value inside of it. */
const withoutEcho = (sentence: string, input: unknown): string => {
  const texts = new Set(scalarsIn(input).filter((text) => text.length > 3))
  return texts.size > MOST_SCALARS || [...texts].some((text) => sentence.includes(text)) ? 'is not valid' : sentence
}

/** More are not looked for: a long sentence would be gone through for each. */
const MOST_SCALARS = 1_000

const scalarsIn = (value: unknown): readonly string[] => {
  if (typeof value === 'object' && value !== null) return Object.values(value).flatMap(scalarsIn)
  return typeof value === 'string' || typeof value === 'number' ? [String(value)] : []
}

const BY_STATUS: ReadonlyMap<number, ProblemDocument> = new Map(
  (['not-found', 'internal', 'unavailable'] as const).map((code) => {
    const { status, title, detail } = problems[code]
    return [status, { type: `urn:portcullis:problem:${code}`, title, status, detail }]
  }),
)

/** The problem of a status: by the table where it has one that fits, else the status alone. */
const problemOf = (status: number): ProblemDocument => {
  const title = STATUS_CODES[status] ?? 'Refused'
  return BY_STATUS.get(status) ?? { type: 'about:blank', title, status, detail: title }
}

/** Whether this is the status of an answer, and one that there is (RFC 9110 §15): Fastify throws at others. */
export const isFinal = (status: number): boolean => status >= 200 && status <= 599
