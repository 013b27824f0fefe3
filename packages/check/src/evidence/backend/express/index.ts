/** Express: routes, guards, limiters, CORS, documentation, errors and proxies. */
import { type Call, type Located, lastName, possibilities, type Value, walk } from '../../source/index.ts'
import { trustsOf } from '../deployment/index.ts'
import { runsAsDevelopment, shows, stackSigns } from '../disclosure/index.ts'
import type { CorsSetting, DebugSign, Docs, FrameworkFacts, ProxyTrust } from '../facts.ts'
import { createdLimiters } from '../limits/index.ts'
import { corsInside, corsOfPackage, headersByHand } from '../origins/index.ts'
import { placeOf, type Reading, whenOf } from '../reading.ts'
import { whenServed } from '../switches/index.ts'
import { appsOf } from './apps.ts'
import { isBasicAuth, takesKnownCredentials } from './basic-auth.ts'
import { caughtErrors } from './caught-errors.ts'
import { docsElsewhere } from './docs-elsewhere.ts'
import { docsHanded } from './docs-handed.ts'
import { generatedPage } from './generated-page.ts'
import { readGraphql, withGraphql } from './graphql.ts'
import { type Walked, walkApps } from './routes.ts'

export const readExpress = (reading: Reading): FrameworkFacts => {
  const apps = appsOf(reading)
  const walked = walkApps(reading, apps)
  const mounted = new Set(walked.limiters.map((one) => `${one.at.file}:${one.at.line}`))
  const created = createdLimiters(
    reading,
    ['rateLimit', 'RateLimit', 'rateLimiter', 'expressRateLimit', 'limiter'],
    /^express-rate-limit$/,
  )
  const unused = created.filter((one) => !mounted.has(`${one.at.file}:${one.at.line}`))
  return withGraphql(readGraphql(reading, walked), {
    routes: walked.routes,
    limiters: [...walked.limiters, ...unused],
    guards: walked.guards,
    cors: corsOf(reading, walked),
    docs: docsOf(reading, walked),
    debug: debugOf(reading, walked),
    proxies: proxiesOf(reading),
  })
}

const corsOf = (reading: Reading, walked: Walked): CorsSetting[] => {
  const settings: CorsSetting[] = []
  for (const { handler, registration } of walked.used)
    for (const one of whenOf(reading, registration.call.node) === 'development' ? [] : possibilities(handler.value)) {
      settings.push(...corsOfPackage(reading, one))
      if (one.kind === 'function') settings.push(...headersByHand(reading, one), ...corsInside(reading, one))
    }
  return unique(settings)
}

const unique = <T extends { at: { file: string; line: number } }>(all: readonly T[]): T[] =>
  all.filter(
    (one, index) => all.findIndex((other) => other.at.file === one.at.file && other.at.line === one.at.line) === index,
  )

const DOCS =
  /^(?:swagger-ui-express|@scalar\/express-api-reference|redoc-express|swagger-ui-dist|graphql-playground-middleware-express|express-openapi-validator|express-jsdoc-swagger|express-swagger-generator)$/

/** A route of the project's own that answers the document, or a page of it. */
const DOCUMENT =
  /(?:^|\/)(?:(?:open-?api|swagger)(?:[._-]?(?:json|ya?ml|docs?|spec|ui))?|api-?docs?(?:\.json)?|redoc)$/i

const docsOf = (reading: Reading, walked: Walked): Docs[] => {
  const docs: Docs[] = []
  for (const { handler, path, registration, guarded } of walked.used) {
    const answers = registration.method === 'GET' && DOCUMENT.test(path) && handler === registration.handlers.at(-1)
    const served =
      possibilities(handler.value).some(
        (one) => one.kind === 'external' && one.from === 'express' && one.path.includes('static'),
      ) && /\/(?:api-?)?docs?$|swagger|redoc/i.test(path)
    const isDocs =
      answers ||
      served ||
      possibilities(handler.value).some((one) => one.kind === 'external' && DOCS.test(one.from)) ||
      /swagger|api-?docs|redoc/i.test(handler.name)
    if (!isDocs) continue
    const when = whenServed(reading, registration.call.node)
    const mount = mountsOf(reading, registration.call)
    const own = registration.handlers.some((one) =>
      /basic-?auth/i.test(
        JSON.stringify(possibilities(one.value).map((each) => (each.kind === 'external' ? each.from : ''))),
      ),
    )
    // Credentials that stand in the source keep nobody out who can read it.
    const known =
      registration.handlers.some((one) => takesKnownCredentials(reading, one.value)) ||
      walked.used.some(
        (one) =>
          one.registration.method === 'USE' &&
          one.path === path &&
          isBasicAuth(one.handler.value) &&
          takesKnownCredentials(reading, one.handler.value),
      )
    docs.push({
      at: placeOf(reading, registration.call.node.at),
      path,
      when:
        (guarded || own) && !known
          ? 'guarded'
          : when === 'always' && mount !== 'always'
            ? mount === 'development'
              ? 'development'
              : 'unknown'
            : when === 'development'
              ? 'development'
              : when === 'unknown'
                ? 'unknown'
                : 'always',
    })
  }
  docs.push(...docsElsewhere(reading, DOCS, new Set(walked.used.map((one) => one.registration.call.node))))
  docs.push(...docsHanded(reading))
  return unique(docs)
}

