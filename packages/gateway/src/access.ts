import { readFileSync } from 'node:fs'
import type { AccessRule } from 'portcullis/access'
import { authenticated, publicAccess, ROLE_FORM, role } from 'portcullis/access'
import { parseQuota } from 'portcullis/limits'
import { FaultList, nearest, unknownKeys } from 'portcullis/settings'
import { withoutMark } from './byte-order-mark.ts'
import { readTemplate } from './document/templates.ts'
import { repeatedNames } from './repeated-names.ts'

/** The gateway's own say about the routes of the document, as `gateway.json` has it. What it doesn't name is for every session. */
export interface Access {
  /** `GET /users/{id}` to a rule. */
  readonly rules: ReadonlyMap<string, AccessRule>
  /** To quotas: `5/minute`, or `credentials` for what checks a password. */
  readonly limits: ReadonlyMap<string, readonly string[]>
  /** Operations that are in the document and not served. */
  readonly hidden: ReadonlySet<string>
  /** Paths whose WebSocket upgrades pass, after admission. */
  readonly webSockets: readonly string[]
  /** Serves the document at /openapi.json, in development only. */
  readonly docs: boolean
}

const KEYS = ['access', 'limits', 'hide', 'websockets', 'docs']

export const CLOSED: Access = {
  rules: new Map(),
  limits: new Map(),
  hidden: new Set(),
  webSockets: [],
  docs: false,
}

/**
 * Reads the settings file.
 *
 * @throws SettingsError that lists everything that is wrong with it
 */
export const readAccess = (path: string): Access => {
  const faults = new FaultList()
  const text = faults.try(path, () => readText(path)) ?? ''
  faults.throwIfAny()
  const given: unknown = faults.try(path, () => JSON.parse(text))
  faults.throwIfAny()
  faults.add(...repeatedNames(text).map((name) => `${path}: "${name}" stands twice: only the last would count`))
  const access = faults.try(path, () => parseAccess(given))
  faults.throwIfAny()
  return access as Access
}

const UNREADABLE: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  ENOTDIR: 'there is no such file',
  EISDIR: 'it is a folder',
  EACCES: 'this user may not read it',
}

const readText = (path: string): string => {
  try {
    return withoutMark(readFileSync(path, 'utf8'))
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    throw new TypeError(`can't be read: ${UNREADABLE[code ?? ''] ?? code}`)
  }
}

/** @throws SettingsError */
export const parseAccess = (given: unknown): Access => {
  const faults = new FaultList()
  if (!isRecord(given)) throw new TypeError('is no JSON object')
  faults.add(...unknownKeys(given, KEYS, ''))
  const entries = (key: string): readonly (readonly [string, unknown])[] => {
    const value = given[key] ?? {}
    if (isRecord(value)) return Object.entries(value)
    faults.add(`${key} takes an object: { "GET /path": … }`)
    return []
  }
  const texts = (key: string): readonly string[] => {
    const value = given[key] ?? []
    if (Array.isArray(value) && value.every((one) => typeof one === 'string')) return value
    faults.add(`${key} takes a list of texts`)
    return []
  }
  const rules = entries('access').map(([name, rule]) => [name, faults.try(`access "${name}"`, () => readRule(rule))])
  const limits = entries('limits').map(([name, limit]) => [
    name,
    faults.try(`limits "${name}"`, () => readLimit(limit)),
  ])
  const { docs = false } = given
  if (typeof docs !== 'boolean') faults.add('docs takes true or false')
  const webSockets = texts('websockets')
  for (const path of webSockets) faults.try(`websockets "${path}"`, () => readWebSocket(path, webSockets))
  const read = { hidden: new Set(texts('hide')), webSockets, docs: docs === true }
  faults.throwIfAny()
  return { rules: new Map(rules as []), limits: new Map(limits as []), ...read }
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** `public`, `authenticated`, `role admin`, `role admin or editor`: the words of the access table. */
const readRule = (rule: unknown): AccessRule => {
  if (rule === 'public') return publicAccess
  if (rule === 'authenticated') return authenticated
  const roles = typeof rule === 'string' ? /^role (.+)$/.exec(rule)?.[1] : undefined
  if (roles === undefined || roles.includes(','))
    throw new TypeError('takes "public", "authenticated", "role admin" or "role admin or editor"')
  return role(...roles.split(' or '))
}

/** Names rules that admit nobody: accounts of the gateway's own have roles of another form. Those of an issuer may have any. */
export const strangeRoles = ({ rules }: Access): readonly string[] =>
  [...rules].flatMap(([name, rule]) =>
    (rule.kind === 'role' ? rule.roles : [])
      .filter((one) => !ROLE_FORM.test(one))
      .map(
        (one) =>
          `access "${name}": no account can have the role "${one}": a role is one lower-case word; several are written "role admin or editor"`,
      ),
  )

/** A path without values: an upgrade is known by it before anything is routed. */
const readWebSocket = (path: string, all: readonly string[]): void => {
  if (readTemplate(path).values.length > 0) throw new TypeError('has a value, which a path of WebSockets has not')
  if (all.indexOf(path) !== all.lastIndexOf(path)) throw new TypeError('stands twice')
}

const readLimit = (limit: unknown): readonly string[] => {
  const quotas = [limit].flat()
  if (quotas.length === 0) throw new TypeError('lists no quota: take it out, or say how many')
  return quotas.map(readQuota)
}

const readQuota = (one: unknown): string => {
  if (one === 'credentials' || one === 'refresh') return one
  try {
    parseQuota(one as string)
  } catch (error) {
    throw new TypeError(`takes a quota, "credentials" or "refresh": ${(error as Error).message}`)
  }
  return one as string
}

/**
 * Names what the settings say of operations that are not there: a rule that silently matches nothing leaves somebody with a route
 * that they believe to be open, limited or hidden.
 *
 * @param known every name: `GET /users/{id}`, and the paths of WebSockets as GET
 * @param refused why others are not served: a sentence each, which begins with the name, or with its path alone
 */
export const strayNames = (access: Access, known: readonly string[], refused: readonly string[]): readonly string[] => {
  const named = [
    ...[...access.rules.keys()].map((name) => ['access', name] as const),
    ...[...access.limits.keys()].map((name) => ['limits', name] as const),
    ...[...access.hidden].map((name) => ['hide', name] as const),
  ]
  return named
    .filter(([, name]) => !known.includes(name))
    .map(([key, name]) => {
      const why = whyNotServed(name, refused)
      if (why !== undefined) return `${key} "${name}": it is in the document, and is not served: it ${why}`
      const meant = known.find((one) => isMeant(name, one)) ?? nearest(name, known)
      return `${key} "${name}": the document has no such operation${meant === undefined ? '' : `; did you mean "${meant}"?`}`
    })
}

/** A start that stops here shows nobody what it would have said of the document. */
const whyNotServed = (name: string, refused: readonly string[]): string | undefined =>
  [name, name.slice(name.indexOf(' ') + 1)].flatMap((begin) =>
    refused.filter((one) => one.startsWith(`${begin} `)).map((one) => one.slice(begin.length + 1)),
  )[0]

/** Written with other names for its values, as Express writes them too, or without its method. */
const isMeant = (name: string, known: string): boolean => {
  const [shape, other] = [name, known].map((one) => one.replaceAll(/\{[^}]*\}|(?<=\/):\w+/g, '{}')) as [string, string]
  return shape === other || other.endsWith(` ${shape}`)
}
