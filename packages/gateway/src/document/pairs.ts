/** The pairs of a query or a form, decoded, in their order. */
export type Pairs = readonly (readonly [name: string, value: string])[]

/** The values of each name, in their order. */
export const valuesByName = (pairs: Pairs): ReadonlyMap<string, readonly string[]> => {
  const values = new Map<string, string[]>()
  for (const [name, value] of pairs) {
    const known = values.get(name)
    // To copy the list for each pair would take the square of their number.
    if (known === undefined) values.set(name, [value])
    else known.push(value)
  }
  return values
}

/** The values of one name, in their order; undefined when it does not stand there. */
export const valuesOf = (name: string, pairs: Pairs): readonly string[] | undefined => {
  const values = pairs.filter((pair) => pair[0] === name).map(([, value]) => value)
  return values.length === 0 ? undefined : values
}

const PROTOTYPES = new Set(['__proto__', 'constructor', 'prototype'])

/**
 * Whether a name leads to a prototype where a server makes objects of names: `__proto__`, `a[constructor]`, `a.prototype`. In JSON these
 * names are refused as well.
 */
export const leadsToPrototype = (name: string): boolean =>
  name.split(/[[\].]/).some((part) => PROTOTYPES.has(part.trim()))

const decode = (text: string): string => decodeURIComponent(text.replaceAll('+', ' '))

/**
 * Reads application/x-www-form-urlencoded as browsers write it. A bad escape, an escape that is no UTF-8, or NUL: undefined, because one
 * server would drop it where another keeps it.
 */
export const parsePairs = (text: string): Pairs | undefined => {
  if (text === '') return []
  try {
    const pairs = text.split('&').map((pair): readonly [string, string] => {
      const at = pair.indexOf('=')
      return at === -1 ? [decode(pair), ''] : [decode(pair.slice(0, at)), decode(pair.slice(at + 1))]
    })
    return pairs.some(([name, value]) => name === '' || `${name}${value}`.includes('\0')) ? undefined : pairs
  } catch {
    return undefined
  }
}

/**
 * Writes them in one spelling. The upstream gets this and not what was sent, so that it can't read another value than the one that
 * was checked: `+` or `%20`, `;` as a separator, a name with brackets escaped or not.
 */
export const writePairs = (pairs: Pairs): string =>
  pairs.map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`).join('&')
