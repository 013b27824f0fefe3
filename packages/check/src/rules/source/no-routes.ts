import type { Backend } from '../../evidence/backend/index.ts'
import type { ItemId, Observation } from '../../items/index.ts'
import { count, notApplicable, note, notProven } from './say.ts'

/** A framework without a route that could be read is a reader's gap, not a backend's virtue. */
export const noRoutes = (id: ItemId, { frameworks, files }: Backend): Observation =>
  frameworks.length === 0
    ? notApplicable(id, 'No backend was found.', [note(`${count(files, 'file')} read`)])
    : notProven(id, `${frameworks.join(' and ')} is there, and none of its routes could be found.`, [
        note(`${count(files, 'file')} read`),
      ])
