/** Which origins a Flask program's answers are shared with: flask-cors, given to the application at once or by its init_app. */
import { type Call, type Located, lastName, type Node, possibilities, type Value } from '../../source/index.ts'
import type { CorsSetting, OriginsLiteral } from '../facts.ts'
import { callWithoutList, callWithoutOptions, literalOf, writtenOrigins } from '../literals.ts'
import { argumentOf, flatTexts, itemValues, valuesOf } from '../python/index.ts'
import { placeOf, type Reading, whenOf } from '../reading.ts'
import { settingsOf } from '../switches/index.ts'
import { configured } from './configuration.ts'
import { isOf, mentions } from './settings.ts'

/** The call that gives the application, and the one before it whose options it takes over. */
interface Given {
  readonly call: Located<Call>
  readonly made?: Located<Call>
}

export const corsOf = (reading: Reading): readonly CorsSetting[] => {
  const ofPackage = (name: string) =>
    reading.program.callsNamed(name).filter((one) => isOf(reading, one, /^flask_cors/))
  const inits = reading.program
    .callsNamed('init_app')
    .map((call) => ({ call, made: madeBy(reading, call) }))
    .filter(({ call }) => whenOf(reading, call.node) !== 'development')
  const known = new Set<Node | undefined>()
  const given = ofPackage('CORS').flatMap((made): readonly Given[] => {
    const waits = made.node.args.length === 0 && !made.node.named.has('app')
    const own = inits.filter((one) => one.made.includes(made.node))
    for (const { call } of own) known.add(call.node)
    if (own.length > 0) return own.map(({ call }) => ({ call, made }))
    // In a loop over extensions, say: some init_app is of something that can't be followed.
    const started = inits.some((one) => one.made.includes(undefined))
    return waits && made.node.named.size === 0 && !started ? [] : [{ call: made }]
  })
  const byName = inits
    .map(({ call }) => call)
    .filter(
      ({ node }) =>
        !known.has(node) && /^cors$/i.test((node.callee.kind === 'member' && lastName(node.callee.object)) || ''),
    )
  const alone = [...ofPackage('cross_origin'), ...byName].map((call): Given => ({ call }))
  return [...given, ...alone].flatMap((one) => settingOf(reading, one))
}

/** What an `init_app` is of, by the calls that made it; undefined among them where one could not be followed. */
const madeBy = (reading: Reading, { node, scope }: Located<Call>): readonly (Node | undefined)[] =>
  node.callee.kind === 'member'
    ? valuesOf(reading, node.callee.object, scope).map((one) =>
        one.kind === 'external' || one.kind === 'instance' ? one.call?.node : undefined,
      )
    : [undefined]

const settingOf = (reading: Reading, { call, made }: Given): readonly CorsSetting[] => {
  const { node } = call
  if (whenOf(reading, node) === 'development') return []
  const option = (name: string) => argumentOf(reading, call, name) ?? (made && argumentOf(reading, made, name))
  const credentials =
    option('supports_credentials')?.values.some((one) => one.kind === 'literal' && one.value === true) ?? false
  const resources = option('resources')?.values ?? []
  const inner = resources.flatMap((one) =>
    one.kind === 'object'
      ? [...one.entries.values()].map((entry) => (entry.kind === 'object' ? entry.entries.get('origins') : undefined))
      : [],
  )
  const direct = option('origins')
  const nested = inner.filter((one) => one !== undefined).flatMap(possibilities)
  const at = placeOf(reading, direct?.node?.at ?? node.at)
  const settled =
    direct === undefined && resources.length === 0
      ? configured(reading, 'CORS_ORIGINS').flatMap((one) => one.values)
      : []
  // flask-cors itself looks there for what it is not given.
  if (settled.length > 0) return [{ at, credentials, ...judgedOrigins(reading, settled) }]
  if (direct === undefined && (nested.length === 0 || nested.length < inner.length))
    return [
      { at, origins: 'any', what: 'flask-cors’s default, *', credentials, ...literalOf(withoutList(reading, node)) },
    ]
  const literal = direct?.node && nested.length === 0 ? writtenOrigins(reading, direct.node) : undefined
  const scope = direct?.node && reading.program.scopeOf(direct.node)
  const items = direct?.node ? itemValues(reading, direct.node, scope ?? call.scope) : []
  const given = (items.length > 0 ? items : (direct?.values ?? [])).flatMap((one) => ofConfig(reading, one))
  return [{ at, credentials, ...judgedOrigins(reading, [...given, ...nested]), ...literalOf(literal) }]
}

/** `app.config['CORS_ORIGINS']`: what the program's settings say, where they say anything. */
const ofConfig = (reading: Reading, value: Value): readonly Value[] => {
  const [at, name = ''] = (
    value.kind === 'unknown' ? (value.label ?? []) : value.kind === 'external' ? value.path : []
  ).slice(-2)
  const said = at === 'config' ? configured(reading, name).flatMap(({ values }) => values) : []
  return said.length > 0 ? said : [value]
}

/** `CORS(app)` and `@cross_origin()`; an init_app may leave its list to what was made before, and all of them to the settings. */
const withoutList = (reading: Reading, node: Call): OriginsLiteral | undefined => {
  if (node.named.has('resources') || lastName(node.callee) === 'init_app' || mentions(reading, 'CORS_ORIGINS')) return
  return node.args.length === 0
    ? callWithoutOptions(reading, node, 'origins=')
    : callWithoutList(reading, node, 'origins=')
}

export const judgedOrigins = (reading: Reading, values: readonly Value[]): Pick<CorsSetting, 'origins' | 'what'> => {
  const texts = [...flatTexts(values)]
  const envs = values
    .flatMap((one) => (one.kind === 'list' ? one.items.flatMap(possibilities) : [one]))
    .flatMap((one) => (one.kind === 'env' ? [one.name] : []))
  for (const name of envs)
    for (const { value, example } of settingsOf(reading, name))
      if (!example) texts.push(...value.split(',').map((one) => one.trim()))
  if (texts.some((one) => one === '*' || one === '.*' || one === 'https?://.*'))
    return { origins: 'any', what: texts.join(', ') }
  // flask-cors reads what has one of these as a pattern, and matches from the start alone.
  if (texts.some((one) => /[*\\\]?$^]/.test(one))) return { origins: 'loose', what: texts.join(', ') }
  if (texts.length > 0) return { origins: 'listed', what: texts.join(', ') }
  if (envs.length > 0) return { origins: 'listed', what: `the setting ${envs[0]}` }
  const [only, ...more] = values
  return more.length === 0 && only?.kind === 'list' && only.items.length === 0
    ? { origins: 'listed', what: 'no origin' }
    : { origins: 'unknown', what: 'origins that could not be read' }
}
