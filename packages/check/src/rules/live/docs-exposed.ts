import type { Exchange } from '../../evidence/live/exchange.ts'
import type { LiveFacts } from '../../evidence/live/facts.ts'
import { isAlike } from '../../evidence/live/likeness.ts'
import type { Observation } from '../../items/index.ts'
import { excerpt, shown } from './evidence.ts'
import { isBusy, notProven, observed, silenceOf } from './observe.ts'

const ID = 'docs-exposed'
const MOST_SHOWN = 6

/** What the pages of the usual tools hold, and the document itself. */
const DOCS =
  /swagger-?ui|redoc|rapidoc|@scalar|scalar-api|api-reference|stoplight|elements-api|graphiql|graphql[- ]playground|(?:apollo|embeddable)[- ]sandbox|(?:href|src|url)\s*[=:]\s*["'][^"']*(?:openapi|swagger)\.(?:json|ya?ml)|"(?:openapi|swagger)"\s*:\s*"\d|^(?:openapi|swagger):\s*["']?\d/im

export const docsExposed = (facts: LiveFacts): readonly Observation[] => {
  const { docs, stray } = facts
  const open = docs.filter((page) => isDocs(page) && !isAlike(page, stray))
  if (open.length > 0) {
    return [
      observed(
        ID,
        'fail',
        `documentation answers without a token: ${open.map(({ path }) => path).join(', ')}`,
        open.slice(0, MOST_SHOWN).map((page) => shown(facts, page, { response: excerpt(facts, page.text, DOCS) })),
      ),
    ]
  }
  if (docs.length === 0) return notProven(ID, facts.cut ?? 'no documentation page was asked for')
  const silence = silenceOf(docs)
  if (silence !== undefined) return notProven(ID, `a documentation page was not answered: ${silence}`)
  const busy = docs.find((page) => isBusy(page) || page.status >= 500)
  if (busy !== undefined) return notProven(ID, 'the server did not answer as usual', [shown(facts, busy)])
  return [
    observed(
      ID,
      'pass',
      `none of ${docs.length} usual places shows documentation`,
      docs.slice(0, MOST_SHOWN).map((page) => shown(facts, page)),
    ),
  ]
}

const isDocs = ({ status, text }: Exchange): boolean => status === 200 && DOCS.test(text)
