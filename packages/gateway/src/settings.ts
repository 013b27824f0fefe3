import { cors } from 'portcullis'
import { clientReader } from 'portcullis/client'
import { parseQuota } from 'portcullis/limits'
import {
  issuerAddressFault,
  keyRing,
  keysAddressFault,
  readClaimPath,
  readPartyName,
  secretsIn,
} from 'portcullis/sessions'
import type { SettingsOf } from 'portcullis/settings'
import { choice, FaultList, integer, list, optional, readEnvironment, secret, text } from 'portcullis/settings'
import { databaseAddress, redisAddress } from 'portcullis/storage'
import { faultsBetween } from './settings-between.ts'

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

const seconds = (what: string, fallback: number, max = 600) =>
  integer({ what, unit: 'seconds', min: 1, max, default: fallback })

/** An address of a backend: no credentials, no query. */
const readAddress = (value: string): URL => {
  const url = URL.canParse(value) ? new URL(value) : undefined
  if (url === undefined || (url.protocol !== 'http:' && url.protocol !== 'https:'))
    throw new TypeError('takes an address such as http://127.0.0.1:8000')
  if (url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '')
    throw new TypeError('takes an address without credentials, query or fragment')
  return url
}

const RANDOM_BYTES = 'one secret of at least 32 random bytes, as `npx portcullis keys` makes it'

const readOneSecret = (value: string): string => {
  keyRing([value])
  return value
}

const MAKE_ONE = 'Make one: npx portcullis keys. (To try it out: --development.)'

