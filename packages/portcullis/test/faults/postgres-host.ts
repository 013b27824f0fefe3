/** A process with a storage of its own: it asks and changes what it is told. */
import { openStorage } from '../../src/storage/index.ts'
import { noon, sampleEntry } from '../storage/samples.ts'

/** What it is told to do with an account and its one session, `s-ID`. */
export interface Told {
  readonly what: 'ask' | 'end' | 'disable' | 'roles'
  readonly id: string
}

/** What it says then. */
export interface Said {
  readonly id: string
  /** ms since the epoch, when it was done. */
  readonly at: number
  readonly active: boolean
  /** null for nobody. */
  readonly roles: readonly string[] | null
}

const { accounts, sessions } = await openStorage(process.argv[2] ?? '')

const change = {
  ask: async () => {},
  end: (id: string) => sessions.end(`s-${id}`, id),
  disable: (id: string) => accounts.setDisabled(id, true, sampleEntry(id, 'account.disabled')),
  roles: (id: string) => accounts.setRoles(id, ['changed'], sampleEntry(id, 'roles.changed')),
}

process.on('message', async ({ what, id }: Told) => {
  await change[what](id)
  const at = Date.now()
  const active = await sessions.isActive(`s-${id}`, id, noon)
  const identity = await accounts.identity(id)
  process.send?.({ id, at, active, roles: identity?.roles ?? null } satisfies Said)
})
process.on('disconnect', () => process.exit(0))
process.send?.('ready')