/** When the router that a registration is on is mounted: `if (dev) devRoutes.forEach((r) => router.use(…))`. */
const mountsOf = (reading: Reading, call: Located<Call>): 'always' | 'development' | 'unknown' => {
  const object = call.node.callee.kind === 'member' ? call.node.callee.object : undefined
  const name = object?.kind === 'name' ? object.name : undefined
  if (name === undefined) return 'always'
  const { module } = call.scope
  // The modules that import this one, and what they do with it.
  for (const other of reading.program.modules.values())
    for (const node of other.body) {
      if (node.kind !== 'import' || reading.program.imported(other, node.from) !== module) continue
      for (const { local } of node.names) {
        const state = usedWhen(reading, other, local)
        if (state !== undefined) return state
      }
    }
  return 'always'
}

const usedWhen = (
  reading: Reading,
  module: Parameters<Reading['program']['scopes']>[0],
  local: string,
): 'always' | 'development' | undefined => {
  let found: 'always' | 'development' | undefined
  let list: string | undefined
  walk(module.body, (node) => {
    if (node.kind === 'call' && node.args.some((arg) => arg.kind === 'name' && arg.name === local))
      found = whenOf(reading, node) === 'development' ? 'development' : 'always'
    if (
      node.kind === 'assign' &&
      node.value?.kind === 'list' &&
      JSON.stringify(
        node.value.items.map((item) =>
          item.kind === 'object'
            ? item.entries.map((entry) => (entry.value.kind === 'name' ? entry.value.name : ''))
            : '',
        ),
      ).includes(`"${local}"`)
    )
      list = lastName(node.target)
  })
  if (list === undefined) return found
  walk(module.body, (node) => {
    if (
      node.kind === 'call' &&
      node.callee.kind === 'member' &&
      lastName(node.callee) === 'forEach' &&
      node.callee.object.kind === 'name' &&
      node.callee.object.name === list
    )
      found = whenOf(reading, node) === 'development' ? 'development' : 'always'
  })
  return found
}

const debugOf = (reading: Reading, walked: Walked): DebugSign[] => {
  const signs: DebugSign[] = []
  let answered = false
  for (const { handler, registration } of walked.used)
    for (const one of possibilities(handler.value)) {
      if (one.kind === 'external' && one.from === 'errorhandler' && shows(reading, registration.call.node))
        signs.push({ at: placeOf(reading, registration.call.node.at), what: 'errorhandler sends stacks' })
      if (one.kind !== 'function') continue
      const handlesErrors = one.node.parameters.length === 4
      if (handlesErrors && !passesOn(one)) answered = true
      signs.push(...stackSigns(reading, one, handlesErrors ? 'error handler' : 'handler'))
      if (handlesErrors) signs.push(...generatedPage(reading, one))
      else signs.push(...caughtErrors(reading, one))
    }
  const start = reading.deployment?.start
  // Express's own handler (finalhandler) answers with the stack unless NODE_ENV is production.
  const [route] = walked.routes
  if (!answered && route !== undefined && start === undefined && reading.deployment?.production === false)
    signs.push({
      at: route.at,
      what: 'Express answers errors with their stack',
      unless: 'NODE_ENV is production, which nothing in the project sets',
    })
  if (!answered && start !== undefined && runsAsDevelopment(reading) && route !== undefined)
    signs.push({
      at: start,
      what: 'it runs without NODE_ENV=production, where Express answers errors with their stack',
    })
  return unique(signs)
}

/** An error handler that only hands the error on, at its end, leaves the answer to Express. */
const passesOn = ({ node }: Extract<Value, { kind: 'function' }>): boolean => {
  const next = node.parameters[3]?.target
  const last = node.body.at(-1)
  const call = last?.kind === 'return' ? last.value : last
  return next?.kind === 'name' && call?.kind === 'call' && call.callee.kind === 'name' && call.callee.name === next.name
}

/** `app.set('trust proxy', …)`, `app.enable('trust proxy')`. */
const proxiesOf = (reading: Reading): ProxyTrust[] => {
  const proxies: ProxyTrust[] = []
  for (const name of ['set', 'enable'])
    for (const { node, scope } of reading.program.callsNamed(name)) {
      const [key, given] = node.args
      if (key?.kind !== 'literal' || key.value !== 'trust proxy') continue
      const trusts: readonly ProxyTrust['trust'][] =
        name === 'enable'
          ? ['any']
          : given === undefined
            ? ['unknown']
            : trustsOf(reading, reading.evaluator.value(given, scope))
      proxies.push(...trusts.map((trust) => ({ at: placeOf(reading, node.at), framework: 'express' as const, trust })))
    }
  return proxies
}
