/**
 * Why a server can't be asked, and what to do: the end of a sentence.
 *
 * @param code of the error, of undici or of the system
 * @param what what is to answer there, such as `the issuer`
 */
export const outOfReach = (url: URL, code: string, what: string): string => {
  const server = `${url.hostname}:${url.port || (url.protocol === 'https:' ? 443 : 80)}`
  return sentences[code]?.(server, what) ?? `${server} can't be asked (${code}): look at its log`
}

const unknownAuthority = (server: string): string =>
  `the certificate of ${server} is of no authority that Node knows: name the file of its authority by NODE_EXTRA_CA_CERTS`

const sentences: Readonly<Record<string, (server: string, what: string) => string>> = {
  DEPTH_ZERO_SELF_SIGNED_CERT: unknownAuthority,
  SELF_SIGNED_CERT_IN_CHAIN: unknownAuthority,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: unknownAuthority,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: unknownAuthority,
  ERR_TLS_CERT_ALTNAME_INVALID: (server) => `the certificate of ${server} is for another name: ask it by that`,
  ERR_SSL_WRONG_VERSION_NUMBER: (server) =>
    `${server} does not speak TLS: write http:// where it stands on this machine`,
  ECONNREFUSED: (server, what) => `nothing listens at ${server} (ECONNREFUSED): start ${what}`,
  ECONNRESET: (server) => `${server} closed the connection: look at its log`,
  UND_ERR_SOCKET: (server) => `${server} closed the connection: look at its log`,
  ENOTFOUND: (server) => `there is no host of that name (${server}): look at the network`,
  EAI_AGAIN: (server) => `the name of ${server} could not be looked up: try again`,
  EHOSTUNREACH: (server) => `there is no way to ${server}: look at the network`,
  ENETUNREACH: (server) => `there is no way to ${server}: look at the network`,
  UND_ERR_CONNECT_TIMEOUT: (server) => `${server} did not take the connection in time: look at the network`,
}
