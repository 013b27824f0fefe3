/** What tells strangers about the inside: stacks and raw errors in answers, GraphQL's debug mode. */
import { type FunctionNode, lastName, type Node, possibilities, type Value, walk } from '../../source/index.ts'
import type { DebugSign, Route } from '../facts.ts'
import { placeOf, type Reading, whenOf } from '../reading.ts'
import { appCalls } from './application.ts'
import type { Program } from './classes.ts'
import { named } from './decorators.ts'
import { graphqlDebug } from './graphql-debug.ts'

export const debugOf = (reading: Reading, program: Program, routes: readonly Route[]): readonly DebugSign[] => [
  ...endpoints(routes),
  ...graphqlDebug(reading),
  ...filters(reading, program),
  ...handlers(reading, program),
  ...packages(reading),
]

/** A route for looking at the inside, which asks nobody who is there. */
const endpoints = (routes: readonly Route[]): readonly DebugSign[] =>
  routes.flatMap((one): readonly DebugSign[] =>
    /(?:^|\/)_?debug(?:\/|$)/i.test(one.path) && (one.guard === 'none' || one.guard === 'exempt')
      ? [{ at: one.at, what: `${one.method} ${one.path} is open` }]
      : [],
  )

const packages = (reading: Reading): readonly DebugSign[] =>
  appCalls(reading, 'use').flatMap(({ node, scope }): readonly DebugSign[] => {
    const on = node.args.some((arg) =>
      possibilities(reading.evaluator.value(arg, scope)).some(
        (one: Value) => one.kind === 'external' && one.from === 'errorhandler',
      ),
    )
    return on && whenOf(reading, node) !== 'development'
      ? [{ at: placeOf(reading, node.at), what: 'errorhandler answers stacks' }]
      : []
  })

