import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { generateSecret, keyRing } from 'portcullis/sessions'
import { databaseAddress } from 'portcullis/storage'
import { table } from './settings.ts'

/** Where a secret of development is kept. */
export interface KeptSecret {
  readonly name: string
  readonly path: string
}

/**
 * In development makes the secrets that are missing, and keeps them beside the database (mode 0600), so that sessions outlive a restart. Never
 * called outside development: a production secret is given, not found.
 */
export const developmentSecrets = (
  env: Readonly<Record<string, string | undefined>>,
): { readonly env: Readonly<Record<string, string | undefined>>; readonly kept: readonly KeptSecret[] } => {
  const needed = [...(env['ISSUER'] ? [] : ['JWT_SECRET']), 'IDENTITY_SECRET'].filter((name) => !env[name])
  const folder = folderOf(env['DATABASE_URL'] || (table.DATABASE_URL.default ?? ''))
  const kept = needed.map((name) => ({
    name,
    path: join(folder, `development-${name.toLowerCase().replace('_', '-')}`),
  }))
  const secrets = kept.map(({ name, path }) => [name, keptSecret(name, path)] as const)
  return { env: { ...env, ...Object.fromEntries(secrets) }, kept }
}

const folderOf = (url: string): string => {
  try {
    const address = databaseAddress(url)
    return address.kind === 'sqlite' ? dirname(address.path) : resolve('data')
  } catch {
    // The settings say what is wrong with it.
    return resolve('data')
  }
}

/** @throws Error with a sentence that names the file and not what it holds */
const keptSecret = (name: string, path: string): string => {
  try {
    const secret = make(path) ?? readFileSync(path, 'utf8').trim()
    keyRing([secret])
    return secret
  } catch (error) {
    const { code = 'it holds none' } = error as NodeJS.ErrnoException
    throw new Error(
      `The development secret in ${path} can't be used (${code}): remove it, and another one is made; or set ${name}.`,
      { cause: error },
    )
  }
}

/** 'wx' decides in one step: of two starts at once, one makes the secret and the other, answered undefined, reads it. */
const make = (path: string): string | undefined => {
  const secret = generateSecret()
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
  try {
    writeFileSync(path, `${secret}\n`, { mode: 0o600, flag: 'wx' })
    return secret
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    return undefined
  }
}
