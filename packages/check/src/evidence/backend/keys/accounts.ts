/**
 * Passwords of accounts that the program itself makes: seeds, first administrators, scripts that set a database up. Whoever reads
 * the source can log in, wherever that ran. What was hashed before is no password any more.
 */
import {
  type Assign,
  type Call,
  type Frame,
  type Located,
  lastName,
  type Node,
  possibilities,
  type Value,
} from '../../source/index.ts'
import type { HardcodedKey } from '../facts.ts'
import { placeOf, type Reading, whenOf } from '../reading.ts'

/** What puts a record into a store; a class that is called like an account is made of one. */
const WRITES =
  /^(?:insert|insert_?one|insert_?many|create|create_?many|create_?and_?save|bulk_?create|bulk_?insert|save|upsert|find_?or_?create|get_?or_?create|add|values)$/i
const MAKES =
  /^(?:create|add|make|insert|seed|register|new)_?(?:new_?|test_?|default_?|initial_?|first_?|super_?)*(?:user|admin|account|customer|member|employee|staff)s?$/i
const ACCOUNT =
  /^(?:[A-Z]\w*)?(?:User|Admin|Account|Customer|Member|Employee)(?:s|Entity|Model|Create|Schema|Data|Dto)?$/
const WHO = /^(?:user_?name|user|e_?-?mail(?:_?address)?|login|phone(?:_?number)?|account)$/i
const PASSWORD = /^(?:(?:plain|raw|hashed|encrypted|user|admin)_?)?(?:password|passwd|pwd|pass)(?:_?hash)?$/i
const HASHES = /hash|encrypt|bcrypt|crypt$|make_?password|generate_?password/i
/** Of an account that has none, and what stands for one in messages and rules. */
const NONE =
  /^\W*$|^(?:n\/?a|none|null|undefined|unused|unusable|hidden|redacted|required|optional|string|text|\*+|x+|google|github|facebook|oauth2?|sso|social|ldap|saml|external|password\.?hash)$|required|^min\W|:\d/i
/** bcrypt, argon2, scrypt, pbkdf2, crypt, and digests in hexadecimal. */
const HASHED = /^\$?(?:2[abxy]|argon2\w*|scrypt|pbkdf2\w*|s0|[156])\$|^(?:[0-9a-f]{32,128})$|^(?:pbkdf2|bcrypt)_\w+\$/i

export const accountKeys = (reading: Reading): HardcodedKey[] => {
  const keys: HardcodedKey[] = []
  const add = (password: Value | undefined, from: Node, how: string) => {
    for (const one of password === undefined ? [] : plainOf(reading, password))
      if (isPassword(one.text) && whenOf(reading, from) !== 'development' && !forDevelopment(from.at.file))
        keys.push({ at: placeOf(reading, one.at), value: one.text, sink: `the password of an account (${how})` })
  }
  const put = new Map<string, Assign[]>()
  for (const module of reading.program.modules.values())
    for (const [node, scope] of reading.program.scopes(module).around) {
      if (node.kind === 'assign') remember(put, node)
      if (node.kind !== 'call' || !makesAccounts(node)) continue
      for (const record of recordsIn(reading, { node, scope }))
        add(passwordOf(record), node, lastName(node.callee) ?? 'made')
    }
  for (const assigns of put.values()) {
    const record = new Map<string, Value>()
    for (const one of assigns) {
      const scope = reading.program.scopeOf(one)
      if (one.value !== undefined && scope !== undefined)
        record.set(lastName(one.target) ?? '', reading.evaluator.value(one.value, scope))
    }
    const [first] = assigns
    if (first !== undefined) add(passwordOf(record), first, 'set')
  }
  return keys
}

const makesAccounts = ({ callee, args, named }: Call): boolean => {
  const name = lastName(callee)
  return (
    name !== undefined &&
    args.length + named.size > 0 &&
    (WRITES.test(name) || MAKES.test(name) || (ACCOUNT.test(name) && /^[A-Z]/.test(name)))
  )
}

type Record = ReadonlyMap<string, Value>

