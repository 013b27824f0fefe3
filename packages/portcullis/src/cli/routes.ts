import { readFileSync, writeFileSync } from 'node:fs'
import type { AccessEntry } from '../layers/access/index.ts'
import { accessChanges, formatChanges, formatLock, formatTable, parseLock } from '../layers/access/index.ts'
import type { NamedModule } from './application.ts'
import { applicationOf, moduleOfPackage } from './application.ts'
import { readArguments } from './arguments.ts'
import { misused, UsageError } from './usage-error.ts'

const USAGE = `portcullis routes [--write | --check] [--app MODULE] [--lock FILE]

  (nothing)   prints who may call what
  --write     writes the table to access.lock
  --check     compares: exit 1 when a route opened, closed, changed, appeared or is gone
  --app       the module whose default export is the application, or a function that makes it (it must not listen);
              otherwise package.json says: "portcullis": { "app": "./src/app.js" }
  --lock      another file than ./access.lock
`

/** `portcullis routes`: the access table, as text or as a lock file. */
export const routes = async (args: readonly string[]): Promise<number> => {
  const { values } = readArguments(
    {
      args: [...args],
      options: {
        write: { type: 'boolean' },
        check: { type: 'boolean' },
        app: { type: 'string' },
        lock: { type: 'string', default: 'access.lock' },
        help: { type: 'boolean', short: 'h' },
      },
    },
    USAGE,
  )
  if (values.help === true) {
    process.stdout.write(USAGE)
    return 0
  }
  if (values.write === true && values.check === true) throw misused('routes takes --write or --check.', USAGE)
  const named: NamedModule = values.app === undefined ? moduleOfPackage(USAGE) : { path: values.app, by: '--app' }
  const table = await toTheEnd(named.path, () => tableOf(named))
  if (values.write === true) {
    writeFileSync(values.lock, formatLock(table))
    process.stdout.write(`${values.lock}: ${table.length} routes.\n`)
    return 0
  }
  if (values.check === true) return check(table, values.lock)
  process.stdout.write(`${formatTable(table)}\n`)
  return 0
}

const check = (table: readonly AccessEntry[], lock: string): number => {
  const changes = accessChanges(parseLock(readLock(lock)), table)
  if (changes.length === 0) {
    process.stdout.write(`${lock} holds: ${table.length} routes, none changed.\n`)
    return 0
  }
  process.stdout.write(
    `${formatChanges(changes)}\n\n${lock} does not hold: ${changes.length} changed. If that is meant, run npx portcullis routes --write and commit it.\n`,
  )
  return 1
}

const readLock = (lock: string): string => {
  try {
    return readFileSync(lock, 'utf8')
  } catch {
    throw new Error(`${lock} can't be read. Write it first: npx portcullis routes --write`)
  }
}

/**
 * What the application's own module does happens in this process. Where it ends it, by a code of its own, or waits for what never comes, nothing
 * was compared, and `--check` must not pass.
 */
const toTheEnd = async <Answer>(path: string, read: () => Promise<Answer>): Promise<Answer> => {
  const broken = (): void => {
    process.exitCode = 1
    process.stderr.write(
      `${path} ended this command, or waits for what never comes: its routes were not read. Let it make the application and no more.\n`,
    )
  }
  process.once('exit', broken)
  try {
    return await read()
  } finally {
    process.off('exit', broken)
  }
}

const tableOf = async (named: NamedModule): Promise<readonly AccessEntry[]> => {
  const app = await applicationOf(named)
  await app.ready()
  if (app.portcullis === undefined)
    throw new UsageError(`The application of ${named.path} has not registered portcullis.`)
  const table = app.portcullis.accessTable()
  await app.close()
  return table
}
