import { existsSync } from 'node:fs'
import type { Storage } from '../storage/index.ts'
import { databaseAddress, openStorage } from '../storage/index.ts'

/**
 * Opens a database that a program has made. A command that is run in another folder must neither make an empty one there, in which
 * nobody is found, nor put its tables into somebody else's.
 *
 * @param options `readonly` for a command that changes nothing: it writes no migration either
 * @throws Error that names the place, never the password, when there is none
 */
export const openExisting = async (url: string, { readonly }: { readonly readonly: boolean }): Promise<Storage> => {
  const address = databaseAddress(url)
  if (address.kind === 'sqlite' && !existsSync(address.path))
    throw new Error(
      `There is no database at ${address.path}: run this in the backend's folder, or give --database or DATABASE_URL.`,
    )
  // Whoever reads makes no tables, and is told when they are not there.
  const storage = await openStorage(url, { readonly: true })
  if (readonly) return storage
  await storage.close()
  return openStorage(url)
}
