export interface LiveOptions {
  /** Where the backend runs; a path in it stands before every path that is tried. */
  readonly url: string
  /** The OpenAPI document: a path on the server (`/openapi.json`), a URL of the same server, or a local file. */
  readonly openapi?: string
  /** The body of a login that works, as JSON. */
  readonly login?: string
  /** Origins that the backend is meant to allow; otherwise a few usual ones are tried. */
  readonly origins?: readonly string[]
  /** Also send what may change data: documented writes, a registration. */
  readonly allowWrites: boolean
  /** Needed for any host that is not this machine. */
  readonly iOwnThisHost: boolean
  /** For one request. 3 s unless said. */
  readonly timeoutMs?: number
}
