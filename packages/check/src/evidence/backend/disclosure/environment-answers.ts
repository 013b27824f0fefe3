/** Answers that hold the whole environment: every key and password of the backend, to whoever asks for its state. */
import {
  type Call,
  type FunctionNode,
  type Located,
  lastName,
  lookup,
  type Node,
  pathOf,
  type Scope,
  walk,
  walkBody,
} from '../../source/index.ts'
import type { DebugSign } from '../facts.ts'
import { placeOf, type Reading } from '../reading.ts'
import { shows } from './stacks.ts'

const RESPONSE = /^(?:res|response|reply|rep|c|ctx|context)$/

/** `res.json(process.env)`, `c.json({ status, env: process.env })`, `reply.code(200).send({ ...process.env })`. */
export const environmentAnswers = (reading: Reading): readonly DebugSign[] => [
  ...['json', 'jsonp', 'send'].flatMap((name) =>
    reading.program
      .callsNamed(name)
      .flatMap(({ node, scope }) => (isAnswer(node) ? signsIn(reading, node.args, scope) : [])),
  ),
  ...decorated(reading).flatMap(({ node, scope }) => environmentReturned(reading, node.body, scope)),
]

/** `return { ok: true, env: process.env }`, where what a handler returns is the answer. */
export const environmentReturned = (reading: Reading, body: readonly Node[], around: Scope): readonly DebugSign[] => {
  const signs: DebugSign[] = []
  walkBody(body, (node) => {
    if (node.kind === 'return' && node.value !== undefined)
      signs.push(...signsIn(reading, [node.value], reading.program.scopeOf(node) ?? around))
  })
  return signs
}

/** The methods of controllers: Nest's `@Get()`. */
const decorated = (reading: Reading): readonly Located<FunctionNode>[] =>
  ['Get', 'Post', 'Put', 'Patch', 'Delete', 'All'].flatMap((name) =>
    reading.program.callsNamed(name).flatMap(({ node, scope }) => {
      const method = reading.program.parentOf(node)
      return method?.kind === 'function' && method.decorators.includes(node) ? [{ node: method, scope }] : []
    }),
  )

const signsIn = (reading: Reading, nodes: readonly Node[], scope: Scope): readonly DebugSign[] => {
  const found = wholeIn(nodes, scope, 0).find((one) => shows(reading, one))
  return found === undefined ? [] : [{ at: placeOf(reading, found.at), what: 'the whole environment in an answer' }]
}

/** It starts at what a handler is given to answer by: `res.status(200).json`. */
const isAnswer = ({ callee }: Call): boolean => {
  let node: Node = callee
  while (node.kind === 'member' || node.kind === 'call') node = node.kind === 'member' ? node.object : node.callee
  return node.kind === 'name' && RESPONSE.test(node.name)
}

/** The environment itself, also by a name that it was given; one of its variables is what the program chose to tell. */
const wholeIn = (nodes: readonly Node[], scope: Scope, depth: number): readonly Node[] => {
  const found: Node[] = []
  walk(nodes, (node) => {
    if (node.kind === 'member') {
      if (/^(?:process|Bun)\.env$/.test(pathOf(node)?.join('.') ?? '')) found.push(node)
      return false
    }
    if (node.kind === 'name') {
      const [binding] = lookup(scope, node.name)
      const value = binding?.kind === 'value' && binding.path.length === 0 ? binding.assign.value : undefined
      const isSuch = value?.kind === 'member' || value?.kind === 'object'
      if (binding?.kind === 'value' && isSuch && depth < 2 && wholeIn([value], binding.scope, depth + 1).length > 0)
        found.push(node)
    }
    const isText =
      node.kind === 'call' && /^(?:stringify|inspect|entries|fromEntries)$/.test(lastName(node.callee) ?? '')
    return node.kind !== 'function' && (node.kind !== 'call' || isText)
  })
  return found
}
