/** What a function's names are from a place on. */
import { lastName, type Node } from '../../source/index.ts'
import { memberOf } from './members.ts'
import { grant, isAllowOrigin, nothing, type Run } from './run.ts'
import { ORIGIN, PART, type Said, UNKNOWN } from './said.ts'

/** What a target's names are from now on. What has nothing to do with the origin is left to the evaluator. */
export const bind = (run: Run, target: Node, said: Said, source?: Node): void => {
  switch (target.kind) {
    case 'name':
      run.names.set(target.name, said)
      return
    case 'assign':
      bind(run, target.target, said, source)
      return
    case 'object':
      for (const { key, value } of target.entries) {
        if (key.kind !== 'literal') continue
        const fromHeaders = /headers$/i.test((source && lastName(source)) ?? '') && /^origin$/i.test(String(key.value))
        if (fromHeaders) bind(run, value, ORIGIN)
        else if (said.is !== 'given') bind(run, value, memberOf(said, String(key.value)))
        else forget(run, value, key)
      }
      return
    case 'list':
      for (const one of target.items) {
        if (said.is === 'given') forget(run, one)
        else bind(run, one, said.is === 'origin' || said.is === 'part' ? PART : UNKNOWN)
      }
      return
    case 'member':
      // `headers['Access-Control-Allow-Origin'] = origin`
      if (isAllowOrigin(target.property)) {
        run.seen.add(target.property)
        grant(run, target, said)
      }
      return
    default:
  }
}

/** What nothing was said of. */
export const forget = (run: Run, target: Node, key?: Node): void => {
  if (target.kind === 'name') run.names.delete(target.name)
  else if (target.kind === 'assign') forget(run, target.target, key)
  else if (target.kind === 'object')
    bind(run, target, nothing(target), key?.kind === 'literal' ? nameNode(key) : undefined)
}

/** `{ headers: { origin } }`: what is taken apart is called by its key. */
const nameNode = (key: Extract<Node, { kind: 'literal' }>): Node => ({
  kind: 'name',
  name: String(key.value),
  at: key.at,
})
