/** The command `portcullis`. */
import { check } from './check.ts'
import { endNow } from './end-now.ts'
import { gateway } from './gateway.ts'
import { keys } from './keys.ts'
import { move } from './move.ts'
import { routes } from './routes.ts'
import { didYouMean, misused, UsageError } from './usage-error.ts'
import { users } from './users.ts'
import { version } from './version.ts'

const USAGE = `portcullis COMMAND

  routes            who may call what, as the application declares it
  routes --write    writes that table to access.lock, to be committed
  routes --check    exit 1 when a route opened, closed or appeared since
  keys              makes a secret for JWT_SECRET (--alg EdDSA or ES256: a private key)
  keys rotate       replaces the key that signs, and checks each step on every process
  users             the people: list, grant, take, disable, enable
  move              copies a database into another one: from SQLite to PostgreSQL, or back
  check             proves the baseline of a backend (with portcullis-check installed)
  gateway           puts the door in front of a backend (with portcullis-gateway installed)

npx portcullis COMMAND --help says more; npx portcullis --version says which release this is.
`

const commands: Readonly<Record<string, (args: readonly string[]) => number | Promise<number>>> = {
  routes,
  keys,
  users,
  move,
  check,
  gateway,
}

const [name = '', ...args] = process.argv.slice(2)

const run = async (): Promise<number> => {
  if (name === '--help' || name === '-h' || name === 'help') {
    process.stdout.write(USAGE)
    return 0
  }
  if (name === '--version') {
    process.stdout.write(`${version()}\n`)
    return 0
  }
  if (name === '') throw new UsageError(USAGE)
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined
  if (command === undefined) {
    const known = [...Object.keys(commands), '--help', '--version']
    throw misused(`There is no command of that name${didYouMean(name, known)}`, USAGE)
  }
  return command(args)
}

// Whoever reads may have read enough: `portcullis users list | head` is no mistake, and the exit code stays what it is. A full disk is one.
process.stdout.on('error', ({ code }: NodeJS.ErrnoException) => {
  if (code === 'EPIPE') return
  process.stderr.write(`What this has to say could not be written (${code}).\n`)
  process.exit(1)
})
process.stderr.on('error', () => {})

try {
  process.exitCode = await run()
} catch (error) {
  // The application's own module may have thrown anything.
  const { code, message = String(error) } = Object(error) as Partial<NodeJS.ErrnoException>
  const typedWrong = error instanceof UsageError || code?.startsWith('ERR_PARSE_ARGS') === true
  process.stderr.write(`${String(message).trimEnd()}\n`)
  process.exitCode = typedWrong ? 2 : 1
}
// It ran the application's own module, which may listen, or hold a connection: nobody waits for that.
if (name === 'routes') await endNow()
