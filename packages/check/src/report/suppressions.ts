/** The findings that somebody decided to live with, why, and until when. */
import { bounded, visible } from './clean.ts'

export interface Suppression {
  readonly fingerprint: string
  readonly reason: string
  /** The last day on which it holds, in UTC: `2027-01-31`. */
  readonly expires: string
}

export interface StaleSuppression extends Suppression {
  readonly because: 'expired' | 'matches nothing'
}

/** The file, in the folder that is checked. */
export const SUPPRESSIONS_FILE = 'portcullis-check.json'

export interface ParsedSuppressions {
  readonly suppressions: readonly Suppression[]
  /** All of them at once. With any the suppressions are not to be used: half a list hides what nobody decided on. */
  readonly faults: readonly string[]
}

const KEYS = ['fingerprint', 'reason', 'expires']

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const shown = (value: unknown): string => bounded(visible(JSON.stringify(value) ?? 'nothing'), 60)

const isDay = (value: string): boolean => {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(value)) return false
  const time = Date.parse(`${value}T00:00:00Z`)
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(value)
}

const faultsOf = (entry: unknown, at: string): readonly string[] => {
  if (!isObject(entry)) return [`${at}: must be an object with fingerprint, reason and expires, is ${shown(entry)}`]
  const { fingerprint, reason, expires } = entry
  const faults = Object.keys(entry)
    .filter((key) => !KEYS.includes(key))
    .map((key) => `${at}: unknown key ${shown(key)}`)
  if (typeof fingerprint !== 'string' || !/^[0-9a-f]{16}$/.test(fingerprint))
    faults.push(`${at}.fingerprint: must be the 16 hex digits that a report shows, is ${shown(fingerprint)}`)
  if (typeof reason !== 'string' || reason.trim() === '' || reason.length > 500)
    faults.push(`${at}.reason: must say why, in 1 to 500 characters`)
  if (typeof expires !== 'string' || !isDay(expires))
    faults.push(`${at}.expires: must be a day such as 2027-01-31, is ${shown(expires)}`)
  return faults
}

const repeated = (entries: readonly unknown[]): readonly string[] => {
  const marks = entries.map((entry) => (isObject(entry) ? entry['fingerprint'] : undefined))
  return marks.flatMap((mark, index) =>
    typeof mark === 'string' && marks.indexOf(mark) < index
      ? [`suppressions[${index}].fingerprint: is there twice, ${shown(mark)}`]
      : [],
  )
}

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** Reads the file's text strictly: a key that is not known may be a misspelled one that was meant to limit the rest. */
export const parseSuppressions = (text: string): ParsedSuppressions => {
  const value = parsed(text)
  if (!isObject(value)) return { suppressions: [], faults: ['must be one JSON object: {"suppressions": [...]}'] }
  const entries = value['suppressions']
  const faults = Object.keys(value)
    .filter((key) => key !== 'suppressions')
    .map((key) => `unknown key ${shown(key)}`)
  if (!Array.isArray(entries)) return { suppressions: [], faults: [...faults, 'suppressions: must be a list'] }
  faults.push(...entries.flatMap((entry, index) => faultsOf(entry, `suppressions[${index}]`)), ...repeated(entries))
  return { suppressions: faults.length === 0 ? (entries as Suppression[]) : [], faults }
}

/** It holds through the whole of its last day. */
const expired = ({ expires }: Suppression, now: Date): boolean =>
  now.getTime() >= Date.parse(`${expires}T00:00:00Z`) + 86_400_000

interface Sorted {
  /** Fingerprints that leave every output. */
  readonly suppressed: ReadonlySet<string>
  readonly stale: readonly StaleSuppression[]
}

/** Where only some items were looked at (`whole` is false), one that matches nothing may match elsewhere: it is not called stale. */
export const sortSuppressions = (
  suppressions: readonly Suppression[],
  found: ReadonlySet<string>,
  now: Date,
  whole: boolean,
): Sorted => {
  const live = suppressions.filter((one) => !expired(one, now))
  const stale = suppressions.flatMap((one): StaleSuppression[] => {
    if (expired(one, now)) return [{ ...one, because: 'expired' }]
    return whole && !found.has(one.fingerprint) ? [{ ...one, because: 'matches nothing' }] : []
  })
  return { suppressed: new Set(live.map(({ fingerprint }) => fingerprint)), stale }
}
