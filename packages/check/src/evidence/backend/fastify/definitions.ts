/** What `register(routesOf(definitions))` adds to an application. */
import type { Reading } from '../reading.ts'
import { accountEntries } from './account-routes.ts'
import type { Added } from './model.ts'
import type { Definition } from './portcullis.ts'
import { definitionEntries } from './route-entries.ts'

export const define = (
  reading: Reading,
  definitions: readonly Definition[],
  added: Added,
  nextSeq: () => number,
): void => {
  const { app } = added.context
  for (const one of definitions) {
    const next = { ...added, seq: nextSeq() }
    if (one.kind === 'accounts') app.accounts.push(one.at)
    const entries =
      one.kind === 'accounts'
        ? accountEntries(next, one.at)
        : one.kind === 'own'
          ? definitionEntries(reading, next, one.value)
          : []
    app.routes.push(...entries)
    if (entries.length === 0) app.unreadDefinitions.push(added)
  }
}
