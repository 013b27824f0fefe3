import { readFileSync, writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { AccessEntry } from '../layers/access/index.ts'
import { accessChanges, formatChanges, formatLock, formatTable, parseLock } from '../layers/access/index.ts'
import { readArguments } from './arguments.ts'
import { syntaxFault } from './syntax-fault.ts'
import { misused, UsageError } from './usage-error.ts'

const USAGE = `portcullis routes [--write | --check] [--app MODULE] [--lock FILE]

  (nothing)   prints who may call what
  --write     writes the table to access.lock
  --check     compares: exit 1 when a route opened, closed, changed, appeared or is gone
  --app       the module whose default export is the application, or a function that makes it (it must not listen);
              otherwise package.json says: "portcullis": { "app": "./src/app.js" }
  --lock      another file than ./access.lock
`

/** The part of an application that this command needs. */
interface Application {
  ready(): PromiseLike<unknown>
  close(): PromiseLike<unknown>
  readonly portcullis?: { accessTable(): readonly AccessEntry[] }
}

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
  const table = await tableOf(values.app ?? appOfPackage())
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

const appOfPackage = (): string => {
  try {
    const { portcullis } = JSON.parse(readFileSync('package.json', 'utf8')) as { portcullis?: { app?: unknown } }
    if (typeof portcullis?.app === 'string') return portcullis.app
  } catch {
    // No package.json here: the sentence below says what to do.
  }
  throw new UsageError(`Which application? package.json names none here ("portcullis": { "app": … }).\n\n${USAGE}`)
}

/** @throws an Error that says where, for a module that has a fault of syntax */
const imported = async (path: string): Promise<{ readonly default?: unknown }> => {
  const file = resolve(path)
  try {
    return await import(pathToFileURL(file).href)
  } catch (error) {
    throw error instanceof SyntaxError ? new Error(syntaxFault(path, file, error), { cause: error }) : error
  }
}

/** Of what TypeScript writes as CommonJS (`exports.default = …`) Node's default export is all of `exports`. */
const defaultOf = ({ default: exported }: { readonly default?: unknown }): unknown => {
  const compiled = exported as { readonly __esModule?: unknown; readonly default?: unknown } | null | undefined
  return compiled?.__esModule === true ? compiled.default : exported
}

const tableOf = async (path: string): Promise<readonly AccessEntry[]> => {
  const exported = defaultOf(await imported(path))
  const made: unknown = typeof exported === 'function' ? await exported() : exported
  const app = made as Application | undefined
  if (typeof app?.ready !== 'function')
    throw new Error(
      `${path} has no application as its default export, nor a function that makes one. Let it make the application, and another module listen.`,
    )
  await app.ready()
  if (app.portcullis === undefined) throw new UsageError(`The application of ${path} has not registered portcullis.`)
  const table = app.portcullis.accessTable()
  await app.close()
  return table
}
