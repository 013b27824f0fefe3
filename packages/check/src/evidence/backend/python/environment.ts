/** Answers of Python's frameworks that hold the whole environment. */
import { lastName, type Node, pathOf, walk, walkBody } from '../../source/index.ts'

/** `dict(os.environ)`, `return {"env": os.environ}`, `jsonify(**os.environ)`. */
export const givesEnvironment = (body: readonly Node[]): boolean => {
  let found = false
  walkBody(body, (node) => {
    if (node.kind === 'call' && lastName(node.callee) === 'dict' && node.args.some(isEnvironment)) found = true
    if (node.kind === 'return' && node.value !== undefined) found ||= holdsEnvironment(node.value)
  })
  return found
}

const isEnvironment = (node: Node): boolean => (pathOf(node) ?? []).join('.').endsWith('environ')

/** What makes an answer of it, or the same in another form. What a function of the project makes of it, nobody knows. */
const KEEPS = /^(?:dict|list|sorted|str|jsonify|dumps|make_response|JSONResponse|ORJSONResponse|Response|copy|items)$/

const holdsEnvironment = (value: Node): boolean => {
  let found = false
  walk([value], (node) => {
    if (node.kind === 'member' || node.kind === 'name') {
      found ||= isEnvironment(node)
      // `os.environ["REGION"]` is one of its variables.
      return false
    }
    if (node.kind !== 'call') return node.kind !== 'function'
    const object = node.callee.kind === 'member' ? node.callee.object : undefined
    const keeps = KEEPS.test(lastName(node.callee) ?? '')
    found ||= keeps && object !== undefined && isEnvironment(object)
    return keeps
  })
  return found
}
