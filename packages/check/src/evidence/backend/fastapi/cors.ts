/** Which origins a FastAPI program's answers are shared with. */
import { type Call, type Located, lastName, possibilities, type Value } from '../../source/index.ts'
import type { CorsSetting } from '../facts.ts'
import { literalOf, writtenOrigins } from '../literals.ts'
import { takesShared } from '../origin-functions/index.ts'
import { argumentOf, dottedOf, isNothing, itemValues } from '../python/index.ts'
import { placeOf, type Reading, whenOf } from '../reading.ts'
import { settingsOf } from '../switches/index.ts'

const isCors = (reading: Reading, { node, scope }: Located): boolean => {
  const value = reading.evaluator.value(node, scope)
  return (
    possibilities(value).some((one) => /CORSMiddleware$/.test(dottedOf(one))) || lastName(node) === 'CORSMiddleware'
  )
}

export const corsOf = (reading: Reading): readonly CorsSetting[] => {
  const calls = [
    ...reading.program.callsNamed('add_middleware'),
    ...reading.program.callsNamed('Middleware'),
    ...reading.program.callsNamed('CORSMiddleware'),
  ]
  return calls.flatMap((call) => {
    const { node, scope } = call
    const target =
      lastName(node.callee) === 'CORSMiddleware' ? node.callee : (node.args[0] ?? node.named.get('middleware_class'))
    if (target === undefined || !isCors(reading, { node: target, scope }) || whenOf(reading, node) === 'development')
      return []
    return [settingOf(reading, call)]
  })
}

const settingOf = (reading: Reading, call: Located<Call>): CorsSetting => {
  const credentials =
    argumentOf(reading, call, 'allow_credentials')?.values.some(
      (one) => one.kind === 'literal' && one.value === true,
    ) ?? false
  const origins = argumentOf(reading, call, 'allow_origins')
  const pattern = argumentOf(reading, call, 'allow_origin_regex')
  const at = placeOf(reading, origins?.node?.at ?? call.node.at)
  const found: Pick<CorsSetting, 'origins' | 'what'>[] = []
  if (origins) {
    const values = origins.node ? itemValues(reading, origins.node, call.scope) : origins.values.flatMap(inLists)
    found.push(originsOf(reading, values, origins.values))
  }
  for (const one of pattern?.values ?? []) {
    if (isNothing(one)) continue
    const text = one.kind === 'literal' ? String(one.value) : one.kind === 'pattern' ? one.source : undefined
    found.push(text === undefined ? { origins: 'unknown', what: 'a pattern that is set elsewhere' } : patternOf(text))
  }
  const order: readonly CorsSetting['origins'][] = ['any', 'reflected', 'loose', 'null', 'unknown', 'listed']
  const [worst] = found.sort((a, b) => order.indexOf(a.origins) - order.indexOf(b.origins))
  const place = worst && /pattern/.test(worst.what) && pattern?.node ? placeOf(reading, pattern.node.at) : at
  // With a pattern beside it, a list alone does not decide.
  const literal = pattern === undefined && origins?.node ? writtenOrigins(reading, origins.node) : undefined
  return { at: place, credentials, ...(worst ?? { origins: 'listed', what: 'no origin' }), ...literalOf(literal) }
}

const inLists = (value: Value): readonly Value[] =>
  possibilities(value).flatMap((one) => (one.kind === 'list' ? one.items.flatMap(inLists) : [one]))

const partsOf = (text: string): readonly string[] =>
  text
    .replace(/[[\]"']/g, '')
    .split(',')
    .map((one) => one.trim())

const originsOf = (
  reading: Reading,
  items: readonly Value[],
  values: readonly Value[],
): Pick<CorsSetting, 'origins' | 'what'> => {
  const envs = items.flatMap((one) => (one.kind === 'env' ? [one.name] : []))
  const texts = items.flatMap((one) =>
    one.kind === 'literal' && typeof one.value === 'string' ? partsOf(one.value) : [],
  )
  for (const name of envs)
    for (const { value, example } of settingsOf(reading, name)) if (!example) texts.push(...partsOf(value))
  if (texts.includes('*')) return { origins: 'any', what: '*' }
  if (texts.includes('null')) return { origins: 'null', what: 'null' }
  if (texts.length > 0) return { origins: 'listed', what: texts.slice(0, 5).join(', ') }
  if (envs.length > 0) return { origins: 'listed', what: `the setting ${envs[0]}` }
  const empty = values.some((one) => one.kind === 'list' && one.items.length === 0)
  return empty
    ? { origins: 'listed', what: 'no origin' }
    : { origins: 'unknown', what: 'origins that could not be read' }
}

/** Starlette asks for the whole origin (fullmatch): what is loose is a dot that is any character, and a name with anything before or after it. */
export const patternOf = (pattern: string): Pick<CorsSetting, 'origins' | 'what'> => {
  const what = `the pattern ${pattern}`
  const source = pattern.replace(/^\^|\$$/g, '')
  if (takesShared(`${source}$`)) return { origins: 'loose', what }
  const anything = String.raw`(?:\.|\[\^[^\]]*\]|\\S|\\w|\[[^\]]*\])[*+]\??`
  if (new RegExp(String.raw`^(?:\(?https?\??(?:s\?)?:?\(?(?:\\?/\\?/)?\)?)?\(?${anything}\)?$`).test(source))
    return { origins: 'any', what }
  // A dot that stands for itself is escaped; one that is any character comes with how often.
  const bare = source.replace(/\\./g, '__').replace(/\[[^\]]*\]/g, (one) => 'x'.repeat(one.length))
  if (/[\w)]\.[\w(]|\.\([\w]/.test(bare.replace(/\.[*+?{]/g, (one) => `##`.slice(0, one.length))))
    return { origins: 'loose', what }
  // https://.*example\.com: evilexample.com ends the same.
  if (new RegExp(String.raw`${anything}\)?(?=\(?(?:\?:)?[A-Za-z0-9])`).test(source)) return { origins: 'loose', what }
  // https://example\.com.*: example.com.evil.org begins the same; after a colon it is the port.
  if (/[A-Za-z0-9)]\(?(?:\.|\\S)[*+]\??\)?$/.test(source)) return { origins: 'loose', what }
  return { origins: 'listed', what }
}
