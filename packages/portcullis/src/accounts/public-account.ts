import type { Account } from './store.ts'

/** An account as it may leave this room: field by field, so that whatever a store adds stays behind, the hash above all. */
export const publicAccount = ({ id, email, username, roles, disabled, createdAt }: Account): Account => ({
  id,
  email,
  username,
  roles,
  disabled,
  createdAt,
})
