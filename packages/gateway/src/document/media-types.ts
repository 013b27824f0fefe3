/**
 * Whether a media type is JSON by its name: WHATWG MIME Sniffing, "JSON MIME type". ASP.NET reads `text/json` by the same schema, and what is
 * no JSON here would pass unjudged.
 */
export const isJsonType = (essence: string): boolean =>
  essence === 'application/json' || essence === 'text/json' || essence.endsWith('+json')
