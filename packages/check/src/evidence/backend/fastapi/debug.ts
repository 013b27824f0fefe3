/** Signs of debug mode in a FastAPI program: the flag, the reloader, traces and exceptions in answers, debug routes. */
import {
  type Call,
  functionAround,
  type Located,
  lastName,
  type Node,
  possibilities,
  type Scope,
  type Value,
  walk,
  walkBody,
} from '../../source/index.ts'
import type { DebugSign } from '../facts.ts'
import { argumentOf, type FunctionValue, flagSign, givesEnvironment, valuesOf } from '../python/index.ts'
import { placeOf, type Reading, whenOf } from '../reading.ts'
import type { Application, Mounted } from './application.ts'
import type { Guarding } from './guarding.ts'
import { type Command, placeOfCommand } from './proxies.ts'

export const debugOf = (
  reading: Reading,
  application: Application,
  routes: readonly Mounted[],
  guarding: Guarding,
  commands: readonly Command[],
): readonly DebugSign[] => [
  ...[...application.units.values()].filter((one) => one.isApp).flatMap((one) => byFlag(reading, one.call)),
  ...byAssignment(reading),
  ...byCommand(commands),
  ...byRun(reading, commands),
  ...debugSigns(reading),
  ...debugRoutes(reading, routes, guarding),
]

const byFlag = (reading: Reading, call: Located<Call>): readonly DebugSign[] => {
  const given = argumentOf(reading, call, 'debug')
  if (given === undefined || whenOf(reading, call.node) === 'development') return []
  const at = placeOf(reading, given.node?.at ?? call.node.at)
  const located = given.node && { node: given.node, scope: call.scope }
  return flagSign(reading, {
    at,
    what: 'FastAPI(debug=…)',
    on: 'FastAPI(debug=True)',
    values: given.values,
    given: located,
  })
}

/** `app.debug = True`: Starlette reads it when the first request comes. */
const byAssignment = (reading: Reading): readonly DebugSign[] => {
  const signs: DebugSign[] = []
  for (const module of reading.program.modules.values())
    walk(module.body, (node) => {
      if (node.kind !== 'assign' || node.value === undefined || node.target.kind !== 'member') return
      const scope = reading.program.scopeOf(node)
      const isFlag = lastName(node.target) === 'debug' && /app$/i.test(lastName(node.target.object) ?? '')
      if (module.language !== 'python' || !isFlag || scope === undefined || whenOf(reading, node) !== 'always') return
      const at = placeOf(reading, node.at)
      const values = possibilities(reading.evaluator.value(node.value, scope))
      const given = { node: node.value, scope }
      signs.push(...flagSign(reading, { at, what: 'app.debug', on: 'app.debug is on', values, given }))
    })
  return signs
}

