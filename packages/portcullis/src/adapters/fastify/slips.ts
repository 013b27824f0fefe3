import type { RouteOptions } from 'fastify'
import type { InputFinding } from '../../door/index.ts'
import { isSlip } from '../../settings/index.ts'
import { PARTS } from './schemas.ts'

/** What the door reads in a route's `config`. */
export const CONFIG = ['access', 'limit', 'contentTypes'] as const

type Slip = readonly [name: string, problem: string]

/** What the author believes to be in force. To accept it would leave a route to everybody with a session. */
export const misplaced = (route: RouteOptions): readonly Slip[] => [
  ...CONFIG.filter((name) => Reflect.get(route, name) !== undefined).map(
    (name): Slip => [name, `is not read beside config: write config: { ${name}: … }`],
  ),
  ...misspelt('config', route.config, ['access']),
]

/** What may be a word of the application's own: `limits`. */
export const slips = (route: RouteOptions): readonly Slip[] => [
  ...misspelt('config', route.config, ['limit', 'contentTypes']),
  ...misspelt('schema', route.schema, [...PARTS, 'query', 'response']),
  ...otherWords(route.config ?? {}, 'config.'),
]

/** What @fastify/rate-limit reads: whoever takes that out, because the door does its work, would lose the limits without a word. */
export const lostLimits = (
  seen: readonly { readonly route: RouteOptions }[],
  plugins: ReadonlySet<string>,
): readonly InputFinding[] =>
  plugins.has('@fastify/rate-limit')
    ? []
    : seen
        .map(({ route }) => route)
        .filter(({ method, config = {} }) => method !== 'HEAD' && config.limit === undefined && hasQuota(config))
        .map(({ method, url }) => ({ name: `${[method].flat().join(',')} ${url} config.rateLimit`, problem: UNREAD }))

const UNREAD = "is read by @fastify/rate-limit, which is not here: write config.limit: '5/minute'"

const hasQuota = (config: object): boolean => {
  const quota: unknown = Reflect.get(config, 'rateLimit')
  return typeof quota === 'object' && quota !== null
}

/** Other words for the rule: a route whose author wrote one would be open to every session, or closed where it was to be open. */
const OTHER_WORDS: Readonly<Record<string, string>> = {
  role: "role('admin')",
  roles: "role('admin')",
  public: "'public'",
}

/** Of what stands where a rule is read: in a route's `config.`, or among the options of a plugin whose routes it would be for. */
export const otherWords = (written: object, place: 'config.' | ''): readonly Slip[] =>
  Reflect.get(written, 'access') === undefined
    ? Object.entries(OTHER_WORDS)
        .filter(([name]) => Object.hasOwn(written, name))
        .map(([name, rule]) => [`${place}${name}`, `is not read; did you mean ${place}access: ${rule}?`])
    : []

const misspelt = (place: 'config' | 'schema', written: object = {}, known: readonly string[]): readonly Slip[] =>
  Object.keys(written).flatMap((name): Slip[] => {
    // A name that is read is no slip of another; and to compare it with all would be most of what thousands of routes cost at the start.
    const meant = known.includes(name) ? undefined : known.find((one) => isSlip(name, one))
    return meant === undefined ? [] : [[`${place}.${name}`, `is not read; did you mean ${place}.${meant}?`]]
  })
