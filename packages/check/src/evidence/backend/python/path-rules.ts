/** What a middleware makes of the path: which paths it lets through, or the only ones it looks at. */
import {
  lastName,
  lookup,
  type Node,
  possibilities,
  type Scope,
  type Value,
  walk,
  walkBody,
} from '../../source/index.ts'
import type { Place } from '../facts.ts'
import { placeOf, type Reading } from '../reading.ts'
import { type FunctionValue, loopsIn } from './definitions.ts'

/** What a test asks for: where the request goes, or what Flask calls the handler that it found for it. */
type Subject = 'path' | 'endpoint' | 'blueprint'

interface PathTest {
  readonly subject: Subject
  readonly kind: 'exact' | 'prefix' | 'part' | 'pattern'
  readonly values: readonly string[]
  readonly at: Place
}

export interface PathRules {
  /** What passes. */
  readonly open: readonly PathTest[]
  /** What alone is looked at; empty is everything. */
  readonly only: readonly PathTest[]
}

interface Atom {
  readonly test: PathTest
  readonly positive: boolean
}

interface Around {
  readonly reading: Reading
  readonly loops: ReadonlyMap<string, Node>
  readonly depth: number
}

/** `acts` says whether a branch does what the middleware is for: refuse, count. */
export const pathRules = (
  reading: Reading,
  callee: FunctionValue,
  acts: (nodes: readonly Node[], scope: Scope) => boolean,
): PathRules => {
  const open: PathTest[] = []
  const only: PathTest[] = []
  const around = { reading, loops: loopsIn(callee.node.body), depth: 0 }
  walkBody(callee.node.body, (node) => {
    if (node.kind !== 'if') return
    const scope = reading.program.scopeOf(node) ?? callee.scope
    const found = atomsIn(around, node.test, scope, true)
    if (found.length === 0) return
    const thenActs = acts(node.consequent, scope)
    if (!thenActs && !leaves(node.consequent) && !acts(node.alternate, scope)) return
    for (const { test, positive } of found) (positive === thenActs ? only : open).push(test)
  })
  return { open, only }
}

/** Whether a test asks where the request goes. */
export const asksPath = (reading: Reading, test: Node, scope: Scope): boolean =>
  atomsIn({ reading, loops: new Map(), depth: 0 }, test, scope, true).length > 0

const leaves = (nodes: readonly Node[]): boolean => {
  let found = false
  walkBody(nodes, (node) => {
    if (node.kind === 'return') found = true
  })
  return found
}

/** `request.endpoint`, `request.blueprint`, and what was given one of them. */
const isOfHandler = (node: Node, scope: Scope, subject: Subject, depth = 0): boolean => {
  if (node.kind === 'member') return lastName(node) === subject && lastName(node.object) === 'request'
  if (node.kind === 'logical') return [node.left, node.right].some((one) => isOfHandler(one, scope, subject, depth))
  if (node.kind !== 'name' || depth > 4) return false
  const [binding] = lookup(scope, node.name)
  const value = binding?.kind === 'value' && binding.path.length === 0 ? binding.assign.value : undefined
  return value !== undefined && isOfHandler(value, scope, subject, depth + 1)
}

const subjectOf = (node: Node, scope: Scope): Subject | undefined => {
  if (isOfHandler(node, scope, 'endpoint')) return 'endpoint'
  if (isOfHandler(node, scope, 'blueprint')) return 'blueprint'
  return isPath(node, scope) ? 'path' : undefined
}

/** The path of the request: `request.url.path`, `scope['path']`, `request.scope['route'].path`, or a name that was given it. */
const isPath = (node: Node, scope: Scope, depth = 0): boolean => {
  if (node.kind === 'member')
    return (
      /^(?:path|full_path|raw_path)$/.test(lastName(node) ?? '') &&
      (/^(?:url|scope|request|req|route)$/.test(lastName(node.object) ?? '') || isRoute(node.object))
    )
  if (node.kind === 'call' && node.callee.kind === 'member') {
    const method = lastName(node.callee) ?? ''
    const [first] = node.args
    if (method === 'get' && first?.kind === 'literal' && first.value === 'path') return true
    return /^(?:rstrip|lower|strip|removesuffix|decode)$/.test(method) && isPath(node.callee.object, scope, depth)
  }
  if (node.kind === 'list') return node.items.some((one) => isPath(one, scope, depth))
  if (node.kind !== 'name' || depth > 4) return false
  for (const binding of lookup(scope, node.name)) {
    if (binding.kind === 'value' && binding.assign.value && isPath(binding.assign.value, binding.scope, depth + 1))
      return true
    if (binding.kind === 'parameter' && /path|url|endpoint/i.test(node.name)) return true
  }
  return false
}

