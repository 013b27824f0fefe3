/** What an expression can come to, as far as the source says. */
import type { Located } from './program.ts'
import type { Scope } from './scopes.ts'
import type { Assign, At, Call, ClassNode, FunctionNode, Module, Node } from './tree.ts'

export type Value = Known & {
  /** Of several: the assignment, the return or the side of a choice that gives this one. */
  readonly by?: Node
}

type Known =
  | { readonly kind: 'literal'; readonly value: string | number | boolean | null; readonly at: At }
  /** A setting of the environment. Where the source gives a fallback, it is the other side of an `either`. */
  | {
      readonly kind: 'env'
      readonly name: string
      /** Something made a number of it: `Number(process.env.X)`, a schema's `z.coerce.number()`. */
      readonly number?: true
      readonly at: At
    }
  /** `process.env` itself, or what a schema made of it. */
  | { readonly kind: 'environment'; readonly schema: readonly Located[]; readonly at: At }
  /** A span of time: timedelta(minutes=15). */
  | { readonly kind: 'duration'; readonly seconds: number; readonly at: At }
  /** A moment, this many seconds from now; as milliseconds, seconds, an object, or a part of a date (`unit` seconds each). */
  | {
      readonly kind: 'instant'
      readonly seconds: number
      readonly scale: 'ms' | 's' | 'object' | 'part'
      readonly unit?: number
      readonly at: At
    }
  | { readonly kind: 'list'; readonly items: readonly Value[]; readonly at: At }
  /** `rest` is what was spread into it and is no object of literals itself. */
  | {
      readonly kind: 'object'
      readonly entries: ReadonlyMap<string, Value>
      readonly rest: readonly Value[]
      readonly at: At
      readonly node?: Located
    }
  /** A text with parts that may be unknown. */
  | { readonly kind: 'text'; readonly parts: readonly Value[]; readonly at: At }
  | { readonly kind: 'pattern'; readonly source: string; readonly at: At }
  | {
      readonly kind: 'function'
      readonly node: FunctionNode
      readonly scope: Scope
      readonly frame: Frame | undefined
      readonly self?: Value
      readonly at: At
    }
  | { readonly kind: 'class'; readonly node: ClassNode; readonly scope: Scope; readonly at: At }
  | {
      readonly kind: 'instance'
      readonly class: Extract<Value, { kind: 'class' }>
      readonly call?: Located<Call>
      readonly frame?: Frame | undefined
      /** What was put on it after it was made: `claims.email = user.email`. */
      readonly assigned?: ReadonlyMap<string, Value>
      readonly at: At
    }
  | { readonly kind: 'module'; readonly module: Module; readonly at: At }
  /** Something of another package: `jsonwebtoken` and ['sign']; a call on the way is '()' and `call` is the last one. */
  | {
      readonly kind: 'external'
      readonly from: string
      readonly path: readonly string[]
      readonly call?: Located<Call>
      readonly frame?: Frame | undefined
      readonly at: At
    }
  | { readonly kind: 'either'; readonly values: readonly Value[]; readonly at: At }
  /** `label` is what the text calls it: `user.email`. */
  | {
      readonly kind: 'unknown'
      readonly label?: readonly string[]
      readonly of?: Value
      readonly node?: Node
      /** The two sides of a comparison, what a `!` stands before: `user.role === 'admin'`. */
      readonly asks?: readonly Value[]
      readonly at: At
    }

/** What the parameters of a function are in one call of it. */
export interface Frame {
  readonly function: FunctionNode
  readonly call: Located<Call> | undefined
  readonly parameters: ReadonlyMap<string, Value>
  readonly self?: Value | undefined
  readonly depth: number
  /** The frame in which the call stands. */
  readonly outer?: Frame | undefined
  /** What the variables of loops are in this turn. */
  readonly locals?: ReadonlyMap<Assign, Value>
}

/** Each thing that it can be: an `either` taken apart. */
export const possibilities = (value: Value): readonly Value[] =>
  value.kind === 'either' ? value.values.flatMap(possibilities) : [value]

/** What one assignment, return or side of several gives; what another gave before it stays that one's. */
export const givenBy = (node: Node, value: Value): Value =>
  value.kind === 'either'
    ? { ...value, values: value.values.map((one) => givenBy(node, one)) }
    : { ...value, by: value.by ?? node }

/** More than a value of a program comes to: a text, list or object that doubles with every line is given up on. */
const HEAVIEST = 50_000
const MOST_POSSIBILITIES = 200
const weights = new WeakMap<Value, number>()

/** How much there is in it, counting what is shared as often as it is met. */
const weightOf = (value: Value): number => {
  if (value.kind === 'literal') return typeof value.value === 'string' ? 1 + value.value.length / 16 : 1
  if (value.kind !== 'text' && value.kind !== 'list' && value.kind !== 'object' && value.kind !== 'either') return 1
  const known = weights.get(value)
  if (known !== undefined) return known
  const parts =
    value.kind === 'text'
      ? value.parts
      : value.kind === 'list'
        ? value.items
        : value.kind === 'either'
          ? value.values
          : [...value.entries.values(), ...value.rest]
  const weight = parts.reduce((sum, one) => sum + weightOf(one), 1)
  weights.set(value, weight)
  return weight
}

export const isTooMuch = (...values: readonly Value[]): boolean =>
  values.reduce((sum, one) => sum + weightOf(one), 0) > HEAVIEST

/** One value of several, without doubles of the same literal. */
export const either = (values: readonly Value[], at: At): Value => {
  const all = values.flatMap(possibilities)
  const flat = all.length > MOST_POSSIBILITIES ? [...all.slice(0, MOST_POSSIBILITIES), unknown(at)] : all
  const unique = flat.filter(
    (one, index) =>
      flat.findIndex(
        (other) =>
          other === one ||
          (other.kind === 'literal' &&
            one.kind === 'literal' &&
            other.value === one.value &&
            other.at.start === one.at.start &&
            other.at.file === one.at.file),
      ) === index,
  )
  return unique.length === 1 && unique[0] !== undefined ? unique[0] : { kind: 'either', values: unique, at }
}

export const unknown = (at: At, label?: readonly string[]): Value =>
  label === undefined ? { kind: 'unknown', at } : { kind: 'unknown', label, at }

/** Whether a span or a moment certainly is something: after `timedelta(minutes=15) or`, nothing else counts. */
export const isThere = (value: Value): boolean =>
  value.kind === 'instant' || (value.kind === 'duration' && value.seconds !== 0)

/** The literal texts it can be. */
export const textsOf = (value: Value): readonly string[] =>
  possibilities(value).flatMap((one) => (one.kind === 'literal' && typeof one.value === 'string' ? [one.value] : []))

/** Whether it is that of another package: `isFrom(value, 'jsonwebtoken', 'sign')`, the default export's member or a named one. */
export const isFrom = (
  value: Value,
  from: string | RegExp,
  ...path: readonly string[]
): value is Extract<Value, { kind: 'external' }> =>
  value.kind === 'external' &&
  (typeof from === 'string' ? value.from === from : from.test(value.from)) &&
  withoutDefault(value.path).join('.') === path.join('.')

/** `default` and `*` at the start say how it was imported, not what it is. */
export const withoutDefault = (path: readonly string[]): readonly string[] =>
  path[0] === 'default' || path[0] === '*' ? withoutDefault(path.slice(1)) : path
