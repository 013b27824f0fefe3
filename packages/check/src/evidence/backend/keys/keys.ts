/**
 * Secrets that stand in the source as literals. A sink rule: the literal, or the fallback behind a setting, that reaches a place
 * where secrets are used, or a setting whose name says that it is one. Words that the program refuses are none.
 */

import type { Value } from '../../source/index.ts'
import type { HardcodedKey, Token, Verification } from '../facts.ts'
import { usersSecrets } from '../fastapi/fastapi-users.ts'
import { placeOf, type Reading } from '../reading.ts'
import { accountKeys } from './accounts.ts'
import { comparedKeys } from './compared-keys.ts'
import { literalsOf } from './literals.ts'
import { namedSettings } from './named-settings.ts'
import { usedSecrets } from './sinks.ts'

export const keysOf = (
  reading: Reading,
  tokens: readonly Token[],
  verifications: readonly Verification[],
  refused: ReadonlySet<string>,
): HardcodedKey[] => {
  const keys: HardcodedKey[] = []
  const add = (value: Value | undefined, sink: string) => {
    for (const one of literalsOf(reading, value))
      keys.push({
        at: placeOf(reading, one.at),
        value: one.text,
        sink,
        ...(one.env === undefined ? {} : { fallbackOf: one.env }),
      })
  }
  for (const one of tokens) add(one.key, `${one.library}: signing`)
  for (const one of verifications) add(one.key, `${one.library}: verifying`)
  for (const { value, sink } of usedSecrets(reading)) add(value, sink)
  for (const { node, scope } of usersSecrets(reading)) add(reading.evaluator.value(node, scope), 'fastapi-users')
  keys.push(...namedSettings(reading), ...accountKeys(reading), ...comparedKeys(reading))
  const seen = new Set<string>()
  return keys.filter((one) => {
    const key = `${one.at.file}:${one.at.line}:${one.value}`
    if (
      one.value === '' ||
      refused.has(one.value) ||
      /^-----BEGIN (?:RSA )?PUBLIC KEY/.test(one.value) ||
      seen.has(key)
    )
      return false
    return seen.add(key)
  })
}
