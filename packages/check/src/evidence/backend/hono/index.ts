/** The reader of Hono. */
import { BETTER_AUTH } from '../better-auth/index.ts'
import type { FrameworkFacts, Limiter, ProxyTrust, Route } from '../facts.ts'
import { asLogin } from '../guards/index.ts'
import { askedBy, countingFor } from '../limits/index.ts'
import { placeOfCall, type Reading } from '../reading.ts'
import { HONO } from './apps.ts'
import { corsOf } from './cors.ts'
import { docsOf, isDocs } from './docs.ts'
import { debugSigns } from './errors.ts'
import { guardingOf } from './guarding.ts'
import { inputsOf } from './inputs.ts'
import { limitingOf } from './limiters.ts'
import type { Entry } from './model.ts'
import { covers, starred } from './paths.ts'
import { servedBy } from './routing.ts'

const NOTHING: FrameworkFacts = { routes: [], limiters: [], guards: [], cors: [], docs: [], debug: [], proxies: [] }

export const readHono = (reading: Reading): FrameworkFacts => {
  if (!usesHono(reading)) return NOTHING
  const { entries, registrations } = servedBy(reading)
  const guarding = guardingOf(reading, entries)
  const limiting = limitingOf(reading, entries)
  const routes = entries.flatMap((entry, index): Route[] => {
    if ((entry.kind !== 'route' && entry.kind !== 'mount') || isDocs(reading, entry) || isFiles(entry)) return []
    const before = entries
      .slice(0, index)
      .filter(
        (one) =>
          one.kind === 'use' &&
          one.path !== undefined &&
          starred(one.path) === undefined &&
          entry.path !== undefined &&
          covers(one.path, entry.path),
      )
    return [
      {
        framework: 'hono',
        method: entry.method,
        path: entry.path ?? '/:unknown',
        at: placeOfCall(reading, entry.registration.node),
        ...guarding.of(entry),
        limiters: [...limiting.of(entry), ...askedBy(reading, entry.handlers.at(-1)?.value)].map((one) =>
          countingFor(reading, one, { path: entry.path ?? '', method: entry.method }),
        ),
        inputs: entry.delegated ? [] : inputsOf(reading, entry, before),
        handler: entry.delegated ? BETTER_AUTH : (entry.handlers.at(-1)?.name ?? ''),
        ...asLogin(
          reading,
          entry.handlers.map(({ value }) => value),
        ),
      },
    ]
  })
  return {
    routes: unique(routes),
    limiters: limiting.limiters,
    guards: guarding.guards,
    cors: corsOf(reading),
    docs: docsOf(reading, entries, guarding),
    debug: debugSigns(reading, registrations),
    proxies: proxiesOf(limiting.limiters),
  }
}

/** A router that two applications mount under the same path is one route for whoever reads. */
const unique = (routes: readonly Route[]): readonly Route[] => {
  const seen = new Set<string>()
  return routes.filter((one) => {
    const key = `${one.method} ${one.path} ${one.at.file}:${one.at.line} ${one.guard}`
    return !seen.has(key) && seen.add(key)
  })
}

const usesHono = (reading: Reading): boolean =>
  [...reading.program.modules.values()].some((module) =>
    module.body.some((one) => one.kind === 'import' && HONO.test(one.from)),
  )

/** `app.use('/static/*', serveStatic(…))`, and what a page is made of. */
const isFiles = (entry: Entry): boolean =>
  entry.handlers.some((one) => one.value.kind === 'external' && /serveStatic$/.test(one.value.path.at(-2) ?? ''))

/** Hono trusts no proxy by itself: what the project's own code does before it reads the forwarded header is all there is. */
const proxiesOf = (limiters: readonly Limiter[]): ProxyTrust[] => {
  const trusted = limiters.find((one) => one.key.kind === 'client')
  return trusted ? [{ at: trusted.key.at, framework: 'hono', trust: 'listed' }] : []
}
