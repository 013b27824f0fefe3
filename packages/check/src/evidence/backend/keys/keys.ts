/**
 * Secrets that stand in the source as literals. A sink rule: the literal, or the fallback behind a setting, that reaches a place
 * where secrets are used, or a setting whose name says that it is one. Words that the program refuses are none.
 */

import { namesVariables } from '../../project/index.ts'
import {
  type Call,
  type Located,
  lastName,
  type Node,
  pathOf,
  possibilities,
  type Scope,
  type Value,
  walk,
} from '../../source/index.ts'
import type { HardcodedKey, Token, Verification } from '../facts.ts'
import { usersSecrets } from '../fastapi/fastapi-users.ts'
import { placeOf, type Reading } from '../reading.ts'
import { accountKeys } from './accounts.ts'
import { comparedKeys } from './compared-keys.ts'
import { examplesIn } from './documentation-examples.ts'

const SECRET_NAME =
  /(?:secret|passw(?:or)?d|passphrase|pwd|api_?key|private_?key|signing_?key|encryption_?key|auth_?key|access_?key|secret_?key|jwt_?key|session_?key|credential|pepper|auth_?token|api_?token|bot_?token)s?$/i
const NOT_A_SECRET =
  /(?:min|max|length|expir|field|label|name|type|policy|regex|pattern|url|uri|path|header|cookie_?name|reset|forgot|change|update|confirm|message|error|algorithm|hint|placeholder|schema|strategy|column|public|rounds|salt_?rounds|id|wrong|incorrect|missing)s?(?:_|$)/i

export const keysOf = (
  reading: Reading,
  tokens: readonly Token[],
  verifications: readonly Verification[],
  refused: ReadonlySet<string>,
): HardcodedKey[] => {
  const keys: HardcodedKey[] = []
  const add = (value: Value | undefined, sink: string) => {
    for (const one of literalsOf(value))
      keys.push({
        at: placeOf(reading, one.at),
        value: one.text,
        sink,
        ...(one.env === undefined ? {} : { fallbackOf: one.env }),
      })
  }
  for (const one of tokens) add(one.key, `${one.library}: signing`)
  for (const one of verifications) add(one.key, `${one.library}: verifying`)
  for (const sink of SINKS)
    for (const located of reading.program.callsNamed(sink.call))
      add(sinkValue(reading, located, sink), `${sink.from.source.replace(/[\\^$?:()]/g, '')} ${sink.option ?? 'key'}`)
  for (const { node, scope } of usersSecrets(reading)) add(reading.evaluator.value(node, scope), 'fastapi-users')
  keys.push(...namedSettings(reading), ...accountKeys(reading), ...comparedKeys(reading))
  const seen = new Set<string>()
  return keys.filter((one) => {
    const key = `${one.at.file}:${one.at.line}:${one.value}`
    if (
      one.value === '' ||
      refused.has(one.value) ||
      /^-----BEGIN (?:RSA )?PUBLIC KEY/.test(one.value) ||
      seen.has(key)
    )
      return false
    return seen.add(key)
  })
}

const literalsOf = (value: Value | undefined): { text: string; at: Value['at']; env?: string }[] => {
  if (value === undefined) return []
  const all = possibilities(value)
  const env = all.find((one) => one.kind === 'env')
  return all.flatMap((one) => {
    if (one.kind === 'list') return one.items.flatMap(literalsOf)
    if (one.kind === 'object')
      return [...one.entries]
        .filter(([key]) => /^(?:key|secret|private|privateKey)$/.test(key))
        .flatMap(([, inner]) => literalsOf(inner))
    return one.kind === 'literal' && typeof one.value === 'string'
      ? [{ text: one.value, at: one.at, ...(env?.kind === 'env' ? { env: env.name } : {}) }]
      : []
  })
}

interface Sink {
  readonly call: string
  readonly from: RegExp
  /** The option or keyword that holds the secret; without one, the argument of that number. */
  readonly option?: string
  readonly arg?: number
}

const SINKS: readonly Sink[] = [
  { call: 'session', from: /^express-session$|^koa-session$|^cookie-session$/, option: 'secret' },
  { call: 'expressSession', from: /^express-session$/, option: 'secret' },
  { call: 'cookieSession', from: /^cookie-session$/, option: 'keys' },
  { call: 'cookieSession', from: /^cookie-session$/, option: 'secret' },
  { call: 'cookieParser', from: /^cookie-parser$/, arg: 0 },
  { call: 'createHmac', from: /^(?:node:)?crypto$/, arg: 1 },
  { call: 'createCipheriv', from: /^(?:node:)?crypto$/, arg: 1 },
  { call: 'register', from: /^@nestjs\/jwt$/, option: 'secret' },
  { call: 'register', from: /^@nestjs\/jwt$/, option: 'privateKey' },
  { call: 'SessionMiddleware', from: /^starlette/, option: 'secret_key' },
  { call: 'add_middleware', from: /^fastapi|^starlette/, option: 'secret_key' },
  { call: 'getIronSession', from: /^iron-session/, option: 'password' },
  { call: 'setSignedCookie', from: /^hono\/cookie$/, arg: 3 },
  { call: 'bearerAuth', from: /^hono\/bearer-auth$/, option: 'token' },
  { call: 'basicAuth', from: /^(?:hono\/basic-auth|express-basic-auth)$/, option: 'password' },
  { call: 'URLSafeTimedSerializer', from: /^itsdangerous$/, arg: 0 },
  { call: 'Fernet', from: /^cryptography/, arg: 0 },
]

