/** What a name stands for where it is read: what it was bound to, here or in another file. */

import type { Evaluator } from './evaluate.ts'
import type { Located } from './program.ts'
import { isOpaque, keysTaken, withoutKeys } from './records.ts'
import { type Binding, lookup, type Scope } from './scopes.ts'
import type { Assign, At } from './tree.ts'
import { either, type Frame, givenBy, unknown, type Value } from './value.ts'

const MOST_BINDINGS = 100

/** What a name comes to. */
export const named = (evaluator: Evaluator, name: string, at: At, scope: Scope, frame: Frame | undefined): Value => {
  if (name === 'this' || name === 'self' || name === 'cls') return evaluator.classes.self(scope, frame, at)
  if (name === 'undefined' || name === 'None') return { kind: 'literal', value: null, at }
  const bindings = beforeItself(lookup(scope, name), at)
  if (bindings.length === 0) {
    const star = starred(evaluator, name, scope)
    return star === undefined
      ? { kind: 'external', from: 'global', path: [name], at }
      : evaluator.value(star.node, star.scope)
  }
  // `let config` that is assigned later is what it is assigned.
  const told =
    bindings.length > 1 ? bindings.filter((one) => one.kind !== 'value' || one.assign.value !== undefined) : bindings
  if (told.length > MOST_BINDINGS) return unknown(at, [name])
  return evaluator.changes.after(
    name,
    either(
      (told.length > 0 ? told : bindings).map((one) => {
        const value = bound(evaluator, one, name, at, frame)
        return told.length > 1 && one.kind === 'value' ? givenBy(one.assign, value) : value
      }),
      at,
    ),
    bindings[0],
    frame,
  )
}

/** `claims = {**claims, "exp": end}`: where it is bound anew it still is what it was before. */
const beforeItself = (bindings: readonly Binding[], at: At): readonly Binding[] => {
  if (bindings.length < 2) return bindings
  const others = bindings.filter(
    (one) =>
      one.kind !== 'value' ||
      one.assign.at.file !== at.file ||
      one.assign.at.start > at.start ||
      one.assign.at.end < at.end,
  )
  return others.length > 0 ? others : bindings
}

/** Python's `from x import *`. */
const starred = (evaluator: Evaluator, name: string, scope: Scope): Located | undefined => {
  for (const one of lookup(scope, '*')) {
    if (one.kind !== 'import') continue
    const module = evaluator.program.imported(one.scope.module, one.node.from)
    const found = module && evaluator.program.exported(module, name)
    if (found !== undefined && 'node' in found) return found
  }
  return
}

const bound = (evaluator: Evaluator, binding: Binding, name: string, at: At, frame: Frame | undefined): Value => {
  switch (binding.kind) {
    case 'function':
      return { kind: 'function', node: binding.node, scope: binding.scope, frame: undefined, at: binding.node.at }
    case 'class':
      return { kind: 'class', node: binding.node, scope: binding.scope, at: binding.node.at }
    case 'import':
      return imported(evaluator, binding, name, at)
    case 'value': {
      const { assign, path } = binding
      // A local of the function that the frame is for is read with that frame.
      const value =
        localOf(assign, frame) ??
        (assign.value === undefined
          ? evaluator.classes.typed(assign.type, binding.scope, at)
          : evaluator.value(assign.value, binding.scope, frameFor(binding.scope, frame)))
      const part = path.reduce<Value>((whole, key) => evaluator.member(whole, String(key), at, frame), value)
      const taken = assign.target.kind === 'name' ? undefined : keysTaken(assign.target, name)
      if (taken === undefined) return part
      const declared =
        isOpaque(part) && path.length === 0 && assign.value !== undefined
          ? evaluator.value(assign.value, binding.scope)
          : part
      return withoutKeys(evaluator, declared.kind === 'instance' ? declared : part, taken, at)
    }
    case 'parameter': {
      const parameter = binding.node.parameters[binding.index]
      let given: Value | undefined
      // A callback sees the parameters of the function that it stands in.
      for (let one: Frame | undefined = frame; one !== undefined; one = one.outer) {
        const known = one.function === binding.node ? one.parameters.get(name) : undefined
        // A span whose size is a setting says more than its type, `timedelta`.
        if (known !== undefined && (known.kind !== 'unknown' || known.label?.[0] === 'timedelta')) return known
        given ??= known
      }
      // The type of `**kwargs` is that of each value.
      const typed =
        parameter?.type && !parameter.rest ? evaluator.classes.typed(parameter.type, binding.scope, at) : undefined
      const initial = parameter?.initial ? evaluator.value(parameter.initial, binding.scope) : undefined
      if (typed !== undefined && typed.kind !== 'unknown') {
        const inner = binding.path.reduce<Value>((whole, key) => evaluator.member(whole, String(key), at, frame), typed)
        if (inner.kind !== 'unknown') return inner
      }
      if (given !== undefined) return given
      if (initial !== undefined && binding.path.length === 0) return either([initial, unknown(at, [name])], at)
      return unknown(at, [name])
    }
  }
}

const imported = (evaluator: Evaluator, binding: Extract<Binding, { kind: 'import' }>, name: string, at: At): Value => {
  const { module } = binding.scope
  // Python's `import a.b` binds a.
  const from = binding.imported === '*' && binding.node.from.startsWith(`${name}.`) ? name : binding.node.from
  const target = evaluator.program.imported(module, from)
  if (target === undefined) {
    // `from app.core import security`: the name may be a file of the package.
    const nested =
      module.language === 'python' && binding.imported !== '*'
        ? evaluator.program.imported(
            module,
            from.endsWith('.') ? `${from}${binding.imported}` : `${from}.${binding.imported}`,
          )
        : undefined
    if (nested !== undefined) return { kind: 'module', module: nested, at }
    return {
      kind: 'external',
      from,
      path: binding.imported === '*' && module.language === 'python' ? [] : [binding.imported],
      at,
    }
  }
  if (binding.imported === '*') return { kind: 'module', module: target, at }
  return exported(evaluator, target, binding.imported, at)
}

/** What a file gives out under a name. */
export const exported = (evaluator: Evaluator, module: Located['scope']['module'], name: string, at: At): Value => {
  const found = evaluator.program.exported(module, name)
  if (found === undefined) return name === 'default' ? { kind: 'module', module, at } : unknown(at, [name])
  if (!('node' in found)) return { kind: 'module', module: found, at }
  return evaluator.value(found.node, found.scope)
}

/** `require('x')` and `import('x')`, where they stand in an expression. */
export const required = (evaluator: Evaluator, from: string, scope: Scope, at: At): Value => {
  const module = evaluator.program.imported(scope.module, from)
  return module === undefined
    ? { kind: 'external', from, path: ['default'], at }
    : exported(evaluator, module, 'default', at)
}

const localOf = (assign: Assign, frame: Frame | undefined): Value | undefined => {
  for (let one = frame; one !== undefined; one = one.outer) {
    const given = one.locals?.get(assign)
    if (given !== undefined) return given
  }
  return
}

/** The frame that a place is read in: of the calls that led here, the one of a function that the place stands in. */
const frameFor = (scope: Scope, frame: Frame | undefined): Frame | undefined => {
  for (let one = frame; one !== undefined; one = one.outer)
    for (let around: Scope | undefined = scope; around !== undefined; around = around.parent)
      if (around.owner === one.function) return one
  return
}
