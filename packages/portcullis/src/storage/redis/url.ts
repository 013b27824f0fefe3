/** Where Redis is, and who asks there. */
export interface RedisAddress {
  readonly host: string
  readonly port: number
  readonly tls: boolean
  readonly username: string | undefined
  readonly password: string | undefined
  /** The number of the database. */
  readonly database: number
}

const SCHEMES: ReadonlyMap<string, { readonly tls: boolean }> = new Map([
  ['redis:', { tls: false }],
  ['rediss:', { tls: true }],
  ['valkey:', { tls: false }],
  ['valkeys:', { tls: true }],
])

/**
 * Reads a REDIS_URL of the form `redis://user:password@host:6379/0`; `rediss:` is the same over TLS, and `valkey:` and `valkeys:` are
 * other names of both. Throws a TypeError with one sentence that says what to write instead, and never repeats the url: it carries a password.
 */
export const redisAddress = (url: string | undefined): RedisAddress => {
  if (url === undefined || url === '') throw refusal('is missing')
  const parsed = URL.parse(url)
  const scheme = SCHEMES.get(parsed?.protocol ?? '')
  if (parsed === null) throw refusal(/^(redis|valkey)s?:/i.test(url) ? 'is no url' : 'names no Redis')
  if (scheme === undefined) throw refusal('names no Redis')
  const slip = slipOf(url, parsed)
  if (slip !== undefined) throw refusal(slip)
  return {
    host: parsed.hostname.replace(/^\[(.*)\]$/, '$1'),
    port: parsed.port === '' ? 6379 : Number(parsed.port),
    tls: scheme.tls,
    username: parsed.username === '' ? undefined : decodeURIComponent(parsed.username),
    password: parsed.password === '' ? undefined : decodeURIComponent(parsed.password),
    database: Number(parsed.pathname.slice(1)),
  }
}

const refusal = (fault: string) =>
  new TypeError(`REDIS_URL ${fault}: write redis://host:6379, or rediss://user:password@host:6379 with TLS and a user.`)

const slipOf = (url: string, parsed: URL): string | undefined => {
  if (parsed.hostname === '') return 'has no host'
  if (parsed.port === '0') return 'has port 0'
  // An @, / or # in a password that is not percent-encoded moves the host: somebody else would be sent the rest of it.
  if (/@.*@/s.test(url)) return 'has two @, so the password must be percent-encoded'
  if (parsed.search !== '' || parsed.hash !== '') return 'has a ? or #, which must be percent-encoded in a password'
  if (!/^(\/\d{0,5})?$/.test(parsed.pathname)) return 'has more than the number of a database after the host'
  if (parsed.username !== '' && parsed.password === '') return 'has a user without a password'
  if (!decodes(parsed.username) || !decodes(parsed.password))
    return 'has a % in user or password that begins no percent-encoding'
  return undefined
}

const decodes = (part: string): boolean => {
  try {
    decodeURIComponent(part)
    return true
  } catch {
    return false
  }
}
