/** Dependencies that only look as if they refused: what one returns is its handler's argument, whatever it is. */
import { lastName, type Node, possibilities, type Scope, walkBody } from '../../source/index.ts'
import { refusalIn } from '../guards/index.ts'
import type { FunctionValue } from '../python/index.ts'
import type { Reading } from '../reading.ts'

/** `return JSONResponse(status_code=401)`, `return RedirectResponse('/login')`, `return HTTPException(401)`: the handler runs all the same. */
export const returnsRefusal = (reading: Reading, { node, scope }: FunctionValue): boolean => {
  let found = false
  walkBody(node.body, (one) => {
    if (one.kind === 'return' && one.value !== undefined) found ||= isAnswer(reading, one.value, scope)
    return !found
  })
  return found
}

const isAnswer = (reading: Reading, value: Node, scope: Scope): boolean => {
  const name = value.kind === 'call' ? (lastName(value.callee) ?? '') : ''
  if (name === 'RedirectResponse') return true
  return (value.kind === 'list' || /(?:Response|Exception)$/.test(name)) && refusalIn(reading, [value], scope)
}

/** `Depends(require_user)` where `Depends(require_user())` was meant: it makes the guard, and nobody asks it. */
export const makesFunction = (reading: Reading, callee: FunctionValue): boolean =>
  possibilities(reading.evaluator.returned(callee)).every((one) => one.kind === 'function' && one.node !== callee.node)
