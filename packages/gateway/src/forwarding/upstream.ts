import { Pool } from 'undici'
import { Places } from './places.ts'
import { SlowClients } from './slow-clients.ts'
import { Tunnels } from './tunnels.ts'

/** Where requests go, and how long each part may take. */
export interface UpstreamOptions {
  /** `http://127.0.0.1:8000`, at most with a path that is put in front of every other. */
  readonly url: URL
  /** ms until a connection stands */
  readonly connectMs: number
  /** ms from admission to the answer's header block */
  readonly answerMs: number
  /** ms between two parts of an answer's body */
  readonly idleMs: number
  /** at once; more wait, within answerMs. As many WebSockets stand beside them. */
  readonly connections: number
  /** Whether a connection carries one request after the other. */
  readonly reuse: boolean
  /** The cookie that is the gateway's own, if one is: no answer of the upstream sets it. */
  readonly ownCookie: string | undefined
}

/** The upstream's connections. */
export interface Upstream {
  readonly pool: Pool
  /** Nothing is handed to the pool that has none. */
  readonly places: Places
  readonly clients: SlowClients
  readonly tunnels: Tunnels
  readonly origin: string
  readonly ownCookie: string | undefined
  /** '' or `/v1` */
  readonly prefix: string
  readonly answerMs: number
  readonly idleMs: number
  close(): Promise<void>
}

/** The most that a header block of the upstream may have: what the gateway takes from clients. */
const HEADER_BYTES = 16_384

/** ms that an idle connection is kept: less than servers do (gunicorn 2 s, uvicorn and Node 5 s), so that none is used as it is being closed. */
const KEEP_MS = 1_000

/**
 * Prepares the connections. One request at a time on each, HTTP/1.1; one that broke, or whose request was given up, is closed and
 * never used again, so that no answer reaches another caller. Nothing is asked twice.
 */
export const connectUpstream = ({
  url,
  connectMs,
  answerMs,
  idleMs,
  connections,
  reuse,
  ownCookie,
}: UpstreamOptions): Upstream => {
  const pool = new Pool(url.origin, {
    connections,
    // 0 closes it after its answer.
    pipelining: reuse ? 1 : 0,
    allowH2: false,
    connect: { timeout: connectMs },
    headersTimeout: answerMs,
    bodyTimeout: idleMs,
    keepAliveTimeout: KEEP_MS,
    keepAliveMaxTimeout: KEEP_MS,
    maxHeaderSize: HEADER_BYTES,
  })
  return {
    pool,
    places: new Places(connections),
    clients: new SlowClients(connections),
    tunnels: new Tunnels(connections),
    origin: url.origin,
    ownCookie,
    prefix: url.pathname.replace(/\/+$/, ''),
    answerMs,
    idleMs,
    close: () => pool.destroy(),
  }
}
