import type { FastifyRequest, RouteOptions } from 'fastify'
import type { Baseline, DoorRoute, InputFinding } from '../../door/index.ts'
import { auditInputs } from '../../door/index.ts'
import type { AccessEntry, AccessRule } from '../../layers/access/index.ts'
import { accessEntry, readRule } from '../../layers/access/index.ts'
import { placeOf } from './constraints.ts'
import type { Surroundings } from './constructor-options.ts'
import { headFaults, judgedRoutes } from './head-rules.ts'
import type { Notes } from './route-notes.ts'
import { notes, sentencesOf } from './route-notes.ts'
import { PARTS, readSchemas } from './schemas.ts'
import type { SharedSchemas } from './shared-schemas.ts'
import { withShared } from './shared-schemas.ts'
import { CONFIG, lostLimits, misplaced, slips } from './slips.ts'

/** Where a compiled route stands in a route's `config`. Enumerable, so that Fastify's copies of the config carry it along. */
const DOOR_ROUTE: unique symbol = Symbol('portcullis.route')

const COERCED =
  'is checked by Fastify\'s own validator, which turns "1" into 1 and drops unknown keys: write it in zod, or make the application with ajv: { customOptions: { coerceTypes: false, removeAdditional: false } }'

/** The compiled route that a request matched; undefined when none did. */
export const doorRouteOf = (request: FastifyRequest): DoorRoute | undefined =>
  (request.routeOptions.config as { readonly [DOOR_ROUTE]?: DoorRoute })[DOOR_ROUTE]

/** Every route that the door has seen, and what is wrong with them. */
export interface RouteRegister {
  /** @param shared what the schemas of the route may refer to */
  see(route: RouteOptions, group: AccessRule | undefined, shared: SharedSchemas): void
  readonly entries: readonly AccessEntry[]
  /**
   * What is wrong with them, asked once, when all are there: what only this needs is forgotten.
   *
   * @param others what was found elsewhere, and may be waived alike
   */
  judge(others: readonly InputFinding[]): Judgement
}

export interface Judgement {
  /** What stops the start everywhere. */
  readonly faults: readonly string[]
  /** Findings of the schema audit that nobody waived, as sentences. */
  readonly findings: readonly string[]
}

/** Compiles routes as they are registered: rule, quotas, body, schemas. */
export const routeRegister = (baseline: Baseline, surroundings: Surroundings): RouteRegister => {
  const { coerces, bodyLimit, plugins } = surroundings
  const entries: AccessEntry[] = []
  const seen: Seen[] = []
  const said = notes()
  const gets = new Map<string, Written>()
  /** The GET that answers this HEAD; of a prefix's root Fastify announces the GET once, and a HEAD for it with the slash as well. */
  const getOf = ({ method, url }: RouteOptions): Written | undefined =>
    method === 'HEAD' ? (gets.get(url) ?? gets.get(url.replace(/\/$/, ''))) : undefined
  /** Fastify makes a HEAD of each GET, from what was written of it: what is wrong with both is said once. */
  const notesFor = (route: RouteOptions, group: AccessRule | undefined): Notes => {
    const methods = [route.method].flat()
    const written = { url: route.url, methods, schema: route.schema, config: route.config, group }
    if (methods.includes('GET')) gets.set(route.url, written)
    return isSame(written, getOf(route)) ? notes() : said
  }

  const compile = (
    route: RouteOptions,
    methods: readonly string[],
    group: AccessRule | undefined,
    shared: SharedSchemas,
    { faults, findings }: Notes,
  ): DoorRoute => {
    const config = route.config ?? {}
    const rule = config.access === undefined && group !== undefined ? group : readRule(config.access)
    const inputs = readSchemas(route)
    // What a validator of its own does nobody knows.
    const converts = surroundings.converts || route.validatorCompiler !== undefined
    const report = auditInputs({ methods, path: route.url, converts, ...withShared(inputs, shared) })
    faults.push(...report.faults)
    findings.push(...report.findings)
    const where = `${methods.join(',')} ${route.url}`
    for (const [name, problem] of misplaced(route)) faults.push(`${where} ${name}: ${problem}`)
    for (const [name, problem] of slips(route)) findings.push({ name: `${where} ${name}`, problem })
    if (inputs.foreign && inputs.body !== undefined && coerces)
      findings.push({ name: `${where} body`, problem: COERCED })
    route.bodyLimit ??= bodyLimit
    return Object.freeze({
      path: route.url,
      rule,
      policies: baseline.routePolicies(config.limit, quotaOf(route, getOf(route))),
      body: {
        taken: inputs.body !== undefined && !isNothing(inputs.body),
        optional: inputs.bodyOptional,
        limit: route.bodyLimit,
        contentTypes: readContentTypes(config.contentTypes),
      },
    })
  }

  return {
    entries,
    see: (route, group, shared) => {
      const methods = [route.method].flat()
      const into = notesFor(route, group)
      try {
        const compiled = compile(route, methods, group, shared, into)
        // The group's rule too: whoever registers a route anew from its options, elsewhere, takes the rule along.
        const access = route.config?.access ?? compiled.rule
        route.config = Object.assign({}, route.config, { access, [DOOR_ROUTE]: compiled })
        seen.push({ route, left: leftOf(route), compiled })
        for (const method of methods) entries.push(accessEntry(method, placeOf(route), compiled.rule))
      } catch (error) {
        into.faults.push(`${methods.join(',')} ${route.url}: ${(error as Error).message}`)
        // The start is refused for this; Fastify would stumble over the schema first, and say something else.
        delete route.schema
        route.attachValidation = false
      }
    },
    judge: (others) => {
      const faults = [
        ...said.faults,
        ...headFaults(seen.flatMap(({ route, compiled }) => judgedRoutes(route, compiled.path, compiled.rule))),
        ...seen.flatMap(changedSince),
      ]
      const lost = lostLimits(seen, plugins)
      // It would be kept for as long as the application runs: half a kilobyte of each route.
      seen.length = 0
      gets.clear()
      return { faults, findings: sentencesOf([...said.findings, ...lost, ...others], baseline.waived) }
    },
  }
}

