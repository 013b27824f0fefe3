/** How a function lets a request through, and what on the way to that may stop it. */
import { type Call, lastName, type Node, pathOf, walkBody } from '../../source/index.ts'
import { type Reading, writtenAt } from '../reading.ts'

/**
 * How a function lets a request through: it calls `next()`, answers true, comes to its end without raising, or gives nothing: what
 * Flask's `before_request` gives is the answer.
 */
export type Way = 'next' | 'true' | 'end' | 'nothing'

export const comesToItsEnd = (way: Way): boolean => way === 'end' || way === 'nothing'

/** What is without a value after the failure: to read what is in it ends the request as a refusal would. */
export interface Lost {
  /** By their paths: `claims`, `req.user`. */
  readonly empty: ReadonlySet<string>
  /** Python's names that nothing was assigned to. */
  readonly unbound: ReadonlySet<string>
  /** What a record was given to in its place, `claims = {"sub": None}`: to ask it for a key ends nothing. */
  readonly records: ReadonlySet<string>
}

export const NONE: Lost = { empty: new Set(), unbound: new Set(), records: new Set() }

export const letsThrough = (reading: Reading, node: Node, way: Way, lost: Lost): boolean => {
  const value = node.kind === 'return' || node.kind === 'assign' ? node.value : node
  if (way === 'nothing') return node.kind === 'return' && isNone(node.value)
  if (way === 'end') {
    // What a generator yields is its handler's as well.
    if (node.kind === 'other' && /^yield\b/.test(writtenAt(reading, node)))
      return node.children.every((one) => isHarmless(reading, one, lost))
    return node.kind === 'return' && (node.value === undefined || isHarmless(reading, node.value, lost))
  }
  if (way === 'true') return node.kind === 'return' && value !== undefined && isYes(value)
  if (value?.kind !== 'call') return false
  const name = lastName(value.callee) ?? ''
  // ASGI: `await self.app(scope, receive, send)`
  if (name === 'app' && value.args.length === 3) return true
  return name === 'call_next' || (/^(?:next|done)$/.test(name) && value.args.length === 0)
}

/** Nest asks whether what comes back is truthy, and an exception that is returned is. */
const isYes = (node: Node): boolean => (node.kind === 'literal' && node.value === true) || isMadeError(node)

/** `new UnauthorizedException()`, `HTTPException(401)` of Python: until somebody throws it, nothing happens. */
export const isMadeError = (node: Node): boolean =>
  node.kind === 'call' &&
  (node.constructs || node.at.file.endsWith('.py')) &&
  /(?:Exception|Error)$|^(?:Unauthorized|Forbidden)$/.test(lastName(node.callee) ?? '')

export const isHarmless = (reading: Reading, node: Node, lost: Lost): boolean => {
  let harmless = true
  walkBody([node], (one) => {
    if (isSkipped(one, lost)) {
      // `if (claims) …`: what stands in it does not run.
      const other = one.kind === 'if' ? one.alternate : one.kind === 'conditional' ? [one.alternate] : []
      harmless &&= other.every((each) => isHarmless(reading, each, lost))
      return false
    }
    if (mayStop(reading, one, lost)) harmless = false
    return harmless
  })
  return harmless
}

/** `claims && claims.sub`, `if (claims) …`, `claims ? … : null`. */
const isSkipped = (node: Node, { empty }: Lost): boolean => {
  const test =
    node.kind === 'if' || node.kind === 'conditional'
      ? node.test
      : node.kind === 'logical' && node.operator === '&&'
        ? node.left
        : undefined
  return test !== undefined && empty.has(pathOf(test)?.join('.') ?? '')
}

