import type { Exchange } from '../exchange.ts'
import type { Question, Wire } from '../wire.ts'

/** What was answered, and the path that it is of: below the prefix of the URL that was given. */
export interface Turned {
  readonly path: string
  readonly exchange: Exchange
}

/** Asks, and once more where it is turned to the same path with its last slash, or without: FastAPI's and Django's routes are often so. */
export const askTurned = async (wire: Wire, question: Question): Promise<Turned> => {
  const { path } = question
  const exchange = await wire.ask(question)
  const other = path.endsWith('/') ? path.slice(0, -1) : `${path}/`
  return leadsTo(wire, exchange, other)
    ? { path: other, exchange: await wire.ask({ ...question, path: other }) }
    : { path, exchange }
}

const leadsTo = ({ target }: Wire, { status, path, answered }: Exchange, other: string): boolean => {
  const location = status >= 300 && status < 400 ? answered['location'] : undefined
  const url = location === undefined ? null : URL.parse(location, `${target.origin}${path}`)
  return url?.origin === target.origin && url.pathname === `${target.prefix}${other}`
}
