/** What every reader of a framework needs: the program, its evaluator, the settings of the environment, and places. */
import {
  type At,
  type Call,
  type Evaluator,
  type Node,
  type Program,
  possibilities,
  type Scope,
  type Value,
} from '../source/index.ts'
import { type Condition, conditionsOf } from './conditions.ts'
import type { Place } from './facts.ts'

/** What the project's files set a variable of the environment to. */
export interface EnvSetting {
  readonly value: string
  readonly at: Place
  /** An example file, which people copy. */
  readonly example: boolean
  /** Its place says that it is for development or tests. */
  readonly development?: true
}

export interface Reading {
  readonly program: Program
  readonly evaluator: Evaluator
  /** By name; files that are for development only come last. */
  readonly env: ReadonlyMap<string, readonly EnvSetting[]>
  readonly deployment?: Deployment
}

/** How the project says that it is run. */
export interface Deployment {
  /** What starts it where nobody develops: an image's command, a Procfile's. */
  readonly start?: Place
  /** Whether any file sets NODE_ENV to production. */
  readonly production: boolean
}

/** Of a line that is longer the node itself is shown: to look for both ends of a minified file, for each place in it, takes minutes. */
const LONGEST_LINE = 2_000

/** Each call of a chain at its own name: `router.route('/')`, below it `.get(a)` and below that `.post(b)`. */
export const placeOfCall = (reading: Reading, { callee, at }: Call): Place =>
  placeOf(reading, callee.kind === 'member' ? callee.property.at : at)

/** The place of a node, with its line's text. */
export const placeOf = (reading: Reading, at: At): Place => {
  const text = reading.program.modules.get(at.file)?.text ?? ''
  const from = Math.max(0, at.start - LONGEST_LINE)
  const before = text.slice(from, at.start)
  const start = from === 0 || before.includes('\n') ? from + before.lastIndexOf('\n') + 1 : at.start
  const around = text.slice(start, at.start + LONGEST_LINE)
  const end = around.indexOf('\n', at.start - start)
  return {
    file: at.file,
    line: at.line,
    text: around
      .slice(0, end === -1 ? undefined : end)
      .trim()
      .slice(0, 200),
  }
}

/** When what stands at a node runs. */
export type When = 'always' | 'development' | 'production' | 'unknown'

export const ENVIRONMENT_NAME =
  /^(?:node_?env|env|environment|app_?env|fastapi_?env|flask_?env|stage|mode|run_?env|deployment_?env)$/i
const PRODUCTION = /^(?:production|prod|live)$/i
const DEVELOPMENT = /^(?:dev|development|local|test|testing|staging|debug)$/i

/** What a test says: which kind of run makes it true. */
export const whenTrue = (reading: Reading, test: Node, scope: Scope): When => {
  switch (test.kind) {
    case 'unary':
      return test.operator === '!' ? whenFalse(reading, test.operand, scope) : 'unknown'
    case 'logical': {
      const [left, right] = [whenTrue(reading, test.left, scope), whenTrue(reading, test.right, scope)]
      if (test.operator === '&&')
        return left === 'development' || right === 'development'
          ? 'development'
          : left === 'production' || right === 'production'
            ? 'production'
            : left === 'always'
              ? right
              : 'unknown'
      return left === right ? left : left === 'always' || right === 'always' ? 'always' : 'unknown'
    }
    case 'binary': {
      if (!/^(?:===|!==|in|not in)$/.test(test.operator)) return 'unknown'
      const words = wordsOf(reading, test.right, scope).concat(wordsOf(reading, test.left, scope))
      const subject = [test.left, test.right].some((side) => namesEnvironment(reading, side, scope))
      if (!subject || words.length === 0) return 'unknown'
      // Node's own word is `production`: a NODE_ENV that is compared with `prod` never is.
      const node = [test.left, test.right].some(
        (side) => /NODE_ENV/.test(writtenAt(reading, side)) || isNodeEnv(reading.evaluator.value(side, scope)),
      )
      const says: When = words.every((word) => PRODUCTION.test(word))
        ? node && !words.includes('production')
          ? 'unknown'
          : 'production'
        : words.every((word) => DEVELOPMENT.test(word))
          ? 'development'
          : 'unknown'
      const never = node && says === 'unknown' && words.every((word) => PRODUCTION.test(word))
      const negated = test.operator === '!==' || test.operator === 'not in'
      if (never) return negated ? 'always' : 'unknown'
      return negated ? opposite(says) : says
    }
    case 'call':
    case 'name':
    case 'member': {
      const label = writtenAt(reading, test)
      // `?debug=1`: whoever asks chooses.
      if (/\.(?:query|body|params|headers|cookies)\b/.test(label)) return 'unknown'
      if (/\bis_?(?:dev|development|local|test)\w*\b/i.test(label)) return 'development'
      if (/\bis_?prod(?:uction)?\w*\b/i.test(label)) return 'production'
      if (
        test.kind === 'call' &&
        test.args[0] &&
        /\.(?:includes|has)$/.test(writtenAt(reading, test.callee)) &&
        test.callee.kind === 'member' &&
        namesEnvironment(reading, test.args[0], scope)
      ) {
        const words = wordsOf(reading, test.callee.object, scope)
        if (words.length > 0 && words.every((word) => DEVELOPMENT.test(word))) return 'development'
        if (words.length > 0 && words.every((word) => PRODUCTION.test(word))) return 'production'
      }
      if (test.kind === 'name') {
        const source = assignedTo(test.name, scope)
        if (source !== undefined && source.node !== test) return whenTrue(reading, source.node, source.scope)
      }
      const value = reading.evaluator.value(test, scope)
      return switched(value)
    }
    default:
      return 'unknown'
  }
}

