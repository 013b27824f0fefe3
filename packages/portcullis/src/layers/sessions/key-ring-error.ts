/** Thrown when keys can't be used. `faults` lists every mistake at once, by position; a message never holds any of a key. */
export class KeyRingError extends Error {
  readonly faults: readonly string[]

  constructor(faults: readonly string[]) {
    super(`These keys can't be used:\n${faults.map((fault) => `  - ${fault}`).join('\n')}`)
    this.name = 'KeyRingError'
    this.faults = Object.freeze([...faults])
  }
}
