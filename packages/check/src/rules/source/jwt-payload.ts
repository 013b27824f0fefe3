import { isRecord, type Token } from '../../evidence/backend/index.ts'
import { pathOf, possibilities, type Value } from '../../evidence/source/index.ts'
import type { Observation } from '../../items/index.ts'
import type { SourceFacts } from './facts.ts'
import { readsOthers } from './read-tokens.ts'
import { at, count, fail, notApplicable, note, notProven, pass, warn } from './say.ts'

const PASSWORD = /pass(?:word|wd|phrase)?(?:_?(?:hash|digest|salt))?$|pwd|hashed?_?pass|secret_?answer/i
const PERSONAL =
  /e?-?mail|phone|mobile|(?:first|last|full|given|family|middle|user|display|nick|sur)_?name|^(?:name|login|nick)$|address|birth|dob$|ssn|gender|avatar|picture|image|photo|^bio$|country|city|credit|card|company/i
const ROLE =
  /roles?$|permissions?|privileges?|rights$|is_?admin|^admin$|is_?(?:super_?user|staff|moderator)|superuser|authorities|abilities|user_?type|access_?level|^scopes?$|groups?$|grants?$/i
const WHOLE =
  /^(?:user|account|profile|customer|member|person|dbUser|existingUser|foundUser|userData|userInfo|safeUser|publicUser|doc|data)$/i
/** What somebody logs in with, whichever it is. */
const LOGIN_NAME = /user_?name_?or_?e?-?mail|e?-?mail_?or_?user_?name/i
/** Identifiers, times and kinds of token (RFC 7519, 4.1; RFC 9068). */
const PLAIN =
  /^(?:sub|iss|aud|exp|nbf|iat|jti|sid|typ|type|token_?type|use|token_?use|version|token_?version|ver|v|client_?id|session(?:_?id)?|tenant(?:_?id)?|org(?:_?id)?|_?id|uid|uuid|user_?id|hash|kind|purpose|azp|nonce|fresh|csrf|iss?ued_?at|expires?(?:_?at|_?in)?|status|bid|device_?id|family)$/i

export const jwtPayload = ({ backend }: SourceFacts): Observation[] => {
  const tokens = backend.tokens.filter((one) => one.purpose !== 'other')
  const issued = backend.issuers.map((one) =>
    pass('jwt-payload', 'Portcullis makes the tokens: they carry the ids of the account and the session, and times.', [
      at(one.at),
    ]),
  )
  if (tokens.length === 0) {
    const where = note(`none in ${count(backend.files, 'file')}`)
    const elsewhere = readsOthers(backend)
    if (elsewhere === undefined && issued.length > 0) return issued
    return elsewhere === undefined
      ? [notApplicable('jwt-payload', 'No call of a known token library makes a token for sessions.', [where])]
      : [
          notProven('jwt-payload', 'Tokens are read here and made somewhere else.', [where, at(elsewhere.at)]),
          ...issued,
        ]
  }
  return [...tokens.map(judge), ...issued]
}

const judge = (token: Token): Observation => {
  const where = [at(token.at), ...token.through.map(at)]
  const found = possibilities(token.claims).map((one) => inClaims(one, 0))
  const bad = found.flatMap((one) => one.bad)
  if (bad.length > 0)
    return fail('jwt-payload', `The token carries ${[...new Set(bad)].slice(0, 5).join(', ')}.`, where)
  const open = found.flatMap((one) => one.open)
  if (open.length > 0)
    return notProven(
      'jwt-payload',
      `What the token carries could not be followed: ${open.slice(0, 3).join(', ')}.`,
      where,
    )
  const odd = found.flatMap((one) => one.odd)
  if (odd.length > 0)
    return warn('jwt-payload', `The token carries ${[...new Set(odd)].slice(0, 5).join(', ')}.`, where, {
      confidence: 'medium',
    })
  const names = [...new Set(found.flatMap((one) => one.names))]
  return pass(
    'jwt-payload',
    names.length === 0 ? 'The token carries nothing of its own.' : `The token carries ${names.join(', ')}.`,
    where,
  )
}

