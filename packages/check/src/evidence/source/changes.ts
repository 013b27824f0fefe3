/** What is done to a value after its name was bound. */

import type { Evaluator } from './evaluate.ts'
import type { Program } from './program.ts'
import { namedIn, overlaid, withoutKeys } from './records.ts'
import type { Binding, Scope } from './scopes.ts'
import type { Assign, Call, Member, Node } from './tree.ts'
import { either, type Frame, givenBy, unknown, type Value } from './value.ts'
import { lastName, pathOf, walkBody } from './walk.ts'

const MOST_CHANGES = 300

export class Changes {
  readonly #evaluator: Evaluator
  readonly #changing = new Map<Binding, Value>()
  readonly #changes = new WeakMap<readonly Node[], ReadonlyMap<string, readonly Node[]>>()

  constructor(evaluator: Evaluator) {
    this.#evaluator = evaluator
  }

  /** What was done to a name after it was bound: `x.update({…})`, `x['exp'] = …`, `delete x.exp`, `x.setDate(…)`. */
  after(name: string, value: Value, binding: Binding | undefined, frame: Frame | undefined): Value {
    if (binding === undefined) return value
    if (value.kind !== 'instant' && value.kind !== 'instance' && !mayHold(value)) return value
    if (binding.kind !== 'value' && binding.kind !== 'parameter') return value
    const owner =
      binding.kind === 'parameter'
        ? binding.node.body
        : binding.scope.owner?.kind === 'function'
          ? binding.scope.owner.body
          : binding.scope.module.body
    const changes = this.#changesIn(owner).get(name) ?? []
    if (changes.length === 0) return value
    if (changes.length > MOST_CHANGES) return unknown(value.at, [name])
    // `date.setDate(date.getDate() + 60)`: inside of a change the name is what it was before.
    const before = this.#changing.get(binding)
    if (before !== undefined) {
      this.#evaluator.cut()
      return before
    }
    let changed: Value = value
    for (const change of changes) {
      const scope = this.#evaluator.program.scopeOf(change)
      if (scope === undefined) continue
      this.#changing.set(binding, changed)
      if (isMemberAssign(change)) {
        const key = change.target.property.kind === 'literal' ? String(change.target.property.value) : undefined
        const isRecord = mayHold(changed) && (changed.kind !== 'unknown' || binding.scope.module.language === 'python')
        if (key !== undefined && isRecord)
          changed = merged(changed, new Map([[key, this.#assigned(change, key, changed, binding, frame)]]), [])
        else if (key !== undefined && changed.kind === 'instance') {
          const value = this.#assigned(change, key, changed, binding, frame)
          changed = { ...changed, assigned: new Map([...(changed.assigned ?? []), [key, value]]) }
        }
      } else if (isObjectAssign(change)) {
        if (changed.kind === 'object') changed = this.#laidOver(change, scope, changed, binding, frame)
      } else if (change.kind === 'call' && lastName(change.callee) === 'update' && mayHold(changed)) {
        changed = this.#updated(change, scope, changed, frame)
      } else if (change.kind === 'call' && lastName(change.callee) === 'setdefault' && changed.kind === 'object') {
        const [key, initial] = change.args.map((one) => this.#evaluator.value(one, scope, frame))
        if (key?.kind === 'literal' && !changed.entries.has(String(key.value)))
          changed = merged(changed, new Map([[String(key.value), initial ?? unknown(change.at)]]), [])
      } else if (takenOut(change) !== undefined) {
        if (changed.kind === 'object' && !isSometimes(this.#evaluator.program, change, binding))
          changed = withoutKeys(this.#evaluator, changed, [takenOut(change) ?? ''], changed.at)
      } else if (change.kind === 'call' && changed.kind === 'instant') {
        const argument = change.args[0] ? this.#evaluator.value(change.args[0], scope, frame) : undefined
        changed = moved(changed, lastName(change.callee) ?? '', argument)
      }
    }
    this.#changing.delete(binding)
    return changed
  }

  /** `claims.update(more, exp=end)`: of None, or of a list of pairs, there is nothing to say. */
  #updated(change: Call, scope: Scope, changed: Value, frame: Frame | undefined): Value {
    const given = change.args[0] && this.#evaluator.value(change.args[0], scope, frame)
    const named = namedIn(this.#evaluator, change, scope, frame)
    const added = given?.kind === 'object' || given?.kind === 'unknown' || given?.kind === 'external' ? [given] : []
    if (added.length === 0 && named.entries.size === 0) return changed
    const { entries, rest } = overlaid([...added, named], change.at)
    return merged(changed, entries, rest)
  }

  /** `Object.assign(claims, { roles })` */
  #laidOver(change: Call, scope: Scope, changed: Value, binding: Binding, frame: Frame | undefined): Value {
    const given = change.args.slice(1).map((one) => this.#evaluator.value(one, scope, frame))
    const { entries, rest } = overlaid(given, change.at)
    const added = [...entries].map(([key, value]): [string, Value] => [
      key,
      this.#orBefore(change, key, value, changed, binding),
    ])
    return merged(changed, new Map(added), rest)
  }

  #assigned(change: MemberAssign, key: string, changed: Value, binding: Binding, frame: Frame | undefined): Value {
    const scope = this.#evaluator.program.scopeOf(change) ?? binding.scope
    return this.#orBefore(change, key, this.#evaluator.value(change.value, scope, frame), changed, binding)
  }

  /** What a key is after an assignment: where that is in an `if`, also what it was before. */
  #orBefore(change: Node, key: string, value: Value, changed: Value, binding: Binding): Value {
    const before = changed.kind === 'object' ? changed.entries.get(key) : undefined
    return before !== undefined && isSometimes(this.#evaluator.program, change, binding)
      ? either([before, givenBy(change, value)], value.at)
      : value
  }

  /** What is done to the members of a name, and the calls of its methods, in a body: by name, and looked for once. */
  #changesIn(body: readonly Node[]): ReadonlyMap<string, readonly Node[]> {
    const known = this.#changes.get(body)
    if (known !== undefined) return known
    const changes = new Map<string, Node[]>()
    walkBody(body, (one) => {
      const place = one.kind === 'assign' ? one.target : one.kind === 'call' ? one.callee : undefined
      const held = isObjectAssign(one) ? one.args[0] : place?.kind === 'member' ? place.object : deletedFrom(one)
      if (held?.kind !== 'name') return
      const { name } = held
      const list = changes.get(name)
      if (list === undefined) changes.set(name, [one])
      else list.push(one)
    })
    this.#changes.set(body, changes)
    return changes
  }
}

/** A record, or what may be one. */
const mayHold = (value: Value): boolean => value.kind === 'object' || value.kind === 'unknown' || isDictionary(value)

/** Python's `vars(user).copy()`: what another's call makes of something is a dictionary of its own. */
const isDictionary = (value: Value): boolean =>
  value.kind === 'external' &&
  value.call?.scope.module.language === 'python' &&
  value.path.at(-1) === '()' &&
  /^(?:copy|vars|asdict|dict|model_dump|to_dict)$/.test(value.path.at(-2) ?? '')

type MemberAssign = Assign & { readonly target: Member; readonly value: Node }

const isMemberAssign = (node: Node): node is MemberAssign =>
  node.kind === 'assign' && node.value !== undefined && node.target.kind === 'member'

const isObjectAssign = (node: Node): node is Call & { readonly callee: Member } =>
  node.kind === 'call' && pathOf(node.callee)?.join('.') === 'Object.assign'

/** The record that a member is deleted from: `delete claims.exp`, `del claims["exp"]`. */
const deletedFrom = (node: Node): Node | undefined =>
  node.kind === 'unary' && node.operator === 'delete' && node.operand.kind === 'member'
    ? node.operand.object
    : undefined

/** The key that is taken out, by Python's `claims.pop("exp")` too. */
const takenOut = (node: Node): string | undefined => {
  const key =
    node.kind === 'unary' && node.operand.kind === 'member'
      ? node.operand.property
      : node.kind === 'call' && lastName(node.callee) === 'pop'
        ? node.args[0]
        : undefined
  return key?.kind === 'literal' ? String(key.value) : undefined
}

/** Whether an `if` that the name was not bound in decides about an assignment; one whose other side assigns it too always does. */
const isSometimes = (program: Program, change: Node, binding: Binding): boolean => {
  let inner: Node = change
  for (let one = program.parentOf(change); one !== undefined && one.kind !== 'function'; one = program.parentOf(one)) {
    const side = one.kind === 'if' && one.consequent.includes(inner) ? one.alternate : undefined
    const inBoth = side !== undefined && isMemberAssign(change) && assigns(side, change)
    if (one.kind === 'if' && !holds(one, binding) && !inBoth) return true
    inner = one
  }
  return false
}

const holds = ({ at }: Node, binding: Binding): boolean => {
  const bound = binding.kind === 'value' ? binding.assign.at : binding.node.at
  return bound.file === at.file && bound.start >= at.start && bound.end <= at.end
}

/** Whether a body assigns the same member: `options.origin`. */
const assigns = (body: readonly Node[], { target }: MemberAssign): boolean => {
  const name = pathOf(target)?.join('.')
  let found = false
  walkBody(body, (one) => {
    if (isMemberAssign(one) && pathOf(one.target)?.join('.') === name) found = true
  })
  return name !== undefined && found
}

const merged = (value: Value, entries: ReadonlyMap<string, Value>, rest: readonly Value[]): Value =>
  value.kind === 'object'
    ? { ...value, entries: new Map([...value.entries, ...entries]), rest: [...value.rest, ...rest] }
    : { kind: 'object', entries, rest: [value, ...rest], at: value.at }

const SETTERS: ReadonlyMap<string, number> = new Map(
  Object.entries({
    setDate: 86400,
    setHours: 3600,
    setMinutes: 60,
    setSeconds: 1,
    setMonth: 2592000,
    setFullYear: 31557600,
    setMilliseconds: 0.001,
    setUTCDate: 86400,
    setUTCHours: 3600,
    setUTCMinutes: 60,
    setUTCSeconds: 1,
  }),
)

/** `date.setDate(today.getDate() + 60)`: the argument is a part of now plus something. */
const moved = (value: Extract<Value, { kind: 'instant' }>, setter: string, argument: Value | undefined): Value => {
  const unit = SETTERS.get(setter)
  if (setter === 'setTime' && argument?.kind === 'instant') return { ...value, seconds: argument.seconds }
  if (unit === undefined) return value
  return argument?.kind === 'instant'
    ? { ...value, seconds: value.seconds + argument.seconds }
    : argument?.kind === 'literal'
      ? value
      : unknown(value.at)
}
