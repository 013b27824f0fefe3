import type { Exchange } from '../../evidence/live/exchange.ts'
import type { LiveFacts } from '../../evidence/live/facts.ts'
import { isAlike } from '../../evidence/live/likeness.ts'
import type { Observation } from '../../items/index.ts'
import { excerpt, shown } from './evidence.ts'
import { isBusy, notProven, observed, silenceOf, withoutDocument } from './observe.ts'

const ID = 'undocumented-routes'
const MOST_SHOWN = 6

/** Files that were served by mistake look like themselves, whatever the status. */
const FILES: readonly (readonly [end: string, looks: RegExp])[] = [
  ['/.env', /^\s*(?:export )?[A-Z][A-Z\d_]*\s*=/m],
  ['/.git/config', /^\[core\]/m],
]

export const undocumentedRoutes = (facts: LiveFacts): readonly Observation[] => {
  if (facts.document === undefined) return notProven(ID, withoutDocument(facts))
  const there = facts.hidden
    .filter((page) => page.status === 200 && page.text !== '' && !isAlike(page, facts.stray))
    .filter(isItself)
  if (there.length > 0) {
    return there.map((page) => {
      const file = isFile(page)
      return observed(
        ID,
        'fail',
        file ? `${page.path} is served to everybody` : `${page.path} answers, and the document does not list it`,
        // What such a file holds is what must not be shown.
        [shown(facts, page, { response: file ? 'with the file' : excerpt(facts, page.text) })],
        file ? { severity: 'critical' } : {},
      )
    })
  }
  const silence = silenceOf(facts.hidden)
  if (facts.hidden.length === 0 || silence !== undefined)
    return notProven(ID, `a route was not answered: ${silence ?? facts.cut ?? ''}`)
  const busy = facts.hidden.find(isBusy)
  if (busy !== undefined) return notProven(ID, 'the server was too busy to answer as usual', [shown(facts, busy)])
  return [
    observed(
      ID,
      'pass',
      `none of ${facts.hidden.length} usual routes that the document does not list answers`,
      facts.hidden.slice(0, MOST_SHOWN).map((page) => shown(facts, page)),
      { confidence: 'medium' },
    ),
  ]
}

const isFile = ({ path }: Exchange): boolean => FILES.some(([end]) => path.endsWith(end))

const isItself = ({ path, text }: Exchange): boolean =>
  FILES.every(([end, looks]) => !path.endsWith(end) || looks.test(text))
