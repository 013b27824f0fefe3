/** Documentation by a package that is handed the application, and puts its pages there by itself. */
import { type Call, type Located, possibilities, textsOf, type Value } from '../../source/index.ts'
import type { Docs } from '../facts.ts'
import { placeOf, type Reading } from '../reading.ts'
import { whenServed } from '../switches/index.ts'

const HANDED = /^(?:express-jsdoc-swagger|express-swagger-generator|express-oas-generator)$/

/** `expressJSDocSwagger(app)({ swaggerUIPath: '/api-docs' })`, `generator.init(app)`. */
export const docsHanded = (reading: Reading): readonly Docs[] =>
  [...reading.program.modules.values()]
    .filter((one) => one.body.some((node) => node.kind === 'import' && HANDED.test(node.from)))
    .flatMap((module) => [...reading.program.scopes(module).around])
    .flatMap(([node, scope]): Docs[] => {
      if (node.kind !== 'call' || !isHanded(reading, { node, scope })) return []
      const after = reading.program.parentOf(node)
      const options =
        after?.kind === 'call' && after.callee === node ? argument(reading, { node: after, scope }, 0) : undefined
      const given = options ?? argument(reading, { node, scope }, 1)
      if (isOff(given, 'exposeSwaggerUI') && !isOn(given, 'exposeApiDocs')) return []
      const when = whenServed(reading, node)
      return [
        {
          at: placeOf(reading, node.at),
          path: pathOf(given) ?? '/api-docs',
          when: when === 'development' || when === 'unknown' ? when : 'always',
        },
      ]
    })

const isHanded = (reading: Reading, { node, scope }: Located<Call>): boolean =>
  node.args.length > 0 &&
  node.callee.kind !== 'call' &&
  possibilities(reading.evaluator.value(node.callee, scope)).some(
    (one) =>
      one.kind === 'external' &&
      HANDED.test(one.from) &&
      one.path.every((name) => /^(?:default|init|handleResponses)$/.test(name)),
  )

const argument = (reading: Reading, { node, scope }: Located<Call>, index: number): Value | undefined => {
  const given = node.args[index]
  return given === undefined ? undefined : reading.evaluator.value(given, scope)
}

const entry = (value: Value | undefined, name: string): Value | undefined =>
  value?.kind === 'object' ? value.entries.get(name) : undefined

const isOff = (value: Value | undefined, name: string): boolean => isLiteral(entry(value, name), false)
const isOn = (value: Value | undefined, name: string): boolean => isLiteral(entry(value, name), true)

const isLiteral = (value: Value | undefined, wanted: boolean): boolean =>
  value?.kind === 'literal' && value.value === wanted

const pathOf = (options: Value | undefined): string | undefined => {
  const path = entry(options, 'swaggerUIPath')
  return path === undefined ? undefined : textsOf(path)[0]
}
