import { type Exchange, isRecord, isSuccess, jsonOf } from '../../evidence/live/exchange.ts'
import type { LiveFacts } from '../../evidence/live/facts.ts'
import type { Observation } from '../../items/index.ts'
import { shown } from './evidence.ts'
import { isBusy, notProven, observed, silenceOf } from './observe.ts'

const ID = 'mass-assignment'
const FLAG = /^(?:is_?admin|is_?superuser)$/i
const ROLE = /^roles?$/i

/** What a record says of being an administrator: `undefined` where it says nothing. */
const saysAdmin = (value: unknown, depth = 0): boolean | undefined => {
  if (depth > 4) return undefined
  const inside = Array.isArray(value) ? value : isRecord(value) ? Object.entries(value) : []
  const said = inside.map((entry): boolean | undefined => {
    if (!Array.isArray(value) && Array.isArray(entry)) {
      const [name, one] = entry as [string, unknown]
      if (FLAG.test(name) && typeof one === 'boolean') return one
      if (ROLE.test(name) && (typeof one === 'string' || Array.isArray(one))) return [one].flat().includes('admin')
      return saysAdmin(one, depth + 1)
    }
    return saysAdmin(entry, depth + 1)
  })
  return said.includes(true) ? true : said.includes(false) ? false : undefined
}

export const massAssignment = (facts: LiveFacts): readonly Observation[] => {
  const { registration } = facts
  if (!facts.allowWrites) return notProven(ID, 'needs --allow-writes, to register an account')
  if (registration === undefined) return notProven(ID, 'no registration was found')
  const { extra, plain, own } = registration
  const silence = silenceOf([extra, ...(plain === undefined ? [] : [plain])])
  if (silence !== undefined) return notProven(ID, `the registration was not answered: ${silence}`)
  const asked = shown(facts, extra, { request: 'as an administrator' })
  if (!isSuccess(extra)) {
    if (plain !== undefined && isSuccess(plain) && !isBusy(extra)) {
      return [
        observed(ID, 'pass', 'a registration with an extra role is refused, and the same without it is not', [
          asked,
          shown(facts, plain, { request: 'without' }),
        ]),
      ]
    }
    return notProven(ID, 'no registration was accepted, with or without an extra role', [asked])
  }
  const records: readonly Exchange[] = own === undefined ? [extra] : [own, extra]
  const said = records.map((one) => saysAdmin(jsonOf(one.text)))
  const at = said.includes(true) ? said.indexOf(true) : said.indexOf(false)
  const telling = records[at]
  if (telling === undefined) return notProven(ID, 'the account was made, and nothing shows what role it has', [asked])
  const evidence = [
    asked,
    ...(telling === extra ? [] : [shown(facts, telling, { request: 'what the new account reads of itself' })]),
  ]
  return said[at]
    ? [observed(ID, 'fail', 'whoever registers as an administrator is one', evidence)]
    : [observed(ID, 'pass', 'the extra role is left out of the new account', evidence)]
}
