import { randomBytes } from 'node:crypto'
import type { SessionContext, Tokens } from '../layers/sessions/index.ts'
import { Problem } from '../response/index.ts'
import { canonical, composed } from './names.ts'
import type { Caller, Parts } from './options.ts'
import { auditEntry } from './options.ts'
import type { PasswordCheck } from './password-check.ts'
import { unlessBusy } from './password-check.ts'
import { passwordFault } from './passwords/index.ts'
import type { Account, StoredAccount } from './store.ts'

/** Which account somebody wants to log in to. */
export type Identifier = { readonly email: string } | { readonly username: string }

/** Registration, and the life of one session. */
export interface SignIn {
  /**
   * Makes an account without roles.
   *
   * @throws Problem 'invalid' when the password is refused; 'conflict' when the address or the name is taken; 'unavailable'
   */
  register(
    person: { readonly email: string; readonly username: string; readonly password: string },
    from: SessionContext,
  ): Promise<Account>
  /**
   * Opens a session.
   *
   * @throws Problem 'login-failed' for an unknown account, a wrong password and a disabled account alike; 'quota-exceeded'; 'unavailable'
   */
  logIn(identifier: Identifier, password: string, from: SessionContext): Promise<Tokens>
  /**
   * Trades a refresh token for new tokens. A token that was used before ends its session.
   *
   * @throws Problem 'refresh-refused'
   */
  refresh(refreshToken: string, from: SessionContext): Promise<Tokens>
  /** Ends the caller's session. */
  logOut(who: Caller, from: SessionContext): Promise<void>
  /** Ends every session of the caller's account. */
  logOutEverywhere(who: Caller, from: SessionContext): Promise<void>
}

/** RFC 9110 §15.5.2: a 401 says which scheme is asked for. */
const CHALLENGE = { 'www-authenticate': 'Bearer' }

/** Prepares registration and login. */
export const signIn = (parts: Parts, check: PasswordCheck): SignIn => {
  const { store, sessions, hasher, clock, onChange, events } = parts

  const register: SignIn['register'] = async ({ email, username, password }, from) => {
    const problem = passwordFault(password, [email, username])
    if (problem !== null) throw new Problem('invalid', { errors: [{ in: 'body', field: '/password', problem }] })
    const id = randomBytes(16).toString('base64url')
    const createdAt = clock()
    // Hashed before anybody looks whether the name is taken, so that the time of the 409 tells nothing more than the 409.
    const passwordHash = await unlessBusy(hasher.hash(password))
    const names = { email: composed(email), username: composed(username) }
    const created = await store.create(
      { id, ...names, passwordHash, createdAt },
      auditEntry(createdAt, id, 'account.registered', id, from),
    )
    if (created === 'taken') throw new Problem('conflict')
    events('registered', { client: from.client, subject: id })
    return { id, ...names, roles: [], disabled: false, createdAt }
  }

  const logIn: SignIn['logIn'] = async (identifier, password, from) => {
    const typed = canonical('email' in identifier ? identifier.email : identifier.username)
    const account = await ('email' in identifier ? store.byEmail(typed) : store.byUsername(typed))
    const right = await check(account, typed, password)
    if (account === null || !right) throw loginFailed(account, from)
    const tokens = await sessions.open(account.id, from)
    // While the hash ran the account may have been disabled or its password changed, and its sessions ended: this one was not
    // among them yet. It is now, so what changes from here on ends it.
    if (!(await stillHolds(account, password))) {
      await sessions.end(tokens.sessionId, account.id)
      throw loginFailed(account, from)
    }
    if (hasher.needsRehash(account.passwordHash)) await rehash(account, password, from)
    events('logged-in', { client: from.client, subject: account.id })
    return tokens
  }

  const loginFailed = (account: StoredAccount | null, from: SessionContext): Problem => {
    events('login-failed', { client: from.client, subject: account?.id })
    return new Problem('login-failed', {}, CHALLENGE)
  }

  const stillHolds = async (account: StoredAccount, password: string): Promise<boolean> => {
    const now = await store.byId(account.id)
    if (now === null || now.disabled) return false
    // Another hash may be the same password, hashed again by a login beside this one.
    return now.passwordHash === account.passwordHash || unlessBusy(hasher.verify(password, now.passwordHash))
  }

  const rehash = async (account: StoredAccount, password: string, from: SessionContext): Promise<void> => {
    const entry = auditEntry(clock(), account.id, 'password.rehashed', account.id, from)
    try {
      await store.rehash(account.id, account.passwordHash, await unlessBusy(hasher.hash(password)), entry)
    } catch (error) {
      // Too busy now is no reason to refuse a login that was right: the next one hashes again.
      if (!(error instanceof Problem)) throw error
    }
  }

  const refresh: SignIn['refresh'] = async (refreshToken, from) => {
    const refreshed = await sessions.refresh(refreshToken, from)
    if (!refreshed.ok) {
      const subject = refreshed.session?.userId
      if (subject !== undefined) await onChange.identityChanged(subject)
      events(refreshed.reason === 'reused' ? 'refresh-reused' : 'refresh-refused', { client: from.client, subject })
      throw new Problem('refresh-refused', {}, CHALLENGE)
    }
    // Disabling ends the sessions; should one have slipped through, it ends here.
    if ((await store.identity(refreshed.userId)) === null) {
      await sessions.end(refreshed.tokens.sessionId, refreshed.userId)
      events('refresh-refused', { client: from.client, subject: refreshed.userId })
      throw new Problem('refresh-refused', {}, CHALLENGE)
    }
    return refreshed.tokens
  }

  const logOut: SignIn['logOut'] = async (who, from) => {
    await sessions.end(who.sessionId, who.id)
    await onChange.identityChanged(who.id)
    events('logged-out', { client: from.client, subject: who.id })
  }

  const logOutEverywhere: SignIn['logOutEverywhere'] = async (who, from) => {
    await sessions.endAll(who.id)
    await onChange.identityChanged(who.id)
    events('sessions-ended', { client: from.client, subject: who.id })
  }

  return { register, logIn, refresh, logOut, logOutEverywhere }
}
