/** The statements of a function, in the order in which they run, and who gets past each. */
import { inTurn, type Node } from '../../source/index.ts'
import { bind } from './binding.ts'
import { and } from './reach.ts'
import { enter, isSpent, nothing, type Run, stateOf } from './run.ts'
import { meeting, type State } from './said.ts'
import { fork, itemOf } from './ways.ts'

export const perform = (run: Run, nodes: readonly Node[]): void => {
  for (const node of nodes) {
    if (run.path === 'nobody') run.skipped.add(node)
    else if (!isSpent(run)) one(run, node)
  }
}

const one = (run: Run, node: Node): void => {
  switch (node.kind) {
    case 'function':
    case 'class':
    case 'import':
    case 'export':
      return
    case 'return': {
      const said = node.value === undefined ? nothing(node) : run.say(node.value)
      run.returns.push({ ...stateOf(run), said })
      run.path = 'nobody'
      return
    }
    case 'throw':
      run.path = 'nobody'
      run.stops += 1
      return
    case 'if': {
      const asked = run.say(node.test)
      fork(
        run,
        asked,
        () => run.perform(node.consequent),
        () => run.perform(node.alternate),
      )
      return
    }
    case 'try':
      attempt(run, node)
      return
    case 'other':
      other(run, node)
      return
    default:
      run.say(node)
  }
}

const wordOf = (run: Run, { at }: Node): string =>
  /^\w*/.exec(run.reading.program.modules.get(at.file)?.text.slice(at.start, at.start + 10) ?? '')?.[0] ?? ''

/** What fails may fail at its first line; what is done at the end is done in any case. */
const attempt = (run: Run, node: Extract<Node, { kind: 'try' }>): void => {
  const before = stateOf(run)
  run.perform(node.body)
  const ends = [stateOf(run)]
  const caught = node.handlers.filter((each) => wordOf(run, each) === 'catch')
  for (const handler of caught) {
    enter(run, { path: before.path, names: meeting([before, { ...stateOf(run), path: before.path }]).names })
    run.perform(handler.kind === 'other' ? handler.children : [handler])
    ends.push(stateOf(run))
  }
  enter(run, meeting(ends))
  for (const handler of node.handlers)
    if (!caught.includes(handler)) run.perform(handler.kind === 'other' ? handler.children : [handler])
}

const other = (run: Run, node: Extract<Node, { kind: 'other' }>): void => {
  switch (wordOf(run, node)) {
    case 'break':
    case 'continue':
      run.leaves.push(stateOf(run))
      run.path = 'nobody'
      return
    case 'for':
    case 'while':
    case 'do':
      loop(run, node.children)
      return
    case 'switch':
      choice(run, node.children)
      return
    default:
      run.perform(node.children)
  }
}

/** No turn, or some: `for (const one of LIST) { if (one === origin) return true }`. */
const loop = (run: Run, [first, second, ...rest]: readonly Node[]): void => {
  const before = stateOf(run)
  const outer = run.leaves
  const frame = run.frame
  run.leaves = []
  if (first?.kind === 'assign' && first.value === undefined && second !== undefined) {
    const said = run.say(second)
    const item = itemOf(run, said, second)
    if (item.is === 'given' && frame !== undefined) run.frame = inTurn(frame, run.scope, first, item.value)
    bind(run, first.target, item)
    run.perform(rest)
  } else
    perform(
      run,
      [first, second, ...rest].filter((each) => each !== undefined),
    )
  enter(run, meeting([before, stateOf(run), ...run.leaves]))
  run.leaves = outer
  run.frame = frame
}

/** A case is taken by those that nobody can tell. */
const choice = (run: Run, [asked, ...cases]: readonly Node[]): void => {
  if (asked === undefined) return
  run.say(asked)
  const before = stateOf(run)
  const outer = run.leaves
  run.leaves = []
  const ends: State[] = [before]
  for (const each of cases) {
    enter(run, before)
    run.path = and(before.path, 'unknown')
    run.perform(each.kind === 'other' ? each.children : [each])
    ends.push(stateOf(run))
  }
  enter(run, meeting([...ends, ...run.leaves]))
  run.leaves = outer
}
