/** The command `portcullis-gateway`. */
import { generateSecret } from 'portcullis/sessions'
import { listenError } from 'portcullis/settings'
import { databasePlace } from 'portcullis/storage'
import { banner, documentNotes } from './banner.ts'
import type { CommandLine } from './command-line.ts'
import { readCommandLine, USAGE } from './command-line.ts'
import type { Gateway } from './gateway.ts'
import { openGateway } from './gateway.ts'
import { routesCommand } from './routes-command.ts'
import type { SecretPlace } from './secrets.ts'
import { missingSecrets, secretPlaces, secretsKept } from './secrets.ts'
import type { Settings } from './settings.ts'
import { readSettings } from './settings.ts'
import { shown } from './shown.ts'
import { version } from './version.ts'

const serve = async (line: CommandLine): Promise<void> => {
  const { settings, kept } = settled(line)
  const gateway = await openGateway(settings)
  // Before it listens: a supervisor may change its mind at once.
  stopInOrder(gateway)
  const address = await gateway.listen().catch((error: unknown) => {
    throw listenError(error, settings)
  })
  say(gateway, settings, address, kept)
}

/** The settings. In development the secrets that are missing are made, after all else was read: whatever is wrong is said first, all of it. */
const settled = ({
  env,
  development,
}: CommandLine): { readonly settings: Settings; readonly kept: readonly SecretPlace[] } => {
  if (!development) return { settings: readSettings(env, false), kept: [] }
  const given = { LOG_LEVEL: 'warn', ...env }
  const missing = missingSecrets(given)
  const passing = Object.fromEntries(missing.map((name) => [name, generateSecret()]))
  const kept = secretPlaces(missing, readSettings({ ...given, ...passing }, true).DATABASE_URL)
  return { settings: readSettings({ ...given, ...secretsKept(kept) }, true), kept }
}

const say = (gateway: Gateway, settings: Settings, address: string, kept: readonly SecretPlace[]): void => {
  const document = gateway.document()
  if (!settings.development) {
    for (const note of documentNotes(document)) gateway.app.log.warn(note)
    return
  }
  const sessions = settings.ISSUER ?? `its own, in ${databasePlace(settings.DATABASE_URL)}`
  const upstream = settings.UPSTREAM.href.replace(/\/$/, '')
  process.stdout.write(banner({ address, upstream, sessions, kept, table: gateway.table(), document }))
}

const stopInOrder = (gateway: Gateway): void => {
  let stopping = false
  const stop = async (): Promise<void> => {
    if (stopping) return
    stopping = true
    await gateway.close()
    process.exit(0)
  }
  process.on('SIGTERM', stop)
  process.on('SIGINT', stop)
}

const run = async (): Promise<void> => {
  const line = readCommandLine(process.argv.slice(2), process.env)
  if (line.command === 'help') process.stdout.write(USAGE)
  else if (line.command === 'version') process.stdout.write(`${version()}\n`)
  else if (line.command === 'routes') process.exitCode = await routesCommand(line)
  else await serve(line)
}

// What goes wrong at a start is mostly a setting: a sentence helps, a stack does not.
await run().catch((error: Error) => {
  process.stderr.write(`${error.message.split('\n').map(shown).join('\n')}\n`)
  process.exit(1)
})
