/** A document that can't be asked for: its server is not there, or does not let us in. */
export class OutOfReach extends Error {
  readonly #url: string
  readonly #code: string

  /** @param code of undici, or of the system */
  constructor(url: string, code: string) {
    super(`${shownPlace(url)} can't be read: ${code}`)
    this.#url = url
    this.#code = code
  }

  /** What is wrong and what to do, for whoever starts it: `option` named the address. */
  sentence(option: string): string {
    const url = URL.parse(this.#url)
    if (url === null) return `it is no address that can be read: mend ${option}`
    const server = `${url.hostname}:${url.port || (url.protocol === 'https:' ? 443 : 80)}`
    const known = sentences[this.#code]
    return `${known === undefined ? `${server} can't be asked (${this.#code}): look at its log` : known(server)}, or mend ${option}`
  }
}

const unknownAuthority = (server: string): string =>
  `the certificate of ${server} is of no authority that Node knows: name the file of its authority by NODE_EXTRA_CA_CERTS`

const sentences: Readonly<Record<string, (server: string) => string>> = {
  DEPTH_ZERO_SELF_SIGNED_CERT: unknownAuthority,
  SELF_SIGNED_CERT_IN_CHAIN: unknownAuthority,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: unknownAuthority,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: unknownAuthority,
  ERR_TLS_CERT_ALTNAME_INVALID: (server) => `the certificate of ${server} is for another name: ask it by that`,
  ERR_SSL_WRONG_VERSION_NUMBER: (server) =>
    `${server} does not speak TLS: write http:// where it stands on this machine`,
  ECONNREFUSED: (server) => `nothing listens at ${server} (ECONNREFUSED): start the backend`,
  ECONNRESET: (server) => `${server} closed the connection: look at its log`,
  UND_ERR_SOCKET: (server) => `${server} closed the connection: look at its log`,
  ENOTFOUND: (server) => `there is no host of that name (${server}): look at the network`,
  EAI_AGAIN: (server) => `the name of ${server} could not be looked up: try again`,
  EHOSTUNREACH: (server) => `there is no way to ${server}: look at the network`,
  ENETUNREACH: (server) => `there is no way to ${server}: look at the network`,
  UND_ERR_CONNECT_TIMEOUT: (server) => `${server} did not take the connection in time: look at the network`,
}

/** A place as messages show it: of an address nothing that may be a credential, neither a password nor a query. */
export const shownPlace = (place: string): string => {
  if (!/^[a-z][a-z0-9+.-]*:\/\//i.test(place)) return place
  const url = URL.parse(place)
  // A password with a bare slash ends the host early, and goes on where the path should be.
  if (url === null || url.pathname.includes('@')) return 'an address that is not shown'
  return `${url.protocol}//${url.host}${url.pathname}`
}
