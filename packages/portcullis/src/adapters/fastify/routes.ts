import type { FastifyRequest, RouteOptions } from 'fastify'
import type { Baseline, DoorRoute } from '../../door/index.ts'
import { auditInputs } from '../../door/index.ts'
import type { AccessEntry, AccessRule } from '../../layers/access/index.ts'
import { accessEntry, readRule } from '../../layers/access/index.ts'
import { isSlip } from '../../settings/index.ts'
import { readSchemas } from './schemas.ts'

/** Where a compiled route stands in a route's `config`. Enumerable, so that Fastify's copies of the config carry it along. */
const DOOR_ROUTE: unique symbol = Symbol('portcullis.route')

const BODY_LIMIT = 65_536

const COERCED =
  'is checked by Fastify\'s own validator, which turns "1" into 1 and drops unknown keys: write it in zod, or make the application with ajv: { customOptions: { coerceTypes: false, removeAdditional: false } }'

/** The compiled route that a request matched; undefined when none did. */
export const doorRouteOf = (request: FastifyRequest): DoorRoute | undefined =>
  (request.routeOptions.config as { readonly [DOOR_ROUTE]?: DoorRoute })[DOOR_ROUTE]

/** Every route that the door has seen, and what is wrong with them. */
export interface RouteRegister {
  see(route: RouteOptions, group: AccessRule | undefined): void
  readonly entries: readonly AccessEntry[]
  /** What stops the start everywhere. */
  faults(): readonly string[]
  /** Findings of the schema audit that nobody waived, as sentences. */
  findings(): readonly string[]
}

/**
 * Compiles routes as they are registered: rule, quotas, body, schemas.
 *
 * @param coerces whether Fastify's own validator turns "1" into 1 and drops unknown keys, as it does unless it is told not to
 */
export const routeRegister = (baseline: Baseline, coerces: boolean): RouteRegister => {
  const entries: AccessEntry[] = []
  const rules = new Map<string, AccessRule>()
  const faults: string[] = []
  const findings = new Map<string, string>()
  /** Fastify makes a HEAD of each GET, of the same schemas: what is wrong with both is said once. */
  const gets = new Map<string, Written>()

  const compile = (route: RouteOptions, methods: readonly string[], group: AccessRule | undefined): DoorRoute => {
    const config = route.config ?? {}
    const rule = config.access === undefined && group !== undefined ? group : readRule(config.access)
    const saidOfGet = route.method === 'HEAD' && isSame(route, gets.get(route.url))
    if (route.method === 'GET') gets.set(route.url, { schema: route.schema, config: route.config })
    const inputs = readSchemas(route)
    const report = auditInputs({ methods, path: route.url, ...inputs })
    if (!saidOfGet) {
      faults.push(...report.faults)
      for (const finding of report.findings) findings.set(finding.name, finding.problem)
      for (const [name, problem] of slips(route)) findings.set(`${methods.join(',')} ${route.url} ${name}`, problem)
    }
    if (inputs.foreign && inputs.body !== undefined && coerces)
      findings.set(`${methods.join(',')} ${route.url} body`, COERCED)
    route.bodyLimit ??= BODY_LIMIT
    return Object.freeze({
      path: route.url,
      rule,
      policies: baseline.routePolicies(config.limit, `${methods.join(',')} ${route.url}`),
      body: {
        taken: inputs.body !== undefined && !isNothing(inputs.body),
        limit: route.bodyLimit,
        contentTypes: config.contentTypes ?? [],
      },
    })
  }

  return {
    entries,
    see: (route, group) => {
      const methods = [route.method].flat()
      try {
        const compiled = compile(route, methods, group)
        route.config = Object.assign({}, route.config, { [DOOR_ROUTE]: compiled })
        for (const method of methods) {
          entries.push(accessEntry(method, route.url, compiled.rule))
          rules.set(`${method} ${route.url}`, compiled.rule)
        }
      } catch (error) {
        faults.push(`${methods.join(',')} ${route.url}: ${(error as Error).message}`)
        // The start is refused for this; Fastify would stumble over the schema first, and say something else.
        delete route.schema
        route.attachValidation = false
      }
    },
    faults: () => [...withoutHeads(faults), ...headFaults(rules)],
    findings: () =>
      [...findings]
        .filter(([name]) => !baseline.waived.has(name))
        .map(([name, problem]) => `${name}: ${problem} (to accept it: validation.waive: ['${name}'])`),
  }
}

/** What z.undefined() becomes: nothing is taken. */
const isNothing = (schema: object): boolean =>
  'not' in schema && Object.keys(schema).every((key) => key === 'not' || key === '$schema')

/** What the author wrote of a route, before anything was put in. */
interface Written {
  readonly schema?: unknown
  readonly config?: unknown
}

const isSame = (route: Written, other: Written | undefined): boolean =>
  other !== undefined && route.schema === other.schema && route.config === other.config

/** A GET that could not be compiled comes again as its HEAD. */
const withoutHeads = (said: readonly string[]): readonly string[] =>
  said.filter((one) => !(one.startsWith('HEAD ') && said.includes(one.replace('HEAD', 'GET'))))

/** What the door reads in a route's `config`. */
const CONFIG = ['access', 'limit', 'contentTypes'] as const

/** Where somebody probably meant one of them: it would count for nothing, and nobody would say so. */
const slips = (route: RouteOptions): readonly (readonly [name: string, problem: string])[] => [
  ...CONFIG.filter((name) => Reflect.get(route, name) !== undefined).map(
    (name) => [name, `is not read beside config: write config: { ${name}: … }`] as const,
  ),
  ...Object.keys(route.config ?? {}).flatMap((name) => {
    const meant = CONFIG.find((known) => isSlip(name, known))
    return meant === undefined ? [] : [[`config.${name}`, `is not read; did you mean config.${meant}?`] as const]
  }),
]

/** HEAD follows GET: one that is judged by another rule tells what the GET would not. */
const headFaults = (rules: ReadonlyMap<string, AccessRule>): readonly string[] =>
  [...rules].flatMap(([name, rule]) => {
    const get = name.startsWith('HEAD ') ? rules.get(name.replace('HEAD', 'GET')) : undefined
    return get === undefined || get.label === rule.label
      ? []
      : [`${name} is ${rule.label}, its GET is ${get.label}: give both one rule.`]
  })
