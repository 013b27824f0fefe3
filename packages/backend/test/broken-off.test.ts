import assert from 'node:assert/strict'
import { Readable } from 'node:stream'
import { test } from 'node:test'
import { openStorage } from 'portcullis/storage'
import { buildApp } from '../src/app.ts'
import type { NotesSchema } from '../src/notes.ts'
import { notesMigration } from '../src/notes.ts'
import { readSettings } from '../src/settings.ts'
import { folder, production } from './backend.ts'

test('an answer that breaks off leaves a line in the log, though none is written for each request', async (t) => {
  const settings = readSettings(production(folder(t)), false)
  const storage = await openStorage<NotesSchema>(settings.DATABASE_URL, { migrations: [notesMigration] })
  t.after(() => storage.close())
  const app = await buildApp(settings, storage)
  t.after(() => app.close())
  const said: string[] = []
  const say = ({ err }: { readonly err?: Error }, text: string): void => void said.push(`${text}: ${err?.message}`)
  app.setChildLoggerFactory((log) => Object.assign(Object.create(log), { error: say, warn: say, info: say }))
  const parts = async function* () {
    yield 'a'.repeat(100_000)
    throw new Error('the disk is gone')
  }
  app.get('/download', { config: { access: 'public' } }, async (_request, reply) => reply.send(Readable.from(parts())))
  const address = await app.listen({ port: 0 })
  await assert.rejects(async () => (await fetch(`${address}/download`)).text())
  assert.equal((await fetch(`${address}/health`)).status, 200)
  assert.deepEqual(said, ['an answer broke off: the disk is gone'])
})