const mayStop = (reading: Reading, node: Node, { empty, unbound, records }: Lost): boolean => {
  switch (node.kind) {
    case 'throw':
    case 'return':
      return true
    case 'call':
      return !isIdle(node) && !isMadeError(node) && !isMadeOfLiterals(node) && !asksRecord(node, records)
    case 'other':
      return node.children.length > 0 || /^(?:await|assert|yield)\b/.test(writtenAt(reading, node))
    case 'name':
      return unbound.has(node.name)
    case 'member':
      return empty.has(pathOf(node.object)?.join('.') ?? '') && !isOptionalRead(reading, node)
    default:
      return false
  }
}

/** `User(name="guest")`, `AnonymousUser()` of Python: an object, whatever it is of. */
const isMadeOfLiterals = ({ at, callee, args, named }: Call): boolean =>
  at.file.endsWith('.py') &&
  /^[A-Z][a-z]\w*$/.test(lastName(callee) ?? '') &&
  [...args, ...named.values()].every((one) => one.kind === 'literal')

/** `claims.get("sub")` */
const asksRecord = ({ callee }: Call, records: Lost['records']): boolean =>
  callee.kind === 'member' && lastName(callee) === 'get' && records.has(pathOf(callee.object)?.join('.') ?? '')

const isOptionalRead = (reading: Reading, node: Extract<Node, { kind: 'member' }>): boolean =>
  writtenAt(reading, node)
    .slice(node.object.at.end - node.at.start)
    .trimStart()
    .startsWith('?.')

/** It logs, or makes a text. */
export const isIdle = ({ callee }: Call): boolean => {
  const path = pathOf(callee) ?? []
  return (
    /^(?:console|logging|print|str|String|repr)$/.test(path[0] ?? '') ||
    path.slice(0, -1).some((one) => /^_?log(?:ger)?$/i.test(one))
  )
}

export const isNothing = (node: Node | undefined): boolean => node === undefined || node.kind === 'literal'

const isNone = (node: Node | undefined): boolean =>
  node === undefined || (node.kind === 'literal' && node.value === null)

/**
 * What certainly becomes of a request in a body: it is let through, comes to the body's end, or neither: whatever may stop it may be its end.
 *
 * @param isPassed what stops nobody here, whatever it is
 */
export const courseOf = (
  reading: Reading,
  body: readonly Node[],
  way: Way,
  lost: Lost = NONE,
  isPassed: (statement: Node) => boolean = () => false,
): 'through' | 'end' | undefined => {
  for (const one of body) {
    if (letsThrough(reading, one, way, lost)) return 'through'
    if (isPassed(one) || isHarmless(reading, one, lost)) continue
    // `if path in PUBLIC: return await call_next(request)`: whichever way it goes, nothing stops there.
    const ways = one.kind === 'if' && isHarmless(reading, one.test, lost) ? [one.consequent, one.alternate] : []
    const stops = ways.some((each) => courseOf(reading, each, way, lost, isPassed) === undefined)
    if (ways.length === 0 || stops) return undefined
  }
  return 'end'
}

/** Whether a body certainly lets the request through: by what it says, or where its end does so. */
export const goesThrough = (reading: Reading, body: readonly Node[], way: Way, lost: Lost = NONE): boolean => {
  const course = courseOf(reading, body, way, lost)
  return course === 'through' || (course === 'end' && comesToItsEnd(way))
}

/** Whether a branch does nothing but let the request through. */
export const handsOn = (reading: Reading, body: readonly Node[], way: Way): boolean =>
  courseOf(reading, body, way) === 'through'

/** Whether what comes certainly calls `next()`, or does what it is there for. */
export const goesOnAfter = (
  reading: Reading,
  statements: readonly Node[],
  doesIt: (statement: Node) => boolean,
): boolean => {
  for (const one of statements) {
    if (letsThrough(reading, one, 'next', NONE) || (isPlain(one) && doesIt(one))) return true
    if (!isHarmless(reading, one, NONE)) return false
  }
  return false
}

/** A line that always runs to its end. */
const isPlain = ({ kind }: Node): boolean => kind === 'call' || kind === 'assign' || kind === 'return'
