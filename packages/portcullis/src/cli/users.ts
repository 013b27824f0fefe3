import { parseArgs } from 'node:util'
import type { Account, AccountStore, AuditEntry } from '../accounts/index.ts'
import { openStorage } from '../storage/index.ts'
import { UsageError } from './usage-error.ts'

const USAGE = `portcullis users COMMAND [--database URL]

  list                 everybody, with roles
  grant WHO ROLE       gives a role: portcullis users grant ada@example.com admin
  take WHO ROLE        takes it away
  disable WHO          closes the account and ends its sessions
  enable WHO           opens it again

WHO is an e-mail address, a username or an id. The database is DATABASE_URL, or sqlite:./data/portcullis.db.
A running backend sees the change on its next request; on PostgreSQL within a second.
`

const ROLE = /^[a-z][a-z0-9_-]{0,31}$/

/** `portcullis users`: the people, from the machine that holds the database. The first admin is made here. */
export const users = async (args: readonly string[]): Promise<number> => {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: { database: { type: 'string' }, help: { type: 'boolean', short: 'h' } },
  })
  if (values.help === true) {
    process.stdout.write(USAGE)
    return 0
  }
  const [command, who, given] = positionals
  const url = values.database ?? process.env['DATABASE_URL'] ?? 'sqlite:./data/portcullis.db'
  const wants = { list: 1, grant: 3, take: 3, disable: 2, enable: 2 }[command ?? '']
  if (wants === undefined || positionals.length !== wants) throw new UsageError(USAGE)
  if (given !== undefined && !ROLE.test(given))
    throw new UsageError('A role is a lower-case word: letters, digits, _ and -, at most 32.')

  const storage = await openStorage(url)
  try {
    return await run(storage.accounts, command as 'list', who ?? '', given ?? '')
  } finally {
    await storage.close()
  }
}

const run = async (
  store: AccountStore,
  command: 'list' | 'grant' | 'take' | 'disable' | 'enable',
  who: string,
  given: string,
): Promise<number> => {
  if (command === 'list') return list(store)
  const account = await find(store, who)
  if (account === null) throw new Error('There is no account of that e-mail address, username or id.')
  const others = account.roles.filter((one) => one !== given)
  const roles = command === 'grant' ? [...others, given].toSorted() : others
  if (command === 'grant' || command === 'take') {
    await store.setRoles(account.id, roles, audit(account, 'roles.changed', roles.join(' ')))
    process.stdout.write(`${account.username} now has ${roles.length === 0 ? 'no role' : roles.join(', ')}.\n`)
  } else {
    await store.setDisabled(
      account.id,
      command === 'disable',
      audit(account, command === 'disable' ? 'account.disabled' : 'account.enabled', ''),
    )
    process.stdout.write(`${account.username} is ${command}d.\n`)
  }
  return 0
}

const find = async (store: AccountStore, who: string): Promise<Account | null> =>
  (who.includes('@') ? await store.byEmail(who) : await store.byUsername(who)) ?? (await store.byId(who))

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
