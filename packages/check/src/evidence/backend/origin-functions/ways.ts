/** Where a run parts and meets again. */
import { either, type Node, possibilities, type Value } from '../../source/index.ts'
import { and, type Reach } from './reach.ts'
import { enter, handed, type Run, stateOf } from './run.ts'
import { meeting, PART, type Said } from './said.ts'

/** Both sides of a condition. Where neither stops anybody, all who came go on, whatever was asked. */
export const fork = (run: Run, asked: Said, then: () => void, otherwise: () => void): void => {
  const before = stateOf(run)
  const [one, other] = [
    [asked.yes, then],
    [asked.no, otherwise],
  ].map(([reach, go]) => {
    enter(run, before)
    const path = and(before.path, reach as Reach)
    run.path = path
    ;(go as () => void)()
    return { state: stateOf(run), stopped: run.path !== path }
  })
  enter(run, meeting([one, other].flatMap((each) => (each === undefined ? [] : [each.state]))))
  if (one?.stopped === false && other?.stopped === false) run.path = before.path
}

/** One of what is given; of the origin's own pieces nothing is known. */
export const itemOf = (run: Run, said: Said, node: Node): Said => {
  if (said.is !== 'given') return PART
  const items = possibilities(said.value).flatMap((one): readonly Value[] =>
    one.kind === 'list' ? one.items : one.kind === 'env' ? [one] : [{ kind: 'unknown', at: node.at }],
  )
  return handed(run, either(items, node.at))
}
