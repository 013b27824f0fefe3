/** Bits for each character, by how often each occurs (Shannon). */
export const shannon = (text: string): number => {
  const counts = new Map<string, number>()
  for (const character of text) counts.set(character, (counts.get(character) ?? 0) + 1)
  let bits = 0
  for (const count of counts.values()) bits -= (count / text.length) * Math.log2(count / text.length)
  return bits
}

/**
 * Whether a program drew it rather than a person wrote it: at least 20 characters of hex, base64 or base64url without words in
 * them. Names such as `node-modules-cache-v1` reach the same entropy, so their pieces are looked at too.
 */
export const looksRandom = (value: string): boolean => {
  if (value.length < 20 || value.length > 4_000 || !/^[\w+/=.~-]+$/.test(value)) return false
  if (/^[0-9a-fA-F]+$/.test(value)) return /\d/.test(value) && /[a-f]/i.test(value) && shannon(value) >= 3
  if (!/\d/.test(value) || !/[A-Za-z]/.test(value) || shannon(value) < 3.5) return false
  const pieces = value.split(/[-_./+=~]/).filter((piece) => piece !== '')
  return !pieces.every((piece) =>
    /^(?:[a-z]+|[A-Z]?[a-z]+(?:[A-Z][a-z]+)*|[A-Z]+|v?\d{1,4}|[a-z]+\d{1,2})$/.test(piece),
  )
}
