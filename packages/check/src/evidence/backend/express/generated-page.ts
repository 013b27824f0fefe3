/** The error page that express-generator writes: its view prints the stack of what it is given. */
import { pathOf, type Value, walk } from '../../source/index.ts'
import { runsAsDevelopment } from '../disclosure/index.ts'
import type { DebugSign } from '../facts.ts'
import { placeOf, type Reading, whenOf } from '../reading.ts'

/** `res.locals.error = req.app.get('env') === 'development' ? err : {}`: without NODE_ENV Express's own word is development. */
export const generatedPage = (
  reading: Reading,
  handler: Extract<Value, { kind: 'function' }>,
): readonly DebugSign[] => {
  const target = handler.node.parameters[0]?.target
  const error = target?.kind === 'name' ? target.name : undefined
  const { deployment } = reading
  const signs: DebugSign[] = []
  walk(handler.node.body, (node) => {
    if (node.kind !== 'assign' || pathOf(node.target)?.slice(-2).join('.') !== 'locals.error') return
    const given = node.value?.kind === 'conditional' ? [node.value.consequent, node.value.alternate] : []
    const shown = given.find((one) => one.kind === 'name' && one.name === error)
    if (shown === undefined || whenOf(reading, shown) !== 'development') return
    const sign: DebugSign = { at: placeOf(reading, shown.at), what: 'the error page is given the error with its stack' }
    if (runsAsDevelopment(reading)) signs.push(sign)
    else if (deployment?.production === false)
      signs.push({ ...sign, unless: 'NODE_ENV is production, which nothing in the project sets' })
  })
  return signs
}