/** Exception filters: what their `catch` answers. */
const filters = (reading: Reading, program: Program): readonly DebugSign[] =>
  program.classes.flatMap((one) => {
    const [decorator] = named(one.decorators, 'Catch', /^@nestjs\//)
    if (decorator === undefined || !program.isUsed(one.name)) return []
    const method = one.class.node.members.find(
      (each): each is FunctionNode => each.kind === 'function' && each.name === 'catch',
    )
    const parameter = method?.parameters[0]?.target
    if (method === undefined || parameter?.kind !== 'name') return []
    return leaks(reading, method, {
      error: parameter.name,
      everything: decorator.args.length === 0 || decorator.args.some((arg) => lastName(arg) === 'Error'),
    })
  })

/** Controllers that answer their errors by hand. */
const handlers = (reading: Reading, program: Program): readonly DebugSign[] =>
  program.classes
    .filter(
      (one) => named(one.decorators, /^(?:Controller|Resolver)$/, /^@nestjs\//).length > 0 && program.isUsed(one.name),
    )
    .flatMap((one) =>
      one.class.node.members.flatMap((each) =>
        each.kind === 'function' ? leaks(reading, each, { error: undefined, everything: false }) : [],
      ),
    )
    .slice(0, 5)

interface Caught {
  readonly error: string | undefined
  /** Errors that nobody wrote for strangers come here too. */
  readonly everything: boolean
}

const ANSWERS = /^(?:json|send|reply|end|jsonp|write)$/
const EXCEPTION = /(?:Exception|GraphQLError|ApolloError)$/

const leaks = (reading: Reading, method: FunctionNode, caught: Caught): readonly DebugSign[] => {
  const signs = new Map<string, DebugSign>()
  const add = (node: Node, what: string) => {
    if (whenOf(reading, node) === 'development' || signs.size > 3) return
    const at = placeOf(reading, node.at)
    signs.set(`${at.file}:${at.line}`, { at, what })
  }
  const answered: Node[] = []
  walk(method.body, (node) => {
    if (node.kind !== 'call') return
    const last = lastName(node.callee) ?? ''
    if ((ANSWERS.test(last) && node.callee.kind === 'member') || (node.constructs && EXCEPTION.test(last)))
      answered.push(...node.args)
  })
  const seen = new Set<string>()
  const look = (node: Node, whole: boolean): void => {
    if (node.kind === 'name') {
      if (/^__(?:file|dir)name$/.test(node.name)) add(node, "a source file's path in the answer")
      else if (node.name === caught.error) {
        if (whole && caught.everything && !narrowed(method, node, caught.error))
          add(node, 'the raw exception in the answer')
      } else if (!seen.has(node.name)) {
        seen.add(node.name)
        for (const source of assigned(method, node.name)) look(source, whole)
      }
      return
    }
    if (node.kind === 'member') {
      const last = lastName(node)
      if (last === 'stack') {
        add(node, 'the stack in the answer')
        return
      }
      if (node.object.kind === 'name' && node.object.name !== caught.error) look(node.object, false)
      return
    }
    if (node.kind === 'call') {
      const last = lastName(node.callee) ?? ''
      if (/^(?:inspect|stringify|format|String|serializeError)$/.test(last))
        for (const arg of node.args) look(arg, true)
      else if (node.constructs || !/^(?:get\w*|log|error|warn|debug)$/.test(last))
        for (const arg of node.args) look(arg, false)
      return
    }
    if (node.kind === 'object') {
      for (const { value } of node.entries) look(value, true)
      for (const one of node.spreads) look(one, true)
      return
    }
    if (node.kind === 'conditional') {
      look(node.consequent, whole)
      look(node.alternate, whole)
    } else if (node.kind === 'logical') {
      if (node.operator !== '&&') look(node.left, whole)
      look(node.right, whole)
    } else if (node.kind === 'template') for (const part of node.parts) look(part, true)
    else if (node.kind === 'list' || node.kind === 'other' || node.kind === 'spread' || node.kind === 'binary')
      walkInto(node, (one) => look(one, whole))
  }
  for (const arg of answered) look(arg, arg.kind === 'name' && arg.name === caught.error)
  return [...signs.values()]
}

const walkInto = (node: Node, visit: (one: Node) => void) => {
  if (node.kind === 'list') for (const one of node.items) visit(one)
  if (node.kind === 'other') for (const one of node.children) visit(one)
  if (node.kind === 'spread') visit(node.operand)
  if (node.kind === 'binary' && node.operator === '+') {
    visit(node.left)
    visit(node.right)
  }
}

/** What a local name was given, at any time; also what was put into it. */
const assigned = (method: FunctionNode, name: string): readonly Node[] => {
  const found: Node[] = []
  walk(method.body, (node) => {
    if (node.kind !== 'assign' || node.value === undefined) return
    const { target } = node
    if (target.kind === 'name' && target.name === name) found.push(node.value)
    if (target.kind === 'member' && target.object.kind === 'name' && target.object.name === name) found.push(node.value)
    if (
      target.kind === 'object' &&
      target.entries.some(
        (one) =>
          one.value.kind === 'name' &&
          one.value.name === name &&
          one.key.kind === 'literal' &&
          one.key.value === 'stack',
      )
    )
      found.push(memberOf(node.value, 'stack'))
  })
  return found
}

const memberOf = (object: Node, name: string): Node => ({
  kind: 'member',
  object,
  property: { kind: 'literal', value: name, at: object.at },
  at: object.at,
})

/** Whether an `instanceof` around or before a node says which error it is. */
const narrowed = (method: FunctionNode, node: Node, error: string | undefined): boolean => {
  const inside = (outer: Node) => outer.at.start <= node.at.start && outer.at.end >= node.at.end
  const says = (test: Node): boolean => {
    let found = false
    // `const isHttp = exception instanceof HttpException` is the same question by another name.
    const names = test.kind === 'name' ? assigned(method, test.name) : []
    walk([test, ...names], (one) => {
      if (
        one.kind === 'binary' &&
        one.operator === 'instanceof' &&
        lastName(one.left) === error &&
        lastName(one.right) !== 'Error'
      )
        found = true
      if (one.kind === 'call' && /^(?:is\w*(?:Exception|Error))$/.test(lastName(one.callee) ?? '')) found = true
      if (one.kind === 'binary' && one.operator === '===' && /constructor|name|code/.test(lastName(one.left) ?? ''))
        found = true
    })
    return found
  }
  let found = false
  walk(method.body, (one) => {
    if (one.kind === 'conditional' && says(one.test) && inside(one.consequent)) found = true
    if (one.kind === 'if' && says(one.test) && one.consequent.some(inside)) found = true
    if (one.kind === 'logical' && one.operator === '&&' && says(one.left) && inside(one.right)) found = true
  })
  return found
}
