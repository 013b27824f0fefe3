import { parseArgs } from 'node:util'
import { SettingsError } from 'portcullis'
import { drain } from 'portcullis/fastify'
import { openStorage } from 'portcullis/storage'
import { buildApp } from './app.ts'
import { banner } from './banner.ts'
import type { NotesSchema } from './notes.ts'
import { notesMigration } from './notes.ts'
import type { DevelopmentSecret } from './secret.ts'
import { dataFolder, developmentSecret } from './secret.ts'
import type { Settings } from './settings.ts'
import { readSettings, table } from './settings.ts'

const PRUNE_EVERY_MS = 10 * 60_000

const start = async (): Promise<void> => {
  const { values } = parseArgs({ options: { development: { type: 'boolean', default: false } } })
  const { settings, secret } = values.development
    ? developmentSettings()
    : { settings: readSettings(process.env, false), secret: undefined }
  const storage = await openStorage<NotesSchema>(settings.DATABASE_URL, { migrations: [notesMigration] })
  const app = await buildApp(settings, storage)
  const address = await app.listen({ host: settings.HOST, port: settings.PORT })

  if (settings.development) {
    const database = settings.DATABASE_URL.replace(/^sqlite:/, '')
    process.stdout.write(banner({ address, database, secret, table: app.portcullis.accessTable() }))
  }

  const prune = setInterval(() => {
    Promise.resolve(storage.sessions.prune(Date.now())).catch((error: unknown) =>
      app.log.error({ err: error }, 'expired sessions were not pruned'),
    )
  }, PRUNE_EVERY_MS)
  prune.unref()

  let stopping = false
  const stop = async (): Promise<void> => {
    if (stopping) return
    stopping = true
    clearInterval(prune)
    await drain(app)
    await storage.close()
    process.exit(0)
  }
  process.on('SIGTERM', stop)
  process.on('SIGINT', stop)
}

/** Development makes what is missing: a secret that is kept, lines that are few. */
const developmentSettings = (): { settings: Settings; secret: DevelopmentSecret | undefined } => {
  const { JWT_SECRET: given, ...env }: Record<string, string | undefined> = { LOG_LEVEL: 'warn', ...process.env }
  if (given !== undefined && given !== '')
    return { settings: readSettings({ ...env, JWT_SECRET: given }, true), secret: undefined }
  const secret = developmentSecret(dataFolder(env['DATABASE_URL'] ?? table.DATABASE_URL.default ?? ''))
  return { settings: readSettings({ ...env, JWT_SECRET: secret.secret }, true), secret }
}

start().catch((error: unknown) => {
  const { message, stack } = error as Error
  process.stderr.write(`${error instanceof SettingsError || stack === undefined ? message : stack}\n`)
  process.exit(1)
})
