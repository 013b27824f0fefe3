/** `url.hostname`, `req.headers.origin`, `list.length`: what a member of something is. */
import type { Node } from '../../source/index.ts'
import { among } from './comparisons.ts'
import { lengthOf } from './given.ts'
import { comesTo, given, isOriginHeader, mentions, type Run } from './run.ts'
import { DETAIL, HOST, isOfOrigin, ORIGIN, PART, REQUEST, type Said, SCHEME, UNKNOWN } from './said.ts'

export const member = (run: Run, node: Extract<Node, { kind: 'member' }>): Said => {
  if (isOriginHeader(node)) return ORIGIN
  const key = node.property.kind === 'literal' ? String(node.property.value) : undefined
  if (!mentions(run, node)) return key === 'length' ? lengthOf(comesTo(run, node.object)) : given(run, node)
  const object = run.say(node.object)
  if (key !== undefined) return isGiven(object, key) ? given(run, node) : memberOf(object, key)
  // `ALLOWED[origin]`
  const property = run.say(node.property)
  if (object.is === 'given' && isOfOrigin(property))
    return among(run.reading, property, { kind: 'unknown', at: node.at }, false)
  return object.is === 'part' ? PART : object.is === 'request' ? given(run, node) : UNKNOWN
}

/** What a request carries besides what its caller chose: an account, the environment. */
const isGiven = ({ is }: Said, key: string): boolean => is === 'given' || (is === 'request' && !CALLERS.test(key))

/** What one of its members is. */
export const memberOf = (said: Said, key: string): Said => {
  switch (said.is) {
    case 'url':
      if (key === 'origin' || key === 'href') return ORIGIN
      return key === 'hostname' || key === 'host' ? HOST : key === 'protocol' ? SCHEME : DETAIL
    case 'record':
      return said.entries.get(key) ?? UNKNOWN
    case 'test':
      // What a filter left over.
      return key === 'length' ? { ...said, is: 'length', grants: 'unknown' } : UNKNOWN
    case 'part':
      return PART
    case 'request':
      return REQUEST
    default:
      return UNKNOWN
  }
}

/** What whoever asks chooses: it keeps no site out. */
const CALLERS = /^(?:req|request|raw|method|path|url|originalUrl|baseUrl|query|body|params|pathname)$/
