/** Who calls a function of the project's, and with what: the frames in which a place of the text is reached. */

import type { Evaluator } from './evaluate.ts'
import type { Located } from './program.ts'
import { functionAround, lookup, type Scope } from './scopes.ts'
import type { Call, FunctionNode } from './tree.ts'
import { frameGiven, itemsOf } from './turns.ts'
import { type Frame, possibilities, unknown, type Value } from './value.ts'
import { lastName } from './walk.ts'

const MOST_FRAMES = 500

export class CallGraph {
  readonly #evaluator: Evaluator
  #aliased: ReadonlyMap<FunctionNode, readonly Located<Call>[]> | undefined

  constructor(evaluator: Evaluator) {
    this.#evaluator = evaluator
  }

  /** The calls of a function of the project's: by its name, by the name it was imported under, by the method's name where no more is known. */
  callers(callee: FunctionNode, name: string | undefined): readonly Located<Call>[] {
    if (name === 'constructor') return this.#makers(callee)
    const named = name === undefined ? [] : this.#evaluator.program.callsNamed(name)
    const resolved = named.map((call) => ({
      call,
      values: possibilities(this.#evaluator.value(call.node.callee, call.scope)),
    }))
    const sure = [
      ...resolved
        .filter(({ values }) => values.some((one) => one.kind === 'function' && one.node === callee))
        .map(({ call }) => call),
      ...(this.#importedCalls().get(callee) ?? []).filter(({ node }) => named.every((one) => one.node !== node)),
    ]
    if (sure.length > 0) return sure
    // An object that nothing is known of: one of the few methods of that name is meant, if the name says enough.
    return name !== undefined && name.length > 5 && this.#evaluator.program.functionsNamed(name).length <= 12
      ? resolved
          .filter(
            ({ call, values }) =>
              !isOfApplication(call.node) &&
              !isOfText(call.node) &&
              !givesTooMuch(callee, call) &&
              values.every(
                (one) =>
                  one.kind === 'unknown' || (one.kind === 'external' && (one.from === 'global' || isOfRecord(one))),
              ),
          )
          .map(({ call }) => call)
      : []
  }

  /** `new App([new NotesController()])`, of the class whose constructor this is. */
  #makers(made: FunctionNode): readonly Located<Call>[] {
    const { program } = this.#evaluator
    const owner = program.parentOf(made)
    if (owner?.kind !== 'class' || owner.name === undefined) return []
    return program
      .callsNamed(owner.name)
      .filter(
        ({ node, scope }) =>
          node.constructs &&
          possibilities(this.#evaluator.value(node.callee, scope)).some(
            (one) => one.kind === 'class' && one.node === owner,
          ),
      )
  }

  /** Calls under another name than the function's own: `import routes from './index'`, `require('./routes')(app)`. */
  #importedCalls(): ReadonlyMap<FunctionNode, readonly Located<Call>[]> {
    if (this.#aliased !== undefined) return this.#aliased
    const aliased = new Map<FunctionNode, Located<Call>[]>()
    this.#aliased = aliased
    for (const module of this.#evaluator.program.modules.values())
      for (const [node, scope] of this.#evaluator.program.scopes(module).around) {
        if (node.kind !== 'call') continue
        const { callee } = node
        for (const each of this.#eachCalled(node, scope))
          aliased.set(each, [...(aliased.get(each) ?? []), { node, scope }])
        const foreign =
          (callee.kind === 'name' && lookup(scope, callee.name)[0]?.kind === 'import') ||
          (callee.kind === 'call' && lastName(callee.callee) === 'require') ||
          (callee.kind === 'member' && callee.object.kind === 'call' && lastName(callee.object.callee) === 'require')
        if (!foreign) continue
        const value = this.#evaluator.value(callee, scope)
        if (
          value.kind !== 'function' ||
          (callee.kind === 'name' && this.#evaluator.program.nameOf(value.node) === callee.name)
        )
          continue
        aliased.set(value.node, [...(aliased.get(value.node) ?? []), { node, scope }])
      }
    return aliased
  }

  /** The functions of a list that a loop calls one by one: `routes.forEach((route) => route(app))`. */
  #eachCalled({ callee }: Call, scope: Scope): ReadonlySet<FunctionNode> {
    const binding = callee.kind === 'name' ? lookup(scope, callee.name)[0] : undefined
    const frames = binding?.kind === 'parameter' ? (this.#itemsOf(binding.node, binding.scope, 1) ?? []) : []
    return new Set(
      frames.flatMap((frame) =>
        possibilities(this.#evaluator.value(callee, scope, frame)).flatMap((one) =>
          one.kind === 'function' ? [one.node] : [],
        ),
      ),
    )
  }

  /** In this turn of the loop the call is of another function of the list. */
  #callsAnother(owner: FunctionNode, { node, scope }: Located<Call>, outer: Frame | undefined): boolean {
    if (outer === undefined || node.callee.kind !== 'name') return false
    if (lookup(scope, node.callee.name)[0]?.kind !== 'parameter') return false
    const values = possibilities(this.#evaluator.value(node.callee, scope, outer))
    return values.every((one) => one.kind === 'function' && one.node !== owner)
  }

  /** The frames in which a node is reached: one for each call of the function around it, and of the ones around that. */
  frames(scope: Scope, depth = 3): readonly (Frame | undefined)[] {
    const owner = functionAround(scope)
    if (owner === undefined || depth === 0) return [undefined]
    const items = this.#itemsOf(owner, scope, depth)
    if (items !== undefined) return items.slice(0, MOST_FRAMES)
    const name = this.#evaluator.program.nameOf(owner)
    const calls = this.callers(owner, name)
      .filter((one) => functionAround(one.scope) !== owner)
      .slice(0, depth === 3 ? 40 : 8)
    if (calls.length === 0) {
      // `new Promise((resolve) => sign(…, life, …))`: a callback sees what the function around it was called with.
      const around = this.#evaluator.program.scopeOf(owner)
      return around === undefined ? [undefined] : this.frames(around, depth)
    }
    const ways = calls.flatMap((call) =>
      this.frames(call.scope, depth - 1)
        .filter((outer) => !this.#callsAnother(owner, call, outer))
        .map((outer) => ({ call, outer })),
    )
    // Functions that all call each other have more ways than anybody can follow: the rest is read without its parameters.
    return [
      ...ways.slice(0, MOST_FRAMES).map(({ call, outer }) => {
        const callee = possibilities(this.#evaluator.value(call.node.callee, call.scope, outer)).find(
          (one) => one.kind === 'function' && one.node === owner,
        )
        const fallback: Value = {
          kind: 'function',
          node: owner,
          scope: this.#evaluator.program.scopeOf(owner) ?? scope,
          frame: undefined,
          at: owner.at,
          ...(scopeOwnerClass(scope) ? { self: unknown(owner.at) } : {}),
        }
        const made = this.#evaluator.frame((callee ?? fallback) as Extract<Value, { kind: 'function' }>, call, outer)
        // What the method's own object is, is known by its class; an unknown one would hide it.
        return { ...made, self: made.self?.kind === 'unknown' ? undefined : made.self }
      }),
      ...(ways.length > MOST_FRAMES ? [undefined] : []),
    ]
  }

  /** `routes.forEach((route) => router.use(route.path, route.router))`: one frame an item. */
  #itemsOf(owner: FunctionNode, scope: Scope, depth: number): readonly Frame[] | undefined {
    const call = this.#evaluator.program.parentOf(owner)
    if (
      call?.kind !== 'call' ||
      call.args[0] !== owner ||
      call.callee.kind !== 'member' ||
      !/^(?:forEach|map)$/.test(lastName(call.callee) ?? '')
    )
      return
    const around = this.#evaluator.program.scopeOf(call) ?? scope
    if (owner.parameters.length === 0) return
    const list = call.callee.object
    const known = itemsOf(this.#evaluator, this.#evaluator.value(list, around))
    // What the function around the loop was called with is seen in it: `(app) => routes.forEach((route) => route(app))`.
    const turns = this.frames(around, depth - 1).flatMap((outer) => {
      const items = known ?? itemsOf(this.#evaluator, this.#evaluator.value(list, around, outer)) ?? []
      return items.length > 60
        ? []
        : items.map((item) => frameGiven(this.#evaluator, owner, [item], outer, { node: call, scope: around }))
    })
    return known === undefined && turns.length === 0 ? undefined : turns
  }
}

/** `fastify.register(routes)` is no call of a controller's `register`. */
const isOfApplication = ({ callee }: Call): boolean =>
  lastName(callee) === 'register' &&
  callee.kind === 'member' &&
  /^(?:app|application|fastify|server|instance|api)$/i.test(lastName(callee.object) ?? '')

/** `password.encode('utf-8')`, `str.encode(name)`: Python's own, of a text. What a method of the project's encodes is no encoding's name. */
const isOfText = ({ callee, args }: Call): boolean =>
  callee.kind === 'member' &&
  /^(?:en|de)code$/.test(lastName(callee) ?? '') &&
  (args.every((one) => one.kind === 'literal') || /^(?:str|bytes)$/.test(lastName(callee.object) ?? ''))

/** Python refuses a call with more than its function takes, so that another one of that name is meant. */
const givesTooMuch = ({ parameters }: FunctionNode, { node: { args }, scope }: Located<Call>): boolean =>
  scope.module.language === 'python' &&
  !parameters.some((one) => one.rest) &&
  args.filter((one) => one.kind !== 'spread').length > parameters.length

/** `User.query.filter_by(…).first().make_token(…)`: what a record is asked to do, its class in the project does. */
const isOfRecord = ({ path }: Extract<Value, { kind: 'external' }>): boolean =>
  path.at(-2) === '()' && /^(?:first|one|get|scalar|find|fetch)\w*$/i.test(path.at(-3) ?? '')

const scopeOwnerClass = (scope: Scope): boolean => {
  for (let one: Scope | undefined = scope; one !== undefined; one = one.parent)
    if (one.owner?.kind === 'class') return true
  return false
}
