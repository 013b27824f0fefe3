/** One spelling for what two engines spell differently. What can't be read is given back as it is, and then compared as it is. */

const DECIMAL = /^([+-]?)(\d*)\.?(\d*)(?:e([+-]?\d{1,4}))?$/i

/** A decimal number without exponent, leading or trailing zeros: `1.50e2` is 150. */
export const plainDecimal = (text: string): string => {
  const [, sign, whole = '', fraction = '', exponent = '0'] = DECIMAL.exec(text) ?? []
  if (whole + fraction === '') return text
  const point = whole.length + Number(exponent)
  const digits = '0'.repeat(Math.max(0, -point)) + (whole + fraction).padEnd(point, '0')
  const before = digits.slice(0, Math.max(0, point)).replace(/^0+(?=\d)/, '') || '0'
  const after = digits.slice(Math.max(0, point)).replace(/0+$/, '')
  const plain = after === '' ? before : `${before}.${after}`
  return sign === '-' && plain !== '0' ? `-${plain}` : plain
}

/** Of ECMAScript 2026: numbers keep the digits they are written with, where a double would lose some. */
const exactJson = JSON as unknown as {
  rawJSON(text: string): object
  parse(text: string, reviver: (key: string, value: unknown, context: { readonly source?: string }) => unknown): unknown
}

/** JSON without blanks, its names sorted. Throws a SyntaxError for what is no JSON. */
export const plainJson = (text: string): string =>
  JSON.stringify(
    exactJson.parse(text, (_name, value, { source }) => {
      if (typeof value === 'number') return exactJson.rawJSON(plainDecimal(source ?? String(value)))
      if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
      return Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)))
    }),
  )

const MOMENT = /^(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d)(:\d\d)?(?:\.(\d+))?(Z|[+-]\d\d(?::?\d\d)?)?$/

/** A moment in UTC: `2027-01-15 08:00:00.5+00:00`; one that names no zone is taken as UTC. */
export const plainInstant = (text: string): string => {
  const [, date, minutes, seconds = ':00', fraction = '', zone = 'Z'] = MOMENT.exec(text) ?? []
  const offset = /^[+-]\d\d$/.test(zone) ? `${zone}:00` : zone.replace(/^([+-]\d\d)(\d\d)$/, '$1:$2')
  const at = new Date(`${date}T${minutes}${seconds}${offset}`)
  if (date === undefined || Number.isNaN(at.getTime())) return text
  return `${at.toISOString().slice(0, 19).replace('T', ' ')}${shown(fraction)}+00:00`
}

/** A date and a time of day: `2027-01-15 08:00:00.5`. One of another zone than UTC stays as it is. */
export const plainTimestamp = (text: string): string => {
  const [, date, minutes, seconds = ':00', fraction = '', zone = 'Z'] = MOMENT.exec(text) ?? []
  return date === undefined || !/^(Z|[+-]00(:?00)?)$/.test(zone)
    ? text
    : `${date} ${minutes}${seconds}${shown(fraction)}`
}

const shown = (fraction: string): string => {
  const digits = fraction.replace(/0+$/, '')
  return digits === '' ? '' : `.${digits}`
}
