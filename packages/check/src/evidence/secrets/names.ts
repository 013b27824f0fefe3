/** Whether a name says that its value is secret. */

/** `jwtSecretKey`, `JWT_SECRET_KEY` and `jwt.secret-key` as their words. */
const wordsOf = (name: string): readonly string[] =>
  name
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1_$2')
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== '')

/** What is said of a secret and is none: its length, its place, its lifetime, a list of bad ones. */
const ABOUT = new Set(
  `file files path dir url uri endpoint host port length min max minimum maximum size expiry expire expires expiration expiresin exp ttl time
  timeout age lifetime duration interval algorithm alg algo issuer audience name names header headers prefix suffix type types id ids
  enabled enable disabled required optional cookie field fields policy regex pattern rounds saltrounds seconds secs minutes mins hours
  days weeks count limit limits version alias store storage manager provider strategy mode format scope scopes ref refs label description
  placeholder hint message title error reset forgot strength rule rules arn location source grant bytes bits usage user username email
  at digits case symbol symbols numbers uppercase lowercase mount repo image class digest command interval use show validate
  validation in for service content contents address addresses contract samesite domain backend scheme schemes hasher hashers
  encryption window ms millis attempts retries region zone`.split(/\s+/),
)
const NEVER = new Set(
  'public publishable site anon existing pull weak forbidden banned blocked blocklist denied denylist blacklist disallowed common insecure bad known wrong incorrect invalid expired missing allowed refused rejected allow require csrf xsrf tokenizer max min lifespan lifetime length expiry expires expiration ttl minutes hours days'.split(
    ' ',
  ),
)
const STRICT_WORDS = new Set(
  'secret secrets password passwords passwd pwd pass token tokens credential credentials passphrase'.split(' '),
)
const STRICT_PARTS = /secret|password|passwd|api_?key|passphrase/
const KEYS =
  /(?:api|private|access|encryption|encrypt|signing|sign|secret|master|jwt|session|cookie|auth|hmac|crypto|service|account|license|app)_keys?$/
const HINTS = /key|salt|auth|cred|signature|hmac|pepper|seed|dsn|webhook|cipher|jwt/

/** `strict`: any value counts. `hint`: only one that looks random does. */
export const saysSecret = (name: string): 'strict' | 'hint' | undefined => {
  if (name.length > 100) return undefined
  const words = wordsOf(name)
  const last = words.at(-1) ?? ''
  if (ABOUT.has(last) || words.some((word) => NEVER.has(word))) return undefined
  const joined = words.join('_')
  if (words.some((word) => STRICT_WORDS.has(word)) || STRICT_PARTS.test(joined)) return 'strict'
  if (/private_?key/.test(joined)) return 'strict'
  return KEYS.test(joined) || (words.length > 1 && HINTS.test(joined)) ? 'hint' : undefined
}
