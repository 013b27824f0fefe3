/** Secrets are shown by their first characters and a hash, in every output. This is also how they are found in a text. */
import { createHash } from 'node:crypto'

/** `abcd… (sha256:1a2b3c4d5e6f)`: enough to recognise it, too little to use it. Of one that is shorter than six characters two stay hidden. */
export const redacted = (secret: string): string =>
  `${secret.slice(0, Math.max(0, Math.min(4, secret.length - 2)))}… (sha256:${createHash('sha256').update(secret).digest('hex').slice(0, 12)})`

/** A secret shorter than this is an ordinary word somewhere else: it is looked for as a whole word only. */
const A_WORD = 8
/** So short it is a word of every sentence (`a`, `1`, `in`): it is looked for only where a value stands. */
const A_SYLLABLE = 4

const escaped = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&')

/**
 * As a key these are anybody's first guess. Fields, routes and files are called so too (docker-compose.yml), and a report without
 * their names says nothing.
 */
const NAME =
  /^(?:password|passwd|pass|secret|token|key|admin|root|user|username|guest|test|postgres|postgresql|mysql|mariadb|redis|mongo|mongodb|rabbitmq|minio|grafana|keycloak|docker|database|server|app|src|config|dev|development|demo|example|default|local|prod|production|api|access|refresh|auth|session|cookie|bearer|jwt|login)$/i
/** `"password": "password"`: the first of them is the field. */
const NO_KEY = '(?!\\\\?["\'`] ?:)'
/** Where a name stands as a value: in quotes, behind an equals sign, a colon or an @. */
const AS_VALUE = '(?<=["\'`]|[=@][ ]{0,2}|\\S:[ ]{0,2})'
/** The whole of what is in quotes: `a` is no value in `"a@example.com"` and in `"a word"`. */
const IN_QUOTES = [`(?<=["'\`])`, `(?=["'\`]|\\\\")${NO_KEY}`] as const
/** The whole of what stands behind a sign or a word that takes a value: `KEY=a`, `key: a`, `ENV KEY a`, `--password a`, `Bearer a`. */
const BARE = [
  '(?<=[=@][ ]{0,2}|\\S:[ ]{0,2}|\\b[A-Z][A-Z_]{2,60} |--?[a-z][\\w-]{0,40} |Bearer )',
  '(?=[&,;\\s)\\]}<]|$)',
] as const
/** The password of `https://user:a@host`. */
const IN_URL = ['(?<=//[^\\s/]{0,60}:)', '(?=@)'] as const

/** Of a longer secret its start is looked for, and what follows it is hidden too: a pattern of megabytes can't be compiled. */
const LOOKED_FOR = 1_000

/**
 * Which of the secrets are words that folders or files of the project are called by: `blog/app.py` beside `POSTGRES_PASSWORD=blog`.
 * Hidden everywhere they leave no path that anybody could find.
 */
export const namesAmong = (secrets: Iterable<string>, paths: readonly string[]): ReadonlySet<string> =>
  new Set(
    [...secrets].filter((secret) => {
      if (!/^\p{L}[\p{L}_-]{1,40}$/u.test(secret)) return false
      const word = new RegExp(`(?<![\\p{L}\\p{N}])${escaped(secret)}(?![\\p{L}\\p{N}])`, 'u')
      return paths.some((path) => word.test(path))
    }),
  )

const asWritten = (secret: string, isName: boolean): string => {
  if (secret.length > LOOKED_FOR) return `${escaped(secret.slice(0, LOOKED_FOR).replace(/[\uD800-\uDBFF]$/, ''))}[^]*`
  if (isName || NAME.test(secret)) return `${AS_VALUE}${escaped(secret)}(?![\\p{L}\\p{N}_.:-])${NO_KEY}`
  if (secret.length < A_SYLLABLE)
    return [IN_QUOTES, BARE, IN_URL].map(([before, after]) => `${before}${escaped(secret)}${after}`).join('|')
  return secret.length >= A_WORD ? escaped(secret) : `(?<![\\p{L}\\p{N}])${escaped(secret)}(?![\\p{L}\\p{N}])`
}

/**
 * Every place of a text where one of the secrets stands, the longest first, so that one inside another is not half shown. Of `names`,
 * those where they stand as a value.
 */
export const occurrencesOf = (secrets: Iterable<string>, names: ReadonlySet<string> = new Set()): RegExp => {
  const wanted = [...new Set(secrets)].filter((secret) => secret !== '')
  wanted.sort((a, b) => b.length - a.length || (a < b ? -1 : 1))
  return wanted.length === 0
    ? /(?!)/u
    : new RegExp([...new Set(wanted.map((one) => asWritten(one, names.has(one))))].join('|'), 'gu')
}

const isWord = (secret: string): boolean => secret.length < A_WORD || NAME.test(secret)

/** The text with every one of the secrets redacted: the long ones exactly, and then the short ones where they stand as such. */
export const withoutSecrets = (text: string, secrets: ReadonlySet<string>): string => {
  return [...secrets]
    .filter((secret) => secret !== '' && !isWord(secret))
    .sort((a, b) => b.length - a.length)
    .reduce((rest, secret) => rest.replaceAll(secret, redacted(secret)), text)
    .replace(occurrencesOf([...secrets].filter(isWord)), (secret) => redacted(secret))
}

/** What stands between the places of a secret. */
export const partsAround = (text: string, secret: string): readonly string[] =>
  text.split(isWord(secret) ? occurrencesOf([secret]) : secret)
