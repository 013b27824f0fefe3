/**
 * Takes the token out of an Authorization field (RFC 6750, section 2.1): `Bearer` in any case, exactly one space, a b64token,
 * nothing else.
 *
 * @returns the token; undefined when there is no such field; null when it is not of this form
 */
export const bearerToken = (authorization: string | undefined): string | undefined | null => {
  if (authorization === undefined) return undefined
  if (typeof authorization !== 'string') return null
  return /^bearer ([A-Za-z0-9\-._~+/]+=*)$/i.exec(authorization)?.[1] ?? null
}

/**
 * Reads what callers are to send as a bearer, from a setting: one that is not of that form opens nothing, whoever sends it.
 *
 * @throws TypeError, without the text
 */
export const readBearer = (text: string): string => {
  if (bearerToken(`Bearer ${text}`) !== text)
    throw new TypeError('holds what no bearer can: letters, digits and - . _ ~ + / it may have (RFC 6750, section 2.1)')
  return text
}
