/** Functions inside schemas: whether they bound what they look at, and what they make of it. */
import { isFrom, lastName, type Node, pathOf, type Value, walk } from '../../source/index.ts'

type FunctionValue = Extract<Value, { kind: 'function' }>

/** The usual checks of form, by name: of an id, an address, a link. */
const FORM =
  /^(?:is_?)?(?:valid_?)?(?:mongo|object|uu?|gu?|nano)_?id$|^(?:isValidObjectId|isMongoId|isUUID|isEmail|isURL|isULID|isIP|isISO8601|isIn|validateUUID)$/i

export const NUMBER_MAKERS = /^(?:Number|parseInt|parseFloat|BigInt|Math\.\w+|Number\.parse(?:Int|Float))$/

/** A pattern that says itself where a text ends: `^[0-9a-f]{24}$`. */
const endsText = (source: string): boolean =>
  /^\^/.test(source) && /\$$/.test(source) && !/(?:^|[^\\])(?:\*|\+|\{\d+,\})/.test(source)

const bare = (node: Node): Node =>
  node.kind === 'other' && node.children[0] !== undefined && node.children.length === 1 ? node.children[0] : node

const isLength = (node: Node): boolean => lastName(bare(node)) === 'length' || lastName(bare(node)) === 'size'

/**
 * Whether a check has an upper end. `refuses`: it names what is wrong (superRefine, Joi's custom), so `length > 72` is the bound;
 * otherwise it says what is right, and `length <= 72` is.
 */
export const boundsLength = (value: Value | undefined, refuses: boolean, name = ''): boolean => {
  if (FORM.test(name)) return true
  if (value?.kind === 'external' || value?.kind === 'unknown') {
    const path = value.kind === 'external' ? value.path : (value.label ?? [])
    if (isFrom(value, 'uuid', 'validate')) return true
    return FORM.test(path.filter((one) => one !== '()').at(-1) ?? '')
  }
  return value?.kind === 'function' && (FORM.test(value.node.name ?? '') || bodyBounds(value, refuses))
}

const bodyBounds = ({ node }: FunctionValue, refuses: boolean): boolean => {
  let found = false
  walk(node.body, (one) => {
    if (one.kind === 'binary' && isLength(one.left)) {
      if (refuses ? /^>=?$|^!==?$/.test(one.operator) : /^<=?$|^===?$/.test(one.operator)) found = true
    } else if (one.kind === 'pattern' && endsText(one.source)) found = true
    else if (one.kind === 'call' && FORM.test(lastName(one.callee) ?? '')) found = true
    return !found
  })
  return found
}

/** `(n) => n <= 100`. */
export const boundsNumber = (value: Value | undefined, refuses: boolean): boolean => {
  if (value?.kind !== 'function') return false
  let found = false
  walk(value.node.body, (one) => {
    if (one.kind === 'binary' && !isLength(one.left) && (refuses ? /^>=?$/ : /^<=?$/).test(one.operator)) found = true
    return !found
  })
  return found
}

/** `Number`, `(v) => parseInt(v, 10)`, `(v) => Number(v)`, `(v) => +v`. */
export const makesNumber = (value: Value | undefined): boolean => {
  if (value?.kind === 'external' && value.from === 'global') return NUMBER_MAKERS.test(value.path.join('.'))
  if (value?.kind !== 'function') return false
  const returns: Node[] = []
  walk(value.node.body, (one) => {
    if (one.kind === 'return' && one.value !== undefined) returns.push(bare(one.value))
    return one.kind !== 'function'
  })
  return returns.length > 0 && returns.every((one) => isNumeric(one))
}

const isNumeric = (node: Node): boolean => {
  if (node.kind === 'call') return NUMBER_MAKERS.test((pathOf(node.callee) ?? []).join('.'))
  if (node.kind === 'unary') return node.operator === '+'
  if (node.kind === 'literal') return typeof node.value === 'number' || node.value === null
  if (node.kind === 'conditional')
    return (
      isNumeric(bare(node.consequent)) && (isNumeric(bare(node.alternate)) || lastName(node.alternate) === 'undefined')
    )
  return false
}
