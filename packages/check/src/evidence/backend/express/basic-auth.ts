/** express-basic-auth: a guard, unless the credentials that it takes stand in the source. */
import { possibilities, type Value, withoutDefault } from '../../source/index.ts'
import type { Reading } from '../reading.ts'

type External = Extract<Value, { kind: 'external' }>

const basicAuths = (value: Value): readonly External[] =>
  possibilities(value).flatMap((one) =>
    one.kind === 'external' && one.from === 'express-basic-auth' && withoutDefault(one.path).at(-1) === '()'
      ? [one]
      : [],
  )

export const isBasicAuth = (value: Value): boolean => basicAuths(value).length > 0

/** Whoever reads the repository comes in: `basicAuth({ users: { admin: 'admin' } })`, a fallback behind a setting included. */
export const takesKnownCredentials = (reading: Reading, value: Value): boolean =>
  basicAuths(value).some((one) => {
    const [given] = one.call?.node.args ?? []
    const options = given && one.call && reading.evaluator.value(given, one.call.scope, one.frame)
    const users = options?.kind === 'object' ? options.entries.get('users') : undefined
    return (
      users?.kind === 'object' &&
      [...users.entries.values()].some((each) =>
        possibilities(each).some((password) => password.kind === 'literal' && typeof password.value === 'string'),
      )
    )
  })
