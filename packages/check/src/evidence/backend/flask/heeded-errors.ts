/** Whether anybody looks at what marshmallow's `schema.validate(data)` gives back: it says what is wrong, and throws nothing. */
import { type Call, type FunctionNode, type If, type Node, walk } from '../../source/index.ts'
import { isIdle, onlyAnswers } from '../guards/index.ts'
import type { Reading } from '../reading.ts'

/** Also where it can't be followed: passed on, returned, kept in a field. */
export const isHeeded = (reading: Reading, call: Call, fn: FunctionNode): boolean => {
  const parent = reading.program.parentOf(call)
  if (parent?.kind !== 'assign' || parent.target.kind !== 'name') return comesOfIt(reading, call)
  const { target } = parent
  let heeded = false
  walk(fn.body, (node) => {
    if (node.kind === 'name' && node.name === target.name && node !== target) heeded ||= comesOfIt(reading, node)
    return !heeded
  })
  return heeded
}

/** It is tested, and the test stops something; or it goes to whoever may. */
const comesOfIt = (reading: Reading, result: Node): boolean => {
  let inner = result
  let parent = reading.program.parentOf(inner)
  while (parent?.kind === 'unary' || parent?.kind === 'logical' || parent?.kind === 'binary') {
    inner = parent
    parent = reading.program.parentOf(inner)
  }
  if (parent?.kind === 'if' && parent.test === inner) return stops(reading, parent)
  if (parent?.kind === 'call') return parent.args.includes(inner) && !isIdle(parent)
  return parent !== undefined && !/^(?:function|if|try|other)$/.test(parent.kind)
}

/** `if errors: print(errors)` stops nothing, nor does an answer that is made and not returned. */
const stops = (reading: Reading, { consequent, alternate }: If): boolean =>
  [...consequent, ...alternate].some((one) => !onlyAnswers(reading, one))