const sinkValue = (reading: Reading, { node, scope }: Located<Call>, sink: Sink): Value | undefined => {
  const callee = reading.evaluator.value(node.callee, scope)
  if (!possibilities(callee).some((one) => one.kind === 'external' && sink.from.test(one.from))) return
  if (sink.arg !== undefined) return node.args[sink.arg] && reading.evaluator.value(node.args[sink.arg] as Node, scope)
  const option = sink.option ?? ''
  const named = node.named.get(option)
  if (named !== undefined) return reading.evaluator.value(named, scope)
  const given = node.args[0] && reading.evaluator.value(node.args[0], scope)
  for (const one of given === undefined ? [] : possibilities(given))
    if (one.kind === 'object' && one.entries.has(option)) return one.entries.get(option)
  // app.register(session, { secret })
  const second = node.args[1] && reading.evaluator.value(node.args[1], scope)
  return second?.kind === 'object' ? second.entries.get(option) : undefined
}

/** Settings whose name says that they are secret: fields of settings, variables in capitals, fallbacks behind the environment. */
const namedSettings = (reading: Reading): HardcodedKey[] => {
  const keys: HardcodedKey[] = []
  const found = (name: string, node: Node, scope: Scope, where: string) => {
    if (!isSecretName(name)) return
    for (const one of literalsOf(reading.evaluator.value(node, scope)))
      if (one.at.file === node.at.file && looksSecret(name, one.text) && !asksByName(node, one))
        keys.push({
          at: placeOf(reading, one.at),
          value: one.text,
          sink: `${where} ${name}`,
          ...(one.env === undefined ? {} : { fallbackOf: one.env }),
        })
  }
  for (const module of reading.program.modules.values()) {
    if (namesVariables(module.file)) continue
    const { around } = reading.program.scopes(module)
    const configures =
      /(?:^|[/._-])(?:config|configs|configuration|settings?|env|environment|constants?|secrets?|keys?|auth|jwt|security|database|db|ormconfig|knexfile|data-source)(?:[/._-]|$)/i.test(
        module.file,
      )
    const examples = new Set<Node>()
    walk(module.body, (node) => {
      if (examples.has(node)) return false
      for (const one of examplesIn(node)) examples.add(one)
      const scope = around.get(node)
      if (scope === undefined) return true
      if (node.kind === 'assign' && node.value !== undefined) {
        const path = pathOf(node.target)
        const subscript =
          node.target.kind === 'member' && node.target.property.kind === 'literal'
            ? String(node.target.property.value)
            : undefined
        const name = subscript ?? path?.at(-1) ?? ''
        const field =
          scope.owner?.kind === 'class' &&
          reading.evaluator.classes.isSettings({
            kind: 'class',
            node: scope.owner,
            scope: scope.parent ?? scope,
            at: scope.owner.at,
          })
        const capital = /^[A-Z][A-Z0-9_]*$/.test(name) && scope.owner?.kind !== 'function'
        if (field || capital || (configures && scope.owner === undefined))
          found(name, node.value, scope, field ? 'settings field' : 'constant')
        else if (
          subscript !== undefined &&
          /^[A-Z_]+$/.test(subscript) &&
          /config/.test(
            path?.join('.') ?? lastName(node.target.kind === 'member' ? node.target.object : node.target) ?? '',
          )
        )
          found(subscript, node.value, scope, 'setting')
      } else if (node.kind === 'object' && configures) {
        for (const { key, value } of node.entries)
          if (key.kind === 'literal' && (value.kind === 'literal' || value.kind === 'logical' || value.kind === 'call'))
            found(String(key.value), value, scope, 'setting')
      } else if (node.kind === 'logical' && node.operator !== '&&') fallback(reading, node, scope, keys)
      else if (
        node.kind === 'call' &&
        (node.args.length > 1 || node.named.has('default')) &&
        /^(?:getenv|get|getOrThrow|env|config|str|string|setdefault|get_env|getEnv|Field)$/.test(
          lastName(node.callee) ?? '',
        )
      )
        fallback(reading, node, scope, keys)
      return true
    })
  }
  // `JWT_SECRET: z.string().default('x')`
  return keys
}

