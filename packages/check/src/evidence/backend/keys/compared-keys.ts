/**
 * Passwords and keys that what a caller sends is compared with, as literals: `if (password === 'hunter2')`. Whoever reads the source
 * gets in. A comparison that refuses the word (`if (password === 'changeme') throw`) is the contrary.
 */
import {
  lastName,
  type Member,
  type Node,
  pathOf,
  possibilities,
  type Scope,
  type Value,
  walk,
} from '../../source/index.ts'
import type { HardcodedKey } from '../facts.ts'
import { listIn } from '../known-lists.ts'
import { assignedTo, placeOf, type Reading } from '../reading.ts'
import type { Literal } from './literals.ts'

const PASSWORD =
  /(?:passw(?:or)?d|passphrase|passcode|pwd|secret|api_?key|master_?key|access_?key|admin_?key|auth_?key)s?$/i
/** Lexers have tokens too, and so has a protocol: there the value has to look like one. */
const TOKEN = /token$|^authorization$/i
const OTHERS = /csrf|xsrf|type|kind|name|confirm|repeat|reset|policy|placeholder|strength/i
/** A setting that is compared with its default is one that is about to be refused, or warned of. */
const SETTINGS = /(?:^|\.)(?:env|environ|config|settings?|process|options?)(?:\.|$)/i
const REFUSES =
  /\b4\d\d\b|\b(?:throw|raise|exit|abort|false|False|unauthorized|forbidden|HTTP_40[13]\w*)\b|unauthori[sz]ed|forbidden|reject|deny|denied|invalid|wrong|fail|error/i
/** What is said of a password that somebody should change. */
const QUALITY = /weak|common|strong|strength|warn|choose|change|default|placeholder/i
const COMPARES =
  /^(?:timingSafeEqual|compare_digest|safeCompare|safe_compare|constant_time_compare|tsscmp|timingSafeCompare)$/

export const comparedKeys = (reading: Reading): readonly HardcodedKey[] => {
  const keys: HardcodedKey[] = []
  const compare = (sent: Node, kept: Node) => {
    const name = nameOf(sent)
    // By its name first: to ask what each side of each comparison comes to would take as long as all the rest.
    if (name === undefined || !isSecretName(name)) return
    for (const literal of keptIn(reading, kept))
      if (isSecret(name, literal.text) && !comesFromSetting(reading, sent))
        keys.push({
          at: placeOf(reading, literal.at),
          value: bare(literal.text),
          sink: `what ${name} is compared with`,
        })
  }
  for (const module of reading.program.modules.values())
    walk(module.body, (node) => {
      const [one, other] = equalIn(node)
      if (one !== undefined && other !== undefined && (node.kind === 'call' || grants(reading, node))) {
        compare(one, other)
        compare(other, one)
      }
      const [sent, list] = amongIn(node)
      if (sent !== undefined && list !== undefined && grants(reading, node)) compare(sent, list)
    })
  return keys
}

/** The two sides of `a === b`, of `timingSafeEqual(a, b)`. */
const equalIn = (node: Node): readonly Node[] => {
  if (node.kind === 'binary') return /^[!=]==$/.test(node.operator) ? [node.left, node.right] : []
  return node.kind === 'call' && COMPARES.test(lastName(node.callee) ?? '') ? node.args.slice(0, 2).map(unwrapped) : []
}

/** What is sent, and what it has to be among: `KEYS.includes(key)`, `KEYS.has(key)`, Python's `key in KEYS`. */
const amongIn = (node: Node): readonly Node[] => {
  if (node.kind === 'binary') return node.operator === 'in' ? [node.left, node.right] : []
  const asks =
    node.kind === 'call' && node.callee.kind === 'member' && /^(?:includes|has)$/.test(lastName(node.callee) ?? '')
  const [sent] = asks ? node.args : []
  return asks && sent !== undefined ? [sent, node.callee.object] : []
}

/** `Buffer.from(token)`, `password.encode()`: the text in it. */
const unwrapped = (node: Node): Node => {
  if (node.kind !== 'call') return node
  if (/^(?:from|bytes|str|String)$/.test(lastName(node.callee) ?? '') && node.args[0]) return node.args[0]
  return node.callee.kind === 'member' && /^(?:encode|digest)$/.test(lastName(node.callee) ?? '')
    ? node.callee.object
    : node
}

/** What the other side is called: `req.body.password`, `request.headers.get("X-API-Key")`; undefined where it is a setting. */
const nameOf = (node: Node): string | undefined => {
  if (node.kind === 'name') return node.name
  if (node.kind !== 'call') return node.kind === 'member' && !isSetting(node) ? lastName(node) : undefined
  const [key] = node.args
  const reads = /^(?:get|header|getlist|param|query|pop)$/.test(lastName(node.callee) ?? '')
  return reads && key?.kind === 'literal' && !isSetting(node.callee) ? String(key.value) : undefined
}

const comesFromSetting = (reading: Reading, node: Node): boolean => {
  const scope = node.kind === 'name' ? reading.program.scopeOf(node) : undefined
  return scope !== undefined && possibilities(reading.evaluator.value(node, scope)).some((one) => one.kind === 'env')
}

const isSetting = (node: Node): boolean => SETTINGS.test((pathOf(node) ?? []).join('.'))

