/** Flask-JWT-Extended and its kin for FastAPI: a call without an expiry leaves it to the settings, which have a default. */
import { either, possibilities, type Value } from '../../source/index.ts'
import { configured } from '../flask/configuration.ts'
import type { Reading } from '../reading.ts'

/** What a token lives when neither its call nor a setting says anything, in the library's own words. */
const DEFAULT_SECONDS = 900

/** `expires_delta`, else what the settings say, else the default; undefined where one of them says False, which is for ever. */
export const expiryOf = (
  reading: Reading,
  call: string,
  given: Value | undefined,
  at: Value['at'],
): Value | undefined => {
  const asked = given === undefined ? [] : possibilities(given)
  const said = asked.filter((one) => !isNone(one))
  const kind = call.endsWith('refresh_token') ? 'refresh' : 'access'
  // None in the call asks the settings, as leaving it out does.
  const settled = said.length === asked.length && asked.length > 0 ? [] : settings(reading, kind)
  const values = [...said, ...settled]
  if (values.some((one) => one.kind === 'literal' && one.value === false)) return
  return values.length > 0 ? either(values, at) : { kind: 'duration', seconds: DEFAULT_SECONDS, at }
}

const isNone = (value: Value): boolean => value.kind === 'literal' && value.value === null

const settings = (reading: Reading, kind: 'access' | 'refresh'): readonly Value[] =>
  [`JWT_${kind.toUpperCase()}_TOKEN_EXPIRES`, `authjwt_${kind}_token_expires`].flatMap((name) =>
    configured(reading, name).flatMap(({ values }) => values),
  )
