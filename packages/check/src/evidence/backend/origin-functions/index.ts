/** Functions that decide whom to let in: which origins they do, followed on every way through them. */
import { type Node, type Scope, type Value, walk } from '../../source/index.ts'
import type { CorsSetting } from '../facts.ts'
import type { Reading } from '../reading.ts'
import { say } from './expressions.ts'
import { follow, frameOf, take } from './follow.ts'
import { or, type Reach } from './reach.ts'
import { type FunctionValue, isOver, type Run, setsAllowOrigin } from './run.ts'
import { CALLBACK, ORIGIN, oneOf, REQUEST, type Said, UNKNOWN } from './said.ts'
import { perform } from './statements.ts'

export { isCalledOrigins } from './given.ts'
export { setsAllowOrigin } from './run.ts'
export { takesShared } from './shared-hosts.ts'

type Origins = CorsSetting['origins']
type Judge = (value: Value) => Origins

const ORIGINS: Readonly<Record<Reach, Origins>> = {
  nobody: 'listed',
  listed: 'listed',
  chosen: 'listed',
  unknown: 'unknown',
  null: 'null',
  // http for https: whoever is on the way can be that host.
  hosts: 'loose',
  loose: 'loose',
  https: 'reflected',
  reflected: 'reflected',
  any: 'any',
}

/** `(origin, callback) => …`, or one that gives its answer back. */
export const byOrigin = (reading: Reading, value: FunctionValue, judge: Judge): Origins =>
  ORIGINS[answered(reading, value, judge, ORIGIN, 'origin')]

/** `(origin, c) => …`: what it gives back is the header, and its second parameter no callback. */
export const byAnswer = (reading: Reading, value: FunctionValue, judge: Judge): Origins => {
  const run = runOf(reading, value, judge, 'origin', [ORIGIN])
  const found = given(run)
  return ORIGINS[found.length === 0 || isOver(run) ? or('unknown', ...found) : or(...found)]
}

/** `(req, callback) => callback(null, { origin: … })`. */
export const byDelegate = (reading: Reading, value: FunctionValue, judge: Judge): Origins =>
  ORIGINS[answered(reading, value, judge, REQUEST, 'options')]

const answered = (
  reading: Reading,
  value: FunctionValue,
  judge: Judge,
  first: Said,
  answers: Run['answers'],
): Reach => {
  const calls = isCallback(value)
  const run = runOf(reading, value, judge, answers, calls ? [first, CALLBACK] : [first])
  const found = calls ? [...run.granted.values()] : given(run)
  const isOpen = isOver(run) || (calls && callsOf(value).some((one) => !isFollowed(run, one)))
  return found.length === 0 || isOpen ? or('unknown', ...found) : or(...found)
}

/** `production ? LIST : '*'`, where an answer stands without a function around it. */
export const byExpression = (reading: Reading, node: Node, scope: Scope, judge: Judge): Origins => {
  const run = emptyRun(reading, scope, judge, 'origin')
  return ORIGINS[run.say(node).grants]
}

/** Where its callback is called, by its name. */
const callsOf = ({ node }: FunctionValue): readonly Node[] => {
  const target = node.parameters[1]?.target
  const calls: Node[] = []
  walk(node.body, (one) => {
    if (one.kind !== 'call' || one.callee.kind !== 'name' || target?.kind !== 'name') return
    if (one.callee.name === target.name) calls.push(one)
  })
  return calls
}

/** Whether a place was come to, or is one that nobody comes to. */
const isFollowed = ({ seen, skipped }: Run, node: Node): boolean =>
  seen.has(node) || [...skipped].some(({ at }) => at.start <= node.at.start && at.end >= node.at.end)

/** What it gives back. */
const given = ({ returns }: Run): readonly Reach[] => (returns.length === 0 ? [] : [oneOf(returns).grants])

/** Something calls it, or hands it on. */
const isCallback = ({ node }: FunctionValue): boolean => {
  const target = node.parameters[1]?.target
  if (target?.kind !== 'name') return false
  let found = false
  walk(node.body, (one) => {
    if (one.kind !== 'call') return
    if ([one.callee, ...one.args].some((each) => each.kind === 'name' && each.name === target.name)) found = true
  })
  return found
}

/** Where a function sets `Access-Control-Allow-Origin` by hand, and whom that lets in. */
export const headersIn = (
  reading: Reading,
  value: FunctionValue,
  judge: Judge,
): readonly { readonly node: Node; readonly origins: Origins }[] => {
  // Express hands an error to the first of four.
  const asked = value.node.parameters.length === 4 ? 1 : 0
  const args = value.node.parameters.map(({ target }, index) =>
    index === asked ? REQUEST : target.kind === 'name' && /origin/i.test(target.name) ? UNKNOWN : undefined,
  )
  const run = runOf(reading, value, judge, 'origin', args)
  walk(value.node.body, (node) => {
    if (setsAllowOrigin(reading, node) && !isFollowed(run, node)) run.granted.set(node, 'unknown')
  })
  return [...run.granted].flatMap(([node, reach]) =>
    reach === 'nobody' ? [] : [{ node, origins: ORIGINS[isOver(run) ? or('unknown', reach) : reach] }],
  )
}

const runOf = (
  reading: Reading,
  value: FunctionValue,
  judge: Judge,
  answers: Run['answers'],
  args: readonly (Said | undefined)[],
): Run => {
  const run = emptyRun(reading, value.scope, judge, answers)
  run.stack.push(value.node)
  run.frame = frameOf(run, value, args, value.frame)
  take(run, value.node, args)
  perform(run, value.node.body)
  return run
}

const emptyRun = (reading: Reading, scope: Scope, judge: Judge, answers: Run['answers']): Run => {
  const run: Run = {
    reading,
    judge,
    answers,
    granted: new Map(),
    stack: [],
    seen: new Set(),
    skipped: new Set(),
    path: 'any',
    names: new Map(),
    scope,
    frame: undefined,
    returns: [],
    leaves: [],
    stops: 0,
    steps: 0,
    say: (node) => say(run, node),
    perform: (nodes) => perform(run, nodes),
    follow: (called, given, node) => follow(run, called, given, node),
  }
  return run
}
