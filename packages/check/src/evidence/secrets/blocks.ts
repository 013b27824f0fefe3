/** Secrets that are more than one word: PEM blocks, and what URLs, SQL and Redis carry a password in. */
import type { Severity } from '../../items/index.ts'
import { shannon } from './entropy.ts'
import { isApart } from './places.ts'
import { isReference } from './values.ts'

interface Block {
  readonly rule: string
  readonly severity: Severity
  readonly value: string
  readonly start: number
}

const BEGIN = /-----BEGIN [A-Z0-9 ]{0,30}PRIVATE KEY(?: BLOCK)?-----/g
const LONGEST_KEY = 8_000

/** Blocks with a key in them: at least 80 base64 characters, whatever quotes, `\n` and `+` stand between its lines. */
export const privateKeys = (text: string): readonly Block[] => {
  if (!text.includes('PRIVATE KEY')) return []
  return [...text.matchAll(BEGIN)].flatMap((match) => {
    const start = match.index + match[0].length
    const rest = text.slice(start, start + LONGEST_KEY)
    const end = rest.indexOf('-----')
    const body = (end === -1 ? rest : rest.slice(0, end))
      .replaceAll(/\\[nrt]/g, '\n')
      .replaceAll(/^[\w-]{1,30}: .*$/gm, '')
      .replaceAll(/[\s"'`,+\\|>]/g, '')
    const key = /^[A-Za-z0-9+/=]{0,8000}/.exec(body)?.[0] ?? ''
    if (key.length < 80 || shannon(key) < 4) return []
    const rule = text.includes('"service_account"') ? 'google-service-account' : 'private-key'
    return [{ rule, severity: 'critical' as const, value: key, start: match.index }]
  })
}

const AT_SCHEME = /:\/\/([^\s:/@'"`<>?#]{0,100}):([^\s@/'"`<>]{1,200})@([^\s/'"`:?#,)<>\\]{1,200})/g
const SCHEME = /(?<![a-z0-9+.-])[a-z][a-z0-9+.-]{1,20}$/i
const HERE =
  /^(?:localhost|127\.|0\.0\.0\.0|\[?::1|host\.docker\.internal|(?:[\w-]+\.)*(?:example|test|invalid|localhost)(?:\.\w+)?$|(?:host(?:name)?|server|dummy|fake|placeholder)$)/i
const WORDS =
  /^(?:pass(?:word|wd)?|pwd|pw|secret|user|username|token|my_?pass(?:word)?|user_?name|user_?pass(?:word)?|(?:api|access|secret|private)_?key(?:_?(?:id|secret))?|key_?(?:id|secret|\d{1,6})|your_?\w*|change_?me|change_?this|example|xxx+|\*+|test|postgres|mysql|root|admin|guest|mongo|redis|db_?pass\w*)$/i
/** A sentence about what such a URL looks like: `Must be in a format like postgres://…`. */
const SAYS_EXAMPLE =
  /(?:\blike|\be\.g\.|\bfor example|\bsuch as|\bin the (?:form(?:at)?|shape)(?: of)?)[,:]?\s{1,3}[`'"(]{0,2}$/i

/**
 * `settings` is the file where they are a program's own: there even `postgres:postgres` is what it is; elsewhere such words are
 * documentation.
 */
export const urlCredentials = (text: string, settings: string | undefined): readonly Block[] =>
  [...text.matchAll(AT_SCHEME)].flatMap((match) => {
    const [, user = '', password = '', host = ''] = match
    const scheme = SCHEME.exec(text.slice(Math.max(0, match.index - 22), match.index))?.[0]
    if (scheme === undefined || HERE.test(host) || (settings === undefined && WORDS.test(password))) return []
    if (settings === undefined && SAYS_EXAMPLE.test(lineBefore(text, match.index - scheme.length))) return []
    if ([user, password, host].some((part) => /[${}%()[\]]/.test(part.replaceAll(/%[0-9a-f]{2}/gi, '')))) return []
    if (isReference(password)) return []
    // A bare name is a neighbour in the same compose file or cluster, which is started with that password.
    const neighbour = settings !== undefined && !isApart(settings) && !inComment(text, match.index)
    const severity: Severity = host.includes('.') || neighbour ? 'high' : 'low'
    const offset = match.index + 3 + user.length + 1
    return [{ rule: 'url-credentials', severity, value: password, start: offset }]
  })

const IN_SQL =
  /\b(?:CREATE|ALTER)\s+(?:USER|ROLE|LOGIN)\s[^;]{0,300}?\s(?:IDENTIFIED\s+(?:WITH\s+\S{1,50}\s+)?BY|PASSWORD(?:\s*=)?)\s*'([^'\n]{1,200})'/gi

/** `CREATE USER app WITH PASSWORD 'x'`, `… IDENTIFIED BY 'x'`: what a script that sets a database up gives its user. */
export const sqlPasswords = (text: string, file: string | undefined): readonly Block[] =>
  [...text.matchAll(IN_SQL)].flatMap((match) => {
    const [whole, value = ''] = match
    // Parts that somebody fills in, and hashes as MySQL and PostgreSQL keep them.
    if (isReference(value) || /[${}%]|^:|^\*[0-9A-F]{40}$|^(?:md5[0-9a-f]{32}|SCRAM-SHA)/i.test(value)) return []
    const low = file === undefined || isApart(file) || inSqlComment(text, match.index)
    const start = match.index + whole.length - 1 - value.length
    return [{ rule: 'sql-password', severity: low ? ('low' as const) : ('high' as const), value, start }]
  })

const OF_REDIS = /(?:--|^[ \t]{0,20})(?:requirepass|masterauth)[ \t"',=]{1,5}([^\s"',]{1,200})/gm

/** `redis-server --requirepass x` of a Compose file or a script, `requirepass x` of redis.conf. */
export const redisPasswords = (text: string, settings: string | undefined): readonly Block[] =>
  settings === undefined
    ? []
    : [...text.matchAll(OF_REDIS)].flatMap((match) => {
        const [whole, value = ''] = match
        if (isReference(value) || inComment(text, match.index)) return []
        const severity = isApart(settings) ? ('low' as const) : ('high' as const)
        return [{ rule: 'redis-password', severity, value, start: match.index + whole.length - value.length }]
      })

const inSqlComment = (text: string, index: number): boolean => /--|^\s*(?:#|\/\/|\*)/.test(lineBefore(text, index))

/** How far back a line is looked at. */
const LONGEST_LINE = 1_000

const inComment = (text: string, index: number): boolean => /^\s*(?:;|\/\/)|(?:^|\s)#/.test(lineBefore(text, index))

/** Cut first: to look for the start of a line of a megabyte from each place in it would cost its square. */
const lineBefore = (text: string, index: number): string => {
  const before = text.slice(Math.max(0, index - LONGEST_LINE), index)
  return before.slice(before.lastIndexOf('\n') + 1)
}
