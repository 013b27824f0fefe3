import { aboutPlace, isServersFault, sqlState } from '../postgres/errors.ts'

/** By SQLSTATE: why a row is refused. What PostgreSQL says itself may repeat a value, and is never shown. */
const REFUSALS: Readonly<Record<string, string>> = {
  '22001': 'a text is too long for its column',
  '22003': 'a number is out of the range of its column',
  '22021': 'a text holds a character that PostgreSQL refuses',
  '22P05': 'a JSON text holds a character that PostgreSQL refuses',
  '23502': 'a column that must hold a value has none',
  '23503': 'it refers to a row that is not there',
  '23505': 'another row holds what must be unique',
  '23514': 'a check does not hold',
}

/** Of what a statement failed: a row, the server, or else the statement. An Error with one sentence, and without a cause. */
export const aboutStatement = (place: string, error: unknown, table?: string): Error => {
  const state = sqlState(error)
  if (state !== undefined && /^2[23]/.test(state)) {
    const { column, constraint } = error as { column?: string; constraint?: string }
    const where = column !== undefined ? `, column ${column}` : constraint !== undefined ? `, ${constraint}` : ''
    const why = REFUSALS[state] ?? `a value does not fit its column (SQLSTATE ${state})`
    return new Error(`PostgreSQL refuses a row of the table ${table ?? '?'}${where}: ${why}. Mend it in the source.`)
  }
  if (state === undefined || isServersFault(error))
    return new Error(`The database ${place} was lost: look whether PostgreSQL runs there, and run this again.`)
  const said = aboutPlace(place, error) as Error
  if (said !== error) return new Error(said.message)
  return new Error(`The database ${place} refused a statement (SQLSTATE ${state}): look at its log.`)
}