/** `scope.get("route")`: what the router found. */
const isRoute = (node: Node): boolean =>
  node.kind === 'call' &&
  lastName(node.callee) === 'get' &&
  node.args[0]?.kind === 'literal' &&
  node.args[0].value === 'route'

const valuesIn = ({ reading, loops }: Around, node: Node, scope: Scope): readonly string[] => {
  const source = node.kind === 'name' ? (loops.get(node.name) ?? node) : node
  return possibilities(reading.evaluator.value(source, scope)).flatMap(pathsIn)
}

const pathsIn = (value: Value): readonly string[] => {
  if (value.kind === 'literal') return typeof value.value === 'string' ? [value.value] : []
  if (value.kind === 'object') return [...value.entries.keys()]
  if (value.kind === 'text') return [value.parts.map((one) => pathsIn(one)[0] ?? '').join('')]
  if (value.kind === 'either') return value.values.flatMap(pathsIn)
  if (value.kind !== 'list') return []
  return value.items.flatMap((one) => (one.kind === 'list' ? pairIn(one) : pathsIn(one)))
}

/** A pair of method and path is kept as `GET /health`. */
const pairIn = (value: Value): readonly string[] => {
  const texts = pathsIn(value)
  const path = texts.find((one) => one.startsWith('/'))
  const method = texts.find((one) => /^[A-Za-z]+$/.test(one))
  return path === undefined ? [] : [method === undefined ? path : `${method.toUpperCase()} ${path}`]
}

const atomsIn = (around: Around, test: Node, scope: Scope, positive: boolean): readonly Atom[] => {
  const { reading } = around
  const at = placeOf(reading, test.at)
  // A list of endpoints that can't be read says nothing: they are compared with what the application knows of as well.
  const atom = (subject: Subject, kind: PathTest['kind'], values: readonly string[], same = true): Atom[] =>
    subject !== 'path' && values.length === 0
      ? []
      : [{ test: { subject, kind, values, at }, positive: positive === same }]
  switch (test.kind) {
    case 'unary':
      return test.operator === '!' ? atomsIn(around, test.operand, scope, !positive) : []
    case 'logical':
      return [...atomsIn(around, test.left, scope, positive), ...atomsIn(around, test.right, scope, positive)]
    case 'binary': {
      const [left, right] = [subjectOf(test.left, scope), subjectOf(test.right, scope)]
      if (test.operator === 'in' && left) {
        const text = possibilities(reading.evaluator.value(test.right, scope)).some((one) => one.kind === 'literal')
        return atom(left, text ? 'part' : 'exact', valuesIn(around, test.right, scope))
      }
      if (test.operator === 'in' && right) return atom(right, 'part', valuesIn(around, test.left, scope))
      const either = left ?? right
      if (/^[!=]==$/.test(test.operator) && either)
        return atom(either, 'exact', valuesIn(around, left ? test.right : test.left, scope), test.operator === '===')
      return []
    }
    case 'name': {
      const [binding] = lookup(scope, test.name)
      const value = binding?.kind === 'value' ? binding.assign.value : undefined
      return value === undefined || around.depth > 4
        ? []
        : atomsIn({ ...around, depth: around.depth + 1 }, value, scope, positive)
    }
    case 'call':
      return atomsOfCall(around, test, scope, positive, atom)
    case 'other':
    case 'list':
      return (test.kind === 'other' ? test.children : test.items).flatMap((one) =>
        atomsIn(around, one, scope, positive),
      )
    default:
      return []
  }
}

