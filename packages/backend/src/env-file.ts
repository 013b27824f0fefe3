import { readFileSync } from 'node:fs'
import { parseEnv } from 'node:util'
import { table } from './settings.ts'

/**
 * A sentence, or none, about settings that a file .env holds and this process has not: many programs read one by themselves, and whoever is used to
 * that believes to have set something. Compose reads one too, for its containers; so the file alone is no fault.
 */
export const unreadEnvFile = (env: Readonly<Record<string, string | undefined>>): readonly string[] => {
  const names = namesIn('.env').filter((name) => Object.hasOwn(table, name) && !env[name])
  return names.length === 0
    ? []
    : [
        `The file .env is not read, and holds ${names.join(', ')}: set -a; . ./.env; set +a; or start with node --env-file=.env`,
      ]
}

const namesIn = (path: string): readonly string[] => {
  try {
    return Object.entries(parseEnv(readFileSync(path, 'utf8'))).flatMap(([name, value]) => (value === '' ? [] : [name]))
  } catch {
    // None is there, or it is no file: as it should be.
    return []
  }
}
