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
  readonly reason: IssuerFault
  readonly faults: readonly string[]

  constructor(reason: IssuerFault, faults: readonly string[]) {
    super(`The tokens of this issuer can't be verified:\n${faults.map((fault) => `  - ${fault}`).join('\n')}`)
    this.name = 'IssuerError'
    this.reason = reason
    this.faults = Object.freeze([...faults])
  }
}
