/** Portcullis, where the tokens are its own: `sessions.foreign` takes somebody else's. */
import { possibilities, type Value } from '../../source/index.ts'
import type { TokenIssuer } from '../facts.ts'
import { placeOf, type Reading } from '../reading.ts'
import { livesInMinutes } from '../tokens/index.ts'
import { entryOf } from './expressions.ts'
import type { Application } from './model.ts'
import { isPortcullis } from './portcullis.ts'
import { whenAdded } from './when.ts'

export const issuersOf = (reading: Reading, app: Application): TokenIssuer[] =>
  app.plugins.flatMap((plugin): TokenIssuer[] => {
    if (!isPortcullis(plugin.from, plugin.path)) return []
    const when = whenAdded(reading, plugin)
    const sessions = entryOf(plugin.settings, 'sessions')
    if (when === 'development' || when === 'never' || sessions === undefined) return []
    const all = possibilities(sessions)
    if (!all.every(isOwn)) return []
    return [
      {
        at: placeOf(reading, plugin.call.node.at),
        library: 'portcullis',
        lives: all.flatMap((one) => {
          const minutes = entryOf(one, 'accessTokenMinutes')
          return minutes === undefined ? [] : livesInMinutes(reading, minutes)
        }),
      },
    ]
  })

/** Read whole: what is spread into it could be anything. */
const isOwn = (value: Value): boolean =>
  value.kind === 'object' && value.entries.has('secret') && !value.entries.has('foreign') && value.rest.length === 0
