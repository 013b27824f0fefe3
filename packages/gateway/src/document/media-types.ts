/**
 * Whether a media type is JSON by its name: WHATWG MIME Sniffing, "JSON MIME type". ASP.NET reads `text/json` by the same schema, and what is
 * no JSON here would pass unjudged.
 */
export const isJsonType = (essence: string): boolean =>
  essence === 'application/json' || essence === 'text/json' || essence.endsWith('+json')

const PARAMETER = /^[\w!#$%&'*+.^`|~-]+=(?:[\w!#$%&'*+.^`|~-]+|"")$/

/**
 * Whether a Content-Type says one type (RFC 9110 §8.3.1). Behind a comma some servers read another, the Fetch standard the last of them, and others
 * look for the words alone: `application/octet-stream; charset=utf-8, application/json`.
 *
 * @param judges whether its operation judges bodies of other types: then the words stand in no parameter either, since Laravel takes
 * `x=a+json` and formidable `x="urlencoded"` for the type
 */
export const isOneType = (field: string, judges = false): boolean => {
  const [essence = '', ...parameters] = field.replaceAll(/"[^"\\]*"/g, '""').split(';')
  if (judges && WORDS.test(field.replace(/^[^;]*/, ''))) return false
  return !/[\s,]/.test(essence.trim()) && parameters.every((one) => one.trim() === '' || PARAMETER.test(one.trim()))
}

/** By which servers know the types that are judged. */
const WORDS = /json|urlencoded|multipart|form-data/i
