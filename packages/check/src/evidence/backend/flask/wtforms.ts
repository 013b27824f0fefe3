/** What WTForms lets through: `form = NoteForm()` in a handler, filled from what was sent. Keys that no field has are dropped. */
import { type Call, type Located, lastName, type Node, walk } from '../../source/index.ts'
import type { Input } from '../facts.ts'
import { ancestorsOf, type ClassValue, type FunctionValue, itemsOf, lineageOf } from '../python/index.ts'
import { placeOf, type Reading } from '../reading.ts'

const TEXTS = /^(?:String|TextArea|Password|Search|Tel|URL|Hidden|Email)Field$/
const NUMBERS = /^(?:Integer|Decimal|Float|IntegerRange|DecimalRange)Field$/
const BOUNDS_TEXT = /^(?:Regexp|AnyOf|Email|URL|UUID|IPAddress|MacAddress)$/

export const formsOf = (reading: Reading, handler: FunctionValue): readonly Input[] => {
  const inputs: Input[] = []
  walk(handler.node.body, (node) => {
    if (node.kind !== 'call') return
    const value = reading.evaluator.value(node.callee, reading.program.scopeOf(node) ?? handler.scope)
    if (value.kind === 'class' && ancestorsOf(reading, value).some((one) => /^(?:Flask)?Form$/.test(one)))
      inputs.push({ from: 'body', at: placeOf(reading, node.at), problems: problemsOf(reading, value) })
  })
  return inputs
}

const problemsOf = (reading: Reading, type: ClassValue): Input['problems'] =>
  lineageOf(reading, type).flatMap(({ node, scope }) =>
    node.members.flatMap((one) => {
      const call = one.kind === 'assign' && one.value?.kind === 'call' ? one.value : undefined
      if (one.kind !== 'assign' || call === undefined) return []
      const what = openIn(reading, { node: call, scope: reading.program.scopeOf(one) ?? scope })
      const name = `${type.node.name ?? ''}.${lastName(one.target) ?? ''}`
      return what === undefined ? [] : [{ what: `${name}: ${what}`, at: placeOf(reading, one.at) }]
    }),
  )

const openIn = (reading: Reading, { node, scope }: Located<Call>): string | undefined => {
  const field = lastName(node.callee) ?? ''
  const listed = node.named.get('validators') ?? node.args[1]
  const validators = itemsOf(reading, listed, scope).map((one) => one.node)
  // Put together elsewhere, or of a class of the project's own: it may be the bound.
  if (listed !== undefined && (validators.length === 0 || validators.some((one) => !isKnown(one)))) return
  if (TEXTS.test(field)) return validators.some(boundsText) ? undefined : 'a string without a greatest length'
  const ends = validators.flatMap((one) => (one.kind === 'call' && isRange(one) ? [one] : []))
  const isBounded = ends.some(({ named, args }) => (named.has('min') && named.has('max')) || args.length > 1)
  return NUMBERS.test(field) && !isBounded ? 'a number without bounds' : undefined
}

const nameOf = (node: Node): string => lastName(node.kind === 'call' ? node.callee : node) ?? ''

const isRange = (node: Node): boolean => nameOf(node) === 'NumberRange'

const isKnown = (node: Node): boolean =>
  BOUNDS_TEXT.test(nameOf(node)) ||
  /^(?:Length|NumberRange|DataRequired|InputRequired|Optional|EqualTo|NoneOf)$/i.test(nameOf(node))

const boundsText = (node: Node): boolean =>
  BOUNDS_TEXT.test(nameOf(node)) ||
  (node.kind === 'call' && nameOf(node) === 'Length' && (node.named.has('max') || node.args.length > 1))
