/** What an application gets when a method of one of its instances is called. */
import { frameGiven, possibilities, type Value } from '../../source/index.ts'
import type { Reading } from '../reading.ts'
import type { Assembler } from './assemble.ts'
import { isAwaited } from './awaits.ts'
import { cameTo, expression, textIn } from './expressions.ts'
import { instanceValue } from './instances.ts'
import type { Added, Context, Expression } from './model.ts'
import { METHODS, routeEntries } from './route-entries.ts'
import type { Running } from './walk.ts'

interface MethodCall extends Running {
  readonly reading: Reading
  readonly assembler: Assembler
  readonly context: Context
  readonly args: readonly Expression[]
}

export const callMethod = (
  reading: Reading,
  assembler: Assembler,
  name: string,
  context: Context,
  running: Running,
): void => {
  const { node, scope } = running.call
  const args = node.args.map((one) => expression(one, scope, running.frame))
  const called: MethodCall = { ...running, reading, assembler, context, args }
  if (METHODS.test(name) || name === 'route')
    context.app.routes.push(...routeEntries(reading, name, added(called), args))
  else if (/^(?:after|ready|listen)$/.test(name)) whenLoaded(called)
  else if (KNOWN.has(name)) KNOWN.get(name)?.(called)
  else decorator(called, name)
}

const added = ({ assembler, context, run, call }: MethodCall): Added => assembler.added(context, run, call)

const register = ({ reading, assembler, context, call, args: [plugin, options], run }: MethodCall): void => {
  if (plugin === undefined) return
  assembler.register(context, call, plugin, options, run)
  if (isAwaited(reading, call.node)) assembler.settle(run)
}

const addHook = (called: MethodCall): void => {
  const { reading, context, args } = called
  const [name, hook] = args
  if (name === undefined || hook === undefined) return
  const text = textIn(cameTo(reading, name))
  if (text !== undefined) context.app.hooks.push({ ...added(called), name: text, value: cameTo(reading, hook) })
}

/** Express's, by @fastify/express or middie. */
const use = (called: MethodCall): void => {
  for (const one of called.args) {
    const value = cameTo(called.reading, one)
    if (value.kind !== 'literal') called.context.app.hooks.push({ ...added(called), name: 'onRequest', value })
  }
}

const decorate = ({ reading, context, args: [name, value] }: MethodCall): void => {
  const key = name && value && textIn(cameTo(reading, name))
  if (key !== undefined && value !== undefined) context.decorators.set(key, cameTo(reading, value))
}

const setErrorHandler = (called: MethodCall): void => {
  const [handler] = called.args
  if (handler !== undefined)
    called.context.app.handlings.push({ ...added(called), kind: 'error', value: cameTo(called.reading, handler) })
}

const setNotFoundHandler = (called: MethodCall): void => {
  const handler = called.args.at(-1)
  if (handler !== undefined)
    called.context.app.handlings.push({ ...added(called), kind: 'not-found', value: cameTo(called.reading, handler) })
}

const KNOWN: ReadonlyMap<string, (called: MethodCall) => void> = new Map([
  ['register', register],
  ['addHook', addHook],
  ['use', use],
  ['decorate', decorate],
  ['setErrorHandler', setErrorHandler],
  ['setNotFoundHandler', setNotFoundHandler],
])

/** What is in a callback of `after`, `ready` or `listen` runs when all before is loaded. */
const whenLoaded = ({ reading, assembler, context, call, args, frame, run }: MethodCall): void => {
  if (isAwaited(reading, call.node)) assembler.settle(run)
  for (const one of args) {
    const value = cameTo(reading, one)
    if (value.kind !== 'function') continue
    const instance = instanceValue(context, call.node.at)
    assembler.enter(
      value,
      frameGiven(reading.evaluator, value.node, [instance, instance], frame),
      assembler.loading(run, call),
    )
  }
}

/** One of the project's own that registers: `app.crud('notes', …)`. */
const decorator = ({ reading, assembler, context, call, frame, run }: MethodCall, name: string): void => {
  for (const one of possibilities(decorated(context, name)))
    if (one.kind === 'function') assembler.enter(one, reading.evaluator.frame(one, call, frame), run)
}

const decorated = (context: Context, name: string): Value => {
  for (let one: Context | undefined = context; one !== undefined; one = one.parent) {
    const found = one.decorators.get(name)
    if (found !== undefined) return found
  }
  return { kind: 'unknown', at: { file: '', line: 0, start: 0, end: 0 } }
}
