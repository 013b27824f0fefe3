import { lstatSync } from 'node:fs'
import { isIPv4 } from 'node:net'
import { secretsIn } from 'portcullis/sessions'
import type { EnvironmentTable, Setting } from 'portcullis/settings'
import { missing, nodeFaults } from 'portcullis/settings'

type Environment = Readonly<Record<string, string | undefined>>
type Given = (name: string) => string | undefined

/** What is wrong with settings that can each be read: those that need or forbid each other, and what is unsafe outside development. */
export const faultsBetween = (
  table: EnvironmentTable & Readonly<Record<'IDENTITY_SECRET' | 'JWT_SECRET' | 'AUDIENCE', Setting<unknown>>>,
  env: Environment,
  development: boolean,
): readonly string[] => {
  const given: Given = (name) => (env[name] === '' ? undefined : env[name])
  const absent = (name: 'IDENTITY_SECRET' | 'JWT_SECRET' | 'AUDIENCE'): readonly string[] =>
    given(name) === undefined ? [missing(name, table[name])] : []
  const same = secretsIn(given('JWT_SECRET') ?? '').includes(given('IDENTITY_SECRET') ?? ' ')
  const metrics = given('METRICS_TOKEN')
  const others = [given('IDENTITY_SECRET'), ...secretsIn(given('JWT_SECRET') ?? '')]
  return [
    ...absent('IDENTITY_SECRET'),
    ...(given('ISSUER') === undefined ? [...absent('JWT_SECRET'), ...ofAnIssuer(given)] : absent('AUDIENCE')),
    ...(same ? ['JWT_SECRET and IDENTITY_SECRET must be different: one purpose a key'] : []),
    ...(metrics !== undefined && others.includes(metrics)
      ? ['METRICS_TOKEN must be another than JWT_SECRET and IDENTITY_SECRET: one purpose a key']
      : []),
    ...unreadFile(given),
    ...(development ? [] : unsafe(given, env)),
  ]
}

/** What says something of an issuer that is not there. */
const ofAnIssuer = (given: Given): readonly string[] => [
  // A token of the gateway's own opens every route of its account here: it is for nobody else to hold.
  ...(given('PASS_AUTHORIZATION') === 'yes' ? ["PASS_AUTHORIZATION passes an issuer's token on: set ISSUER too"] : []),
  ...['AUDIENCE', 'ROLES_CLAIM', 'JWKS_URL']
    .filter((name) => given(name) !== undefined)
    .map((name) => `${name} says something of an issuer: set ISSUER too`),
]

/** Where somebody wrote roles and limits into the file, a start without it would open to every account what they closed. */
const unreadFile = (given: Given): readonly string[] =>
  given('SETTINGS') === undefined && lstatSync('gateway.json', { throwIfNoEntry: false }) !== undefined
    ? ['gateway.json is here and was not read: give --settings gateway.json (or move it away).']
    : []

const unsafe = (given: Given, env: Environment): readonly string[] => [
  ...nodeFaults({ version: process.version, execArgv: process.execArgv, env }),
  ...(given('LOG_LEVEL') === 'debug' || given('LOG_LEVEL') === 'trace'
    ? ['LOG_LEVEL: debug and trace show what requests hold; they are for development only']
    : []),
  ...(isInTheClear(given('UPSTREAM') ?? '')
    ? ['UPSTREAM: http to another network would carry identities in the clear; use https, or a private address']
    : []),
]

/** By the address as it is used: `HTTP://…` is http, and blanks around it go. */
const isInTheClear = (address: string): boolean => {
  const url = URL.parse(address)
  return url?.protocol === 'http:' && !isNear(url.hostname)
}

/** This machine, or a network that is nobody else's (RFC 1918, 4193, 6598), or a name without a dot: a service of the same host or cluster. */
const isNear = (host: string): boolean =>
  /^(?:localhost|[^.:]+|.*\.(?:local|internal|localhost))$/.test(host) ||
  // A name that begins like one, `10.example.com`, is anybody's.
  (isIPv4(host) && PRIVATE.test(host)) ||
  /^\[(?:::1|f[cd][0-9a-f]{2}:.*)\]$/.test(host)

const PRIVATE = /^(?:127|10)\.|^192\.168\.|^172\.(?:1[6-9]|2\d|3[01])\.|^100\.(?:6[4-9]|[7-9]\d|1[01]\d|12[0-7])\./
