/** Answers that hold the whole environment: every key and password of the backend, to whoever asks for its state. */
import { type Call, lastName, type Node, pathOf, walk } from '../source/index.ts'
import type { DebugSign } from './facts.ts'
import { placeOf, type Reading } from './reading.ts'
import { shows } from './stacks.ts'

const RESPONSE = /^(?:res|response|reply|rep|c|ctx|context)$/

/** `res.json(process.env)`, `c.json({ status, env: process.env })`, `reply.code(200).send({ ...process.env })`. */
export const environmentAnswers = (reading: Reading): readonly DebugSign[] =>
  ['json', 'jsonp', 'send'].flatMap((name) =>
    reading.program.callsNamed(name).flatMap(({ node }) => {
      if (!isAnswer(node)) return []
      const found = node.args.flatMap(wholeIn).find((one) => shows(reading, one))
      return found === undefined ? [] : [{ at: placeOf(reading, found.at), what: 'the whole environment in an answer' }]
    }),
  )

/** It starts at what a handler is given to answer by: `res.status(200).json`. */
const isAnswer = ({ callee }: Call): boolean => {
  let node: Node = callee
  while (node.kind === 'member' || node.kind === 'call') node = node.kind === 'member' ? node.object : node.callee
  return node.kind === 'name' && RESPONSE.test(node.name)
}

/** The environment itself; one of its variables is what the program chose to tell. */
const wholeIn = (arg: Node): readonly Node[] => {
  const found: Node[] = []
  walk([arg], (node) => {
    if (node.kind === 'member') {
      if (/^(?:process|Bun)\.env$/.test(pathOf(node)?.join('.') ?? '')) found.push(node)
      return false
    }
    const isText =
      node.kind === 'call' && /^(?:stringify|inspect|entries|fromEntries)$/.test(lastName(node.callee) ?? '')
    return node.kind !== 'function' && (node.kind !== 'call' || isText)
  })
  return found
}
