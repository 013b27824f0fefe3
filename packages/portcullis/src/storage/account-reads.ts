import type { Kysely, SelectQueryBuilder } from 'kysely'
import type { AccountStore, StoredAccount } from '../accounts/index.ts'
import type { Schema, UsersTable } from './schema.ts'

/** Lower-cases ASCII only: full Unicode folding would make one account of names that differ (the Kelvin sign is not k). */
export const nameKey = (name: string): string => name.replace(/[A-Z]+/g, (letters) => letters.toLowerCase())

/** The questions about accounts that may take a turn of the event loop. */
export const accountReads = (
  database: Kysely<Schema>,
): Pick<AccountStore, 'byEmail' | 'byUsername' | 'byId' | 'list'> => {
  const one = async (column: 'email_key' | 'username_key' | 'id', value: string) => {
    // PostgreSQL's text holds no NUL, and would refuse the question.
    if (value.includes('\0')) return null
    const [account] = await withRoles(database, (users) => users.where(column, '=', value))
    return account ?? null
  }
  return {
    byEmail: (email) => one('email_key', nameKey(email)),
    byUsername: (username) => one('username_key', nameKey(username)),
    byId: (id) => one('id', id),
    list: async ({ after, limit }) => {
      const cursor = (id: string) => database.selectFrom('users').select('seq').where('id', '=', id)
      const page = await withRoles(database, (users) =>
        (after === undefined ? users : users.where('seq', '>', cursor(after))).orderBy('seq').limit(limit),
      )
      return page.map(({ passwordHash: _, ...account }) => account)
    },
  }
}

type Users = SelectQueryBuilder<Schema, 'users', UserRow>
type UserRow = Omit<UsersTable, 'seq'> & { readonly seq: number }

/** Accounts and roles in one statement, so that both are of one moment. */
const withRoles = async (
  database: Kysely<Schema>,
  choose: (users: Users) => Users,
): Promise<readonly StoredAccount[]> => {
  const rows = await database
    .selectFrom(choose(database.selectFrom('users').selectAll()).as('chosen'))
    .leftJoin('user_roles', 'user_roles.user_id', 'chosen.id')
    .selectAll('chosen')
    .select('user_roles.role')
    .orderBy('chosen.seq')
    .orderBy('user_roles.role')
    .execute()
  const accounts = new Map<string, StoredAccount & { readonly roles: string[] }>()
  for (const row of rows) {
    const account = accounts.get(row.id) ?? { ...accountOf(row), roles: [] }
    if (row.role !== null) account.roles.push(row.role)
    accounts.set(row.id, account)
  }
  return [...accounts.values()]
}

const accountOf = (row: UserRow): Omit<StoredAccount, 'roles'> => ({
  id: row.id,
  email: row.email,
  username: row.username,
  passwordHash: row.password_hash,
  disabled: row.disabled_at !== null,
  createdAt: row.created_at,
})
