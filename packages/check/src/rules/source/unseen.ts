import type { Backend } from '../../evidence/backend/index.ts'
import { items, type Observation } from '../../items/index.ts'
import type { SourceFacts } from './facts.ts'
import { at, count, note, notProven } from './say.ts'

const SHOWN = 5

/** What routes that nobody read may have otherwise. */
const OF_ROUTES = ['auth-rate-limit', 'validators', 'default-deny', 'cookie-flags'] as const

/**
 * What was not read may say otherwise: that takes a pass away, and "not applicable" too. So does a folder without a backend that
 * anybody here can read: that nothing was found in it proves nothing.
 */
export const unseen = ({ backend }: SourceFacts, seen: readonly Observation[]): Observation[] => {
  const { unread = [], unreadRoutes = [], frameworks } = backend
  const ten = items.filter((one) => one.ten).map(({ id }) => id)
  // Where a whole part of the folder is missing, so is what the others rest on.
  const beyond = unread.some((one) => one.file === undefined)
    ? [...new Set(seen.map(({ id }) => id))].filter((id) => id !== 'vulnerable-dependencies' && !ten.includes(id))
    : []
  const open = (id: string, outcomes: readonly string[]) =>
    seen.every((one) => one.id !== id || outcomes.includes(one.outcome))
  if (unread.length > 0)
    return [...ten, ...beyond]
      .filter((id) => open(id, ['pass', 'not-applicable']))
      .map((id) =>
        notProven(
          id,
          `Not all of the program could be read: ${unread[0]?.file === undefined ? unread[0]?.why : count(unread.length, 'file')}.`,
          unread.slice(0, SHOWN).map(({ file, why }) => note(file === undefined ? why : `${file}: ${why}`)),
        ),
      )
  if (unreadRoutes.length > 0)
    return OF_ROUTES.filter((id) => open(id, ['pass', 'not-applicable'])).map((id) =>
      notProven(
        id,
        'Routes are registered here whose definitions could not be read.',
        unreadRoutes.slice(0, SHOWN).map((one) => at(one)),
      ),
    )
  if (frameworks.length > 0) return []
  return ten.filter((id) => open(id, ['not-applicable'])).map((id) => notProven(id, noBackend(backend), []))
}

const noBackend = ({ files }: Backend): string =>
  `No backend was found in ${count(files, 'source file')} (Express, Fastify, Hono, NestJS, FastAPI, Flask).`
