/** Where it is answered whom to let in: the callback of a package, and headers that are set by hand. */
import { type Call, lastName, type Node } from '../../source/index.ts'
import { and } from './reach.ts'
import { grant, isAllowOrigin, nothing, type Run } from './run.ts'
import type { Said } from './said.ts'

/** `callback(error, answer)`: with an error nobody is let in. */
export const answer = (run: Run, node: Call): Said => {
  run.seen.add(node)
  const [error, said] = [0, 1].map((index) => {
    const arg = node.args[index]
    return arg === undefined ? nothing(node) : run.say(arg)
  }) as [Said, Said]
  const refuses = error.no === 'nobody'
  const before = run.path
  run.path = and(before, error.no)
  const reach = refuses ? 'nobody' : grant(run, node, said)
  // Which of two answers counts is the package's secret: who goes on after a refusal may be let in, or not.
  run.path = reach === 'nobody' ? and(before, 'unknown') : before
  if (reach === 'nobody') run.stops += 1
  return nothing(node)
}

/** What is only asked of a header, or taken off. */
const ASKS = /^(?:get|has|getHeader|hasHeader|remove|removeHeader|delete|includes|indexOf|expect\w*)$/
/** What takes several at once. */
const SETTERS = /^(?:set|header|headers|writeHead|setHeaders|json|body|text|html|newResponse|Response|Headers)$/

/** `res.setHeader('Access-Control-Allow-Origin', …)`, `res.writeHead(200, { 'Access-Control-Allow-Origin': … })`. */
export const headers = (run: Run, node: Call): void => {
  const method = lastName(node.callee) ?? ''
  const [name, value] = node.args
  if (name !== undefined && isAllowOrigin(name)) {
    run.seen.add(name)
    if (value !== undefined && !ASKS.test(method)) grant(run, node, run.say(value))
  }
  if (!SETTERS.test(method)) return
  for (const arg of node.args) among(run, node, arg)
}

const among = (run: Run, node: Call, arg: Node): void => {
  if (arg.kind !== 'object') return
  for (const { key, value } of arg.entries) {
    if (isAllowOrigin(key)) {
      run.seen.add(key)
      grant(run, node, run.say(value))
    }
    if (key.kind === 'literal' && key.value === 'headers') among(run, node, value)
  }
}
