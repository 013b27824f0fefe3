import { parseArgs } from 'node:util'
import { nearest, SettingsError } from 'portcullis/settings'

export const USAGE = `portcullis-gateway --upstream URL [OPTIONS]        puts the door in front of a backend
portcullis-gateway routes --upstream URL [OPTIONS]  who may call what

  --upstream URL      the backend: http://127.0.0.1:8000
  --openapi PLACE     its OpenAPI document: an address or a file; URL/openapi.json by default
  --settings FILE     who may call what: gateway.json. What it does not name, and all without it, is for everybody who
                      registers, and anybody may register (with --issuer: for everybody who has a token of it)
  --port N            8080 by default
  --host HOST         127.0.0.1 by default
  --issuer URL        takes the access tokens of this issuer, instead of the gateway's own accounts
  --audience TEXT     what those tokens must be for
  --roles-claim NAME  the claim that holds their roles: realm_access.roles
  --development       makes the secrets that are missing, and says what it does; never in production
  --version           says which release this is

  routes --write      writes the table to access.lock, to be committed
  routes --check      exit 1 when a route opened, closed, appeared or went since
  --lock FILE         another file than ./access.lock

Each has a variable (UPSTREAM, OPENAPI, SETTINGS, PORT …); an option goes before it. Secrets are variables only:
JWT_SECRET and IDENTITY_SECRET, made by: npx portcullis keys
`

/** The variable that stands behind an option. */
const VARIABLES = {
  upstream: 'UPSTREAM',
  openapi: 'OPENAPI',
  settings: 'SETTINGS',
  port: 'PORT',
  host: 'HOST',
  issuer: 'ISSUER',
  audience: 'AUDIENCE',
  'roles-claim': 'ROLES_CLAIM',
} as const

/** What the command was asked to do. */
export interface CommandLine {
  readonly command: 'help' | 'version' | 'serve' | 'routes'
  readonly development: boolean
  readonly write: boolean
  readonly check: boolean
  readonly lock: string
  /** The environment, with the options in it. */
  readonly env: Readonly<Record<string, string | undefined>>
}

/** @throws SettingsError for an option that is not there, or makes no sense */
export const readCommandLine = (
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): CommandLine => {
  const { values, positionals } = parsed(args)
  const [command = 'serve', ...others] = positionals
  if (command !== 'serve' && command !== 'routes') throw new SettingsError(['the one command is routes; see --help'])
  if (others.length > 0 || (values.write === true && values.check === true))
    throw new SettingsError(['routes takes --write or --check; see --help'])
  if (command === 'serve' && (values.write === true || values.check === true))
    throw new SettingsError(['--write and --check belong to routes; see --help'])
  const given = Object.entries(VARIABLES).flatMap(([option, name]) => {
    const value = values[option as keyof typeof VARIABLES]
    return value === undefined ? [] : [[name, value] as const]
  })
  return {
    command: values.help === true ? 'help' : values.version === true ? 'version' : command,
    development: values.development === true,
    write: values.write === true,
    check: values.check === true,
    lock: values.lock ?? 'access.lock',
    env: { ...env, ...Object.fromEntries(given) },
  }
}

const text = { type: 'string' } as const
const flag = { type: 'boolean' } as const

const OPTIONS = {
  upstream: text,
  openapi: text,
  settings: text,
  port: text,
  host: text,
  issuer: text,
  audience: text,
  'roles-claim': text,
  lock: text,
  development: flag,
  write: flag,
  check: flag,
  help: { type: 'boolean', short: 'h' },
  version: flag,
} as const

const parsed = (args: readonly string[]) => {
  try {
    return parseArgs({ args: [...args], allowPositionals: true, options: OPTIONS })
  } catch (error) {
    const [sentence = ''] = (error as Error).message.split('. ')
    const typed = /^Unknown option '--([\w-]+)/.exec(sentence)?.[1]
    const meant = typed === undefined ? undefined : nearest(typed, Object.keys(OPTIONS))
    throw new SettingsError([`${sentence}; ${meant === undefined ? 'see --help' : `did you mean --${meant}?`}`])
  }
}
