/** A name as it is kept: a character that can be written in several ways has one (NFC). */
export const composed = (name: string): string => name.normalize('NFC')

/**
 * One spelling of a name, to look it up and to count it by. Without regard to case as stores compare, which is ASCII's alone: a name in lower
 * case beyond that is another one to them, and whoever registered as `Édith` would never be found.
 */
export const canonical = (name: string): string => composed(name).replace(/[A-Z]+/g, (letters) => letters.toLowerCase())
