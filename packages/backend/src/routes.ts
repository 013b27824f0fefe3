import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { FastifyInstance } from 'fastify'
import { generateSecret } from 'portcullis/sessions'
import { openStorage } from 'portcullis/storage'
import { buildApp } from './app.ts'
import type { NotesSchema } from './notes.ts'
import { notesMigration } from './notes.ts'
import { readSettings } from './settings.ts'

/** The application as it is in production, for `portcullis routes`: over an empty database that goes with it. */
const application = async (): Promise<FastifyInstance> => {
  const folder = mkdtempSync(join(tmpdir(), 'portcullis-routes-'))
  const settings = readSettings(
    { JWT_SECRET: generateSecret(), DATABASE_URL: `sqlite:${join(folder, 'empty.db')}`, LOG_LEVEL: 'error' },
    false,
  )
  const storage = await openStorage<NotesSchema>(settings.DATABASE_URL, { migrations: [notesMigration] })
  const app = await buildApp(settings, storage)
  app.addHook('onClose', async () => {
    await storage.close()
    rmSync(folder, { recursive: true, force: true })
  })
  return app
}

export default application
