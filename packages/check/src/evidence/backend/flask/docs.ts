/** Where a Flask program shows its documentation: the extensions that serve a page of it, under their names here. */
import { type Call, type Located, possibilities, type Value } from '../../source/index.ts'
import type { Docs } from '../facts.ts'
import { argumentOf, flatTexts, lastOf, lineageOf, namesOf, valuesOf } from '../python/index.ts'
import { placeOf, type Reading, whenOf } from '../reading.ts'
import { configured } from './configuration.ts'
import { mentions } from './settings.ts'

const EXTENSIONS = ['Api', 'OpenAPI', 'APIFlask', 'SpecTree', 'Swagger', 'get_swaggerui_blueprint', 'FlaskApiSpec']
/** Swagger is flasgger's alone: flask-restx has a class of that name, which serves nothing. */
const PACKAGES =
  /^(?:flask_restx|flask_restplus|flask_openapi3|apiflask|spectree|flask_smorest|flasgger|flask_swagger_ui|flask_apispec)/

export const docsOf = (reading: Reading): readonly Docs[] => {
  const calls = new Map(
    [...namesOf(reading, EXTENSIONS)]
      .flatMap((name) => reading.program.callsNamed(name))
      .map((call) => [call.node, call]),
  )
  return [...calls.values()].flatMap((call) => {
    const made = extensionOf(reading, reading.evaluator.value(call.node.callee, call.scope))
    if (made === undefined) return []
    const when = whenOf(reading, call.node)
    return pathsOf(reading, call, made).map((path) => ({
      at: placeOf(reading, call.node.at),
      path,
      when: when === 'development' || when === 'unknown' ? when : 'always',
    }))
  })
}

type External = Extract<Value, { kind: 'external' }>

/** What a package offers, also through a class of the project's own that extends it. */
const extensionOf = (reading: Reading, value: Value): External | undefined =>
  value.kind === 'class'
    ? lineageOf(reading, value)
        .flatMap(({ node, scope }) => node.bases.map((base) => reading.evaluator.value(base, scope)))
        .find(isExtension)
    : [value].find(isExtension)

const isExtension = (value: Value): value is External =>
  value.kind === 'external' &&
  PACKAGES.test(value.from) &&
  (lastOf(value) === 'Swagger') === value.from.startsWith('flasgger')

const pathsOf = (reading: Reading, call: Located<Call>, made: External): readonly string[] => {
  const { node, scope } = call
  if (made.from.startsWith('flasgger')) return ['/apidocs']
  if (made.from.startsWith('flask_swagger_ui'))
    return [flatTexts(node.args[0] ? valuesOf(reading, node.args[0], scope) : [])[0] ?? '/swagger']
  if (made.from.startsWith('flask_apispec'))
    return [
      ...settledPath(reading, 'APISPEC_SWAGGER_URL', '/swagger/'),
      ...settledPath(reading, 'APISPEC_SWAGGER_UI_URL', '/swagger-ui/'),
    ]
  const docs = ['doc', 'docs_path', 'docs_ui', 'doc_ui', 'enable_openapi'].flatMap(
    (option) => argumentOf(reading, call, option)?.values ?? [],
  )
  if (docs.some(isOff)) return []
  if (made.from.startsWith('flask_smorest') && !mentions(reading, 'OPENAPI_SWAGGER_UI_PATH')) return []
  const usual = made.from.startsWith('flask_openapi3') ? '/openapi' : lastOf(made) === 'APIFlask' ? '/docs' : '/'
  return [flatTexts(docs)[0] ?? usual]
}

/** Where a setting puts it; None takes it off. */
const settledPath = (reading: Reading, setting: string, usual: string): readonly string[] => {
  const values = configured(reading, setting).flatMap((one) => one.values.flatMap(possibilities))
  if (values.length > 0 && values.every(isOff)) return []
  return [flatTexts(values)[0] ?? usual]
}

const isOff = (value: Value): boolean => value.kind === 'literal' && (value.value === false || value.value === null)
