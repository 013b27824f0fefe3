/**
 * What a condition says where nobody says which environment it is. `NODE_ENV !== 'production'` is true there and
 * `NODE_ENV === 'development'` is not, though both mean development.
 */
import { type Node, pathOf, possibilities, type Scope } from '../../source/index.ts'
import { conditionsOf } from '../conditions.ts'
import { assignedTo, type EnvSetting, namesEnvironment, type Reading, wordsOf } from '../reading.ts'

/** For where nothing that is run says that this is production. Whether a node is not reached, by a condition around it that is known. */
export const isShutUnset = (reading: Reading, node: Node): boolean =>
  conditionsOf(reading, node).some(({ test, scope, holds }) => isTrueUnset(reading, test, scope) === !holds)

/** Whether it is reached, by conditions that are all known. */
export const isOpenUnset = (reading: Reading, node: Node): boolean =>
  conditionsOf(reading, node).every(({ test, scope, holds }) => isTrueUnset(reading, test, scope) === holds)

/** What a test comes to there; undefined where it asks something else. */
export const isTrueUnset = (reading: Reading, test: Node, scope: Scope): boolean | undefined => {
  switch (test.kind) {
    case 'unary': {
      const inner = test.operator === '!' ? isTrueUnset(reading, test.operand, scope) : undefined
      return inner === undefined ? undefined : !inner
    }
    case 'logical': {
      const sides = [isTrueUnset(reading, test.left, scope), isTrueUnset(reading, test.right, scope)]
      const decides = test.operator !== '&&'
      return sides.includes(decides) ? decides : sides.includes(undefined) ? undefined : !decides
    }
    case 'binary': {
      const equal = /^(?:===|in)$/.test(test.operator)
      if (!equal && !/^(?:!==|not in)$/.test(test.operator)) return
      const found = isAmong(reading, [test.left, test.right], scope)
      return found === undefined ? undefined : found === equal
    }
    case 'call': {
      // ['development', 'test'].includes(process.env.NODE_ENV)
      const list = test.callee.kind === 'member' ? test.callee.object : undefined
      return list === undefined || test.args[0] === undefined
        ? undefined
        : isAmong(reading, [test.args[0], list], scope)
    }
    case 'name': {
      const source = assignedTo(test.name, scope)
      return source === undefined || source.node === test ? undefined : isTrueUnset(reading, source.node, source.scope)
    }
    default:
      return
  }
}

/** Whether one of the words on one side is what the environment on the other side is called. */
const isAmong = (reading: Reading, sides: readonly Node[], scope: Scope): boolean | undefined => {
  const asked = sides.find((side) => namesEnvironment(reading, side, scope))
  const words = sides.flatMap((side) => (side === asked ? [] : wordsOf(reading, side, scope)))
  const names = asked === undefined ? undefined : namesUnset(reading, asked, scope)
  if (names === undefined || words.length === 0) return
  const found = names.map((one) => one !== undefined && words.includes(one))
  return found.every((one) => one === found[0]) ? found[0] : undefined
}

/** What the environment is called: what the project's files set, else the default in the program, else nothing. */
const namesUnset = (reading: Reading, node: Node, scope: Scope): readonly (string | undefined)[] | undefined => {
  // Express's own setting: `process.env.NODE_ENV || 'development'`.
  if (node.kind === 'call' && node.args[0]?.kind === 'literal' && node.args[0].value === 'env') return ['development']
  const values = possibilities(reading.evaluator.value(node, scope))
  const env = values.find((one) => one.kind === 'env')
  if (env?.kind !== 'env') return
  const set = (reading.env.get(env.name) ?? []).filter(isInForce)
  if (set.length > 0) return set.map((one) => one.value)
  // What a schema makes of the environment does not change it.
  const defaults = isRaw(node, scope)
    ? []
    : values.flatMap((one) => (one.kind === 'literal' ? [String(one.value)] : []))
  return defaults.length > 0 ? defaults : [undefined]
}

/** `process.env.NODE_ENV` itself, also by a name. */
const isRaw = (node: Node, scope: Scope): boolean => {
  const source = node.kind === 'name' ? assignedTo(node.name, scope) : undefined
  return /^(?:process|Bun)\.env\.\w+$/.test(pathOf(source?.node ?? node)?.join('.') ?? '')
}

/** A script beside the one that is run (`start:prod`) sets nothing for it. */
const isInForce = ({ example, development, value, at }: EnvSetting): boolean =>
  !example && development !== true && !(/(?:^|\/)package\.json$/.test(at.file) && value === 'production')
