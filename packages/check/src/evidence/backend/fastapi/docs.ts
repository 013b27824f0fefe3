/** Whether the documentation of a FastAPI program is served, and to whom. */
import {
  type Call,
  isFrom,
  type Located,
  lastName,
  type Node,
  possibilities,
  type Scope,
  walk,
  walkBody,
} from '../../source/index.ts'
import type { Docs, Edit } from '../facts.ts'
import { switchedOff } from '../literals.ts'
import { argumentOf, definitionOf, isNothing, knownText } from '../python/index.ts'
import { placeOf, type Reading, type When, whenOf, whenTrue } from '../reading.ts'
import type { Application, Mounted } from './application.ts'
import { type Guarding, guardsPath } from './guarding.ts'

type Served = Docs['when']

const PAGES: readonly (readonly [string, string])[] = [
  ['openapi_url', '/openapi.json'],
  ['docs_url', '/docs'],
  ['redoc_url', '/redoc'],
]

export const docsOf = (
  reading: Reading,
  application: Application,
  routes: readonly Mounted[],
  guarding: Guarding,
): readonly Docs[] => [
  ...[...application.units.values()]
    .filter((one) => one.isApp)
    .flatMap((one) => ofApp(reading, application, one.call, guarding)),
  ...byHand(reading, routes, guarding),
]

const ofApp = (
  reading: Reading,
  { inclusions }: Application,
  call: Located<Call>,
  guarding: Guarding,
): readonly Docs[] => {
  const mounted = inclusions.filter((one) => one.child === call.node)
  const base = mounted[0]?.prefix ?? ''
  const apps = [call.node, ...mounted.map((one) => one.parent)]
  const made = servedBy(whenOf(reading, call.node))
  const pages = PAGES.map(([name, usual]) => {
    const given = argumentOf(reading, call, name)
    const when =
      given === undefined
        ? 'always'
        : given.node
          ? whenGiven(reading, given.node, call.scope)
          : fromValues(given.values)
    const path = (given?.node && knownText(reading, given.node, call.scope)) || textIn(given?.values) || usual
    return { name, when, path: base + path, at: placeOf(reading, given?.node?.at ?? call.node.at) }
  })
  // Without the document there are no pages either.
  const [document] = pages
  const limited = pages.map((one) => ({ ...one, when: least(least(one.when, document?.when ?? 'always'), made) }))
  if (limited.every((one) => one.when === 'never'))
    return [
      { at: document?.at ?? placeOf(reading, call.node.at), path: document?.path ?? '/openapi.json', when: 'never' },
    ]
  const served = limited.map((one) =>
    one.when === 'always' && guardsPath(guarding, apps, one.path) ? { ...one, when: 'guarded' as const } : one,
  )
  // A page that somebody guards is one that somebody needs, and without the document it is empty.
  const fixes = served.every((one) => one.when === 'always' || one.when === 'never')
    ? offIn(reading, call)
    : new Map<string, Edit>()
  return served.flatMap(({ name, ...one }) => {
    const fix = fixes.get(name)
    return one.when === 'never' ? [] : [fix === undefined ? one : { ...one, fix }]
  })
}

/** Only of FastAPI itself: a class of the project's own may take other arguments. */
const offIn = (reading: Reading, { node, scope }: Located<Call>): ReadonlyMap<string, Edit> =>
  isFrom(reading.evaluator.value(node.callee, scope), /^fastapi(?:\.applications)?$/, 'FastAPI')
    ? switchedOff(reading, node, ['docs_url', 'redoc_url', 'openapi_url'])
    : new Map()

const textIn = (values: ReturnType<typeof possibilities> | undefined): string | undefined => {
  const found = values?.find((one) => one.kind === 'literal' && typeof one.value === 'string')
  return found?.kind === 'literal' ? String(found.value) : undefined
}

const servedBy = (when: When): Served =>
  when === 'development' ? 'development' : when === 'unknown' ? 'unknown' : 'always'

/** Of two conditions that both must hold. */
const least = (a: Served, b: Served): Served => {
  const order: readonly Served[] = ['never', 'development', 'guarded', 'unknown', 'always']
  return order.indexOf(a) < order.indexOf(b) ? a : b
}

const fromValues = (values: ReturnType<typeof possibilities>): Served => {
  if (values.every(isNothing)) return 'never'
  return values.some((one) => one.kind === 'literal' && typeof one.value === 'string' && one.value !== '')
    ? values.some(isNothing)
      ? 'unknown'
      : 'always'
    : 'unknown'
}

