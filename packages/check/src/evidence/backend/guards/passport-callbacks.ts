/** passport with a callback of the program's own refuses nobody by itself: `authenticate('jwt', (error, user) => { req.user = user; next() })`. */
import { type Call, type FunctionNode, lastName, type Node } from '../../source/index.ts'
import type { Reading } from '../reading.ts'
import { courseOf, NONE } from './going-on.ts'

/** Whether the callback certainly goes on where nobody was found. */
export const goesOnForNobody = (reading: Reading, call: Call): boolean => {
  // authenticate(…)(req, res, next)
  if (call.callee.kind === 'call') return goesOnForNobody(reading, call.callee)
  const callback = call.args.at(-1)
  return lastName(call.callee) === 'authenticate' && callback?.kind === 'function' && goesOn(reading, callback)
}

const goesOn = (reading: Reading, { body, parameters: [error, user] }: FunctionNode): boolean => {
  // What is done with an error, or with a user, is not done with nobody.
  const isAsked = (one: Node): boolean =>
    one.kind === 'if' &&
    one.alternate.length === 0 &&
    [error, user].some((each) => isName(one.test, each && lastName(each.target)))
  return courseOf(reading, body, 'next', NONE, isAsked) === 'through'
}

const isName = (node: Node, name: string | undefined): boolean =>
  name !== undefined && node.kind === 'name' && node.name === name
