import type { AccountsOptions } from './options.ts'
import { partsOf } from './options.ts'
import type { OwnAccount } from './own-account.ts'
import { ownAccount } from './own-account.ts'
import { passwordCheck } from './password-check.ts'
import { loadCommonPasswords } from './passwords/index.ts'
import type { People } from './people.ts'
import { people } from './people.ts'
import type { SignIn } from './sign-in.ts'
import { signIn } from './sign-in.ts'

/** All that is done to accounts. Answers when the deed is kept; refuses by throwing a Problem; anything else thrown is a broken store. */
export interface Accounts extends SignIn, OwnAccount, People {}

/**
 * Prepares the service. Loads the list of common passwords (about 0.1 s), so that no request waits for it.
 *
 * @throws Error when the list of common passwords is not installed
 * @throws TypeError with every mistake in the options
 */
export const accounts = (options: AccountsOptions): Accounts => {
  loadCommonPasswords()
  const parts = partsOf(options)
  const check = passwordCheck(parts)
  return Object.freeze({ ...signIn(parts, check), ...ownAccount(parts, check), ...people(parts) })
}
