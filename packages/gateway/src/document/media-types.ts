/**
 * Whether a media type is JSON by its name: WHATWG MIME Sniffing, "JSON MIME type". ASP.NET reads `text/json` by the same schema, and what is
 * no JSON here would pass unjudged.
 */
export const isJsonType = (essence: string): boolean =>
  essence === 'application/json' || essence === 'text/json' || essence.endsWith('+json')

const PARAMETER = /^[\w!#$%&'*+.^`|~-]+=(?:[\w!#$%&'*+.^`|~-]+|"")$/

/**
 * Whether a Content-Type says one type (RFC 9110 §8.3.1). Behind a comma some servers read another, the Fetch standard the last of them:
 * `application/octet-stream; charset=utf-8, application/json`.
 */
export const isOneType = (field: string): boolean => {
  const [essence = '', ...parameters] = field.replaceAll(/"[^"\\]*"/g, '""').split(';')
  return !/[\s,]/.test(essence.trim()) && parameters.every((one) => one.trim() === '' || PARAMETER.test(one.trim()))
}

/**
 * Whether the words by which servers know the types that are judged stand in a parameter of another type. Laravel takes `x=a+json` for the type, and
 * formidable `x="urlencoded"`: where the operation judges such bodies, one would pass unjudged.
 */
export const hintsAtJudged = (field: string): boolean => WORDS.test(field.replace(/^[^;]*/, ''))

const WORDS = /json|urlencoded|multipart|form-data/i
