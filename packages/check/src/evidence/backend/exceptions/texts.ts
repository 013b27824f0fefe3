/** What methods make of a text of the request. */
import { type Call, lastName, type Member, type Node, type Scope } from '../../source/index.ts'
import type { Reader } from './asked.ts'
import { tested } from './patterns.ts'

type Inner = (node: Node) => string | undefined

/** `req.path.toLowerCase()`, `request.url.replace(/\/$/, '')`, `new URL(request.url)`. */
export const textOfCall = (reader: Reader, node: Call, scope: Scope, inner: Inner): string | undefined => {
  if (node.callee.kind !== 'member') return node.args.map(inner).find((one) => one !== undefined)
  const text = inner(node.callee.object)
  if (text === undefined) return
  const [first, second] = node.args.map((one) => reader.reading.evaluator.value(one, scope, reader.frame))
  const given = first?.kind === 'literal' ? first.value : undefined
  switch (lastName(node.callee)) {
    case 'toLowerCase':
      return text.toLowerCase()
    case 'toUpperCase':
      return text.toUpperCase()
    case 'slice':
    case 'substring':
      return typeof given === 'number' && node.args.length === 1 ? text.slice(given) : text
    case 'replace':
    case 'replaceAll': {
      const to = second?.kind === 'literal' ? String(second.value) : ''
      if (typeof given === 'string') return text.replace(given, () => to)
      return first?.kind === 'pattern' && tested(first.source, text)
        ? text.replace(new RegExp(first.source), () => to)
        : text
    }
    case 'split':
    case 'trim':
    case 'toString':
      return text
    default:
      return
  }
}

/** `request.url.split('?')[0]`, and `.split('/')[1]`. */
export const textOfPart = (reader: Reader, node: Member, scope: Scope, inner: Inner): string | undefined => {
  const { object, property } = node
  const index = property.kind === 'literal' && typeof property.value === 'number' ? property.value : undefined
  const [by] = object.kind === 'call' && lastName(object.callee) === 'split' ? object.args : []
  const text = inner(object)
  if (by === undefined || index === undefined || text === undefined) return text
  const value = reader.reading.evaluator.value(by, scope, reader.frame)
  return value.kind === 'literal' ? text.split(String(value.value))[index] : text
}
