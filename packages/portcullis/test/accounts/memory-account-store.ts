import type { AccountStore, AuditEntry, StoredAccount } from '../../src/accounts/index.ts'

/** Accounts in memory, for tests of the service: every method answers a tick later, as one step. */
export const memoryAccountStore = (): AccountStore & { readonly trail: readonly AuditEntry[] } => {
  const accounts = new Map<string, StoredAccount>()
  const trail: AuditEntry[] = []
  const is = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase()
  const find = (match: (account: StoredAccount) => boolean): StoredAccount | null =>
    [...accounts.values()].find(match) ?? null
  const taken = (id: string, names: { email?: string; username?: string }): boolean =>
    find((one) => one.id !== id && (is(one.email, names.email ?? '') || is(one.username, names.username ?? ''))) !==
    null
  const change = (id: string, changes: Partial<StoredAccount>, audit: AuditEntry): boolean => {
    const account = accounts.get(id)
    if (account === undefined) return false
    accounts.set(id, { ...account, ...changes })
    trail.push(audit)
    return true
  }
  const holds = (id: string, hash: string): boolean => {
    const account = accounts.get(id)
    return account?.passwordHash === hash && !account.disabled
  }

  return {
    trail,
    create: async (account, audit) => {
      if (taken(account.id, account)) return 'taken'
      accounts.set(account.id, { ...account, roles: [], disabled: false })
      trail.push(audit)
      return 'created'
    },
    byEmail: async (email) => find((one) => is(one.email, email)),
    byUsername: async (username) => find((one) => is(one.username, username)),
    byId: async (id) => accounts.get(id) ?? null,
    identity: (id) => {
      const account = accounts.get(id)
      return account === undefined || account.disabled ? null : { id, roles: account.roles }
    },
    setPassword: async (id, expected, passwordHash, _keep, audit) =>
      holds(id, expected) && change(id, { passwordHash }, audit),
    rehash: async (id, expected, passwordHash, audit) => holds(id, expected) && change(id, { passwordHash }, audit),
    setNames: async (id, names, audit, expected) => {
      if (expected !== undefined && !holds(id, expected)) return 'unknown'
      if (taken(id, names)) return 'taken'
      return change(id, names, audit) ? 'changed' : 'unknown'
    },
    setRoles: async (id, roles, audit, expected) => {
      const same = expected === undefined || expected.toSorted().join() === accounts.get(id)?.roles.toSorted().join()
      return same && change(id, { roles }, audit)
    },
    setDisabled: async (id, disabled, audit) => change(id, { disabled }, audit),
    list: async ({ after, limit }) => {
      const all = [...accounts.values()]
      const from = after === undefined ? 0 : all.findIndex(({ id }) => id === after) + 1
      return all.slice(from, from + limit)
    },
    audit: async ({ subject, limit }) =>
      trail
        .filter((entry) => subject === undefined || entry.subject === subject)
        .toReversed()
        .slice(0, limit),
    ping: async () => undefined,
  }
}
