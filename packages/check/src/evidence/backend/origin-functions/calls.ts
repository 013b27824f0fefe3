/** Calls: the answer itself, methods, the project's own functions, and what nothing is known of. */
import {
  type Call,
  type FunctionNode,
  lastName,
  type Node,
  pathOf,
  possibilities,
  type Value,
  walk,
} from '../../source/index.ts'
import { answer, headers } from './answers.ts'
import { lengthOf, typeOf } from './given.ts'
import { ofMember } from './methods.ts'
import { or } from './reach.ts'
import { comesTo, type FunctionValue, given, grant, isAllowOrigin, isOriginHeader, mentions, type Run } from './run.ts'
import { DETAIL, not, ORIGIN, type Said, test, UNKNOWN, URL_OF_IT } from './said.ts'

export const call = (run: Run, node: Call): Said => {
  if (isOriginHeader(node)) return ORIGIN
  headers(run, node)
  if (node.callee.kind === 'name' && run.names.get(node.callee.name)?.is === 'callback') return answer(run, node)
  if (node.callee.kind === 'member') {
    const method = lastName(node.callee)
    const said = method === undefined ? undefined : ofMember(run, node, node.callee.object, method)
    if (said !== undefined) return said
  }
  return ofFunction(run, node)
}

const PARSES_URL = /^(?:URL|url\.parse|URL\.parse|parse|parseUrl|parseURL|url\.URL)$/

/** Functions of the language, of the project, and those of which nothing is known. */
const ofFunction = (run: Run, node: Call): Said => {
  const name = pathOf(node.callee)?.join('.') ?? ''
  const [first] = node.args
  if (first !== undefined && mentions(run, first)) {
    if (/^(?:String|decodeURI|decodeURIComponent|encodeURI)$/.test(name)) return run.say(first)
    if (name === 'Boolean') return not(not(run.say(first)))
    if (name === 'URL.canParse') return test('any', 'any')
    if (PARSES_URL.test(name)) return run.say(first).is === 'origin' ? URL_OF_IT : DETAIL
  }
  if (first !== undefined && name === 'Array.isArray') {
    const said = run.say(first)
    if (said.is === 'given') return typeOf(said.value, 'object')
  }
  const callees = possibilities(comesTo(run, node.callee)).filter(
    (one): one is FunctionValue => one.kind === 'function',
  )
  const concerns = mentions(run, node) || callees.some((one) => setsHeader(one.node) || isOneOfThese(run, one))
  if (!concerns) return /\.length$/.test(name) ? lengthOf(comesTo(run, node)) : given(run, node)
  const args = node.args.map((one) => (one.kind === 'function' ? undefined : run.say(one)))
  // What it does with a function that it is given is not followed; it may call it.
  handedOn(run, node)
  if (callees.length > 0) {
    const said = callees.map((one) => run.follow(one, args, node))
    const [only] = said
    if (said.length === 1 && only !== undefined) return only
    return test(or(...said.map((one) => one.yes)), or(...said.map((one) => one.no)))
  }
  if (node.args.some((one) => one.kind !== 'function' && hasCallback(run, one))) grant(run, node, UNKNOWN)
  return UNKNOWN
}

const setters = new WeakMap<FunctionNode, boolean>()

/** A function of the project that sets the header for whoever calls it. */
const setsHeader = (node: FunctionNode): boolean => {
  const known = setters.get(node)
  if (known !== undefined) return known
  let found = false
  walk(node.body, (one) => {
    found ||= isAllowOrigin(one)
    return !found
  })
  setters.set(node, found)
  return found
}

/** A function inside of those that run: it sees their names. */
const isOneOfThese = (run: Run, { node }: Extract<Value, { kind: 'function' }>): boolean =>
  run.stack.some(({ at }) => at.file === node.at.file && at.start <= node.at.start && at.end >= node.at.end)

/** `load().then((list) => callback(null, list))`: what it is called with, nobody can tell. */
const handedOn = (run: Run, node: Call): void => {
  const promised =
    node.callee.kind === 'member' && /^(?:then|finally)$/.test(lastName(node.callee) ?? '')
      ? run.say(node.callee.object)
      : undefined
  for (const arg of node.args) {
    const value = comesTo(run, arg)
    if (value.kind === 'function' && isOneOfThese(run, value))
      run.follow(
        value,
        value.node.parameters.map((_, index) => (index === 0 ? promised : undefined) ?? UNKNOWN),
        node,
      )
  }
}

/** The callback itself in other hands: whoever has it may let in anybody. */
const hasCallback = (run: Run, node: Node): boolean => {
  let found = false
  walk([node], (one) => {
    found ||= one.kind === 'name' && run.names.get(one.name)?.is === 'callback'
    return !found
  })
  return found
}
