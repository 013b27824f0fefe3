/** What the project's files set a variable of the environment to. */
import type { EnvSetting, Reading } from '../reading.ts'

/** The project's own files first, an example only where nothing else does. */
export const settingsOf = (reading: Reading, name: string): readonly EnvSetting[] => {
  const all = reading.env.get(name) ?? reading.env.get(name.toUpperCase()) ?? []
  const own = all.filter((one) => !one.example)
  return own.length > 0 ? own.slice(0, 3) : all.slice(0, 1)
}