/** A HEAD uses the quota of its GET: it does the same work. */
const quotaOf = ({ method, url }: RouteOptions, get: Written | undefined): string =>
  get === undefined
    ? `${[method]
        .flat()
        .join(',')
        .replace(/^HEAD$/, 'GET')} ${url}`
    : `${get.methods.join(',')} ${get.url}`

/** A route as the door has read it. */
interface Seen {
  readonly route: RouteOptions
  readonly left: Left
  readonly compiled: DoorRoute
}

/** What the door's reading rests on, as it was when the door left the route. */
type Left = Readonly<Record<string, unknown>>

const leftOf = ({ url, method, config = {}, schema = {}, ...route }: RouteOptions): Left => ({
  // Fastify announces the root of a prefix once, and registers it with the slash as well.
  url: url.replace(/(?<=.)\/$/, ''),
  method: [method].flat().join(','),
  config: (config as { readonly [DOOR_ROUTE]?: DoorRoute })[DOOR_ROUTE],
  ...Object.fromEntries(CONFIG.map((name) => [`config.${name}`, Reflect.get(config, name)])),
  ...Object.fromEntries(PARTS.map((part) => [`schema.${part}`, Reflect.get(schema as object, part)])),
  bodyLimit: route.bodyLimit,
  validatorCompiler: route.validatorCompiler,
  attachValidation: route.attachValidation,
})

/** An onRoute hook of the application comes after the door's: what it writes would stand there and count for nothing. */
const changedSince = ({ route, left }: Seen): readonly string[] => {
  const changed = Object.entries(leftOf(route)).flatMap(([name, value]) => (value === left[name] ? [] : [name]))
  const where = `${left['method']} ${left['url'] || '/'}: an onRoute hook changed its`
  if (changed.length === 0) return []
  return [
    changed.some((name) => name === 'config' || name === 'config.access')
      ? `${where} config after the door had read it: give it config: { access: … } where it is registered.`
      : `${where} ${changed.join(', ')} after the door had read it: write it where the route is registered.`,
  ]
}

const MEDIA_TYPE = /^[a-z0-9!#$&^_.+-]+\/[a-z0-9!#$&^_.+-]+$/

/** @throws TypeError for what would match nothing, or (a text) whatever is a part of it */
const readContentTypes = (types: unknown): readonly string[] => {
  if (types === undefined) return []
  if (!Array.isArray(types) || types.some((type) => typeof type !== 'string' || !MEDIA_TYPE.test(type)))
    throw new TypeError("contentTypes takes a list of media types in lower case, such as ['multipart/form-data'].")
  return [...types]
}

/** What z.undefined() becomes: nothing is taken. */
const isNothing = (schema: object): boolean =>
  'not' in schema && Object.keys(schema).every((key) => key === 'not' || key === '$schema')

/** What the author wrote of a route, before anything was put in. */
interface Written {
  readonly url: string
  readonly methods: readonly string[]
  readonly schema: unknown
  readonly config: unknown
  readonly group: unknown
}

const isSame = (route: Written, other: Written | undefined): boolean =>
  other !== undefined && route.schema === other.schema && route.config === other.config && route.group === other.group
