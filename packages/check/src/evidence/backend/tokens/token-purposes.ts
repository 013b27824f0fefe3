/** What a token is for, by the words around the call that makes it. */
import {
  type Call,
  type Frame,
  type FunctionNode,
  type Located,
  lastName,
  type Node,
  pathOf,
  possibilities,
  type Value,
  walk,
} from '../../source/index.ts'
import type { Token } from '../facts.ts'
import type { Reading } from '../reading.ts'
import { isGivenOut } from './given-out.ts'
import { ACCESS, claimsOther, isHandedIn, makesOther, namesOther, REFRESH } from './purpose-words.ts'
import type { Signing } from './signing-libraries.ts'

/** What a token is for, by the names nearest to it: its type claim, the arguments, the variable, the setting, the function. */
export const purposeOf = (reading: Reading, signing: Signing, frame: Frame | undefined): Token['purpose'] => {
  if (possibilities(signing.claims).every(namesNobody) || isPartOfPath(reading, signing.call)) return 'other'
  // Flask-JWT-Extended and its kin have a call for each: nothing around it says it better.
  const called = lastName(signing.call.node.callee) ?? ''
  if (/^create_refresh_token$/.test(called)) return 'refresh'
  const words: string[] = []
  for (const one of possibilities(signing.claims))
    if (one.kind === 'object')
      for (const key of ['type', 'token_type', 'tokenType', 'typ', 'use', 'token_use', 'scope', 'purpose', 'action']) {
        const type = one.entries.get(key)
        // `scope: 'user download'` is what may be done with it.
        if (type?.kind === 'literal' && !String(type.value).includes(' ')) words.push(String(type.value))
        else if (type?.kind === 'external' || type?.kind === 'unknown')
          words.push((type.kind === 'external' ? type.path : (type.label ?? [])).slice(-1).join(''))
      }
  const around = functionAroundCall(reading, signing.call)
  const inner = around?.name ?? ''
  const assigned = assignedName(reading, signing.call)
  // generateAccessToken, createRefreshToken: the function says it better than what it is called with; refreshAccessToken makes both.
  for (const name of namesBoth(inner) ? [assigned, inner] : [inner, assigned])
    if (/(?:access|refresh)_?token/i.test(name)) words.push(name)
  // An access token may name the refresh token that it came with.
  if (signing.claims.kind === 'object')
    for (const [key, value] of signing.claims.entries)
      if ((REFRESH.test(key) && !/id$/i.test(key)) || claimsOther(key, isSaid(value))) words.push(key)
  words.push(assigned)
  if (frame?.call !== undefined) {
    for (const value of frame.parameters.values())
      if (value.kind === 'literal' && typeof value.value === 'string' && value.value.length < 40)
        words.push(value.value)
    for (const arg of frame.call.node.args) words.push(...wordsIn(arg))
    words.push(assignedName(reading, frame.call))
  }
  words.push(...namesIn(signing.key), ...(signing.expires ? namesIn(signing.expires) : []))
  for (const arg of signing.call.node.args.slice(1)) words.push(...wordsIn(arg))
  if ((frame !== undefined || /^(?:generate|create|sign|issue|make|get|build|new)/i.test(inner)) && around?.says)
    words.push(inner)
  const outer = frame?.call ? functionAroundCall(reading, frame.call) : around
  if (outer?.says && namesOther(outer.name) && !ACCESS.test(outer.name)) words.push(outer.name)
  for (const word of words) {
    if (REFRESH.test(word) && !namesBoth(word)) return 'refresh'
    if (namesOther(word)) return 'other'
    if (ACCESS.test(word)) return 'access'
  }
  return 'access'
}

/** Written out: `true`, `'password'`. */
const isSaid = (value: Value): boolean =>
  value.kind === 'literal' && (value.value === true || (typeof value.value === 'string' && value.value !== ''))

const namesBoth = (name: string): boolean => REFRESH.test(name) && /access/i.test(name)

/** `{ iss: KEY_ID, aud: 'https://api.other.example' }`: a program shows it to another service (RFC 7523), and no user of ours comes with it. */
const namesNobody = (claims: Value): boolean =>
  claims.kind === 'object' &&
  claims.rest.length === 0 &&
  claims.entries.has('iss') &&
  [...claims.entries.keys()].every((name) => /^(?:iss|aud|iat|exp|nbf)$/.test(name))

/** `'/screenshots/' + jwt.sign(…)`: it opens what the path leads to. Behind a `?` it may be anything. */
const isPartOfPath = (reading: Reading, { node }: Located<Call>): boolean => {
  const around = reading.program.parentOf(node)
  const before =
    around?.kind === 'binary' && around.operator === '+' && around.right === node
      ? around.left
      : around?.kind === 'template'
        ? around.parts[around.parts.indexOf(node) - 1]
        : undefined
  return before?.kind === 'literal' && typeof before.value === 'string' && /^[^?#]*\/$/.test(before.value)
}

const wordsIn = (node: Node): string[] => {
  const words: string[] = []
  walk([node], (one) => {
    if ((one.kind === 'name' || one.kind === 'member') && isHandedIn(pathOf(one) ?? [])) return false
    if (
      one.kind === 'literal' &&
      typeof one.value === 'string' &&
      one.value.length < 40 &&
      one.at.end - one.at.start > 0
    )
      words.push(one.value)
    if (one.kind === 'name') words.push(one.name)
    return one.kind !== 'function'
  })
  return words.filter((one) => REFRESH.test(one) || namesOther(one) || /access/i.test(one))
}

const namesIn = (value: Value): string[] =>
  possibilities(value).flatMap((one) =>
    one.kind === 'env' ? [one.name] : one.kind === 'unknown' ? [one.label?.at(-1) ?? ''] : [],
  )

/** The variable, property or field that a call's result is put in. */
const assignedName = (reading: Reading, { node }: Located<Call>): string => {
  let inner: Node = node
  for (
    let outer = reading.program.parentOf(node);
    outer !== undefined && outer.kind !== 'function';
    inner = outer, outer = reading.program.parentOf(outer)
  ) {
    if (outer.kind === 'object') {
      const entry = outer.entries.find((one) => one.value === inner)
      if (entry?.key.kind === 'literal') return String(entry.key.value)
    }
    if (outer.kind !== 'assign') continue
    // [access, refresh] = await Promise.all([sign(…), sign(…)])
    const list = outer.value?.kind === 'call' ? outer.value.args[0] : undefined
    if (outer.target.kind === 'list' && list?.kind === 'list') {
      const target =
        outer.target.items[list.items.findIndex((item) => item.at.start <= node.at.start && item.at.end >= node.at.end)]
      return (target && lastName(target)) ?? ''
    }
    return lastName(outer.target) ?? ''
  }
  return ''
}

/** The nearest function that has a name, and whether that name says what the call makes. */
const functionAroundCall = (
  reading: Reading,
  { node, scope }: Located<Call>,
): { readonly name: string; readonly says: boolean } | undefined => {
  for (let one: typeof scope | undefined = scope; one !== undefined; one = one.parent) {
    const owner: FunctionNode | undefined = one.owner?.kind === 'function' ? one.owner : undefined
    const name = owner && reading.program.nameOf(owner)
    if (owner !== undefined && name !== undefined)
      return { name, says: !namesOther(name) || makesOther(name) || !isGivenOut(reading, node, owner) }
  }
  return
}