/** What a test says where it fails: `!(a && b)` is `!a || !b`, so one unknown side leaves it open. */
const whenFalse = (reading: Reading, test: Node, scope: Scope): When => {
  if (test.kind === 'unary' && test.operator === '!') return whenTrue(reading, test.operand, scope)
  if (test.kind !== 'logical') return opposite(whenTrue(reading, test, scope))
  const [left, right] = [whenFalse(reading, test.left, scope), whenFalse(reading, test.right, scope)]
  if (test.operator === '&&')
    return left === right ? left : left === 'always' || right === 'always' ? 'always' : 'unknown'
  return left === 'development' || right === 'development'
    ? 'development'
    : left === 'production' || right === 'production'
      ? 'production'
      : 'unknown'
}

/** A switch of the settings: off unless somebody turns it on is what development is. */
const switched = (value: Value): When => {
  const all = possibilities(value)
  const fixed = all.flatMap((one) => (one.kind === 'literal' ? [one.value] : []))
  if (fixed.length === all.length && fixed.length > 0)
    return fixed.every(Boolean) ? 'always' : fixed.some(Boolean) ? 'unknown' : 'development'
  const off = fixed.length > 0 && fixed.every((one) => !one || /^(?:false|0|no|off)$/i.test(String(one)))
  const named = all.some(
    (one) =>
      (one.kind === 'env' && /debug|verbose|dev/i.test(one.name)) ||
      (one.kind === 'unknown' && /debug|verbose|dev/i.test(one.label?.at(-1) ?? '')),
  )
  return off || (named && fixed.length === 0)
    ? 'development'
    : fixed.length > 0 && fixed.every(Boolean)
      ? 'always'
      : 'unknown'
}

const opposite = (when: When): When =>
  when === 'development' ? 'production' : when === 'production' ? 'development' : 'unknown'

/** What stands in the source there. */
export const writtenAt = (reading: Reading, { at }: Pick<Node, 'at'>): string =>
  reading.program.modules.get(at.file)?.text.slice(at.start, at.end) ?? ''

const isNodeEnv = (value: Value): boolean =>
  possibilities(value).some((one) => one.kind === 'env' && one.name === 'NODE_ENV')

export const namesEnvironment = (reading: Reading, node: Node, scope: Scope): boolean => {
  const last =
    writtenAt(reading, node).match(/([A-Za-z_]+)(?:['"`]\s*[\])]|\.value|\.toLowerCase\(\)|\.lower\(\))*$/)?.[1] ?? ''
  if (ENVIRONMENT_NAME.test(last)) return true
  const value = reading.evaluator.value(node, scope)
  const values = value.kind === 'either' ? value.values : [value]
  return values.some((one) => one.kind === 'env' && ENVIRONMENT_NAME.test(one.name))
}

export const wordsOf = (reading: Reading, node: Node, scope: Scope): string[] => {
  if (namesEnvironment(reading, node, scope)) return []
  const value = reading.evaluator.value(node, scope)
  const items = value.kind === 'list' ? value.items : [value]
  const words = items.flatMap((one) => (one.kind === 'literal' && typeof one.value === 'string' ? [one.value] : []))
  // `EnvironmentOption.PRODUCTION`: an enum whose value is not known says it by its name.
  const named = writtenAt(reading, node).match(/\.([A-Za-z]+)$/)?.[1]
  return words.length > 0
    ? words
    : named !== undefined && (PRODUCTION.test(named) || DEVELOPMENT.test(named))
      ? [named]
      : []
}

export const assignedTo = (name: string, scope: Scope): { node: Node; scope: Scope } | undefined => {
  for (let one: Scope | undefined = scope; one !== undefined; one = one.parent) {
    const [binding] = one.names.get(name) ?? []
    if (binding?.kind === 'value' && binding.assign.value) return { node: binding.assign.value, scope: binding.scope }
    if (binding !== undefined) return
  }
  return
}

/** When a node runs, by the conditions around it in its own function and module; `early return`s count. */
export const whenOf = (reading: Reading, node: Node): When =>
  conditionsOf(reading, node).reduce<When>(
    (when, one) => {
      const here = whenMet(reading, one)
      return both(when, here === 'unknown' && one.starts === true ? 'always' : here)
    },
    reading.program.modules.has(node.at.file) ? 'always' : 'unknown',
  )

/** In which kind of run a condition is met. */
export const whenMet = (reading: Reading, { test, scope, holds }: Condition): When =>
  holds ? whenTrue(reading, test, scope) : whenFalse(reading, test, scope)

const both = (outer: When, inner: When): When =>
  inner === 'always'
    ? outer
    : outer === 'always'
      ? inner
      : outer === inner
        ? outer
        : outer === 'development' || inner === 'development'
          ? 'development'
          : inner
