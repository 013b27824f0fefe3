/** Which origins a Quart program's answers are shared with: `app = cors(app, allow_origin=…)`, `@route_cors(…)`. */
import type { CorsSetting } from '../facts.ts'
import { argumentOf, itemValues } from '../python/index.ts'
import { placeOf, type Reading, whenOf } from '../reading.ts'
import { configured } from './configuration.ts'
import { judgedOrigins } from './cors.ts'
import { isOf } from './settings.ts'

export const quartCorsOf = (reading: Reading): readonly CorsSetting[] =>
  ['cors', 'route_cors'].flatMap((name) =>
    reading.program
      .callsNamed(name)
      .filter((call) => isOf(reading, call, /^quart_cors/) && whenOf(reading, call.node) !== 'development')
      .map((call): CorsSetting => {
        const given = argumentOf(reading, call, 'allow_origin')
        const items = given?.node ? itemValues(reading, given.node, call.scope) : []
        const values =
          given === undefined
            ? configured(reading, 'QUART_CORS_ALLOW_ORIGIN').flatMap((one) => one.values)
            : items.length > 0
              ? items
              : given.values
        const credentials =
          argumentOf(reading, call, 'allow_credentials')?.values.some(
            (one) => one.kind === 'literal' && one.value === true,
          ) ?? false
        const origins =
          values.length === 0
            ? ({ origins: 'any', what: 'quart-cors’s default, *' } as const)
            : judgedOrigins(reading, values)
        return { at: placeOf(reading, given?.node?.at ?? call.node.at), credentials, ...origins }
      }),
  )
