import type { Operation } from '../document.ts'
import type { Draft } from '../draft.ts'
import type { Exchange } from '../exchange.ts'
import type { BodyProbe } from '../facts.ts'
import type { Question, Wire } from '../wire.ts'
import { filled } from './routes.ts'

/** Bodies that are tried: four requests each. */
const MOST_BODIES = 10
/** ms of the run that are left for the limit of the login, which comes last. */
const KEPT_MS = 7_000
/** Characters of a text that nobody means to take. */
const LONG_TEXT = 'x'.repeat(100_000)
/** A key that no schema has. */
const UNKNOWN_KEY = 'portcullis_check'

/** The account that is logged in: the run, and who owns it, still need it as it is. */
const OWN = /(?:^|\/)(?:me|profile|whoami|account|user)(?:\/|$)/i

/** The documented bodies that are no credentials: those have their own probes, and their own limit. */
export const bodiesOf = (draft: Draft): readonly Operation[] => {
  const own = new Set([...draft.logins, ...draft.logouts, ...draft.registers].map(({ path }) => path))
  return (draft.document?.operations ?? [])
    .filter(({ content, fields, path }) => content === 'json' && Object.keys(fields).length > 0 && !own.has(path))
    .filter(({ path }) => !/refresh|token|log-?(?:in|out)/i.test(path) && !OWN.test(path))
    .filter(({ fields }) => !Object.keys(fields).some((name) => /pass|pwd|secret/i.test(name)))
    .slice(0, MOST_BODIES)
}

/**
 * Each documented body as its types say, and then with one thing that it must not take: an unknown key, another type, a text of 100,000
 * characters. What is not taken without a fault is not tried with one: its refusal would tell nothing.
 */
export const askWithFaults = async (
  wire: Wire,
  operations: readonly Operation[],
  headers: Readonly<Record<string, string>> | undefined,
): Promise<readonly BodyProbe[]> => {
  const probes: BodyProbe[] = []
  for (const operation of operations) {
    if (wire.isOver() || wire.msLeft() < KEPT_MS) break
    const from = wire.freshAddress()
    const ask = (body: object): Promise<Exchange> => wire.ask(questionOf(operation, body, headers, from))
    const body = sampleOf(operation)
    const plain = await ask(body)
    const faults: { readonly what: string; readonly exchange: Exchange }[] = []
    if (isTaken(plain)) {
      for (const [what, changed] of faultsOf(operation, body)) faults.push({ what, exchange: await ask(changed) })
    }
    probes.push({ operation, plain, faults })
  }
  return probes
}

const isTaken = ({ status }: Exchange): boolean => status >= 200 && status < 300

const questionOf = (
  operation: Operation,
  body: object,
  headers: Readonly<Record<string, string>> | undefined,
  from: string | undefined,
): Question => ({
  method: operation.method,
  path: filled(operation),
  headers: { ...headers, 'content-type': 'application/json' },
  body: JSON.stringify(body),
  from,
})

const SAMPLES: Readonly<Record<string, unknown>> = {
  integer: 1,
  number: 1,
  boolean: true,
  array: [],
  object: {},
  email: 'nobody@example.com',
  uuid: '00000000-0000-4000-8000-000000000001',
}

const sampleOf = ({ fields, required }: Operation): Readonly<Record<string, unknown>> => {
  const names = required.length > 0 ? required : Object.keys(fields).slice(0, 1)
  return Object.fromEntries(
    names.map((name) => [name, SAMPLES[/mail/i.test(name) ? 'email' : (fields[name] ?? 'string')] ?? 'portcullis']),
  )
}

/** Named as they are shown. */
const faultsOf = (
  { fields }: Operation,
  body: Readonly<Record<string, unknown>>,
): readonly (readonly [what: string, body: object])[] => {
  const [first = ''] = Object.keys(body)
  const text = Object.keys(fields).find((name) => fields[name] === 'string')
  const other = fields[first] === 'object' ? 'portcullis' : { portcullis: true }
  return [
    ['an unknown key', { ...body, [UNKNOWN_KEY]: 'portcullis' }],
    [`${first} of another type`, { ...body, [first]: other }],
    ...(text === undefined ? [] : [[`${text} of 100,000 characters`, { ...body, [text]: LONG_TEXT }] as const]),
  ]
}
