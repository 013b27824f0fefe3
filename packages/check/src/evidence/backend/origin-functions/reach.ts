/** Of all sites that may ask, those for which something holds: from nobody to everybody. */

/**
 * `chosen`: everybody, where somebody's setting says so and no file of the project does. `hosts`: listed hosts, whatever the scheme.
 * `https`: whoever has TLS. `reflected`: everybody, each by its own name. `any`: everybody.
 */
export type Reach =
  | 'nobody'
  | 'listed'
  | 'chosen'
  | 'unknown'
  | 'null'
  | 'hosts'
  | 'loose'
  | 'https'
  | 'reflected'
  | 'any'

const NARROW_TO_WIDE: readonly Reach[] = [
  'nobody',
  'listed',
  'chosen',
  'unknown',
  'null',
  'hosts',
  'loose',
  'https',
  'reflected',
  'any',
]

const WIDTH = Object.fromEntries(NARROW_TO_WIDE.map((one, index) => [one, index])) as Readonly<Record<Reach, number>>

/** Those for which one of them holds. */
export const or = (...all: readonly Reach[]): Reach =>
  all.reduce<Reach>((widest, one) => (WIDTH[one] > WIDTH[widest] ? one : widest), 'nobody')

/** Those for which both hold. */
export const and = (one: Reach, other: Reach): Reach => {
  const [narrow, wide] = WIDTH[one] <= WIDTH[other] ? [one, other] : [other, one]
  // A host that is listed, and https: together the whole name.
  if (narrow === 'hosts' && wide === 'https') return 'listed'
  // What a setting opens is no more than what is opened there.
  if (narrow === 'chosen') return wide === 'https' || wide === 'reflected' || wide === 'any' ? 'chosen' : wide
  return narrow
}
