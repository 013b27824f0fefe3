/** When something is there: in production, in development, or only when a setting asks for it. */
import { lastName, type Node, type Scope } from '../../source/index.ts'
import { type Reading, type When, whenOf, whenTrue } from '../reading.ts'
import { byDefault, not } from '../switches/index.ts'
import type { Added, Run } from './model.ts'

/** The node's own conditions, and those of every registration that it came by. */
export const whenAdded = (reading: Reading, added: Added): When | 'never' => {
  const calls: Node[] = [added.call.node, ...added.through]
  for (let run: Run | undefined = added.run; run !== undefined; run = run.parent)
    if (run.call !== undefined) calls.push(run.call.node)
  let when: When | 'never' = 'always'
  for (const node of calls) {
    const one = whenNode(reading, node)
    if (one === 'development' || one === 'never') return one
    if (one === 'unknown') when = 'unknown'
  }
  return when
}

/** Conditions that ask a setting are what they are without it. */
const whenNode = (reading: Reading, node: Node): When | 'never' => {
  const when = whenOf(reading, node)
  if (when !== 'unknown') return when === 'production' ? 'always' : when
  const states: (boolean | 'development' | undefined)[] = []
  let inner: Node = node
  for (
    let one = reading.program.parentOf(node);
    one !== undefined && one.kind !== 'function';
    one = reading.program.parentOf(one)
  ) {
    const scope = reading.program.scopeOf(one)
    if (scope !== undefined) {
      if (one.kind === 'if' && one.consequent.includes(inner)) states.push(asked(reading, one.test, scope))
      else if (one.kind === 'if' && one.alternate.includes(inner)) states.push(not(byDefault(reading, one.test, scope)))
      else if (one.kind === 'conditional' && (one.consequent === inner || one.alternate === inner))
        states.push(
          one.consequent === inner ? asked(reading, one.test, scope) : not(byDefault(reading, one.test, scope)),
        )
      else if (one.kind === 'logical' && one.operator === '&&' && one.right === inner)
        states.push(asked(reading, one.left, scope))
    }
    inner = one
  }
  if (states.includes(false)) return 'never'
  if (states.includes('development')) return 'development'
  return states.length > 0 && states.every((one) => one === true) ? 'always' : 'unknown'
}

/** `settings.development` says it by its name. */
const asked = (reading: Reading, test: Node, scope: Scope): boolean | 'development' | undefined =>
  saysDevelopment(reading, test, scope) ? 'development' : byDefault(reading, test, scope)

export const saysDevelopment = (reading: Reading, test: Node, scope: Scope): boolean => {
  if (whenTrue(reading, test, scope) === 'development') return true
  if (test.kind === 'logical' && test.operator === '&&')
    return saysDevelopment(reading, test.left, scope) || saysDevelopment(reading, test.right, scope)
  return (
    (test.kind === 'name' || test.kind === 'member') &&
    /^(?:is_?|in_?)?(?:dev|development|local)(?:_?mode)?$/i.test(lastName(test) ?? '')
  )
}