/** Every variable the gateway reads: its documentation, its default and its check. */
export const table = {
  UPSTREAM: text({
    what: 'The backend behind the gateway; a path in it is put in front of every other.',
    remedy: 'Say where the backend is: --upstream http://127.0.0.1:8000.',
    bounds: '`http://host:port` or `https://host`',
    required: true,
    read: readAddress,
  }),
  OPENAPI: optional(
    text({
      what: "Its OpenAPI document, 3.0 or 3.1. The upstream's /openapi.json by default.",
      bounds: 'an http(s) address, or a file (JSON, or YAML by its name)',
    }),
  ),
  OPENAPI_SECONDS: seconds('How often the document is looked at again.', 30, 86_400),
  SETTINGS: optional(
    text({
      what: 'The file that says who may call what: `gateway.json`. What it does not name, and all without it, is `authenticated`: for everybody who registers, and anybody may register (with `ISSUER`: for everybody who has a token of it). A `gateway.json` in the working directory stops the start when this is not set.',
      bounds: 'the path of a file',
    }),
  ),
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
    default: 8080,
  }),
  IDENTITY_SECRET: optional(
    secret({
      what: 'Signs what the upstream is told of the caller; the upstream checks it with the same. **Required**, and another than `JWT_SECRET`.',
      remedy: MAKE_ONE,
      bounds: RANDOM_BYTES,
      read: readOneSecret,
    }),
  ),
  JWT_SECRET: optional(
    secret({
      what: 'The secrets that sign access tokens, newest first. **Required** unless `ISSUER` is set.',
      remedy: MAKE_ONE,
      bounds:
        'one or several, separated by commas; each at least 32 random bytes, or an `ed25519:` or `es256:` private key',
      read: (value) => {
        keyRing(secretsIn(value))
        return secretsIn(value)
      },
    }),
  ),
  DATABASE_URL: text({
    what: "Where accounts and sessions are kept, when they are the gateway's own.",
    bounds: '`sqlite:PATH`, or `postgres://USER:PASSWORD@HOST:PORT/DATABASE`',
    default: 'sqlite:./data/portcullis.db',
    read: (value) => {
      databaseAddress(value)
      return value
    },
  }),
  REDIS_URL: optional(
    text({
      what: 'Where limits are counted for all processes together. Without it each counts alone.',
      bounds: '`redis://USER:PASSWORD@HOST:PORT`, or `rediss://…` for TLS',
      secret: true,
      read: (value) => {
        redisAddress(value)
        return value
      },
    }),
  ),
  ISSUER: optional(
    text({
      what: "Takes the access tokens of this issuer instead of the gateway's own; its keys are read from it.",
      bounds: '`https://…`, letter by letter what its tokens say',
      read: readPartyName,
    }),
  ),
  AUDIENCE: optional(
    text({
      what: 'What `aud` of its tokens must name. **Required** with `ISSUER`.',
      remedy: 'Say what the tokens of the issuer must be for: --audience TEXT.',
      bounds: 'at most 500 characters',
      read: readPartyName,
    }),
  ),
  ROLES_CLAIM: optional(
    text({
      what: 'The claim that holds the roles. Nobody has a role without it.',
      bounds: 'such as `realm_access.roles`',
      read: readClaimPath,
    }),
  ),
  JWKS_URL: optional(
    text({
      what: "Where the issuer's keys are, when it has no document (`/.well-known/openid-configuration`) that says so.",
      bounds: '`https://…`, or `http://` on this machine',
      read: (value) => {
        const fault = keysAddressFault('JWKS_URL', value)
        if (fault !== undefined) throw new TypeError(fault)
        return value
      },
    }),
  ),
  PASS_AUTHORIZATION: choice({
    what: "Passes the issuer's token on, once it was verified, to an upstream that verifies it as well.",
    of: ['no', 'yes'],
    default: 'no',
  }),
  CORS_ORIGINS: list({
    what: 'The origins whose pages may call the backend. None when empty.',
    bounds: 'comma-separated, each `https://host` with at most a port',
    default: '',
    read: (origins) => cors({ origins }),
  }),
  CORS_ALLOWED_HEADERS: list({
    what: 'Fields that those pages may send besides `Authorization`, `Content-Type` and what the document describes as a header parameter.',
    bounds: 'comma-separated names, such as `If-Match`',
    default: '',
    read: (allowedHeaders) => cors({ allowedHeaders }),
  }),
  CORS_EXPOSED_HEADERS: list({
    what: 'Fields of answers that those pages may read besides those of the limits.',
    bounds: 'comma-separated names, such as `X-Total-Count`, `ETag`',
    default: '',
    read: (exposedHeaders) => cors({ exposedHeaders }),
  }),
  TRUSTED_PROXIES: list({
    what: 'The proxies in front, whose forwarded header says who the client is. None when empty.',
    bounds: 'comma-separated addresses and CIDRs, or `unix`; never /0',
    default: '',
    read: (trustedProxies) => clientReader({ trustedProxies }),
  }),
  FORWARDED_HEADER: choice({
    what: 'The one header those proxies write; the other is never read.',
    of: ['x-forwarded-for', 'forwarded'],
    default: 'x-forwarded-for',
  }),
  LIMIT_CLIENT: quota('All requests of one client.', '200/minute'),
  LIMIT_CREDENTIALS: quota('Whatever checks a password, together, of one client.', '10/minute'),
  LIMIT_REFRESH: quota('Refreshes of one client.', '10/minute'),
  LIMIT_ACCOUNT: quota('Password checks of one account, from wherever they come.', '20/minute'),
  UPSTREAM_CONNECT_SECONDS: seconds('How long a connection to the upstream may take.', 3),
  UPSTREAM_TIMEOUT_SECONDS: seconds('How long the upstream may take until its answer begins.', 30),
  UPSTREAM_IDLE_SECONDS: seconds(
    'How long an answer may pause in the middle; an event stream must say something in that time.',
    60,
  ),
  UPSTREAM_CONNECTIONS: integer({
    what: 'How many requests are at the upstream at once; more wait. As many WebSockets stand beside them.',
    unit: 'connections',
    min: 1,
    max: 4_096,
    default: 256,
  }),
  UPSTREAM_REUSE: choice({
    what: 'Uses a connection to the upstream for one request after the other. `no` is for an upstream that may say more than it was asked: HTTP/1.1 has no number on its answers.',
    of: ['yes', 'no'],
    default: 'yes',
  }),
  UPLOAD_LIMIT: integer({
    what: 'The most that a file upload may have. JSON and forms: 65536.',
    unit: 'bytes',
    min: 1,
    max: 10_737_418_240,
    default: 10_485_760,
  }),
  UPLOAD_SECONDS: seconds('How long a request may take to arrive, its upload included.', 60, 3_600),
  WEBSOCKET_MINUTES: integer({
    what: 'How long a WebSocket may stand: its session is judged when it opens.',
    unit: 'minutes',
    min: 1,
    max: 1_440,
    default: 15,
  }),
  METRICS_TOKEN: optional(
    secret({
      what: 'A bearer that opens GET /-/metrics and nothing else; without it only an admin may read it.',
      bounds: RANDOM_BYTES,
      read: readOneSecret,
    }),
  ),
  LOG_LEVEL: choice({
    what: 'The least important lines that are logged; debug and trace are for development.',
    of: ['fatal', 'error', 'warn', 'info', 'debug', 'trace'],
    default: 'info',
  }),
} as const

/** The gateway's settings, checked. */
export interface Settings extends SettingsOf<typeof table> {
  readonly development: boolean
}

/**
 * Reads the settings.
 *
 * @param development asked for by name: `--development`
 * @throws SettingsError that lists everything that is missing, wrong, misspelt or unsafe, at once
 */
export const readSettings = (env: Readonly<Record<string, string | undefined>>, development: boolean): Settings => {
  const faults = new FaultList()
  // Each variable by itself first, in the order of the table: where the backend is, is what a newcomer has to say first.
  const read = faults.try('', () => readEnvironment(table, env))
  faults.add(...issuerFaults(env), ...faultsBetween(table, env, development))
  faults.throwIfAny()
  return Object.freeze({ ...(read as SettingsOf<typeof table>), development })
}

/** Without JWKS_URL the issuer's document is asked for, at an address that is made of ISSUER. */
const issuerFaults = ({ ISSUER, JWKS_URL }: Readonly<Record<string, string | undefined>>): readonly string[] => {
  const fault = ISSUER && !JWKS_URL ? issuerAddressFault('ISSUER', ISSUER) : undefined
  return fault === undefined ? [] : [fault]
}
