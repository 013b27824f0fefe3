/** The command `portcullis-gateway`. */
import { listenError } from 'portcullis/settings'
import { databasePlace } from 'portcullis/storage'
import { banner, documentNotes } from './banner.ts'
import type { CommandLine } from './command-line.ts'
import { readCommandLine, USAGE } from './command-line.ts'
import type { Gateway } from './gateway.ts'
import { openGateway } from './gateway.ts'
import { routesCommand } from './routes-command.ts'
import type { KeptSecret } from './secrets.ts'
import { developmentSecrets } from './secrets.ts'
import type { Settings } from './settings.ts'
import { readSettings } from './settings.ts'

const serve = async ({ env, development }: CommandLine): Promise<void> => {
  const made = development ? developmentSecrets({ LOG_LEVEL: 'warn', ...env }) : { env, kept: [] }
  const settings = readSettings(made.env, development)
  const gateway = await openGateway(settings)
  // Before it listens: a supervisor may change its mind at once.
  stopInOrder(gateway)
  const address = await gateway.listen().catch((error: unknown) => {
    throw listenError(error, settings)
  })
  say(gateway, settings, address, made.kept)
}

const say = (gateway: Gateway, settings: Settings, address: string, kept: readonly KeptSecret[]): void => {
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
  else if (line.command === 'routes') process.exitCode = await routesCommand(line)
  else await serve(line)
}

// What goes wrong at a start is mostly a setting: a sentence helps, a stack does not.
await run().catch((error: Error) => {
  process.stderr.write(`${error.message}\n`)
  process.exit(1)
})
