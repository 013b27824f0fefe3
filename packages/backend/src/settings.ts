import { cors } from 'portcullis'
import { clientReader } from 'portcullis/client'
import { parseQuota } from 'portcullis/limits'
import { keyRing, readBearer, readPartyName, secretsIn } from 'portcullis/sessions'
import type { SettingsOf } from 'portcullis/settings'
import {
  choice,
  FaultList,
  integer,
  list,
  missing,
  nodeFaults,
  optional,
  readEnvironment,
  secret,
  text,
} from 'portcullis/settings'
import { databaseAddress, redisAddress } from 'portcullis/storage'
import { checklistFaults, withItems } from './checklist.ts'
import { readKeyFile } from './key-file.ts'

const quota = (what: string, fallback: string) =>
  text({
    what,
    bounds: "a number and a time, such as '200/minute', '10/minute', '100/15 minutes'",
    default: fallback,
    read: (value) => {
      parseQuota(value)
      return value
    },
  })

const ownSecret = (what: string, read: (value: string) => string = (value) => value) =>
  optional(
    secret({
      what,
      bounds: 'one secret of at least 32 random bytes, as `npx portcullis keys` makes it',
      read: (value) => {
        keyRing([value])
        return read(value)
      },
    }),
  )

const partyName = (what: string) => optional(text({ what, bounds: 'at most 500 characters', read: readPartyName }))

const KEYS =
  'one or several, separated by commas or line ends; each at least 32 random bytes, or an `ed25519:` or `es256:` private key'

/** Every variable the backend reads: its documentation (docs/settings.md), its default and its check. */
export const table = {
  HOST: text({
    what: 'The address to listen on; 0.0.0.0 for every interface.',
    bounds: 'an address or a host name',
    default: '127.0.0.1',
  }),
  PORT: integer({
    what: 'The port to listen on; 0 takes a free one.',
    unit: 'port',
    min: 0,
    max: 65_535,
    default: 3000,
  }),
  JWT_SECRET: optional(
    secret({
      what: 'The secrets that sign access tokens, newest first: the first signs, all verify. `npx portcullis keys` makes one. This or `JWT_SECRET_FILE` is **required**.',
      remedy: 'Make one: npx portcullis keys. (To try it out: npm run dev.)',
      bounds: KEYS,
      read: (value) => {
        keyRing(secretsIn(value))
        return secretsIn(value)
      },
    }),
  ),
  JWT_SECRET_FILE: optional(
    text({
      what: "Instead of `JWT_SECRET`: a file that holds them, read again every second and at SIGHUP, so that keys are replaced while it runs. Content that can't be used never replaces keys that can.",
      bounds: `the path of a file: ${KEYS}`,
      read: readKeyFile,
    }),
  ),
  JWT_ISSUER: partyName('The `iss` of access tokens; demanded of each when set.'),
  JWT_AUDIENCE: partyName('The `aud` of access tokens; demanded of each when set.'),
  ACCESS_TOKEN_MINUTES: integer({
    what: 'How long an access token lives.',
    unit: 'minutes',
    min: 1,
    max: 60,
    default: 15,
  }),
  REFRESH_TOKEN_DAYS: integer({
    what: 'How long a refresh token lives, and a session without use.',
    unit: 'days',
    min: 1,
    max: 30,
    default: 30,
  }),
  REFRESH_RETRY_SECONDS: integer({
    what: 'How long a repeated refresh gets the same successor again, for clients on bad networks; 0: never, a repeat ends the session.',
    unit: 'seconds',
    min: 0,
    max: 30,
    default: 0,
  }),
  DATABASE_URL: text({
    what: 'Where accounts, sessions and the audit trail are kept. Several processes on several machines share a PostgreSQL.',
    bounds: '`sqlite:PATH`, or `postgres://USER:PASSWORD@HOST:PORT/DATABASE`',
    default: 'sqlite:./data/portcullis.db',
    read: (value) => {
      databaseAddress(value)
      return value
    },
  }),
  DATABASE_POOL: integer({
    what: 'How many connections a process keeps to PostgreSQL; one more looks for news.',
    unit: 'connections',
    min: 1,
    max: 1_000,
    default: 10,
  }),
  REDIS_URL: optional(
    text({
      what: 'Where limits are counted for all processes together, and where they tell each other that something changed. Without it each process counts alone.',
      bounds: '`redis://USER:PASSWORD@HOST:PORT`, or `rediss://…` for TLS; Valkey alike',
      secret: true,
      read: (value) => {
        redisAddress(value)
        return value
      },
    }),
  ),
  CORS_ORIGINS: list({
    what: 'The origins whose pages may call this backend, and use the refresh cookie. None when empty.',
    bounds: 'comma-separated, each `https://host` with at most a port',
    default: '',
    read: (origins) => {
      cors({ origins })
    },
  }),
  TRUSTED_PROXIES: list({
    what: 'The proxies in front, whose forwarded header says who the client is. None when empty: the peer is the client.',
    bounds: 'comma-separated addresses and CIDRs, or `unix`; never /0',
    default: '',
    read: (trustedProxies) => {
      clientReader({ trustedProxies })
    },
  }),
  FORWARDED_HEADER: choice({
    what: 'The one header those proxies write; the other is never read.',
    of: ['x-forwarded-for', 'forwarded'],
    default: 'x-forwarded-for',
  }),
  LIMIT_CLIENT: quota('All requests of one client.', '200/minute'),
  LIMIT_CREDENTIALS: quota('Whatever checks a password or tells a taken name, together, of one client.', '10/minute'),
  LIMIT_REFRESH: quota('Refreshes of one client.', '10/minute'),
  LIMIT_ACCOUNT: quota('Password checks of one account, from wherever they come.', '20/minute'),
  PASSWORD_PEPPER: ownSecret(
    'Goes into every password hash and is not in the database. It can never be changed afterwards without resetting the passwords.',
  ),
  METRICS_TOKEN: ownSecret(
    'A bearer that opens GET /metrics and nothing else; without it only an admin may read it.',
    readBearer,
  ),
  LOG_LEVEL: choice({
    what: 'The least important lines that are logged; debug and trace are for development.',
    of: ['fatal', 'error', 'warn', 'info', 'debug', 'trace'],
    default: 'info',
  }),
} as const

