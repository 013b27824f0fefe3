import type { SessionContext } from '../layers/sessions/index.ts'
import { Problem } from '../response/index.ts'
import type { Caller, Parts } from './options.ts'
import { auditEntry } from './options.ts'
import { publicAccount } from './public-account.ts'
import type { Account } from './store.ts'

/** What an admin does to other people's accounts. Whether the caller is one was decided by the route's rule. */
export interface People {
  /** A page in the order of registration. `next` is the cursor of the page after it, null on the last. */
  list(page: { readonly after?: string | undefined; readonly limit: number }): Promise<{
    readonly items: readonly Account[]
    readonly next: string | null
  }>
  /**
   * Replaces an account's roles.
   *
   * @throws Problem 'forbidden' for one's own account; 'not-found'
   */
  setRoles(who: Caller, id: string, roles: readonly string[], from: SessionContext): Promise<Account>
  /**
   * Closes an account and ends its sessions, or opens it again.
   *
   * @throws Problem 'forbidden' for one's own account; 'not-found'
   */
  setDisabled(who: Caller, id: string, disabled: boolean, from: SessionContext): Promise<Account>
}

/** Prepares them. */
export const people = ({ store, sessions, clock, onChange, events }: Parts): People => {
  const found = async (id: string): Promise<Account> => {
    const account = await store.byId(id)
    if (account === null) throw new Problem('not-found')
    return publicAccount(account)
  }

  return {
    list: async ({ after, limit }) => {
      // One more than asked for, to know whether there is a next page.
      const accounts = await store.list({ limit: limit + 1, ...(after === undefined ? {} : { after }) })
      const items = accounts.slice(0, limit)
      return { items, next: accounts.length > limit ? (items.at(-1)?.id ?? null) : null }
    },
    setRoles: async (who, id, roles, from) => {
      refuseOneself(who, id)
      const wanted = [...new Set(roles)].toSorted()
      const entry = auditEntry(clock(), who.id, 'roles.changed', id, from, wanted.join(' '))
      if (!(await store.setRoles(id, wanted, entry))) throw new Problem('not-found')
      await onChange.identityChanged(id)
      events('roles-changed', { client: from.client, subject: id, actor: who.id })
      return found(id)
    },
    setDisabled: async (who, id, disabled, from) => {
      refuseOneself(who, id)
      const entry = auditEntry(clock(), who.id, disabled ? 'account.disabled' : 'account.enabled', id, from)
      if (!(await store.setDisabled(id, disabled, entry))) throw new Problem('not-found')
      // The store ended those it keeps; sessions may be kept elsewhere.
      if (disabled) await sessions.endAll(id)
      await onChange.identityChanged(id)
      events(disabled ? 'account-disabled' : 'account-enabled', { client: from.client, subject: id, actor: who.id })
      return found(id)
    },
  }
}

/** So that an admin can't lock themself out, and with them the last one. */
const refuseOneself = (who: Caller, id: string): void => {
  if (who.id === id)
    throw new Problem('forbidden', {
      detail: 'Nobody changes their own roles or disables themself: another admin must.',
    })
}
