/** Flask-JWT-Extended and its kin for FastAPI: a call without an expiry leaves it to the settings, which have a default. */
import { either, lastName, type Node, possibilities, type Value, walk } from '../source/index.ts'
import { type Reading, whenOf } from './reading.ts'

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

const DEVELOPMENT = /(?:^|_)(?:dev|test|local)|Dev|Test|Local/

/** Every place that sets it but those of development: `app.config['…'] = `, `config.update(…=)`, an entry, a class's attribute. */
const settings = (reading: Reading, kind: 'access' | 'refresh'): readonly Value[] => {
  const name = new RegExp(`^(?:JWT_${kind.toUpperCase()}_TOKEN_EXPIRES|authjwt_${kind}_token_expires)$`)
  const found: Value[] = []
  const read = (node: Node): void => {
    const scope = reading.program.scopeOf(node)
    if (scope !== undefined && whenOf(reading, node) !== 'development')
      found.push(...possibilities(reading.evaluator.value(node, scope)))
  }
  for (const module of reading.program.modules.values()) {
    if (module.language !== 'python' || !/token_expires/i.test(module.text)) continue
    walk(module.body, (node) => {
      if (node.kind === 'class') return !DEVELOPMENT.test(node.name ?? '')
      if (node.kind === 'assign' && node.value !== undefined && name.test(lastName(node.target) ?? '')) read(node.value)
      if (node.kind === 'call') for (const [key, value] of node.named) if (name.test(key)) read(value)
      if (node.kind === 'object')
        for (const { key, value } of node.entries)
          if (key.kind === 'literal' && name.test(String(key.value))) read(value)
      return true
    })
  }
  return found
}
