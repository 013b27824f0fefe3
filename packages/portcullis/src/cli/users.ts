import type { Account, AccountStore, AuditEntry } from '../accounts/index.ts'
import { MAX_ROLES, ROLE_FORM } from '../layers/access/index.ts'
import { databasePlace } from '../storage/index.ts'
import { readArguments } from './arguments.ts'
import { openExisting } from './existing-database.ts'
import { didYouMean, misused, UsageError } from './usage-error.ts'

const USAGE = `portcullis users COMMAND [--database URL]

  list                 everybody, with roles
  grant WHO ROLE       gives a role: npx portcullis users grant ada@example.com admin
  take WHO ROLE        takes it away
  disable WHO          closes the account and ends its sessions
  enable WHO           opens it again

WHO is an e-mail address, a username or an id. The database is DATABASE_URL, or sqlite:./data/portcullis.db.
A running backend sees the change on its next request; on PostgreSQL within a second.
`

/** `portcullis users`: the people, from the machine that holds the database. The first admin is made here. */
export const users = async (args: readonly string[]): Promise<number> => {
  const { values, positionals } = readArguments(
    {
      args: [...args],
      allowPositionals: true,
      options: { database: { type: 'string' }, help: { type: 'boolean', short: 'h' } },
    },
    USAGE,
  )
  if (values.help === true) {
    process.stdout.write(USAGE)
    return 0
  }
  const [command, who, given] = positionals
  // As everywhere an empty variable counts as not given.
  const url = values.database ?? (process.env['DATABASE_URL'] || 'sqlite:./data/portcullis.db')
  demandCommand(positionals)
  if (given !== undefined && !ROLE_FORM.test(given))
    throw new UsageError('A role is a lower-case word: letters, digits, _ and -, at most 32.')

  const storage = await openExisting(url, { readonly: command === 'list' })
  try {
    const { accounts } = storage
    return command === 'list'
      ? await list(accounts)
      : await change(accounts, who ?? '', url, command as Change, given ?? '')
  } finally {
    await storage.close()
  }
}

/** What each command takes after its name. */
const TAKES: Readonly<Record<string, readonly string[]>> = {
  list: [],
  grant: ['WHO', 'ROLE'],
  take: ['WHO', 'ROLE'],
  disable: ['WHO'],
  enable: ['WHO'],
}

/** @throws UsageError that says what of it is wrong */
const demandCommand = ([command, ...others]: readonly string[]): void => {
  if (command === undefined) throw new UsageError(USAGE)
  const takes = Object.hasOwn(TAKES, command) ? TAKES[command] : undefined
  if (takes === undefined) throw misused(`users has no such command${didYouMean(command, Object.keys(TAKES))}`, USAGE)
  if (others.length !== takes.length)
    throw misused(`users ${command} takes ${takes.length === 0 ? 'nothing more' : takes.join(' and ')}.`, USAGE)
}

type Change = 'grant' | 'take' | 'disable' | 'enable'

const change = async (
  store: AccountStore,
  who: string,
  url: string,
  command: Change,
  given: string,
): Promise<number> => {
  const account = await find(store, who, url)
  // Whoever gave an id sees by the address whether it is who was meant.
  const named = who === account.id ? `${account.username} (${account.email})` : account.username
  if (command === 'grant' || command === 'take') {
    const roles = await changeRoles(store, account, command, given)
    if (roles === undefined) return change(store, who, url, command, given)
    process.stdout.write(`${named} now has ${roles.length === 0 ? 'no role' : roles.join(', ')}.\n`)
  } else {
    await store.setDisabled(
      account.id,
      command === 'disable',
      audit(account, command === 'disable' ? 'account.disabled' : 'account.enabled', ''),
    )
    process.stdout.write(`${named} is ${command}d.\n`)
  }
  return 0
}

/** The roles that the account has now; undefined when somebody changed them since they were read, and theirs would have been undone. */
const changeRoles = async (
  store: AccountStore,
  account: Account,
  command: 'grant' | 'take',
  given: string,
): Promise<readonly string[] | undefined> => {
  const others = account.roles.filter((one) => one !== given)
  const roles = command === 'grant' ? [...others, given].toSorted() : others
  if (command === 'grant' && roles.length > MAX_ROLES)
    throw new Error(`${account.username} has ${MAX_ROLES} roles, and more are not taken: take one away first.`)
  const entry = audit(account, 'roles.changed', roles.join(' '))
  return (await store.setRoles(account.id, roles, entry, account.roles)) ? roles : undefined
}

/**
 * The account that is meant. An id is a name that somebody else may register, so that neither of the two may go before the other;
 * only an address holds an @.
 *
 * @throws Error that names the database, since it may be another one than somebody means; and one when two accounts could be meant
 */
const find = async (store: AccountStore, who: string, url: string): Promise<Account> => {
  const [named, withId] = who.includes('@')
    ? [await store.byEmail(who), null]
    : [await store.byUsername(who), await store.byId(who)]
  if (named !== null && withId !== null && named.id !== withId.id)
    throw new Error(
      `That is the username of ${named.email} and the id of ${withId.email}: say by the e-mail address who is meant.`,
    )
  const found = named ?? withId
  if (found === null)
    throw new Error(`There is no account of that e-mail address, username or id in ${databasePlace(url)}.`)
  return found
}

const audit = (account: Account, action: AuditEntry['action'], detail: string): AuditEntry => ({
  at: Date.now(),
  actor: 'cli',
  action,
  subject: account.id,
  client: '',
  detail,
})

const list = async (store: AccountStore): Promise<number> => {
  let after: string | undefined
  let count = 0
  for (;;) {
    const page = await store.list({ limit: 100, ...(after === undefined ? {} : { after }) })
    for (const { id, email, username, roles, disabled } of page) {
      process.stdout.write(
        `${id}  ${username.padEnd(20)}  ${email.padEnd(32)}  ${[...roles, ...(disabled ? ['(disabled)'] : [])].join(' ')}\n`,
      )
    }
    count += page.length
    after = page.at(-1)?.id
    if (page.length < 100) break
  }
  process.stdout.write(`${count} ${count === 1 ? 'account' : 'accounts'}.\n`)
  return 0
}
