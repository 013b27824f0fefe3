import type { CorsProbe, LiveFacts } from '../../evidence/live/facts.ts'
import type { ExchangeEvidence, Observation } from '../../items/index.ts'
import { shown } from './evidence.ts'
import { isBusy, notProven, observed, silenceOf } from './observe.ts'

const ID = 'cors'

const KINDS: Readonly<Record<CorsProbe['kind'], string>> = {
  allowed: 'an allowed origin',
  unlisted: 'an origin that nobody listed',
  null: 'the origin null, which every sandboxed frame has',
  prefix: 'an origin that begins like an allowed one',
  suffix: 'an origin that ends like an allowed one',
  plain: 'the unencrypted twin of an allowed origin',
}

const allowed = ({ exchange }: CorsProbe): string | undefined => exchange.answered['access-control-allow-origin']
const withCredentials = ({ exchange }: CorsProbe): boolean =>
  exchange.answered['access-control-allow-credentials'] === 'true'

export const cors = (facts: LiveFacts): readonly Observation[] => {
  const strangers = facts.cors.filter(({ kind }) => kind !== 'allowed')
  const bad = strangers.filter((probe) => ['*', probe.origin].includes(allowed(probe) ?? ''))
  const any = bad.find((probe) => allowed(probe) === '*')
  if (any !== undefined && !bad.some(isEchoWithCredentials)) return [failure(facts, any)]
  if (bad.length > 0)
    return onePerKind(bad.filter((probe) => any === undefined || isEchoWithCredentials(probe))).map((probe) =>
      failure(facts, probe),
    )
  if (strangers.length === 0) return notProven(ID, facts.cut ?? 'nothing was asked from another origin')
  const silence = silenceOf(strangers.map(({ exchange }) => exchange))
  if (silence !== undefined) return notProven(ID, `a cross-origin request was not answered: ${silence}`)
  // An answer to a failure may leave out the fields that others have.
  if (strangers.some(({ exchange }) => isBusy(exchange) || exchange.status >= 500))
    return notProven(ID, 'the server did not answer as usual')
  const known = facts.cors.find(({ kind }) => kind === 'allowed')
  const summary =
    known === undefined
      ? 'no unlisted origin is allowed; no allowed one was found to try look-alikes of'
      : `${known.origin} is allowed; unlisted origins, null and look-alikes are not`
  return [
    observed(
      ID,
      'pass',
      summary,
      onePerKind(strangers).map((probe) => evidence(facts, probe)),
      {
        confidence: known === undefined ? 'medium' : 'high',
      },
    ),
  ]
}

/** Browsers refuse * together with credentials (Fetch standard, CORS check); an echo they accept. */
const isEchoWithCredentials = (probe: CorsProbe): boolean => allowed(probe) !== '*' && withCredentials(probe)

const onePerKind = (probes: readonly CorsProbe[]): readonly CorsProbe[] =>
  // One with credentials says the most of its kind.
  probes
    .toSorted((a, b) => Number(isEchoWithCredentials(b)) - Number(isEchoWithCredentials(a)))
    .filter((probe, at, all) => all.findIndex(({ kind }) => kind === probe.kind) === at)

const failure = (facts: LiveFacts, probe: CorsProbe): Observation => {
  const any = allowed(probe) === '*'
  const critical = isEchoWithCredentials(probe)
  return observed(
    ID,
    'fail',
    any
      ? 'every origin may read the answers'
      : `${KINDS[probe.kind]} may read the answers${critical ? ', with credentials' : ''}`,
    [evidence(facts, probe)],
    critical ? { severity: 'critical' } : {},
  )
}

const credentialOf = ({ exchange: { headers } }: CorsProbe): string =>
  headers['authorization'] !== undefined ? ' and the token' : headers['cookie'] !== undefined ? ' and a cookie' : ''

const evidence = (facts: LiveFacts, probe: CorsProbe): ExchangeEvidence => {
  const header = allowed(probe)
  const credentials = withCredentials(probe) ? ', Access-Control-Allow-Credentials: true' : ''
  return shown(facts, probe.exchange, {
    request: `Origin: ${probe.origin}${credentialOf(probe)}`,
    response:
      header === undefined ? 'no Access-Control-Allow-Origin' : `Access-Control-Allow-Origin: ${header}${credentials}`,
  })
}
