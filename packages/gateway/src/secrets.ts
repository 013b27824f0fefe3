import { dirname, join, resolve } from 'node:path'
import { keptSecret } from 'portcullis/sessions'
import { databaseAddress } from 'portcullis/storage'

type Environment = Readonly<Record<string, string | undefined>>

/** Where a secret of development is kept. */
export interface SecretPlace {
  readonly name: string
  readonly path: string
}

/** The secrets that a gateway needs and the environment does not give. */
export const missingSecrets = (env: Environment): readonly string[] =>
  [...(env['ISSUER'] ? [] : ['JWT_SECRET']), 'IDENTITY_SECRET'].filter((name) => !env[name])

/** Where development keeps them: beside the database. */
export const secretPlaces = (names: readonly string[], databaseUrl: string): readonly SecretPlace[] => {
  const address = databaseAddress(databaseUrl)
  const folder = address.kind === 'sqlite' ? dirname(address.path) : resolve('data')
  return names.map((name) => ({ name, path: join(folder, `development-${name.toLowerCase().replace('_', '-')}`) }))
}

/**
 * The secrets that are kept there, each made where there is none.
 *
 * @throws Error with a sentence that names the file and not what it holds
 */
export const secretsKept = (places: readonly SecretPlace[]): Environment =>
  Object.fromEntries(places.map(({ name, path }) => [name, keptSecret(path, name).secret]))
