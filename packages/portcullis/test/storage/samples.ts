import type { AuditEntry, StoredAccount } from '../../src/accounts/store.ts'
import type { SessionInfo, StoredRefreshToken } from '../../src/layers/sessions/index.ts'

/** The hour at which the samples were made, in ms. */
export const noon = 1_800_000_000_000

export const sampleAccount = (id: string, other: Partial<Omit<StoredAccount, 'roles' | 'disabled'>> = {}) => ({
  id,
  email: `${id}@example.com`,
  username: id,
  passwordHash: `phc of ${id}`,
  createdAt: noon,
  ...other,
})

export const sampleEntry = (subject: string, action: AuditEntry['action'] = 'account.registered'): AuditEntry => ({
  at: noon,
  actor: subject,
  action,
  subject,
  client: '192.0.2.1',
  detail: '',
})

export const sampleSession = (id: string, userId: string): SessionInfo => ({
  id,
  userId,
  createdAt: noon,
  lastUsedAt: noon,
  expiresAt: noon + 1000_000,
  client: '192.0.2.1',
  label: 'test',
})

export const sampleToken = (hash: string, sessionId: string): StoredRefreshToken => ({
  hash,
  sessionId,
  issuedAt: noon,
  expiresAt: noon + 1000_000,
})
