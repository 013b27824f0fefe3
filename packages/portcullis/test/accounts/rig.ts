import { setImmediate } from 'node:timers/promises'
import type { AccountFacts, Accounts, AccountsOptions, PasswordHasher } from '../../src/accounts/index.ts'
import { accountRoutes, accounts } from '../../src/accounts/index.ts'
import type { Answer, Call } from '../../src/door/index.ts'
import { memoryCounter, parseQuota } from '../../src/layers/limits/index.ts'
import { accessTokens, generateSecret, keyRing, memorySessionStore, sessions } from '../../src/layers/sessions/index.ts'
import { compileSchema } from '../../src/layers/validation/index.ts'
import { Problem } from '../../src/response/index.ts'
import { memoryAccountStore } from './memory-account-store.ts'

export const from = { client: '192.0.2.1', label: 'test' }
export const good = 'drawbridge-moat-heron'

/** A hasher that computes nothing and counts what reaches it. The strength is what `needsRehash` asks for. */
export const countingHasher = () => {
  const calls: string[] = []
  const state = { strength: 1 }
  const hasher: PasswordHasher = {
    hash: async (password) => {
      calls.push('hash')
      await setImmediate()
      return `${state.strength}:${password.normalize('NFC')}`
    },
    verify: async (password, phc) => {
      calls.push('verify')
      await setImmediate()
      return phc !== null && phc.slice(2) === password.normalize('NFC')
    },
    needsRehash: (phc) => Number(phc[0]) < state.strength,
    inFlight: 0,
    waiting: 0,
  }
  return { hasher, calls, state }
}

/** The service over memory, with a clock that stands still until it is moved. */
export const rig = (
  options: {
    readonly account?: string
    readonly hasher?: PasswordHasher
    readonly events?: AccountsOptions['events']
  } = {},
) => {
  const time = { now: 1_800_000_000_000 }
  const clock = (): number => time.now
  const store = memoryAccountStore()
  const counted = countingHasher()
  const events: (readonly [string, AccountFacts])[] = []
  const changed: string[] = []
  const tokens = accessTokens({ ring: keyRing([generateSecret()]), clock })
  const live = sessions({ tokens, store: memorySessionStore(), clock })
  const service = accounts({
    store,
    sessions: live,
    hasher: options.hasher ?? counted.hasher,
    counter: memoryCounter({ clock }),
    limits: { account: { name: 'account', quota: parseQuota(options.account ?? '1000/minute') } },
    clock,
    onChange: { identityChanged: (id) => void changed.push(id) },
    events: options.events ?? ((name, facts) => void events.push([name, facts])),
  })
  return { service, store, live, tokens, time, events, changed, calls: counted.calls, state: counted.state }
}

/** Registers somebody: ada@example.com by default. */
export const person = (service: Accounts, username = 'ada', password = good) =>
  service.register({ email: `${username}@example.com`, username, password }, from)

/** Registers and logs in. */
export const member = async (
  { service, tokens }: Pick<ReturnType<typeof rig>, 'service' | 'tokens'>,
  username = 'ada',
) => {
  const { id } = await person(service, username)
  const opened = await service.logIn({ username }, good, from)
  const verified = tokens.verify(opened.accessToken)
  if (!verified.ok) throw new Error('the token that was just issued does not verify')
  return { id, sessionId: opened.sessionId, tokens: opened, claims: verified.claims }
}

/** What a caller sees of an answer or a problem. */
export interface Seen {
  readonly status: number
  readonly body: unknown
  readonly headers: Readonly<Record<string, string>>
}

/** Runs a promise and shows what it is refused with, as an answer. Anything but a Problem is thrown on. */
export const seen = async (answer: Promise<unknown>): Promise<Seen> => {
  try {
    const { status, body, headers = {} } = (await answer) as Answer
    return { status, body, headers }
  } catch (error) {
    if (!(error instanceof Problem)) throw error
    return { status: error.status, body: error.document, headers: error.headers }
  }
}

/** Calls a route as an adapter does: the body through its schema, the answer through its. */
export const caller = (service: Accounts) => {
  const routes = accountRoutes(service)
  return (name: string, call: Partial<Call> = {}): Promise<Seen> => {
    const route = routes.find(({ method, path }) => `${method} ${path}` === name)
    if (route === undefined) throw new Error(`there is no route ${name}`)
    const take = (part: 'body' | 'params' | 'query'): unknown => {
      const schema = route[part]
      if (schema === undefined) return call[part]
      const checked = compileSchema(schema)(call[part])
      if (!checked.ok) throw new Problem('invalid', { errors: checked.faults })
      return checked.value
    }
    const run = async (): Promise<Answer> => {
      const answer = await route.handle({
        principal: undefined,
        client: { address: '192.0.2.1', key: '192.0.2.1', viaProxy: false },
        knownOrigin: undefined,
        hasOrigin: call.knownOrigin !== undefined,
        cookie: undefined,
        userAgent: 'test',
        ...call,
        body: take('body'),
        params: take('params'),
        query: take('query'),
      })
      const shape = route.response?.[answer.status]
      return shape === undefined ? answer : { ...answer, body: shape.parse(answer.body) }
    }
    return seen(run())
  }
}
