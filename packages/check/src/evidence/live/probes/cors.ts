import type { Draft } from '../draft.ts'
import type { CorsProbe } from '../facts.ts'
import { USUAL_ORIGINS } from '../usual-places.ts'
import type { Wire } from '../wire.ts'
import type { OpenSession } from './session.ts'

const UNLISTED = 'https://evil.example'

/** Asks from origins that no list holds; and, once an allowed one is known, from those that look like it. */
export const askFromOrigins = async (wire: Wire, draft: Draft): Promise<readonly CorsProbe[]> => {
  const from = wire.freshAddress()
  const read = draft.reads.find((path) => draft.document !== undefined && path !== '/') ?? '/'
  const login = draft.logins[0]?.path ?? '/'
  const get = async (origin: string, kind: CorsProbe['kind'], more: { cookie?: string } = {}): Promise<CorsProbe> => ({
    origin,
    kind,
    exchange: await wire.ask({ path: read, headers: { origin, ...more }, from }),
  })
  const preflight = async (
    origin: string,
    kind: CorsProbe['kind'],
    path: string,
    method: string,
  ): Promise<CorsProbe> => ({
    origin,
    kind,
    exchange: await wire.ask({
      method: 'OPTIONS',
      path,
      headers: {
        origin,
        'access-control-request-method': method,
        'access-control-request-headers': 'authorization,content-type',
      },
      from,
    }),
  })
  const both = async (origin: string, kind: CorsProbe['kind']): Promise<readonly CorsProbe[]> => [
    await get(origin, kind),
    await preflight(origin, kind, read, 'GET'),
  ]
  const strangers = [
    ...(await both(UNLISTED, 'unlisted')),
    await preflight(UNLISTED, 'unlisted', login, 'POST'),
    // Some say * to everybody, and echo the origin of those who come with a cookie (Starlette does).
    await get(UNLISTED, 'unlisted', { cookie: 'portcullis=1' }),
    ...(await both('null', 'null')),
  ]
  // One that answers every origin has been found out already.
  if (strangers.some(({ exchange }) => exchange.answered['access-control-allow-origin'] !== undefined)) return strangers
  const allowed = await firstAllowed(draft.options.origins ?? USUAL_ORIGINS, get)
  if (allowed === undefined) return strangers
  const likes: CorsProbe[] = []
  for (const { origin, kind } of lookAlikes(allowed.origin)) likes.push(...(await both(origin, kind)))
  return [...strangers, allowed, ...likes]
}

/** A reading that the session may make, from an origin that no list holds: what a handler allows by itself is seen where it runs. */
export const askAsMember = async (
  wire: Wire,
  { session: { witness }, from }: Pick<OpenSession, 'session' | 'from'>,
): Promise<readonly CorsProbe[]> => {
  if (witness === undefined) return []
  const headers = { ...witness.held.headers, origin: UNLISTED }
  return [{ origin: UNLISTED, kind: 'unlisted', exchange: await wire.ask({ path: witness.path, headers, from }) }]
}

const firstAllowed = async (
  origins: readonly string[],
  get: (origin: string, kind: CorsProbe['kind']) => Promise<CorsProbe>,
): Promise<CorsProbe | undefined> => {
  for (const origin of origins) {
    const probe = await get(origin, 'allowed')
    if (probe.exchange.answered['access-control-allow-origin'] === origin) return probe
  }
  return undefined
}

/** What startsWith, endsWith and an unescaped or unanchored pattern let through. */
const lookAlikes = (origin: string): readonly Pick<CorsProbe, 'origin' | 'kind'>[] => {
  const url = URL.parse(origin)
  if (url === null) return []
  const port = url.port === '' ? '' : `:${url.port}`
  const scheme = `${url.protocol}//`
  return [
    { origin: `${origin}.evil.example`, kind: 'prefix' },
    { origin: `${scheme}evil${url.hostname}${port}`, kind: 'suffix' },
    ...(url.hostname.includes('.')
      ? [{ origin: `${scheme}${url.hostname.replace('.', 'x')}${port}`, kind: 'suffix' as const }]
      : []),
    ...(url.protocol === 'https:' ? [{ origin: `http://${url.host}`, kind: 'plain' as const }] : []),
  ]
}
