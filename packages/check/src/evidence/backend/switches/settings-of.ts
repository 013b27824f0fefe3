/** What the project's files set a variable of the environment to. */
import type { Value } from '../../source/index.ts'
import { type EnvSetting, type Reading, writtenAt } from '../reading.ts'

/** The project's own files first, an example only where nothing else does. */
export const settingsOf = (reading: Reading, name: string): readonly EnvSetting[] => {
  const all = reading.env.get(name) ?? reading.env.get(name.toUpperCase()) ?? []
  const own = all.filter((one) => !one.example)
  return own.length > 0 ? own.slice(0, 3) : all.slice(0, 1)
}

/** `os.getenv("KEY")`: None where nobody sets it, and the program starts all the same; without `os.environ["KEY"]` it does not. */
export const startsWithout = (reading: Reading, value: Extract<Value, { kind: 'env' }>): boolean =>
  /\b(?:getenv|environ\.get)\([^,]*\)$/.test(writtenAt(reading, value))
