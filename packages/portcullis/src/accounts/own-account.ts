import type { SessionContext, SessionInfo } from '../layers/sessions/index.ts'
import { Problem } from '../response/index.ts'
import { composed } from './names.ts'
import type { Caller, Parts } from './options.ts'
import { auditEntry } from './options.ts'
import type { PasswordCheck } from './password-check.ts'
import { unlessBusy } from './password-check.ts'
import { passwordFault } from './passwords/index.ts'
import { publicAccount } from './public-account.ts'
import type { Account, StoredAccount } from './store.ts'

/** What people do to their own account. */
export interface OwnAccount {
  /** @throws Problem 'unauthenticated' when the account is gone or disabled since the door admitted it; so do the others */
  me(who: Caller): Promise<Account>
  /**
   * Changes the address or the name. A new address needs the current password: it is what a lost password goes to.
   *
   * @throws Problem 'invalid' when that is missing; 'wrong-password'; 'conflict' when taken; 'quota-exceeded'; 'unavailable'
   */
  changeMe(
    who: Caller,
    changes: {
      readonly email?: string | undefined
      readonly username?: string | undefined
      readonly currentPassword?: string | undefined
    },
    from: SessionContext,
  ): Promise<Account>
  /**
   * Changes the password and ends every other session of the account. Of two changes at once one wins; the other finds that
   * the current password is not the current one any more.
   *
   * @throws Problem 'invalid' when the new one is refused; 'wrong-password'; 'quota-exceeded'; 'unavailable'
   */
  changePassword(who: Caller, current: string, next: string, from: SessionContext): Promise<void>
  /** Where the account is logged in. */
  mySessions(who: Caller): Promise<readonly (SessionInfo & { readonly current: boolean })[]>
  /** @throws Problem 'not-found' when the session is not the caller's, or over */
  endSession(who: Caller, sessionId: string, from: SessionContext): Promise<void>
}

/** Prepares them. */
export const ownAccount = (parts: Parts, check: PasswordCheck): OwnAccount => {
  const { store, sessions, hasher, clock, onChange, events } = parts

  const mine = async (who: Pick<Caller, 'id'>): Promise<StoredAccount> => {
    const account = await store.byId(who.id)
    if (account === null || account.disabled) throw gone()
    return account
  }
  const proven = async (account: StoredAccount, password: string): Promise<void> => {
    if (!(await check(account, account.id, password))) throw new Problem('wrong-password')
  }
  /**
   * Does what counts only while the hash is still the one that was proven. Another one may be the same password, hashed again by a login
   * beside this: then it is done once more.
   */
  const whileProven = async (
    { id, passwordHash }: StoredAccount,
    password: string,
    act: (expected: string) => Promise<boolean>,
  ): Promise<void> => {
    if (await act(passwordHash)) return
    const now = await mine({ id })
    const same = now.passwordHash !== passwordHash && (await unlessBusy(hasher.verify(password, now.passwordHash)))
    if (!same || !(await act(now.passwordHash))) throw new Problem('wrong-password')
  }

  const changeMe: OwnAccount['changeMe'] = async (who, { email, username, currentPassword }, from) => {
    if (email !== undefined && currentPassword === undefined) {
      const problem = 'is needed to change the e-mail address'
      throw new Problem('invalid', { errors: [{ in: 'body', field: '/current_password', problem }] })
    }
    const account = await mine(who)
    if (currentPassword !== undefined) await proven(account, currentPassword)
    const names = {
      ...(email === undefined ? {} : { email: composed(email) }),
      ...(username === undefined ? {} : { username: composed(username) }),
    }
    const entry = auditEntry(clock(), who.id, 'account.changed', who.id, from, Object.keys(names).join(' '))
    // While the hash ran the password may have been changed, to lock out who knows the old one: no address of theirs comes after that.
    const change = async (expected?: string): Promise<boolean> => {
      const changed = await store.setNames(who.id, names, entry, expected)
      if (changed === 'taken') throw new Problem('conflict')
      return changed === 'changed'
    }
    if (currentPassword !== undefined) await whileProven(account, currentPassword, change)
    else if (!(await change())) throw gone()
    events('account-changed', { client: from.client, subject: who.id })
    return publicAccount(await mine(who))
  }

  const changePassword: OwnAccount['changePassword'] = async (who, current, next, from) => {
    const account = await mine(who)
    const problem = passwordFault(next, [account.email, account.username])
    if (problem !== null) throw new Problem('invalid', { errors: [{ in: 'body', field: '/new_password', problem }] })
    await proven(account, current)
    const hash = await unlessBusy(hasher.hash(next))
    const entry = auditEntry(clock(), who.id, 'password.changed', who.id, from)
    await whileProven(account, current, (expected) => store.setPassword(who.id, expected, hash, who.sessionId, entry))
    // The store ended those it keeps; sessions may be kept elsewhere.
    await sessions.endAll(who.id, who.sessionId)
    await onChange.identityChanged(who.id)
    events('password-changed', { client: from.client, subject: who.id })
  }

  const mySessions: OwnAccount['mySessions'] = async (who) =>
    (await sessions.list(who.id)).map((session) => ({ ...session, current: session.id === who.sessionId }))

  const endSession: OwnAccount['endSession'] = async (who, sessionId, from) => {
    if (!(await sessions.end(sessionId, who.id))) throw new Problem('not-found')
    await onChange.identityChanged(who.id)
    events('sessions-ended', { client: from.client, subject: who.id })
  }

  return { me: async (who) => publicAccount(await mine(who)), changeMe, changePassword, mySessions, endSession }
}

const gone = (): Problem => new Problem('unauthenticated', {}, { 'www-authenticate': 'Bearer' })
