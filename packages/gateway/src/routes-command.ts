import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { accessChanges, formatChanges, formatLock, parseLock } from 'portcullis/access'
import { generateSecret } from 'portcullis/sessions'
import { documentNotes, tableBeside } from './banner.ts'
import type { CommandLine } from './command-line.ts'
import { describeGateway } from './gateway.ts'
import { readSettings } from './settings.ts'

/** `portcullis-gateway routes`: the access table, as text or as a lock file. Needs neither secrets nor the database. */
export const routesCommand = async ({ env, write, check, lock }: CommandLine): Promise<number> => {
  const folder = mkdtempSync(join(tmpdir(), 'portcullis-gateway-routes-'))
  try {
    const settings = readSettings(
      {
        ...env,
        JWT_SECRET: generateSecret(),
        IDENTITY_SECRET: generateSecret(),
        DATABASE_URL: `sqlite:${join(folder, 'empty.db')}`,
        REDIS_URL: '',
        LOG_LEVEL: 'fatal',
      },
      false,
    )
    const { table, document } = await describeGateway(settings)
    if (write) {
      writeFileSync(lock, formatLock(table))
      process.stdout.write(`${lock}: ${table.length} routes.\n`)
      return 0
    }
    if (check) return compare(lock, table)
    process.stdout.write(`${[...tableBeside(table, document), '', ...documentNotes(document)].join('\n').trimEnd()}\n`)
    return 0
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

const compare = (lock: string, table: Awaited<ReturnType<typeof describeGateway>>['table']): number => {
  const changes = accessChanges(parseLock(readLock(lock)), table)
  if (changes.length === 0) {
    process.stdout.write(`${lock} holds: ${table.length} routes, none changed.\n`)
    return 0
  }
  process.stdout.write(
    `${formatChanges(changes)}\n\n${lock} does not hold: ${changes.length} changed. If that is meant, run portcullis-gateway routes --write and commit it.\n`,
  )
  return 1
}

const readLock = (lock: string): string => {
  try {
    return readFileSync(lock, 'utf8')
  } catch {
    throw new Error(`${lock} can't be read. Write it first: portcullis-gateway routes --write`)
  }
}