/** The text that a side is, those of the list that it is, or of the records that it is a member of: `USERS.find((user) => user.password === …)`. */
const keptIn = (reading: Reading, node: Node): readonly Literal[] => {
  const scope = reading.program.scopeOf(node)
  if (node.kind === 'literal') return textsIn(reading, node)
  if (scope === undefined) return []
  const picked = pickedIn(reading, node, scope)
  if (picked.length > 0) return picked.flatMap((one) => (one.kind === 'literal' ? textsIn(reading, one) : []))
  if (node.kind === 'member') return recordsOf(reading, node, scope).flatMap((one) => textsIn(reading, one))
  return node.kind === 'name' || node.kind === 'list' ? textsIn(reading, reading.evaluator.value(node, scope)) : []
}

const textsIn = (reading: Reading, value: Value): readonly Literal[] => {
  if (value.kind === 'literal') return typeof value.value === 'string' ? [{ text: value.value, at: value.at }] : []
  return (listIn(reading, value) ?? []).flatMap((one) => textsIn(reading, one))
}

/** What is picked from a written record by a key that is sent, also by the name that it was given: `USERS[name]`, `USERS.get(name)`. */
const pickedIn = (reading: Reading, node: Node, scope: Scope, depth = 0): readonly Value[] => {
  const given = node.kind === 'name' && depth < 2 ? assignedTo(node.name, scope) : undefined
  if (given !== undefined) return pickedIn(reading, given.node, given.scope, depth + 1)
  const record =
    node.kind === 'member' && node.property.kind !== 'literal'
      ? node.object
      : node.kind === 'call' && node.callee.kind === 'member' && lastName(node.callee) === 'get'
        ? node.callee.object
        : undefined
  const value = record && reading.evaluator.value(record, scope)
  return value?.kind === 'object' ? [...value.entries.values()] : []
}

/** What each record of a written list has under that name, where the member's object is picked from it, or is the one that a callback is given. */
const recordsOf = (reading: Reading, { object, property }: Member, scope: Scope): readonly Value[] => {
  const picked = property.kind === 'literal' ? pickedIn(reading, object, scope) : []
  if (picked.length > 0) return picked.flatMap((one) => memberOf(one, property))
  const callback = scope.owner?.kind === 'function' ? scope.owner : undefined
  const [given] = callback?.parameters ?? []
  const call = callback && reading.program.parentOf(callback)
  const outer = call && reading.program.scopeOf(call)
  if (object.kind !== 'name' || property.kind !== 'literal' || given === undefined) return []
  if (lastName(given.target) !== object.name || outer === undefined) return []
  if (call?.kind !== 'call' || call.callee.kind !== 'member' || !GOES_THROUGH.test(lastName(call.callee) ?? ''))
    return []
  const list = reading.evaluator.value(call.callee.object, outer)
  return list.kind === 'list' ? list.items.flatMap((one) => memberOf(one, property)) : []
}

const memberOf = (record: Value, property: Node): readonly Value[] => {
  const name = property.kind === 'literal' ? String(property.value) : ''
  const found = record.kind === 'object' ? record.entries.get(name) : undefined
  return found === undefined ? [] : [found]
}

const GOES_THROUGH = /^(?:find|some|filter|findIndex)$/

const bare = (text: string): string => text.replace(/^(?:Bearer|Basic|Token|ApiKey) /i, '')

/** `tokenBuffer`, `x-api-key`: the word in it. */
const plain = (name: string): string => name.replaceAll('-', '_').replace(/_?(?:bytes|buffer|buf)$/i, '')

const isSecretName = (name: string): boolean =>
  !OTHERS.test(plain(name)) && (PASSWORD.test(plain(name)) || TOKEN.test(plain(name)))

const isSecret = (name: string, whole: string): boolean => {
  const text = bare(whole)
  if (!/^[^\s<>{}$/][^\s<>{}$]{3,199}$/.test(text) || !/[A-Za-z0-9]/.test(text)) return false
  if (PASSWORD.test(plain(name)))
    return !/^(?:string|undefined|null|none|true|false|required|unchanged|hidden|redacted)$/i.test(text)
  return /[A-Za-z]/.test(text) && /\d/.test(text) && text.length > 7 && !text.startsWith('-')
}

/** What the whole is called that it is part of says of a comparison outside of a test: `const isWeak = password === 'letmein1'`. */
const isOfQuality = (reading: Reading, node: Node): boolean => {
  for (let one = reading.program.parentOf(node); one !== undefined; one = reading.program.parentOf(one)) {
    const name =
      one.kind === 'assign' ? lastName(one.target) : one.kind === 'function' ? reading.program.nameOf(one) : undefined
    if (name !== undefined) return QUALITY.test(name)
  }
  return false
}

/** Whether being equal lets somebody in. In a test, what it is followed by tells: a refusal of what is equal is none. */
const grants = (reading: Reading, node: Node): boolean => {
  let inner = node
  let parent = reading.program.parentOf(node)
  let isEqual = node.kind !== 'binary' || node.operator !== '!=='
  while (parent?.kind === 'logical' || (parent?.kind === 'unary' && parent.operator === '!')) {
    if (parent.kind === 'unary') isEqual = !isEqual
    inner = parent
    parent = reading.program.parentOf(parent)
  }
  if (parent?.kind !== 'if' || parent.test !== inner) return isEqual && !isOfQuality(reading, node)
  const [first, last] = [parent.consequent[0], parent.consequent.at(-1)]
  const text = reading.program.modules.get(node.at.file)?.text ?? ''
  const then = first === undefined || last === undefined ? '' : text.slice(first.at.start, last.at.end)
  return isEqual !== (REFUSES.test(then) || QUALITY.test(then))
}
