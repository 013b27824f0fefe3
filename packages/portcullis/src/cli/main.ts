/** The command `portcullis`. */
import { check } from './check.ts'
import { gateway } from './gateway.ts'
import { keys } from './keys.ts'
import { move } from './move.ts'
import { routes } from './routes.ts'
import { UsageError } from './usage-error.ts'
import { users } from './users.ts'

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

portcullis COMMAND --help says more.
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
const command = commands[name]
try {
  if (name === '--help' || name === '-h' || name === 'help') {
    process.stdout.write(USAGE)
  } else if (command === undefined) {
    throw new UsageError(name === '' ? USAGE : `There is no command of that name.\n\n${USAGE}`)
  } else {
    process.exitCode = await command(args)
  }
} catch (error) {
  const misused =
    error instanceof UsageError || (error as NodeJS.ErrnoException).code?.startsWith('ERR_PARSE_ARGS') === true
  process.stderr.write(`${(error as Error).message.trimEnd()}\n`)
  process.exitCode = misused ? 2 : 1
}
