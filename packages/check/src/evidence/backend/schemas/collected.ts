/**
 * What is found wrong and collected before anybody is refused: `if (typeof title !== 'string') errors.push('title')`, and then
 * `if (errors.length > 0) return res.status(400).json({ errors })`.
 */
import { type If, lastName, type Node, pathOf } from '../../source/index.ts'

/** A test whose being true is written down, and where. */
interface Mistake {
  readonly into: string
  readonly test: Node
}

/** The tests of an `if` that does nothing but write down what is wrong; undefined where it does anything else. */
export const mistakesIn = ({ test, consequent, alternate }: If): readonly Mistake[] | undefined => {
  const own = consequent.flatMap((one): readonly (Mistake | undefined)[] => {
    // `if (title !== undefined) { if (typeof title !== 'string') … }`
    const inner = one.kind === 'if' ? mistakesIn(one) : undefined
    if (inner !== undefined)
      return inner.map((each) => ({
        ...each,
        test: { kind: 'logical', operator: '&&', left: test, right: each.test, at: each.test.at },
      }))
    const into = writtenInto(one)
    return [into === undefined ? undefined : { into, test }]
  })
  const [other, ...more] = alternate
  const others = other === undefined ? [] : other.kind === 'if' && more.length === 0 ? mistakesIn(other) : undefined
  const all = [...own, ...(others ?? [undefined])]
  return all.length > 0 && all.every((one) => one !== undefined) ? all : undefined
}

/** `errors.push('title')`, `errors.title = '…'`, `valid = false`. */
const writtenInto = (node: Node): string | undefined => {
  if (node.kind === 'call')
    return node.callee.kind === 'member' && /^(?:push|add|set|append)$/.test(lastName(node.callee) ?? '')
      ? nameOf(node.callee.object)
      : undefined
  if (node.kind !== 'assign' || node.declares) return
  if (node.target.kind === 'member') return nameOf(node.target.object)
  const { target, value } = node
  return target.kind === 'name' && value?.kind === 'literal' && typeof value.value === 'boolean'
    ? markOf(target.name, value.value)
    : undefined
}

/** A field of the request or the answer is none of the function's own. */
const nameOf = (node: Node): string | undefined =>
  node.kind === 'name' && !/^(?:req|request|res|response|reply|c|ctx|context|this)$/.test(node.name)
    ? node.name
    : undefined

/** A mark that is set so where something is wrong. */
const markOf = (name: string, value: boolean): string => `${name} is ${value}`

/** Where nothing was written down, by a test that holds or fails: `errors.length > 0`, `Object.keys(errors).length`, `!valid`. */
export const emptyWhen = (test: Node, holds: boolean): readonly string[] => {
  switch (test.kind) {
    case 'unary':
      return test.operator === '!' ? emptyWhen(test.operand, !holds) : []
    case 'logical':
      return (test.operator === '&&') === holds && test.operator !== '??'
        ? [...emptyWhen(test.left, holds), ...emptyWhen(test.right, holds)]
        : []
    case 'binary': {
      const { operator, right } = test
      const counted = countedIn(test.left)
      if (counted === undefined || right.kind !== 'literal' || typeof right.value !== 'number') return []
      const some = `${operator} ${right.value}`
      const isEmpty = /^(?:> 0|>= 1|!== 0)$/.test(some) ? !holds : /^(?:=== 0|< 1)$/.test(some) ? holds : false
      return isEmpty ? [counted] : []
    }
    case 'name':
      return [markOf(test.name, !holds)]
    default: {
      const counted = countedIn(test)
      return counted !== undefined && !holds ? [counted] : []
    }
  }
}

/** `errors.length`, `errors.size`, `Object.keys(errors).length` */
const countedIn = (node: Node): string | undefined => {
  if (node.kind !== 'member' || !/^(?:length|size)$/.test(lastName(node) ?? '')) return
  const { object } = node
  if (object.kind === 'name') return object.name
  const [first] =
    object.kind === 'call' && /^Object\.(?:keys|values|entries)$/.test((pathOf(object.callee) ?? []).join('.'))
      ? object.args
      : []
  return first?.kind === 'name' ? first.name : undefined
}
