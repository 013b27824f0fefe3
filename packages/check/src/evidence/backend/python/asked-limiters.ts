/** Limiters that a handler asks in its own text: `check_rate_limit(request, email)`, `container.limiter.check(key)`. */
import { type Call, lastName, type Node, possibilities, type Scope, walk, walkBody } from '../../source/index.ts'
import type { Limiter } from '../facts.ts'
import { asksFor, identityIn, refusesAround } from '../limits/index.ts'
import { placeOf, type Reading } from '../reading.ts'
import { answers429, keyIn, limitsIn, rateInside } from './counting.ts'
import type { FunctionValue } from './definitions.ts'
import { isOff } from './switches.ts'

const SWITCH = /(?:^|_)(?:enabled?|active|on|disabled?|off|skip)(?:_|$)/i

export const askedLimiters = (reading: Reading, { node, scope }: FunctionValue): readonly Limiter[] =>
  asksFor(reading, node.body).flatMap(
    (one) => limiterAsked(reading, one, node.body, reading.program.scopeOf(one) ?? scope) ?? [],
  )

const limiterAsked = (reading: Reading, call: Call, around: readonly Node[], scope: Scope): Limiter | undefined => {
  const followed = possibilities(reading.evaluator.value(call.callee, scope)).filter((one) => one.kind === 'function')
  if (followed.length > 0 && followed.every((one) => doesNothing(one.node.body))) return
  const at = placeOf(reading, call.at)
  const bodies = followed.map((one) => one.node.body)
  const switches = [around, ...bodies].map((body) => switchOf(reading, body, call, scope))
  const off = switches.find((one) => one?.off)
  const open = switches.some((one) => one !== undefined && one.off === undefined)
  const refuses =
    refusesAround(around, call) ||
    followed.some(
      (one) =>
        limitsIn(reading, one.node.body, one.scope) &&
        (answers429(reading, one.node.body, one.scope) || errorsAnswer429(reading)),
    )
  const perMinute = rateInside(reading, [call, ...bodies.flat()])
  const key = keyIn(reading, [call, ...bodies.flat()], scope) ?? identityIn(reading, call)
  const proven = refuses && !open
  return {
    at,
    library: 'own',
    mounted: 'somewhere',
    ...(off ? { off: placeOf(reading, off.at.at) } : {}),
    ...(proven || off ? {} : { unsure: true }),
    ...(perMinute === undefined ? {} : { perMinute }),
    key: proven && key ? key : { kind: 'unknown', at },
  }
}

/** A stub: `def check_rate_limit(key): return True`. */
const doesNothing = (body: readonly Node[]): boolean => {
  let does = false
  walkBody(body, (one) => {
    if (one.kind === 'call' || one.kind === 'throw' || one.kind === 'binary') does = true
    return !does
  })
  return !does
}

/** Something of the program turns the error of a limiter into 429: a handler of exceptions, or its own status. */
const errorsAnswer429 = (reading: Reading): boolean =>
  [...reading.program.modules.values()].some(
    ({ language, text }) =>
      language === 'python' &&
      (/(?:exception_handler|errorhandler)\b[\s\S]{0,120}rate_?limit[\s\S]{0,600}(?:429|too_many_requests)/i.test(
        text,
      ) ||
        /class \w*rate_?limit\w*\([\s\S]{0,400}(?:429|too_many_requests)/i.test(text)),
  )

interface Switch {
  readonly at: Node
  /** Undefined where nothing says what it is. */
  readonly off: boolean | undefined
}

/** `if not settings.limits_enabled: return`, `if settings.limits_enabled: limiter.check(key)`. */
const switchOf = (reading: Reading, body: readonly Node[], call: Call, scope: Scope): Switch | undefined => {
  for (const one of body) {
    if (one.kind !== 'if') continue
    const negated = one.test.kind === 'unary' && one.test.operator === '!'
    const test = negated && one.test.kind === 'unary' ? one.test.operand : one.test
    const name = lastName(test) ?? ''
    if ((test.kind !== 'member' && test.kind !== 'name') || !SWITCH.test(name)) continue
    const leaves = one.consequent[0]?.kind === 'return'
    const holds = one.consequent.some((each) => each.at.start <= call.at.start && call.at.end <= each.at.end)
    if (!leaves && !holds) continue
    const on = switchedOn(reading, test, reading.program.scopeOf(test) ?? scope)
    const runs = leaves ? negated : !negated
    return { at: test, off: on === undefined ? undefined : on !== runs }
  }
  return
}

/** By what it comes to, or by the default of the one setting of that name. */
const switchedOn = (reading: Reading, test: Node, scope: Scope): boolean | undefined => {
  const values = possibilities(reading.evaluator.value(test, scope))
  if (isOff(reading, { node: test, scope }, values)) return false
  if (
    values.every((one) => one.kind === 'literal' || one.kind === 'env') &&
    values.some((one) => one.kind === 'literal')
  )
    return true
  const defaults = new Set<unknown>()
  for (const { body, language } of reading.program.modules.values()) {
    if (language !== 'python') continue
    walk(body, (one) => {
      if (one.kind !== 'class') return one.kind !== 'function'
      for (const field of one.members)
        if (field.kind === 'assign' && lastName(field.target) === lastName(test) && field.value?.kind === 'literal')
          defaults.add(field.value.value)
      return true
    })
  }
  const [only] = defaults
  return defaults.size === 1 && typeof only === 'boolean' ? only : undefined
}
