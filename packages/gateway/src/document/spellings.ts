import type { Template } from './templates.ts'

/** A path of the document as a server that decodes it compares it: of each segment the fixed texts around its values. */
export interface Shape {
  readonly segments: readonly (readonly string[])[]
}

/** Whether values make the path one that the document has a plainer path for. `params` are the router's, decoded. */
export type TakesAnother = (params: Readonly<Record<string, string>>) => boolean

/** The shape of any path, of one that can't be served too: its segments may hold text and values together. */
export const shapeOf = (path: string): Shape => ({
  segments: segmentsOf(path).map((one) => one.split(/\{[^{}]*\}/).map(folded)),
})

/** Paths of which this is one text differ by a slash at the end, by case or by escapes alone, whatever their values are called. */
export const spelledAlike = (path: string): string =>
  shapeOf(path)
    .segments.map((texts) => texts.join('{}'))
    .join('/')

/**
 * What is matched here as `/v1/{name}` may be `/v1/users:export` to the server behind it: our router finds a fixed text before it decodes
 * `%3A`, others after it. So the decoded values are compared, however they were written, with every path of the document that stands before
 * this one, hidden ones and those that are not served included: they would be reached by another's rule. Case and a slash at the end don't
 * count, as they don't for Express, and a second encoding neither; nor does an ending, which Rails, Django REST framework and older Spring
 * take for a format: `/v1/export.json`; nor what stands behind a semicolon, which is no part of a segment to Tomcat and Jetty. Here it goes on as `%3B`, and
 * nginx and Apache write it plainly when they put another path in front.
 *
 * @param others the paths of the same method
 * @returns undefined when no value can do that
 */
export const takesAnother = ({ text, values }: Template, others: readonly Shape[]): TakesAnother | undefined => {
  const own = shapeOf(text).segments
  const places = values.map(({ name, key }) => ({ key, at: segmentsOf(text).indexOf(`{${name}}`) }))
  const plainer = others
    .filter(({ segments }) => isPlainer(segments, own) && mayMeet(segments, own))
    .map(({ segments }) => places.map(({ at }) => segments[at] ?? []))
  if (plainer.length === 0) return undefined
  const forms = places.at(-1)?.at === own.length - 1 ? plainer.flatMap((fixed) => [fixed, ended(fixed)]) : plainer
  return (params) => {
    const sent = places.map(({ key }) => folded(params[key] ?? ''))
    const isAny = (values: readonly string[]): boolean =>
      forms.some((fixed) => fixed.every((texts, index) => isMadeOf(texts, values[index] ?? '')))
    return isAny(sent) || (sent.some((one) => one.includes(';')) && isAny(sent.map(withoutMatrix)))
  }
}

/** A segment without its matrix parameters: RFC 3986 §3.3. */
const withoutMatrix = (segment: string): string => segment.split(';', 1)[0] ?? ''

/** The last of these with a dot behind it, and anything behind that. */
const ended = (fixed: readonly (readonly string[])[]): readonly (readonly string[])[] => {
  const texts = fixed.at(-1) ?? []
  return fixed.with(-1, [...texts.slice(0, -1), `${texts.at(-1)}.`, ''])
}

const segmentsOf = (path: string): readonly string[] =>
  path
    .replace(/(?<=.)\/$/, '')
    .split('/')
    .slice(1)

/** Letters of one case, and no escape left: what no server tells apart is one text. */
export const folded = (text: string): string => {
  let [before, now] = ['', text]
  // A text of nothing but %25 would take hundreds of rounds.
  for (let round = 0; round < 4 && before !== now && now.includes('%'); round += 1) {
    before = now
    now = unescaped(now)
  }
  return now.toLowerCase()
}

/** Of those that are no UTF-8 too. decodeURIComponent would throw at each, and 16,000 throws are a seventh of a second. */
const unescaped = (text: string): string =>
  text.replace(/(?:%[0-9a-f]{2})+/gi, (run) => Buffer.from(run.replaceAll('%', ''), 'hex').toString())

/** Of text, of text and values, of one value: the order in which a router prefers them. */
const rank = (texts: readonly string[]): number => (texts.length === 1 ? 0 : isValue(texts) ? 2 : 1)

const isValue = (texts: readonly string[]): boolean => texts.length === 2 && texts.join('') === ''

/** In any segment: of two that cross (`/users/{id}`, `/{tenant}/admin`) our router takes the first, and another's the one that was written first. */
const isPlainer = (one: Shape['segments'], other: Shape['segments']): boolean =>
  one.some((texts, at) => rank(texts) < rank(other[at] ?? []))

/** Whether one path can be both. Where `own` has a value, that depends on the value. */
const mayMeet = (theirs: Shape['segments'], own: Shape['segments']): boolean =>
  theirs.length === own.length &&
  own.every((texts, at) => texts.length > 1 || isMadeOf(theirs[at] ?? [], texts[0] ?? ''))

/** Whether a text has these texts in their order, and anything between them. */
const isMadeOf = (texts: readonly string[], text: string): boolean => {
  const [first = '', ...rest] = texts
  const last = rest.pop()
  if (last === undefined) return text === first
  if (!text.startsWith(first) || !text.endsWith(last)) return false
  let at = first.length
  for (const one of rest) {
    const found = text.indexOf(one, at)
    if (found === -1) return false
    at = found + one.length
  }
  return at + last.length <= text.length
}