const byCommand = (commands: readonly Command[]): readonly DebugSign[] =>
  commands.flatMap((one) => {
    if (one.development) return []
    const at = placeOfCommand(one)
    if (/\b(?:uvicorn|gunicorn|hypercorn)\b.*--reload(?![-\w])/s.test(one.text))
      return [{ at, what: `--reload in what ${one.kind} starts` }]
    return /\bfastapi["',\s]+dev\b/.test(one.text) ? [{ at, what: `fastapi dev in what ${one.kind} starts` }] : []
  })

/** uvicorn.run(reload=True), where that file is what is started. */
const byRun = (reading: Reading, commands: readonly Command[]): readonly DebugSign[] =>
  reading.program.callsNamed('run').flatMap((call) => {
    const value = reading.evaluator.value(call.node.callee, call.scope)
    if (
      value.kind !== 'external' ||
      value.from !== 'uvicorn' ||
      !(startsFile(commands, call.node.at.file) || startsNothing(commands)) ||
      whenOf(reading, call.node) === 'development'
    )
      return []
    const at = placeOf(reading, call.node.at)
    return ['reload', 'debug'].flatMap((name): readonly DebugSign[] => {
      const given = argumentOf(reading, call, name)
      if (given === undefined) return []
      const located = given.node && { node: given.node, scope: call.scope }
      const what = `uvicorn.run(${name}=…)`
      return flagSign(reading, { at, what, on: `uvicorn.run(${name}=True)`, values: given.values, given: located })
    })
  })

/** No file says how it is started in production: then it is as the program starts itself. */
const startsNothing = (commands: readonly Command[]): boolean =>
  !commands.some((one) => !one.development && /uvicorn|gunicorn|hypercorn|fastapi|python/.test(one.text))

/** Whether a command that is for production runs this file: `python app/main.py`, `python -m app.main`. */
export const startsFile = (commands: readonly Command[], file: string): boolean => {
  const name = file.slice(file.lastIndexOf('/') + 1)
  const module = name.replace(/\.py$/, '')
  return commands.some(
    ({ text, development }) =>
      !development &&
      (new RegExp(`(?:^|[\\s"'/,\\[])${escaped(name)}(?:$|["'\\s\\],])`).test(text) ||
        new RegExp(`-m["',\\s]+[\\w.]*\\b${escaped(module)}(?:$|["'\\s\\],])`).test(text)) &&
      !/\bpytest\b/.test(text),
  )
}

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')

const LOGS =
  /^(?:log|logger|logging|print|capture_exception|exception|error|warning|warn|info|debug|critical|add_note|record_exception|send_alert)$/

/** What an answer gives away of an exception: in handlers of any exception, in middleware, in `except Exception`. */
export const debugSigns = (reading: Reading): readonly DebugSign[] => {
  const signs = new Map<string, DebugSign>()
  const add = (node: Node, what: string) => {
    const at = placeOf(reading, node.at)
    if (whenOf(reading, node) !== 'development') signs.set(`${at.file}:${at.line}`, { at, what })
  }
  for (const { callee, name } of exceptionHandlers(reading)) {
    const tainted = taintedBy(reading, callee.node.body, name)
    walkBody(callee.node.body, (node) => {
      if (node.kind === 'return' && node.value)
        for (const one of leaksIn(node.value, tainted)) add(one, 'the exception in the answer to any error')
    })
  }
  for (const module of reading.program.modules.values()) {
    if (module.language !== 'python') continue
    walk(module.body, (node) => {
      if (node.kind === 'return' && node.value && !isLog(node.value))
        for (const one of tracesBelow(node.value, answers(reading, node))) add(one, 'a stack trace in an answer')
      if (node.kind === 'try') for (const handler of node.handlers) inExcept(reading, handler, add)
    })
  }
  return [...signs.values()]
}

/** `except Exception as e: raise HTTPException(500, detail=str(e))` */
const inExcept = (reading: Reading, handler: Node, add: (node: Node, what: string) => void): void => {
  if (handler.kind !== 'other') return
  const [thrown, bound] = handler.children
  const isAny = thrown !== undefined && /^(?:Exception|BaseException)$/.test(lastName(thrown) ?? '')
  const name = bound?.kind === 'assign' ? lastName(bound.target) : undefined
  if (!isAny || name === undefined) return
  const tainted = taintedBy(reading, handler.children, name)
  walkBody(handler.children, (node) => {
    const value = node.kind === 'throw' || node.kind === 'return' ? node.value : undefined
    if (
      value?.kind !== 'call' ||
      !/^(?:HTTPException|JSONResponse|ORJSONResponse|PlainTextResponse|Response|jsonify)$/.test(
        lastName(value.callee) ?? '',
      )
    )
      return
    const status =
      value.named.get('status_code') ?? (lastName(value.callee) === 'HTTPException' ? value.args[0] : undefined)
    if (status?.kind === 'literal' ? status.value !== 500 : !/500/.test(status ? (lastName(status) ?? '') : '')) return
    for (const one of leaksIn(value, tainted)) add(one, 'the exception in the answer to any error')
  })
}

/** The names that hold the exception, or what was made of it. */
const taintedBy = (reading: Reading, body: readonly Node[], name: string): ReadonlySet<string> => {
  const names = new Set([name])
  for (let before = 0; before !== names.size; ) {
    before = names.size
    walkBody(body, (node) => {
      if (
        node.kind !== 'assign' ||
        node.value === undefined ||
        isLog(node.value) ||
        whenOf(reading, node) === 'development'
      )
        return
      const target = node.target.kind === 'member' ? node.target.object : node.target
      if (target.kind === 'name' && leaksIn(node.value, names).length > 0) names.add(target.name)
    })
  }
  return names
}

const isLog = (node: Node): boolean => node.kind === 'call' && LOGS.test(lastName(node.callee) ?? '')

/** The places of a value that carry the exception itself: str(exc), f"{exc}", traceback.format_exc(). */
const leaksIn = (value: Node, names: ReadonlySet<string>): readonly Node[] => {
  const found: Node[] = []
  walk([value], (node) => {
    if (isLog(node)) return false
    if (node.kind === 'name' && names.has(node.name)) found.push(node)
    // exc.status_code, type(exc).__name__ and the like are what the program chose to tell.
    if (
      node.kind === 'member' &&
      !(
        node.property.kind === 'literal' &&
        /^(?:args|__traceback__|__dict__|__cause__)$/.test(String(node.property.value))
      )
    )
      return false
    if (node.kind === 'call' && /^(?:type|isinstance|getattr|id|hash)$/.test(lastName(node.callee) ?? '')) return false
    if (node.kind === 'call' && isTrace(node)) found.push(node)
    return true
  })
  return found
}

const isTrace = (node: Extract<Node, { kind: 'call' }>): boolean =>
  /^(?:format_exc|format_exception|format_tb|format_stack|print_exc)$/.test(lastName(node.callee) ?? '') &&
  lastName(node.callee) !== 'print_exc'

/** The traces in what a function gives back. One that only makes a text of it for its caller gives no answer. */
const tracesBelow = (value: Node, isAnswer: boolean): readonly Node[] => {
  const found: Node[] = []
  const text = isAnswer ? undefined : textMadeOf(value)
  walk([value], (node) => {
    if (isLog(node)) return false
    if (node.kind === 'call' && isTrace(node) && node !== text) found.push(node)
    return true
  })
  return found
}

/** `"".join(traceback.format_stack(frame)).strip()` is made of the stack. */
const textMadeOf = (value: Node): Node => {
  if (value.kind !== 'call' || value.callee.kind !== 'member' || isTrace(value)) return value
  const name = lastName(value.callee) ?? ''
  if (name === 'join' && value.args[0] !== undefined) return textMadeOf(value.args[0])
  return /^(?:strip|rstrip|lstrip|splitlines|replace|encode)$/.test(name) ? textMadeOf(value.callee.object) : value
}

const ANSWERING =
  /^(?:get|post|put|patch|delete|head|options|route|api_route|middleware|exception_handler|errorhandler)$/

/** Whether a return is of a handler's: `@app.get('/x')`. */
const answers = (reading: Reading, node: Node): boolean => {
  const decorators = functionAround(reading.program.scopeOf(node))?.decorators ?? []
  return decorators.some((one) => one.kind === 'call' && ANSWERING.test(lastName(one.callee) ?? ''))
}

/** The handlers of any exception, with the name of their second parameter. */
const exceptionHandlers = (reading: Reading): readonly { callee: FunctionValue; name: string }[] => {
  const found: { callee: FunctionValue; name: string }[] = []
  const add = (value: Value) => {
    if (value.kind !== 'function') return
    const name = lastName(value.node.parameters.at(-1)?.target ?? value.node)
    if (name !== undefined) found.push({ callee: value, name })
  }
  for (const { node, scope } of reading.program.callsNamed('add_exception_handler'))
    if (isAny(reading, node.args[0], scope) && node.args[1])
      for (const one of valuesOf(reading, node.args[1], scope)) add(one)
  for (const { node, scope } of reading.program.callsNamed('FastAPI')) {
    const handlers = node.named.get('exception_handlers')
    if (handlers?.kind !== 'object') continue
    for (const { key, value } of handlers.entries)
      if (isAny(reading, key, scope)) for (const one of valuesOf(reading, value, scope)) add(one)
  }
  for (const module of reading.program.modules.values()) {
    if (module.language !== 'python') continue
    walk(module.body, (node) => {
      const scope = node.kind === 'function' ? reading.program.scopeOf(node) : undefined
      if (node.kind !== 'function' || scope === undefined) return
      for (const one of node.decorators)
        if (
          one.kind === 'call' &&
          /^(?:exception_handler|errorhandler)$/.test(lastName(one.callee) ?? '') &&
          isAny(reading, one.args[0], scope)
        )
          add({ kind: 'function', node, scope, frame: undefined, at: node.at })
    })
  }
  return found
}

const isAny = (reading: Reading, node: Node | undefined, scope: Scope): boolean => {
  if (node === undefined) return false
  if (/^(?:Exception|BaseException)$/.test(lastName(node) ?? '') || /500/.test(lastName(node) ?? '')) return true
  return possibilities(reading.evaluator.value(node, scope)).some((one) => one.kind === 'literal' && one.value === 500)
}

/** Routes that are for debugging, and open: by their path, or because they give the environment. */
const debugRoutes = (reading: Reading, routes: readonly Mounted[], guarding: Guarding): readonly DebugSign[] =>
  routes.flatMap((route): DebugSign[] => {
    const { guard } = guarding.of(route)
    if (guard !== 'none' && guard !== 'exempt') return []
    const at = placeOf(reading, route.handler.call.node.at)
    if (/(?:^|[/_-])debug(?:$|[/_-])/i.test(route.path))
      return [{ at, what: `${route.handler.methods[0] ?? 'GET'} ${route.path} answers without a login` }]
    return route.handler.function && givesEnvironment(route.handler.function.node.body)
      ? [{ at, what: `${route.path} gives the environment` }]
      : []
  })
