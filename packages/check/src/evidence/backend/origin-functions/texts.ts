/** A text that holds several origins, where a list was meant: `'https://a.example,https://b.example'.includes(origin)`. */
import { lastName, lookup, type Node, possibilities, type Value } from '../../source/index.ts'
import { writtenAt } from '../reading.ts'
import type { Run } from './run.ts'

/** Whether `includes` is asked of a text: each part of an origin is a part of it. */
export const isText = (run: Run, node: Node, value: Value): boolean => {
  const all = possibilities(value)
  if (all.some((one) => one.kind === 'literal' && typeof one.value === 'string')) return true
  return all.some((one) => one.kind === 'env') && !all.some((one) => one.kind === 'list') && isBare(run, node)
}

/** A setting as it is: `process.env.ORIGINS`, and no `split` or parser on the way. */
const isBare = (run: Run, node: Node): boolean => {
  if (node.kind === 'logical') return isBare(run, node.left)
  if (node.kind === 'member')
    return (
      (node.object.kind === 'member' && /^(?:process|import)\b/.test(writtenAt(run.reading, node))) ||
      run.reading.evaluator.configuration.isText(lastName(node) ?? '')
    )
  if (node.kind !== 'name') return false
  const [binding, ...more] = lookup(run.reading.program.scopeOf(node) ?? run.scope, node.name)
  return more.length === 0 &&
    binding?.kind === 'value' &&
    binding.path.length === 0 &&
    binding.assign.value !== undefined
    ? isBare(run, binding.assign.value)
    : false
}