interface Claims {
  readonly bad: string[]
  readonly open: string[]
  readonly odd: string[]
  readonly names: string[]
}

const inClaims = (value: Value, depth: number): Claims => {
  const claims: Claims = { bad: [], open: [], odd: [], names: [] }
  if (value.kind === 'instance') {
    const fields = value.class.node.members.flatMap((one) =>
      one.kind === 'assign' && one.target.kind === 'name' ? [one.target.name] : [],
    )
    for (const name of fields) nameOnly(name, claims)
    if (fields.length === 0) claims.open.push(value.class.node.name ?? 'an object')
    return claims
  }
  if (value.kind === 'literal') {
    // jwt.sign(userId, …): a bare subject.
    if (value.value !== null) claims.names.push('a literal')
    return claims
  }
  const picked = pickedFields(value)
  if (picked !== undefined) {
    for (const name of picked) nameOnly(name, claims)
    // A store may give more than was asked for: virtual fields, getters.
    if (claims.bad.length === 0) claims.open.push(labelOf(value))
    return claims
  }
  if (value.kind !== 'object') {
    const label = labelOf(value)
    if (isRecord(value)) claims.bad.push(`the whole of ${WHOLE.test(label) ? label : 'a record'}`)
    else if (WHOLE.test(label) && label !== 'data') claims.bad.push(`the whole of ${label}`)
    else if (/(?:^|_)id$|Id$/.test(label)) claims.names.push(label)
    else claims.open.push(label === '' ? 'an expression' : label)
    return claims
  }
  for (const [name, one] of value.entries) claim(name, one, claims, depth)
  for (const rest of value.rest) {
    const inner = inClaims(rest, depth + 1)
    const label = labelOf(rest)
    if (inner.bad.length > 0) claims.bad.push(...inner.bad)
    else if (rest.kind !== 'object' && rest.kind !== 'instance' && /user|account|profile|member|customer/i.test(label))
      claims.bad.push(`the whole of ${label}`)
    else claims.open.push(...inner.open.map((one) => `...${one}`))
    claims.odd.push(...inner.odd)
  }
  return claims
}

const nameOnly = (name: string, claims: Claims): void => {
  if (PASSWORD.test(name)) claims.bad.push(`a password (${name})`)
  else if (ROLE.test(name)) claims.bad.push(`a role (${name})`)
  else if (PERSONAL.test(name)) claims.bad.push(`personal data (${name})`)
  else claims.names.push(name)
}

const claim = (name: string, value: Value, claims: Claims, depth: number): void => {
  const labels = possibilities(value).map(labelOf)
  if (PASSWORD.test(name) || labels.some((one) => PASSWORD.test(one))) claims.bad.push(`a password (${name})`)
  else if (ROLE.test(name) || labels.some((one) => ROLE.test(one)) || possibilities(value).some(asksRole))
    claims.bad.push(`a role (${name})`)
  else if (/^(?:sub|subject|identity)$/i.test(name)) {
    if (labels.some((one) => LOGIN_NAME.test(one))) claims.odd.push(`a name as ${name}`)
    else if (labels.some((one) => /e?-?mail|phone/i.test(one)))
      claims.bad.push(`personal data (${name} is an e-mail address or a phone number)`)
    else if (labels.some((one) => /^(?:user)?_?name$|user_?name|login$/i.test(one)))
      claims.odd.push(`a name as ${name}`)
    else nested(name, value, claims, depth)
  } else if (PLAIN.test(name)) {
    if (labels.some((one) => /^e?-?mail(?:str)?$/i.test(one)))
      claims.bad.push(`personal data (${name} is an e-mail address)`)
    else nested(name, value, claims, depth)
  } else if (PERSONAL.test(name) || labels.some((one) => /^e?-?mail$|user_?name$|phone/i.test(one)))
    claims.bad.push(`personal data (${name})`)
  else if (WHOLE.test(name) || labels.some((one) => WHOLE.test(one)) || possibilities(value).some(isRecord)) {
    const object = possibilities(value).find(
      (one) => (one.kind === 'object' && one.rest.length === 0) || pickedFields(one) !== undefined,
    )
    if (object === undefined) claims.bad.push(`the whole of ${name}`)
    else nested(name, object, claims, depth)
  } else nested(name, value, claims, depth)
}