/** `from.env('JWT_SECRET')`: a helper of the project's own is told which variable to read. */
const asksByName = (node: Node, { text, at }: { text: string; at: Value['at'] }): boolean =>
  node.kind === 'call' &&
  /^[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+$/.test(text) &&
  node.args.some((one) => one.kind === 'literal' && one.at.start === at.start)

/** `process.env.JWT_SECRET || 'x'`, `os.getenv("SECRET", "x")`, wherever it stands. */
const fallback = (reading: Reading, node: Node, scope: Scope, keys: HardcodedKey[]): void => {
  // Most of a program's `a || b` has nothing to do with settings.
  const [first, last] =
    node.kind === 'logical'
      ? [node.left, node.right]
      : node.kind === 'call'
        ? [node.callee, node.named.get('default') ?? node.args[1]]
        : []
  if (
    first === undefined ||
    last === undefined ||
    (last.kind !== 'literal' && last.kind !== 'name' && last.kind !== 'member' && last.kind !== 'call')
  )
    return
  if (
    !/env|config|settings?|secret|key|pass|token/i.test(
      reading.program.modules
        .get(node.at.file)
        ?.text.slice(first.at.start, Math.min(node.at.end, first.at.start + 300)) ?? '',
    )
  )
    return
  if (
    last.kind !== 'literal' &&
    !/env/i.test(reading.program.modules.get(node.at.file)?.text.slice(first.at.start, first.at.end) ?? '')
  )
    return
  const value = reading.evaluator.value(node, scope)
  if (value.kind !== 'either') return
  const env = value.values.find((one) => one.kind === 'env')
  if (env?.kind !== 'env' || !isSecretName(env.name)) return
  for (const one of value.values)
    if (
      one.kind === 'literal' &&
      typeof one.value === 'string' &&
      one.at.file === node.at.file &&
      one.at.start >= node.at.start &&
      one.at.end <= node.at.end &&
      looksSecret(env.name, one.value)
    )
      keys.push({ at: placeOf(reading, one.at), value: one.value, sink: `setting ${env.name}`, fallbackOf: env.name })
}

const isSecretName = (name: string): boolean =>
  SECRET_NAME.test(name) && !NOT_A_SECRET.test(name.replace(SECRET_NAME, ''))

const looksSecret = (name: string, text: string): boolean => {
  const plain = (one: string) => one.toLowerCase().replace(/[^a-z0-9]/g, '')
  if (text.trim() === '' || /\s/.test(text.trim()) || text.length > 4000)
    return text.startsWith('-----BEGIN') && /PRIVATE/.test(text)
  if (
    /^(?:https?:)?\/\/|^\.{0,2}\/|^(?:true|false|null|none|undefined|string|bearer|basic|authorization|optional|required|hidden|omit|include|same-origin)$/i.test(
      text,
    )
  )
    return false
  // A mask (`••••`, `****`) hides one, and is none.
  if (/\$\{|\{\{|^<.*>$|^process\.env/.test(text) || !/[\p{L}\p{N}]/u.test(text)) return false
  // A list of names.
  if (/^[A-Z][A-Z0-9_]*(?:,[A-Z][A-Z0-9_]*)+$/.test(text)) return false
  // A key that names itself: RESET_PASSWORD = 'resetPassword', an injection token, a label.
  return (
    !(plain(name) === plain(text) && text.length < 40 && /[A-Z_-]/.test(text)) &&
    !(plain(text) === plain(name) && !/^(?:secret|password|secretkey)$/.test(plain(text)))
  )
}

/** Words that the program itself refuses: compared with, before it throws; in a list of what is too weak. */
export const refusedWords = (reading: Reading): ReadonlySet<string> => {
  const refused = new Set<string>()
  for (const module of reading.program.modules.values())
    walk(module.body, (node) => {
      if (node.kind === 'if' && stops(node.consequent)) {
        walk([node.test], (one) => {
          // `if (password !== 'hunter2') throw`: that word is the one that it takes.
          if (one.kind === 'binary' && one.operator === '!==') return false
          if (one.kind === 'literal' && typeof one.value === 'string') refused.add(one.value)
          const list =
            one.kind === 'call' &&
            one.callee.kind === 'member' &&
            /^(?:includes|has|indexOf|some)$/.test(lastName(one.callee) ?? '')
              ? one.callee.object
              : one.kind === 'binary' && one.operator === 'in'
                ? one.right
                : undefined
          const scope = list && reading.program.scopeOf(list)
          const value = list && scope && reading.evaluator.value(list, scope)
          if (value?.kind === 'list')
            for (const item of value.items) if (item.kind === 'literal') refused.add(String(item.value))
          return true
        })
      }
      if (
        node.kind === 'assign' &&
        /weak|forbidden|refus|banned|insecure|denied|blacklist|denylist|common_?(?:pass|sec)|known_?(?:bad|defaults?)/i.test(
          lastName(node.target) ?? '',
        )
      )
        walk(node.value ? [node.value] : [], (one) => {
          if (one.kind === 'literal' && typeof one.value === 'string') refused.add(one.value)
        })
    })
  return refused
}

const stops = (body: readonly Node[]): boolean => {
  let found = false
  walk(body, (node) => {
    if (node.kind === 'throw') found = true
    if (node.kind === 'call' && /^(?:exit|fatal|abort)$/.test(lastName(node.callee) ?? '')) found = true
  })
  return found
}
