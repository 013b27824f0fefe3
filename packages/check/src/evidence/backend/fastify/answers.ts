/** Stacks and raw errors in what a Fastify application answers. */
import { lastName, type Node, possibilities, type Value, walk } from '../../source/index.ts'
import { environmentReturned, stackSigns } from '../disclosure/index.ts'
import type { DebugSign } from '../facts.ts'
import { placeOf, type Reading, whenOf } from '../reading.ts'
import { resolve } from './decorators.ts'
import type { Application } from './model.ts'
import { whenAdded } from './when.ts'

type FunctionValue = Extract<Value, { kind: 'function' }>

export const debugOf = (reading: Reading, app: Application): DebugSign[] => {
  const signs: DebugSign[] = []
  for (const one of app.handlings) {
    if (whenAdded(reading, one) === 'development') continue
    for (const { value } of resolve(reading, app, one.value)) {
      if (value.kind !== 'function') continue
      signs.push(...stackSigns(reading, value, 'error handler', true))
      if (one.kind === 'error') signs.push(...rawErrors(reading, value))
    }
  }
  for (const { handler } of app.routes)
    for (const one of handler === undefined ? [] : possibilities(handler))
      if (one.kind === 'function')
        signs.push(
          ...stackSigns(reading, one, 'handler', true),
          ...environmentReturned(reading, one.node.body, one.scope),
        )
  for (const plugin of app.plugins) {
    const when = whenAdded(reading, plugin)
    if (
      /^(?:fastify-error-page|fastify-youch|@mgcrea\/fastify-pretty-errors)$/.test(plugin.from) &&
      (when === 'always' || when === 'unknown')
    )
      signs.push({ at: placeOf(reading, plugin.call.node.at), what: `${plugin.from} shows stacks` })
  }
  return signs.filter(
    (one, index) =>
      signs.findIndex((other) => other.at.file === one.at.file && other.at.line === one.at.line) === index,
  )
}

/**
 * The error as a part of an answer, with all that it carries: a query, a path, an address. Sent by itself (`reply.send(error)`)
 * Fastify's serializer makes name and message of it.
 */
const rawErrors = (reading: Reading, { node }: FunctionValue): DebugSign[] => {
  const target = node.parameters[0]?.target
  const error = target?.kind === 'name' ? target.name : undefined
  const signs: DebugSign[] = []
  if (error === undefined) return signs
  const isError = (one: Node): boolean => one.kind === 'name' && one.name === error
  const inAnswer = (answer: Node): void =>
    walk([answer], (one) => {
      const leak =
        (one.kind === 'object' && (one.spreads.some(isError) || one.entries.some((entry) => isError(entry.value)))) ||
        (one.kind === 'call' && /^(?:stringify|inspect)$/.test(lastName(one.callee) ?? '') && one.args.some(isError))
      if (leak && whenOf(reading, one) !== 'development')
        signs.push({ at: placeOf(reading, one.at), what: 'the error itself in the answer of an error handler' })
      return one.kind !== 'function'
    })
  walk(node.body, (one) => {
    if (one.kind === 'call' && lastName(one.callee) === 'send') for (const arg of one.args) inAnswer(arg)
    else if (one.kind === 'return' && one.value?.kind === 'object') inAnswer(one.value)
  })
  return signs
}