/** `user.role === 'admin'`, `user.roles.includes('admin')`, `!user.isAdmin`: the answer is as old as the role would be. */
const asksRole = (value: Value): boolean => {
  if (value.kind !== 'unknown') return false
  const asked = (value.asks ?? []).flatMap(possibilities)
  // Whether there is one at all says nothing of which.
  if (asked.some((one) => one.kind === 'literal' && one.value === null)) return false
  const [of = '', method = ''] = (value.label ?? []).filter((one) => one !== '()').slice(-2)
  return (
    (/^(?:includes|has|some|indexOf)$/.test(method) && isRole(of)) ||
    asked.some((one) => isRole(labelOf(one)) || asksRole(one))
  )
}

/** The scope and the grant of a request are asked for what kind of token it is. */
const isRole = (label: string): boolean => ROLE.test(label) && !/scopes?$|grants?$/i.test(label)

/** An object inside is claims too; anything else is one claim. */
const nested = (name: string, value: Value, claims: Claims, depth: number): void => {
  const inner =
    depth < 3
      ? possibilities(value)
          .filter((one) => one.kind === 'object' || pickedFields(one) !== undefined)
          .map((one) => inClaims(one, depth + 1))
      : []
  for (const one of inner) {
    claims.bad.push(...one.bad)
    claims.odd.push(...one.odd)
    claims.open.push(...one.open)
  }
  claims.names.push(name)
}

const labelOf = (value: Value): string => {
  if (value.kind === 'list') return value.items.map(labelOf).find((one) => one !== '') ?? ''
  const path = value.kind === 'unknown' ? (value.label ?? []) : value.kind === 'external' ? pathTo(value) : []
  const [before = '', last = ''] = ['', ...path]
    .filter(
      (one) =>
        one !== '()' &&
        !/^(?:toString|toJSON|toObject|to_dict|dict|model_dump|hex|_doc|dataValues|lower|toLowerCase)$/.test(one),
    )
    .slice(-2)
  return FINDS.test(last) && pickedFields(value) === undefined
    ? before.replace(/s?(?:Model|Repository|Repo|Service)?$/, '')
    : last
}

/** Mongoose's models are called as the program calls them. */
const pathTo = ({ from, path, call }: Extract<Value, { kind: 'external' }>): readonly string[] =>
  (from === 'mongoose' && call !== undefined ? pathOf(call.node) : undefined) ?? path

/** What gives back a whole record, of what stands before it: `User.findOne()`, `prisma.user.findUnique()`. */
const FINDS = /^(?:find(?:One|First|Unique)(?:OrThrow|OrFail)?|find(?:One)?By\w+)$/

/** `findUnique({ select: { id: true } })`, `findOne({ attributes: ['id'] })`: the fields that it gives, and no other. `(…).id` is one of them. */
const pickedFields = (value: Value): readonly string[] | undefined => {
  if (value.kind !== 'external' || value.call === undefined || value.path.at(-1) !== '()') return
  for (const one of value.call.node.args)
    for (const { key, value: fields } of one.kind === 'object' ? one.entries : [])
      if (key.kind === 'literal' && /^(?:select|attributes|columns|projection)$/.test(String(key.value)))
        return fields.kind === 'object'
          ? fields.entries.flatMap((each) => (each.key.kind === 'literal' ? String(each.key.value) : []))
          : fields.kind === 'list'
            ? fields.items.flatMap((each) => (each.kind === 'literal' ? String(each.value) : []))
            : []
  return
}