/** The backend's settings, checked. */
export interface Settings extends SettingsOf<typeof table> {
  readonly development: boolean
  /** The keys at the start, of JWT_SECRET or of JWT_SECRET_FILE: the first signs, all verify. */
  readonly secrets: readonly string[]
}

/**
 * Reads the settings.
 *
 * @param development asked for by name: `--development`
 * @throws SettingsError that lists everything that is missing, wrong, misspelt or unsafe, at once
 */
export const readSettings = (env: Readonly<Record<string, string | undefined>>, development: boolean): Settings => {
  const faults = new FaultList()
  if (!development) {
    faults.add(...nodeFaults({ version: process.version, execArgv: process.execArgv, env }))
    if (env['LOG_LEVEL'] === 'debug' || env['LOG_LEVEL'] === 'trace')
      faults.add('LOG_LEVEL: debug and trace show what requests hold; they are for development only')
  }
  // One purpose a key: what one of them leaks must not open another door.
  const others = [env['PASSWORD_PEPPER'], env['METRICS_TOKEN']].flatMap((secret) => secret || [])
  const keys = keysOf(env, faults)
  // Of a key that stands twice among those of JWT_SECRET the table says so.
  if (others.some((secret, index) => keys.includes(secret) || others.indexOf(secret) < index))
    faults.add('JWT_SECRET, PASSWORD_PEPPER and METRICS_TOKEN must all be different: one purpose a key')
  if (development) return complete(readEnvironment(table, env, faults), development)
  faults.add(...checklistFaults(env))
  return withItems(() => complete(readEnvironment(table, env, faults), development))
}

const complete = (read: SettingsOf<typeof table>, development: boolean): Settings =>
  Object.freeze({ ...read, development, secrets: read.JWT_SECRET ?? read.JWT_SECRET_FILE?.secrets ?? [] })

/** The keys that were given, whether they can be used or not; a fault where there is not exactly one place of them. */
const keysOf = (env: Readonly<Record<string, string | undefined>>, faults: FaultList): readonly string[] => {
  const { JWT_SECRET: given = '', JWT_SECRET_FILE: path = '' } = env
  if (given === '' && path === '') faults.add(missing('JWT_SECRET', table.JWT_SECRET, 'set it, or JWT_SECRET_FILE'))
  if (given !== '' && path !== '')
    faults.add('Both JWT_SECRET and JWT_SECRET_FILE are set: keep one of them, it alone is where the keys are')
  if (path === '') return secretsIn(given)
  try {
    return readKeyFile(path).secrets
  } catch {
    // The table says what is wrong with it.
    return []
  }
}
