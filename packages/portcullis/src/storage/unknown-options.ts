/** @throws TypeError that names every key that is no option: one that is silently dropped is a protection that somebody believes to have */
export const refuseUnknown = (given: object, known: readonly string[], what: string): void => {
  const unknown = Object.keys(given).filter((name) => !known.includes(name))
  if (unknown.length > 0) throw new TypeError(`${unknown.join(', ')}: the ${what} are ${known.join(', ')}`)
}
