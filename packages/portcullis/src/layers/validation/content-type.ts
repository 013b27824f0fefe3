/** RFC 9110 §8.3.1: type, subtype, and of parameters only charset=utf-8; spaces and tabs only around the semicolon. */
const JSON_TYPE = /^application\/json(?:[ \t]*;[ \t]*charset=(?:utf-8|"utf-8"))?$/i

/** Says whether a Content-Type is JSON in UTF-8, strictly: an odd one must not reach a parser that the schema does not follow (CVE-2026-25223). */
export const isJson = (contentType: string | undefined): boolean =>
  contentType === 'application/json' || (contentType !== undefined && JSON_TYPE.test(contentType))
