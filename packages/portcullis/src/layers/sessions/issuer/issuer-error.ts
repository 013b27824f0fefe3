/** In one word, what is wrong with an issuer: for counters and logs. */
export type IssuerFault =
  | 'options'
  | 'unreachable'
  | 'timeout'
  | 'status'
  | 'redirect'
  | 'size'
  | 'format'
  | 'issuer'
  | 'keys'
  | 'stale'

/** Thrown when an issuer can't be used. `faults` lists every mistake at once; a message never holds any of a key or a token. */
export class IssuerError extends Error {
  declare readonly reason: IssuerFault
  declare readonly faults: readonly string[]

  constructor(reason: IssuerFault, faults: readonly string[]) {
    super(`The tokens of this issuer can't be verified:\n${faults.map((fault) => `  - ${fault}`).join('\n')}`)
    this.name = 'IssuerError'
    // As of SettingsError: the list stands last in a terminal, once, and above no frames, of which none says what to mend.
    this.stack = `${this.name}: ${this.message}`
    Object.defineProperty(this, 'reason', { value: reason })
    Object.defineProperty(this, 'faults', { value: Object.freeze([...faults]) })
  }
}
