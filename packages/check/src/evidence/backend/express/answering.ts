/** Handlers that are put on a path with `use`, and answer there themselves: routes that no router knows of. */
import { lastName, type Node, possibilities, type Value, walk } from '../../source/index.ts'
import type { Handler, Registration } from './apps.ts'

type FunctionValue = Extract<Value, { kind: 'function' }>

/** `app.use('/dump', (req, res) => res.json(everything))`; undefined for what goes on, refuses, or shows a page. */
export const answeringIn = ({ method, handlers }: Registration, path: string): Handler | undefined => {
  const last = handlers.at(-1)
  if (method !== 'USE' || path === '/' || path.endsWith('*') || last === undefined) return
  const values = possibilities(last.value)
  return values.length > 0 && values.every((one) => one.kind === 'function' && answers(one)) ? last : undefined
}

const answers = ({ node: { parameters, body } }: FunctionValue): boolean => {
  if (parameters.length === 0 || parameters.length > 3 || isError(body)) return false
  let data = false
  let goesOn = false
  walk(body, (node) => {
    if (node.kind !== 'call') return
    const name = lastName(node.callee) ?? ''
    // `.catch(next)` hands an error on.
    const isHanded = node.args.some((one) => one.kind === 'name' && one.name === 'next')
    if (name === 'next' ? node.args.length === 0 : isHanded && !/^(?:catch|then|on|once)$/.test(name)) goesOn = true
    if (node.callee.kind === 'member' && /^(?:json|jsonp|send|end|write)$/.test(name) && isPlain(node.callee.object))
      data ||= !node.args.every(isFixed)
  })
  return data && !goesOn
}

/** `{ message: 'Welcome' }`: the same for everybody. */
const isFixed = (node: Node): boolean =>
  node.kind === 'literal' ||
  (node.kind === 'list' && node.items.every(isFixed)) ||
  (node.kind === 'object' && node.spreads.length === 0 && node.entries.every(({ value }) => isFixed(value)))

/** `res`, `res.type('json')`, `res.status(200)`; `res.status(404)` answers no data. */
const isPlain = (node: Node): boolean => {
  if (node.kind === 'name') return /^(?:res|response|reply)$/.test(node.name)
  if (node.kind === 'member') return isPlain(node.object)
  return node.kind === 'call' && !node.args.some(isErrorCode) && isPlain(node.callee)
}

/** What it says to everybody: nothing is here, not by this method, not now. */
const isError = (body: readonly Node[]): boolean =>
  body.some((one) => {
    if (one.kind === 'assign')
      return lastName(one.target) === 'statusCode' && one.value !== undefined && isErrorCode(one.value)
    const call = one.kind === 'return' ? one.value : one
    return (
      call?.kind === 'call' &&
      /^(?:status|sendStatus|writeHead)$/.test(lastName(call.callee) ?? '') &&
      call.args.some(isErrorCode)
    )
  })

const isErrorCode = (node: Node): boolean =>
  (node.kind === 'literal' && typeof node.value === 'number' && node.value >= 400 && node.value < 600) ||
  (node.kind === 'member' &&
    /NOT_FOUND|GONE|NOT_ALLOWED|UNAVAILABLE|FORBIDDEN|UNAUTHORIZED/i.test(lastName(node) ?? ''))
