import { dirname, join, resolve } from 'node:path'
import type { FastifyInstance } from 'fastify'
import { drain } from 'portcullis/fastify'
import { generateSecret, keptSecret } from 'portcullis/sessions'
import { listenError } from 'portcullis/settings'
import type { Storage } from 'portcullis/storage'
import { databaseAddress, databasePlace, openStorage } from 'portcullis/storage'
import { buildApp } from './app.ts'
import { banner } from './banner.ts'
import { checklistWarnings } from './checklist.ts'
import { readCommandLine, USAGE } from './command-line.ts'
import { unreadEnvFile } from './env-file.ts'
import type { NotesSchema } from './notes.ts'
import { notesMigration } from './notes.ts'
import type { Settings } from './settings.ts'
import { readSettings } from './settings.ts'

const start = async (): Promise<void> => {
  const { development, help } = readCommandLine(process.argv.slice(2))
  if (help) {
    process.stdout.write(USAGE)
    return
  }
  const env = development ? { LOG_LEVEL: 'warn', ...process.env } : process.env
  const made = development && !env['JWT_SECRET'] && !env['JWT_SECRET_FILE']
  // One that is found counts only after these: whatever else is wrong is said first, all of it, and nothing is made.
  const read = readSettings(made ? { ...env, JWT_SECRET: generateSecret() } : env, development)
  const storage = await openStorage<NotesSchema>(read.DATABASE_URL, {
    migrations: [notesMigration],
    poolSize: read.DATABASE_POOL,
  })
  const path = join(dataFolder(read), 'development-secret')
  const secret = made ? { ...keptSecret(path, 'JWT_SECRET'), path } : undefined
  const settings = secret === undefined ? read : { ...read, JWT_SECRET: [secret.secret], secrets: [secret.secret] }
  const app = await buildApp(settings, storage)
  for (const warning of warnings(settings)) app.log.warn(warning)
  // Before it listens: a supervisor may change its mind at once.
  stopInOrder(app, storage)
  const address = await app.listen({ host: settings.HOST, port: settings.PORT }).catch((error: unknown) => {
    throw listenError(error, settings)
  })
  if (settings.development) {
    const database = databasePlace(settings.DATABASE_URL)
    process.stdout.write(banner({ address, database, secret, table: app.portcullis.accessTable() }))
  }
}

const warnings = (settings: Settings): readonly string[] => [
  ...unreadEnvFile(process.env),
  ...(settings.development ? [] : productionWarnings(settings)),
]

const productionWarnings = (settings: Settings): readonly string[] => [
  ...checklistWarnings(settings),
  ...(databaseAddress(settings.DATABASE_URL).kind === 'postgres' && settings.REDIS_URL === undefined
    ? ['REDIS_URL is not set: of several processes on this database, each allows every client its whole quota']
    : []),
]

const stopInOrder = (app: FastifyInstance, storage: Storage<NotesSchema>): void => {
  let stopping = false
  const stop = async (): Promise<void> => {
    if (stopping) return
    stopping = true
    await drain(app)
    await storage.close()
    process.exit(0)
  }
  process.on('SIGTERM', stop)
  process.on('SIGINT', stop)
}

/** Where development keeps what it makes: beside the database, or here where that is a server. */
const dataFolder = ({ DATABASE_URL }: Settings): string => {
  const address = databaseAddress(DATABASE_URL)
  return address.kind === 'sqlite' ? dirname(address.path) : resolve('data')
}

// What goes wrong at a start is mostly a setting: a sentence helps, a stack does not.
start().catch((error: Error & { readonly reason?: string }) => {
  // A migration's has one, for whoever wrote it.
  const said = [error.message, error.reason, ...unreadEnvFile(process.env)].filter((one) => one !== undefined)
  process.stderr.write(`${said.join('\n')}\n`)
  process.exit(1)
})