const atomsOfCall = (
  around: Around,
  test: Extract<Node, { kind: 'call' }>,
  scope: Scope,
  positive: boolean,
  atom: (subject: Subject, kind: PathTest['kind'], values: readonly string[]) => Atom[],
): readonly Atom[] => {
  const { reading } = around
  const name = lastName(test.callee) ?? ''
  const [first, second] = test.args
  if (/^(?:any|all|bool)$/.test(name)) {
    const inner = { ...around, loops: new Map([...around.loops, ...loopsIn(test.args)]) }
    return test.args.flatMap((one) => atomsIn(inner, one, scope, positive))
  }
  const subject = test.callee.kind === 'member' ? subjectOf(test.callee.object, scope) : undefined
  if (subject !== undefined) {
    if (name === 'startswith' && first) return atom(subject, 'prefix', valuesIn(around, first, scope))
    if (/^(?:endswith|find|count|__contains__)$/.test(name) && first)
      return atom(subject, 'part', valuesIn(around, first, scope))
  }
  if (/^(?:match|fullmatch|search)$/.test(name) && test.args.some((one) => isPath(one, scope))) {
    const pattern = second === undefined ? (test.callee.kind === 'member' ? test.callee.object : undefined) : first
    return atom(
      'path',
      'pattern',
      pattern === undefined
        ? []
        : patternsOf(around, pattern, scope).map((one) =>
            name === 'fullmatch' ? `^(?:${one})$` : name === 'match' ? `^(?:${one})` : one,
          ),
    )
  }
  // A helper of its own: is_public(request.url.path).
  const callee = reading.evaluator.value(test.callee, scope)
  if (callee.kind !== 'function' || around.depth > 3) return []
  const inner = { reading, loops: loopsIn(callee.node.body), depth: around.depth + 1 }
  const atoms: Atom[] = []
  walkBody(callee.node.body, (node) => {
    const at = reading.program.scopeOf(node) ?? callee.scope
    if (node.kind === 'return' && node.value) atoms.push(...atomsIn(inner, node.value, at, positive))
    if (node.kind === 'if' && leaves(node.consequent)) {
      let says = true
      walk(node.consequent, (one) => {
        if (one.kind === 'return' && one.value?.kind === 'literal' && one.value.value === false) says = false
      })
      atoms.push(...atomsIn(inner, node.test, at, says === positive))
    }
  })
  return atoms
}

const patternsOf = (around: Around, node: Node, scope: Scope): readonly string[] => {
  const texts = valuesIn(around, node, scope)
  if (texts.length > 0) return texts
  return possibilities(around.reading.evaluator.value(node, scope)).flatMap((one) => {
    const made = one.kind === 'external' ? one.call : undefined
    return made?.node.args[0] ? valuesIn(around, made.node.args[0], made.scope) : []
  })
}

/** Whether a route is one that the test is about: by its path, or by what Flask calls its handler. */
export const isAbout = ({ subject, kind, values }: PathTest, path: string, method = 'GET', endpoint = ''): boolean => {
  if (subject === 'path') return values.some((value) => FITS[kind](value, path, method))
  const asked = subject === 'endpoint' ? endpoint : endpoint.split('.').slice(0, -1).join('.')
  return asked !== '' && values.some((value) => FITS[kind](value, asked, method))
}

const FITS: Readonly<Record<PathTest['kind'], (value: string, path: string, method: string) => boolean>> = {
  exact: (value, path, method) =>
    [path, path.replace(/\/$/, '')].some((one) => value === one || value === `${method} ${one}`),
  prefix: (value, path) => path.startsWith(value),
  part: (value, path) => path.includes(value),
  pattern: (value, path) => {
    try {
      return new RegExp(value.replace(/\(\?P</g, '(?<')).test(path)
    } catch {
      return false
    }
  },
}

/** They let through whole paths, and nothing that is added beside them. */
export const namesOnly = (tests: readonly PathTest[]): boolean =>
  tests.every(({ subject, kind }) => kind === 'exact' && subject !== 'blueprint')

/** What is wrong with a list of exceptions: it lets more through than it names. */
export const faultsOf = (tests: readonly PathTest[]): { what: string; at: Place }[] =>
  tests.flatMap(({ subject, kind, values, at }) => {
    if (subject !== 'path') return []
    if (values.includes('/') && kind !== 'exact') return [{ what: 'an exception that every path begins with', at }]
    if (kind === 'part') return [{ what: 'an exception by a part of the path', at }]
    if (kind === 'prefix' && (values.length === 0 || values.some((one) => !one.endsWith('/'))))
      return [{ what: 'an exception by how the path begins, without its closing slash', at }]
    if (kind === 'pattern' && values.some((one) => !/^\^.*(?:\$|\/)\)?\$?$/.test(one)))
      return [{ what: 'an exception by a pattern without an end', at }]
    return []
  })
