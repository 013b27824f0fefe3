/** The ready backend, started as its image starts it, on an SQLite file of its own. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { BACKEND } from './built.ts'
import { type Running, start } from './process.ts'
import { secret } from './tokens.ts'

/** Quotas that no load reaches. */
export const UNLIMITED: Readonly<Record<string, string>> = {
  LIMIT_CLIENT: '65535/second',
  LIMIT_CREDENTIALS: '65535/second',
  LIMIT_REFRESH: '65535/second',
  LIMIT_ACCOUNT: '65535/second',
}

/** A folder that goes with whoever asked for it. */
export const folder = (lasting: { after(end: () => unknown): void }): string => {
  const path = mkdtempSync(join(tmpdir(), 'portcullis-bench-'))
  lasting.after(() => rmSync(path, { recursive: true, force: true }))
  return path
}

/** Starts it on the database of this folder. */
export const startBackend = (
  path: string,
  { env = {}, pin = true }: { readonly env?: Readonly<Record<string, string>>; readonly pin?: boolean } = {},
): Promise<Running> =>
  start(
    [process.execPath, BACKEND],
    { PORT: '0', JWT_SECRET: secret, DATABASE_URL: `sqlite:${join(path, 'portcullis.db')}`, ...env },
    { pin, cwd: path },
  )