/** When the address of a page is one at all: `'/docs' if settings.debug else None`. */
const whenGiven = (reading: Reading, node: Node, scope: Scope, depth = 0): Served => {
  if (node.kind === 'literal') return node.value ? 'always' : 'never'
  if (node.kind === 'template') return 'always'
  if (node.kind === 'name' && node.name === 'None') return 'never'
  if (node.kind === 'conditional') {
    const [then, otherwise] = [
      whenGiven(reading, node.consequent, scope, depth + 1),
      whenGiven(reading, node.alternate, scope, depth + 1),
    ]
    if (then === otherwise) return then
    const test = testOf(reading, node.test, scope)
    if (test === 'always') return then
    if (test === 'never') return otherwise
    if (test === 'unknown') return 'unknown'
    // What production gets decides; what only development gets is for development.
    const [inProduction, inDevelopment] = test === 'development' ? [otherwise, then] : [then, otherwise]
    return inProduction === 'never' ? (inDevelopment === 'never' ? 'never' : 'development') : inProduction
  }
  if (node.kind === 'logical' && node.operator === '&&') {
    const test = testOf(reading, node.left, scope)
    return test === 'development' || test === 'never'
      ? test
      : test === 'unknown'
        ? 'unknown'
        : whenGiven(reading, node.right, scope, depth + 1)
  }
  if ((node.kind === 'name' || node.kind === 'member') && depth < 6) {
    const found = definitionOf(reading, node, scope)
    if (found.node !== node) return whenGiven(reading, found.node, found.scope, depth + 1)
  }
  if (node.kind === 'binary') return 'always'
  const values = possibilities(reading.evaluator.value(node, scope))
  const when = fromValues(values)
  return when === 'always' && clearedInProduction(reading, lastName(node))
    ? 'development'
    : when === 'unknown'
      ? fromSetting(reading, values)
      : when
}

const fromSetting = (reading: Reading, values: ReturnType<typeof possibilities>): Served => {
  const set = values
    .flatMap((one) => (one.kind === 'env' ? (reading.env.get(one.name) ?? []) : []))
    .filter((one) => !one.example)
  if (set.length > 0) return set.some((one) => one.value !== '') ? 'always' : 'never'
  // A setting whose default is None is off until somebody turns it on.
  return values.some(isNothing) && !values.some((one) => one.kind === 'literal' && one.value !== null)
    ? 'never'
    : 'unknown'
}

type Test = When | 'never'

const testOf = (reading: Reading, test: Node, scope: Scope): Test => {
  if (test.kind === 'unary' && test.operator === '!') {
    const inner = testOf(reading, test.operand, scope)
    return inner === 'always'
      ? 'never'
      : inner === 'never'
        ? 'always'
        : inner === 'development'
          ? 'production'
          : inner === 'production'
            ? 'development'
            : 'unknown'
  }
  const when = whenTrue(reading, test, scope)
  if (when !== 'unknown') return when
  const values = possibilities(reading.evaluator.value(test, scope))
  const literals = values.flatMap((one) => (one.kind === 'literal' ? [one.value] : []))
  const set = values
    .flatMap((one) => (one.kind === 'env' ? (reading.env.get(one.name) ?? []) : []))
    .filter((one) => !one.example)
  if (set.some((one) => /^(?:1|true|yes|on)$/i.test(one.value))) return 'always'
  if (literals.length === 0) return 'unknown'
  if (literals.every((one) => !one)) return values.length > literals.length ? 'development' : 'never'
  return literals.every(Boolean) ? 'always' : 'unknown'
}

/** A settings class that sets the address to None in production: `values['DOCS_URL'] = None`. */
const clearedInProduction = (reading: Reading, name: string | undefined): boolean => {
  if (name === undefined) return false
  for (const module of reading.program.modules.values()) {
    if (module.language !== 'python' || !module.text.includes(name)) continue
    let found = false
    walk(module.body, (node) => {
      if (
        node.kind === 'assign' &&
        node.target.kind === 'member' &&
        lastName(node.target) === name &&
        node.value?.kind === 'literal' &&
        node.value.value === null &&
        whenOf(reading, node) === 'production'
      )
        found = true
      return !found
    })
    if (found) return true
  }
  return false
}

/** Routes of its own that give the pages or the document. */
const byHand = (reading: Reading, routes: readonly Mounted[], guarding: Guarding): readonly Docs[] =>
  routes.flatMap((route): Docs[] => {
    const callee = route.handler.function
    if (callee === undefined || !givesDocs(callee.node.body)) return []
    const at = placeOf(reading, route.handler.call.node.at)
    const { guard } = guarding.of(route)
    const when = servedBy(whenOf(reading, callee.node))
    return [
      { at, path: route.path, when: when === 'always' && guard !== 'none' && guard !== 'exempt' ? 'guarded' : when },
    ]
  })

const givesDocs = (body: readonly Node[]): boolean => {
  let found = false
  walkBody(body, (node) => {
    if (
      node.kind === 'call' &&
      /^(?:get_swagger_ui_html|get_redoc_html|get_openapi|get_scalar_api_reference|openapi|get_rapidoc_html)$/.test(
        lastName(node.callee) ?? '',
      )
    )
      found = true
  })
  return found
}
