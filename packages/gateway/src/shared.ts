import type { SecurityEvents } from 'portcullis'
import type { AccountStore, PasswordHasher } from 'portcullis/accounts'
import { passwordHasher, REFRESH_COOKIE } from 'portcullis/accounts'
import type { Figure } from 'portcullis/fastify'
import { figuresOf } from 'portcullis/fastify'
import type { Counter } from 'portcullis/limits'
import { memoryCounter } from 'portcullis/limits'
import type { IssuerTokens, SessionStore } from 'portcullis/sessions'
import { issuerTokens } from 'portcullis/sessions'
import { openRedis, openStorage } from 'portcullis/storage'
import type { Upstream } from './forwarding/upstream.ts'
import { connectUpstream } from './forwarding/upstream.ts'
import type { UpstreamIdentity } from './identity.ts'
import { upstreamIdentity } from './identity.ts'
import type { Settings } from './settings.ts'

/** The gateway's own accounts and sessions. */
export interface OwnSessions {
  readonly kind: 'own'
  readonly accounts: AccountStore
  readonly sessions: SessionStore
  readonly hasher: PasswordHasher
  ping(): Promise<void>
  gauges(): readonly Figure[]
}

/** Somebody else's tokens. */
export interface ForeignSessions {
  readonly kind: 'foreign'
  readonly tokens: Pick<IssuerTokens, 'verify'>
}

/** Takes no token. */
const NOBODY: ForeignSessions = { kind: 'foreign', tokens: { verify: () => ({ ok: false, reason: 'malformed' }) } }

/** What lives as long as the gateway, while the routes come and go with the document. */
export interface Shared {
  readonly settings: Settings
  readonly counter: Counter
  readonly events: SecurityEvents
  readonly upstream: Upstream
  readonly identity: UpstreamIdentity
  readonly sessions: OwnSessions | ForeignSessions
  /** Documents that were taken, and that were not, since the start. */
  readonly documents: { taken: number; kept: number }
  /** Answers since the start, by class of status. */
  readonly answers: Map<string, number>
  /** What can be measured of it now. */
  figures(): readonly Figure[]
  close(): Promise<void>
}

/**
 * Opens it.
 *
 * @param options `askIssuer: false` to describe the gateway only: then no token is taken
 * @throws Error with a sentence when the database or the issuer can't be reached
 */
export const openShared = async (
  settings: Settings,
  events: SecurityEvents,
  { askIssuer = true }: { readonly askIssuer?: boolean } = {},
): Promise<Shared> => {
  const closing: (() => void | Promise<void>)[] = []
  const close = async (): Promise<void> => {
    for (const one of closing.splice(0).reverse()) await one()
  }
  try {
    const upstream = connectUpstream({
      url: settings.UPSTREAM,
      connectMs: settings.UPSTREAM_CONNECT_SECONDS * 1_000,
      answerMs: settings.UPSTREAM_TIMEOUT_SECONDS * 1_000,
      idleMs: settings.UPSTREAM_IDLE_SECONDS * 1_000,
      connections: settings.UPSTREAM_CONNECTIONS,
      reuse: settings.UPSTREAM_REUSE === 'yes',
      // With an issuer the accounts are not here: a cookie of that name is the upstream's.
      ownCookie: settings.ISSUER === undefined ? REFRESH_COOKIE : undefined,
    })
    closing.push(upstream.close)
    const redis =
      settings.REDIS_URL === undefined
        ? undefined
        : await openRedis(settings.REDIS_URL, {
            onState: (state, reason) => events.publish(`limits-${state}`, { reason }),
          })
    if (redis !== undefined) closing.push(() => redis.close())
    const sessions =
      settings.ISSUER === undefined
        ? await own(settings, closing)
        : askIssuer
          ? await foreign(settings, events, closing)
          : NOBODY
    const memory = memoryCounter()
    const documents = { taken: 1, kept: 0 }
    return {
      settings,
      counter: redis?.counter ?? memory,
      events,
      upstream,
      identity: upstreamIdentity({ secret: settings.IDENTITY_SECRET ?? '', audience: settings.UPSTREAM.origin }),
      sessions,
      documents,
      answers: new Map(),
      figures: () => [
        ...figuresOf({
          memory,
          redis,
          ...(sessions.kind === 'own' ? { hasher: sessions.hasher, storage: sessions } : {}),
        }),
        {
          name: 'portcullis_documents_total',
          help: 'Documents since the start: taken, and kept out because they can not be used.',
          value: Object.entries(documents).map(([outcome, value]) => ({ labels: { outcome }, value })),
        },
      ],
      close,
    }
  } catch (error) {
    await close()
    throw error
  }
}

const own = async (settings: Settings, closing: (() => void | Promise<void>)[]): Promise<OwnSessions> => {
  const storage = await openStorage(settings.DATABASE_URL)
  closing.push(() => storage.close())
  const { accounts, sessions, ping, gauges } = storage
  return { kind: 'own', accounts, sessions, hasher: passwordHasher({}), ping, gauges }
}

const foreign = async (
  settings: Settings,
  events: SecurityEvents,
  closing: (() => void | Promise<void>)[],
): Promise<ForeignSessions> => {
  const tokens = await issuerTokens({
    issuer: settings.ISSUER ?? '',
    audience: settings.AUDIENCE ?? '',
    rolesClaim: settings.ROLES_CLAIM,
    jwksUrl: settings.JWKS_URL,
    report: (name, facts) => events.publish(name, facts),
  })
  closing.push(() => tokens.close())
  return { kind: 'foreign', tokens }
}
