import { outOfReach } from 'portcullis/sessions'

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
    return `${outOfReach(url, this.#code, 'the backend')}, or mend ${option}`
  }
}

/** A place as messages show it: of an address nothing that may be a credential, neither a password nor a query. */
export const shownPlace = (place: string): string => {
  if (!/^[a-z][a-z0-9+.-]*:\/\//i.test(place)) return place
  const url = URL.parse(place)
  // A password with a bare slash ends the host early, and goes on where the path should be.
  if (url === null || url.pathname.includes('@')) return 'an address that is not shown'
  return `${url.protocol}//${url.host}${url.pathname}`
}
