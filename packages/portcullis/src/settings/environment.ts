import { FaultList } from './faults.ts'
import { nearest } from './unknown-keys.ts'

/** One variable of the environment: its documentation, its default and its check are this one entry. */
export interface Setting<T> {
  /** What it does, a sentence in Markdown, for the page of the settings. */
  readonly what: string
  /** What to do when it is missing, a sentence in plain text, for a terminal; `what` without one. */
  readonly remedy?: string
  readonly unit?: string
  /** What it takes, for people. */
  readonly bounds: string
  /** As somebody would type it. Without one, a setting that is not required is absent: write it with `optional`. */
  readonly default?: string
  readonly required?: boolean
  /** A secret's value is never shown, its default never documented. */
  readonly secret?: boolean
  /** @throws an Error whose message says what it takes, without the value when it is a secret */
  read(text: string): T
}

/** Every variable that a program reads, by name. */
export type EnvironmentTable = Readonly<Record<string, Setting<unknown>>>

/** The values a table yields. */
export type SettingsOf<T extends EnvironmentTable> = { readonly [K in keyof T]: ReturnType<T[K]['read']> }

/**
 * The fault of a setting that has to be given. Markdown stays on the page: who reads this has a terminal.
 *
 * @param choice what may be set, where another setting does as well; said before the remedy
 */
export const missing = (name: string, { what, remedy }: Setting<unknown>, choice?: string): string => {
  if (remedy === undefined) return `${name} is missing: ${choice ?? what.replace(/`|\*\*/g, '')}`
  return choice === undefined ? `${name} is missing. ${remedy}` : `${name} is missing: ${choice}. ${remedy}`
}

/** A shell that reads `.env` (`. ./.env`) takes it into every value, and nobody sees it. */
const OF_WINDOWS =
  'ends with a carriage return: the file that it comes from has the line ends of Windows (CRLF); save it with LF'

/**
 * Reads a table of settings from the environment. An empty variable counts as not given.
 *
 * @returns a frozen object, complete
 * @throws SettingsError that lists every variable that is missing, wrong or misspelt
 */
export const readEnvironment = <T extends EnvironmentTable>(
  table: T,
  env: Readonly<Record<string, string | undefined>>,
  faults: FaultList = new FaultList(),
): SettingsOf<T> => {
  const names = Object.keys(table)
  const values: Record<string, unknown> = {}
  for (const [name, setting] of Object.entries(table)) {
    const text = env[name] === '' ? undefined : env[name]
    if (text === undefined && setting.required === true) faults.add(missing(name, setting))
    const given = text ?? setting.default
    // Not of a secret, which is read without what stands around it. Of a path it would be a part: another database, and nobody in it.
    if (given?.endsWith('\r') === true && setting.secret !== true) faults.add(`${name} ${OF_WINDOWS}`)
    else values[name] = given === undefined ? undefined : faults.try(name, () => setting.read(given))
  }
  // CORS_ORIGIN instead of CORS_ORIGINS would leave somebody with a setting that was never read.
  for (const name of Object.keys(env)) {
    if (names.includes(name)) continue
    const meant = nearest(name, names)
    if (meant !== undefined && meant.length > 5 && env[meant] === undefined)
      faults.add(`${name} is not a setting; did you mean ${meant}?`)
  }
  faults.throwIfAny()
  return Object.freeze(values) as SettingsOf<T>
}
