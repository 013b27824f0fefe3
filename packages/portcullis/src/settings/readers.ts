import type { Setting } from './environment.ts'

type About = Pick<Setting<unknown>, 'what' | 'remedy'> & { readonly secret?: boolean; readonly unit?: string }

/** A whole number within bounds. */
export const integer = (
  about: About & { readonly min: number; readonly max: number; readonly default: number; readonly unit: string },
): Setting<number> => ({
  ...about,
  default: String(about.default),
  bounds: `${about.min} to ${about.max}`,
  read: (text) => {
    const value = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN
    if (!(value >= about.min && value <= about.max)) {
      throw new TypeError(`takes a whole number from ${about.min} to ${about.max} (${about.unit})`)
    }
    return value
  },
})

/** One of a few words. */
export const choice = <T extends string>(
  about: About & { readonly of: readonly T[]; readonly default: T },
): Setting<T> => ({
  ...about,
  bounds: about.of.join(', '),
  read: (text) => {
    const found = about.of.find((one) => one === text)
    if (found === undefined) throw new TypeError(`takes one of ${about.of.join(', ')}`)
    return found
  },
})

/** Text that `read` turns into a value, or refuses by throwing a sentence. */
export const text = <T = string>(
  about: About & {
    readonly bounds: string
    readonly default?: string
    readonly required?: boolean
    readonly read?: (text: string) => T
  },
): Setting<T> => ({ ...about, read: about.read ?? ((value) => value as T) })

/** A secret, or several, that `read` refuses by throwing; what a shell may have put before it is foreseen. */
export const secret = <T>(about: About & { readonly bounds: string; read(text: string): T }): Setting<T> => ({
  ...about,
  secret: true,
  read: (value) => {
    try {
      return about.read(value)
    } catch (error) {
      throw holdsSpace(value) ? withHint(error) : error
    }
  },
})

/** White space inside of a line or between commas: npm prints the script that it runs before what the script prints. */
const holdsSpace = (value: string): boolean => value.split(/[\r\n,]/).some((one) => /\s/.test(one.trim()))

const withHint = (error: unknown): Error & { readonly faults: readonly string[] } => {
  const { message, faults = [message] } = error as Error & { readonly faults?: readonly string[] }
  const said = ['holds white space: if it comes from npm run keys, add --silent', ...faults]
  return Object.assign(new TypeError(said.join('\n')), { faults: said })
}

/** Words between commas; empty when nothing was given. `read` throws when one of them can't be used. */
export const list = (
  about: About & {
    readonly bounds: string
    readonly default?: string
    readonly required?: boolean
    readonly read?: (items: readonly string[]) => void
  },
): Setting<readonly string[]> => ({
  ...about,
  read: (value) => {
    const items = value
      .split(',')
      .map((item) => item.trim())
      .filter((item) => item !== '')
    about.read?.(items)
    return items
  },
})

/** A setting that may be absent. */
export const optional = <T>(setting: Setting<T>): Setting<T | undefined> => setting
