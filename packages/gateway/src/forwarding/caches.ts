/**
 * What tells a cache in front how long it may keep an answer, whatever Cache-Control says: RFC 9213 and those like it (CDN-, Cloudflare-CDN-, Akamai-,
 * X-LiteSpeed-), Varnish and Fastly, nginx, Akamai. By the end of the name: each network has a prefix of its own.
 */
const TARGETED = /-cache-control$|surrogate-control$|^x-accel-expires$|^edge-control$/

/** A directive of Cache-Control; there may be commas in its quotes. */
const DIRECTIVE = /(?:[^,"]|"[^"]*"?)+/g

/** Those that say who may keep an answer: RFC 9111 §5.2.2. */
const SHARING = /^(?:public|private|s-maxage)(?:\s*=|$)/i

/**
 * Keeps an answer of a closed route for its caller alone. Its backend does not know that it is closed here: with `public` a cache before the gateway
 * would hand what one caller got to whoever asks next (RFC 9111 §3.5), and nginx does with `max-age` alone.
 *
 * @param fields of the answer, in which this is written
 */
export const forCallerAlone = (fields: Record<string, string | string[]>): Record<string, string | string[]> => {
  for (const name in fields) if (TARGETED.test(name)) delete fields[name]
  const { 'cache-control': said } = fields
  if (said === undefined || said === 'no-store') return fields
  const own = [said]
    .flat()
    .flatMap((line) => line.match(DIRECTIVE) ?? [])
    .map((one) => one.trim())
    .filter((one) => one !== '' && !SHARING.test(one))
  fields['cache-control'] = ['private', ...own].join(', ')
  return fields
}
