import { randomInt } from 'node:crypto'
import type { Asked, Exchange } from './exchange.ts'
import { wasAnswered } from './exchange.ts'
import { send } from './send.ts'
import { isLoopback, type Target } from './target.ts'

/** Of everything that tries a password, over the whole run. */
export const MOST_CREDENTIAL_TRIES = 120

/** Kept of each body: a trace, an echo or a page is recognised by its start. */
const KEPT_TEXT = 16 * 1024
const SILENCES_IN_A_ROW = 4

export interface Question {
  readonly method?: string
  /** Below the prefix of the URL that was given. */
  readonly path: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
  readonly from?: string | undefined
  /** Counted against the most that a run may try. */
  readonly credential?: boolean
  /** The whole body is wanted. */
  readonly whole?: boolean
}

/** The one way out: it counts credential tries, and stops sending when the server is gone or the time is up. */
export interface Wire {
  readonly target: Target
  ask(question: Question): Promise<Exchange>
  triesLeft(): number
  /** Of the time of the run. */
  msLeft(): number
  /** Whether there is no sense in asking on. */
  isOver(): boolean
  /** A source address that was not used before, where the machine has more than one: each has a quota of its own. */
  freshAddress(): string | undefined
}

export const openWire = (target: Target, timeoutMs: number, runMs: number): Wire => {
  const until = performance.now() + runMs
  const used = new Set<number>([1])
  const addresses = [...target.addresses]
  let tries = MOST_CREDENTIAL_TRIES
  let silences = 0
  let canBind = target.loopback && addresses.some((address) => address.startsWith('127.'))

  const stopped = (): string | undefined => {
    if (silences >= SILENCES_IN_A_ROW) return 'not sent: the server stopped answering'
    return performance.now() > until ? 'not sent: the time of the run was up' : undefined
  }
  const sendTo = async (asked: Asked): Promise<Exchange> => {
    const left = Math.max(1, Math.min(timeoutMs, until - performance.now()))
    let exchange = await send(target, addresses[0] ?? '', asked, left)
    if (asked.from !== undefined && ['EADDRNOTAVAIL', 'EINVAL'].includes(exchange.silence ?? '')) {
      // macOS has 127.0.0.1 alone, and IPv6 loopback is one address.
      canBind = false
      const { from: _, ...unbound } = asked
      exchange = await send(target, addresses[0] ?? '', unbound, left)
    }
    if (exchange.silence === 'ECONNREFUSED' && addresses.length > 1) {
      addresses.shift()
      canBind &&= isLoopback(addresses[0] ?? '') && (addresses[0] ?? '').startsWith('127.')
      return sendTo(asked)
    }
    return exchange
  }
  return {
    target,
    triesLeft: () => tries,
    msLeft: () => until - performance.now(),
    isOver: () => stopped() !== undefined,
    freshAddress: () => {
      if (!canBind) return undefined
      const free = Array.from({ length: 249 }, (_, at) => at + 2).filter((last) => !used.has(last))
      const last = free[randomInt(free.length || 1)]
      if (last === undefined) return undefined
      used.add(last)
      return `127.0.0.${last}`
    },
    ask: async ({ method = 'GET', path, headers = {}, body, from, credential = false, whole = false }) => {
      const asked = {
        method,
        path: `${target.prefix}${path}`,
        headers,
        ...(body === undefined ? {} : { body }),
        ...(from === undefined ? {} : { from }),
      }
      const silence =
        stopped() ?? (credential && tries <= 0 ? 'not sent: the most tries of a run were made' : undefined)
      if (silence !== undefined) return { ...asked, status: 0, answered: {}, cookies: [], text: '', ms: 0, silence }
      if (credential) tries -= 1
      const exchange = await sendTo(asked)
      silences = wasAnswered(exchange) ? 0 : silences + 1
      return whole ? exchange : { ...exchange, text: exchange.text.slice(0, KEPT_TEXT) }
    },
  }
}