const MOST_FRAMES = 20

/** The objects that a call is given, or that are keyword arguments themselves. */
const recordsIn = (reading: Reading, { node, scope }: Located<Call>): readonly Record[] => {
  const of = (frame: Frame | undefined): readonly Record[] => [
    ...node.args.flatMap((arg) => objectsIn(reading.evaluator.value(arg, scope, frame), 0)),
    ...(node.named.size === 0
      ? []
      : [new Map([...node.named].map(([name, one]) => [name, reading.evaluator.value(one, scope, frame)]))]),
  ]
  // Only where parameters decide is it worth asking who calls.
  const plain = of(undefined)
  const isOpen = plain.some((one) => [...one].some(([name, value]) => PASSWORD.test(name) && value.kind === 'unknown'))
  return isOpen ? reading.evaluator.callGraph.frames(scope).slice(0, MOST_FRAMES).flatMap(of) : plain
}

/** `{ data: {…} }`, `{ where, create: {…} }`, `{ defaults: {…} }` and lists of them. */
const objectsIn = (value: Value, depth: number): readonly Record[] =>
  possibilities(value).flatMap((one): readonly Record[] => {
    if (one.kind === 'list') return depth > 2 ? [] : one.items.flatMap((item) => objectsIn(item, depth + 1))
    if (one.kind !== 'object') return []
    const inner = ['data', 'create', 'defaults', 'values'].flatMap((name) => {
      const given = one.entries.get(name)
      return given === undefined || depth > 2 ? [] : objectsIn(given, depth + 1)
    })
    return [one.entries, ...inner]
  })

/** The password of a record that also says whose it is. */
const passwordOf = (record: Record): Value | undefined => {
  const entries = [...record]
  const who = entries.some(([name, value]) => WHO.test(name) && possibilities(value).some(isText))
  // Mongo's shell: db.createUser({ user, pwd, roles }).
  const grants = record.has('user') && record.has('pwd') && record.has('roles')
  return who || grants ? entries.find(([name]) => PASSWORD.test(name))?.[1] : undefined
}

const isText = (value: Value): boolean =>
  value.kind === 'literal' && typeof value.value === 'string' && value.value !== ''

/** The literal itself, or what is hashed: `await bcrypt.hash('secret', 10)`. */
const plainOf = (reading: Reading, value: Value): readonly { text: string; at: Value['at'] }[] =>
  possibilities(value).flatMap((one) => {
    if (one.kind === 'literal') return typeof one.value === 'string' ? [{ text: one.value, at: one.at }] : []
    const call = one.kind === 'external' ? one.call : undefined
    const node = call?.node ?? (one.kind === 'unknown' && one.node?.kind === 'call' ? one.node : undefined)
    const [given] = node?.args ?? []
    if (node === undefined || given === undefined || !HASHES.test(lastName(node.callee) ?? '')) return []
    const scope = call?.scope ?? reading.program.scopeOf(node)
    const hashed = scope && reading.evaluator.value(given, scope)
    return hashed?.kind === 'literal' && typeof hashed.value === 'string' ? [{ text: hashed.value, at: hashed.at }] : []
  })

const isPassword = (text: string): boolean =>
  text.length > 1 && text.length < 100 && !/\s\S+\s/.test(text) && !NONE.test(text) && !HASHED.test(text)

/** `user.email = 'a@b.c'; user.password = 'x'`, by the object and the function. */
const remember = (put: Map<string, Assign[]>, node: Assign): void => {
  const { target } = node
  if (target.kind !== 'member' || target.object.kind !== 'name' || node.declares) return
  const name = lastName(target) ?? ''
  if (!WHO.test(name) && !PASSWORD.test(name)) return
  const key = `${node.at.file}:${target.object.name}`
  put.set(key, [...(put.get(key) ?? []), node])
}

const forDevelopment = (file: string): boolean =>
  /(?:^|[._/-])(?:dev|development|local|tests?|testing|e2e|fixtures?|fakes?|mocks?)(?:[._/-]|$)/i.test(file)
