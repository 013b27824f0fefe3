/** What whoever calls writes: the credential, and all else that comes in headers, cookies, the query or the body. */
import { type Call, lastName, lookup, type Node, type Parameter, pathOf, type Scope } from '../../source/index.ts'

/** `"Authorization" in request.headers` */
export const isAmong = (node: Node, scope: Scope, isSuch: (key: Node) => boolean): boolean =>
  node.kind === 'binary' &&
  node.operator === 'in' &&
  node.left.kind === 'literal' &&
  isSuch(node.left) &&
  PART.test(lastName(node.right) ?? '') &&
  isOfRequest(pathOf(node.right) ?? [], scope)

const CREDENTIAL = /(?:^|[-_a-z])(?:token|jwt|bearer|authorization|auth_?header|api[-_]?key|credentials?)$/i
const OF_TEXT = /^(?:startsWith|startswith|toLowerCase|lower|trim|strip|split|replace|toString)$/

/** The token itself, or the header that it comes in. */
export const namesCredential = (node: Node, scope: Scope, depth = 0): boolean => {
  if (node.kind === 'logical') return [node.left, node.right].every((one) => namesCredential(one, scope, depth))
  if (node.kind === 'call') {
    if (node.callee.kind === 'member' && OF_TEXT.test(lastName(node.callee) ?? ''))
      return namesCredential(node.callee.object, scope, depth)
    return node.args.some(namesText) && readsSent(pathOf(node.callee) ?? [lastName(node.callee) ?? ''])
  }
  if (node.kind === 'member') return CREDENTIAL.test(lastName(node) ?? '')
  if (node.kind !== 'name') return false
  if (CREDENTIAL.test(node.name)) return true
  const [binding] = lookup(scope, node.name)
  if (binding?.kind === 'parameter') return isFilled(binding.node.parameters[binding.index])
  // const { 'x-api-key': key } = req.headers
  if (binding?.kind === 'value' && CREDENTIAL.test(String(binding.path.at(-1) ?? ''))) return true
  const value = binding?.kind === 'value' && binding.path.length === 0 ? binding.assign.value : undefined
  return depth < 3 && value !== undefined && namesCredential(value, scope, depth + 1)
}

/** FastAPI fills it with what was sent: `sid: str | None = Cookie(None)`, `x_api_key = Header()`, `found = Depends(bearer)`. */
export const isFilled = (parameter: Parameter | undefined): boolean => {
  const name = (parameter && lastName(parameter.target)) ?? ''
  return filledBy(parameter).some(
    (one) =>
      /^(?:Cookie|Security)$/.test(lastName(one.callee) ?? '') ||
      (lastName(one.callee) === 'Header' && /key|token|auth|secret|signature/i.test(name)) ||
      (lastName(one.callee) === 'Depends' && SCHEMES.test(lastName(one.args[0] ?? one) ?? '')),
  )
}

/** The name under which FastAPI fills a parameter with a header or a cookie: `x_user_id: str = Header()`. */
export const sentAs = (parameter: Parameter): string | undefined =>
  filledBy(parameter).some((one) => /^(?:Header|Cookie)$/.test(lastName(one.callee) ?? ''))
    ? lastName(parameter.target)?.replaceAll('_', '-')
    : undefined

const filledBy = (parameter: Parameter | undefined): readonly Call[] =>
  [parameter?.initial, parameter?.type?.kind === 'member' ? parameter.type.property : undefined]
    .flatMap((one) => (one?.kind === 'list' ? one.items : one === undefined ? [] : [one]))
    .flatMap((one) => (one.kind === 'call' ? [one] : []))

/** What schemes are called: `oauth2_scheme`, `bearer`, `api_key_header`. */
const SCHEMES = /oauth2?|bearer|scheme|security|^header$|key_?(?:header|cookie|query)$/i

export const namesText = (node: Node): boolean => node.kind === 'literal' && CREDENTIAL.test(String(node.value))

const READS = /^(?:get|header|query|cookies?)$/

/** `req.get`, `c.req.header`, `request.headers.get`. `request.session.get` and Hono's `c.get` give what others found out. */
const readsSent = (path: readonly string[]): boolean =>
  READS.test(path.at(-1) ?? '') && !/(?:^|\.)session\.|^(?:c|ctx|context)\.get$/.test(path.join('.'))

export const isWritten = (node: Node, scope: Scope, depth = 0): boolean => {
  if (namesCredential(node, scope)) return false
  // req.get('origin') ?? ''
  if (node.kind === 'logical') return node.right.kind === 'literal' && isWritten(node.left, scope, depth)
  if (node.kind === 'call') {
    const path = pathOf(node.callee) ?? []
    if (readsSent(path)) return isOfRequest(path, scope) && node.args[0]?.kind === 'literal'
    const text = textIn(node)
    return text !== undefined && isWritten(text, scope, depth)
  }
  if (node.kind === 'member') return isPart(pathOf(node) ?? [], scope)
  if (node.kind !== 'name' || depth > 2) return false
  const [binding] = lookup(scope, node.name)
  const value = binding?.kind === 'value' ? binding.assign.value : undefined
  if (binding?.kind !== 'value' || value === undefined) return false
  if (binding.path.length === 0) return isWritten(value, scope, depth + 1)
  // const { origin } = req.headers
  return isPart([...(pathOf(value) ?? []), ...binding.path.map(String)], scope)
}

const isPart = (path: readonly string[], scope: Scope): boolean =>
  isOfRequest(path, scope) &&
  // Whoever calls writes the Host header too, and the one that `xhr` asks for.
  (PART.test(path.at(-2) ?? '') || /^(?:hostname|host|xhr)$/.test(path.at(-1) ?? ''))

/** `String(text)`, `text.toLowerCase()` */
const textIn = ({ callee, args }: Call): Node | undefined => {
  if (callee.kind === 'name') return /^(?:String|str)$/.test(callee.name) ? args[0] : undefined
  return callee.kind === 'member' &&
    /^(?:to(?:Lower|Upper)Case|toString|lower|upper|trim|strip)$/.test(lastName(callee) ?? '')
    ? callee.object
    : undefined
}

/** What a caller sends as they like, the credential too: headers, cookies, the query, the body. */
export const isWrittenByCaller = (node: Node, scope: Scope): boolean =>
  namesCredential(node, scope) || isWritten(node, scope) || isAmong(node, scope, () => true)

const PART = /^(?:headers|query|query_params|args|cookies|body)$/

const isOfRequest = (path: readonly string[], scope: Scope): boolean =>
  /^(?:_?req|request|c|ctx|context)$/.test(path[0] ?? '') || isOfAsgi(path[0] ?? '', scope)

/** `headers = dict(scope["headers"])`, `headers = Headers(scope=scope)` */
const isOfAsgi = (name: string, scope: Scope): boolean => {
  const [binding] = name === 'headers' ? lookup(scope, name) : []
  const value = binding?.kind === 'value' && binding.path.length === 0 ? binding.assign.value : undefined
  if (value?.kind !== 'call' || !/^(?:dict|Headers)$/.test(lastName(value.callee) ?? '')) return false
  return [...value.args, ...value.named.values()].some((one) => (pathOf(one) ?? [])[0] === 'scope')
}
