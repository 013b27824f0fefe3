/** A handler of a websocket that asks for a token itself: what refuses HTTP requests cannot be asked there, and so most do. */
import { lastName, type Node, type Scope, walkBody } from '../../source/index.ts'
import { isCheck } from '../guards/index.ts'
import type { FunctionValue } from '../python/index.ts'
import type { Reading } from '../reading.ts'
import { standsIn } from '../stands-in.ts'

/** How many calls away the check may be: `authenticate(websocket)` asks who reads tokens, who asks the library. */
const CALLS_AWAY = 3

/** Whether a handler checks a credential, and ends where that fails. */
export const refusesOnSocket = (reading: Reading, { node, scope }: FunctionValue): boolean =>
  standsIn(reading, node.body, scope, isCheck, CALLS_AWAY) && endsSomewhere(reading, node.body, scope)

const endsSomewhere = (reading: Reading, body: readonly Node[], scope: Scope): boolean => {
  let found = false
  walkBody(body, (node) => {
    const blocks = node.kind === 'if' ? [node.consequent, node.alternate] : node.kind === 'try' ? [node.handlers] : []
    found ||= blocks.some((block) => closes(reading, block, scope))
  })
  return found
}

/** `await websocket.close(code=1008)` and then `return`, or a `raise WebSocketException`. */
const closes = (reading: Reading, block: readonly Node[], scope: Scope): boolean => {
  let [closed, left] = [false, false]
  walkBody(block, (node) => {
    if (node.kind === 'call' && lastName(node.callee) === 'close') closed = true
    if (node.kind === 'return') left ||= closed
    if (node.kind === 'throw') left ||= closed || standsIn(reading, [node], scope, isSocketError, 0)
  })
  return left
}

const isSocketError = (node: Node): boolean =>
  (node.kind === 'name' || node.kind === 'member') && lastName(node) === 'WebSocketException'
