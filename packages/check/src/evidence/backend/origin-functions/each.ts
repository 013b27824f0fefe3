/** What is asked of each of a list. */
import { type Call, type Node, possibilities } from '../../source/index.ts'
import { and } from './reach.ts'
import { comesTo, type FunctionValue, mentions, type Run } from './run.ts'
import { located, type Said, test, UNKNOWN } from './said.ts'
import { itemOf } from './ways.ts'

const EACH = /^(?:some|every|find|findLast|findIndex|filter|forEach|map|flatMap)$/

/** `LIST.some((one) => origin.endsWith(one))`: for whom it is true of one of them. */
export const each = (run: Run, node: Call, object: Node, method: string): Said | undefined => {
  const [first] = node.args
  if (first === undefined || !EACH.test(method)) return
  const fns = possibilities(comesTo(run, first)).filter((one): one is FunctionValue => one.kind === 'function')
  const [fn] = fns
  const asks = /^(?:some|every|find|findLast|findIndex)$/.test(method)
  if (fn === undefined) return asks && mentions(run, node) ? UNKNOWN : undefined
  if (!asks && !mentions(run, node)) return
  const on = run.say(object)
  const item = itemOf(run, on, node)
  const said = run.follow(fn, [item], node)
  if (/^find(?:Last)?$/.test(method))
    return { ...test(said.yes, said.no), grants: and(said.yes, item.is === 'given' ? item.grants : 'unknown') }
  if (method === 'findIndex') return located('indexOf', test(said.yes))
  return asks || method === 'filter' ? test(said.yes, said.no) : UNKNOWN
}
