/** Python's statements as the one tree. */
import {
  argumentsOf,
  atOf,
  boundBy,
  childOf,
  declare,
  expressionOf,
  inScope,
  listOf,
  otherOf,
  parametersOf,
  type Source,
  soundOf,
  written,
} from './python-expressions.ts'
import { deepest, type Syntax } from './python-syntax.ts'
import { typeOf } from './python-types.ts'
import type { Assign, FunctionNode, If, Import, Node } from './tree.ts'

export const statementsOf = (source: Source, nodes: readonly Syntax[]): Node[] =>
  nodes.flatMap((node) => statementOf(source, node))

/** The statements of the block that is this field, or that has none. */
const blockOf = (source: Source, syntax: Syntax, field: string | undefined): Node[] => {
  const block = syntax.children.find((child) => child.field === field && child.type === 'block')
  return block === undefined ? [] : statementsOf(source, block.children)
}

/** A function's or class's way to bind its own name where it stands. */
const bind = (source: Source, names: readonly string[]): void => {
  for (const name of names) source.scope.add(name)
}

/** What a module, class or function binds anew: a target without a value, of a loop or an `except`. */
const boundIn = (source: Source, syntax: Syntax): Assign => {
  const target = expressionOf(source, syntax)
  return { kind: 'assign', target, decorators: [], declares: declare(source, target), at: atOf(source, syntax) }
}

const assignmentOf = (source: Source, syntax: Syntax): Node => {
  const [left, type, right] = ['left', 'type', 'right'].map((field) => childOf(syntax, field))
  if (left === undefined) return otherOf(source, syntax)
  // The right side first: it sees what was there before.
  const value = right === undefined ? undefined : assignedOf(source, right)
  const target = expressionOf(source, left)
  return {
    kind: 'assign',
    target,
    ...(value === undefined ? {} : { value }),
    ...(type === undefined ? {} : { type: typeOf(source, type) }),
    decorators: [],
    declares: declare(source, target),
    at: atOf(source, syntax),
  }
}

/** The right side of an assignment may be another: a = b = 1. */
const assignedOf = (source: Source, syntax: Syntax): Node =>
  syntax.type === 'assignment'
    ? assignmentOf(source, syntax)
    : syntax.type === 'augmented_assignment'
      ? augmentedOf(source, syntax)
      : expressionOf(source, syntax)

/** `x += v` is `x = x + v`, as for JavaScript. */
const augmentedOf = (source: Source, syntax: Syntax): Node => {
  const [left, operator, right] = ['left', 'operator', 'right'].map((field) => childOf(syntax, field))
  if (left === undefined || operator === undefined || right === undefined) return otherOf(source, syntax)
  const target = expressionOf(source, left)
  const at = atOf(source, syntax)
  return {
    kind: 'assign',
    target,
    value: { kind: 'binary', operator: operator.type.slice(0, -1), left: target, right: assignedOf(source, right), at },
    decorators: [],
    declares: false,
    at,
  }
}

const importOf = (source: Source, syntax: Syntax): Import => {
  const from = childOf(syntax, 'module_name')
  const names = syntax.children
    .filter((child) => child.field === 'name' || child.type === 'wildcard_import')
    .map((child) => {
      if (child.type === 'wildcard_import') return { imported: '*', local: '*' }
      const [name, alias] = [childOf(child, 'name'), childOf(child, 'alias')]
      const imported = withoutSpaces(written(source, name ?? child))
      return { imported, local: alias === undefined ? imported : written(source, alias) }
    })
  bind(
    source,
    names.map((name) => name.local),
  )
  const module = from === undefined ? '__future__' : withoutSpaces(written(source, from))
  return { kind: 'import', from: module, names, at: atOf(source, syntax) }
}

/** `import a.b` binds `a`; `import a.b as c` binds the module itself. */
const importsOf = (source: Source, syntax: Syntax): Import[] =>
  syntax.children
    .filter((child) => child.field === 'name')
    .map((child) => {
      const [name, alias] = [childOf(child, 'name'), childOf(child, 'alias')]
      const from = withoutSpaces(written(source, name ?? child))
      const local = alias === undefined ? (from.split('.')[0] ?? from) : written(source, alias)
      bind(source, [local])
      return { kind: 'import', from, names: [{ imported: '*', local }], at: atOf(source, child) }
    })

const withoutSpaces = (name: string): string => name.replace(/\s|\\/g, '')

/** `@staticmethod`, `@property`, `@name.setter`: what a method is to its class. */
const roleOf = (decorators: readonly Node[]): FunctionNode['role'] => {
  for (const decorator of decorators) {
    const { property } = decorator.kind === 'member' ? decorator : {}
    const word = decorator.kind === 'name' ? decorator.name : property?.kind === 'literal' ? property.value : undefined
    if (word === 'staticmethod' || word === 'classmethod') return 'static'
    if (word === 'property' || word === 'cached_property') return 'get'
    if (word === 'setter') return 'set'
  }
  return undefined
}

const functionOf = (
  source: Source,
  syntax: Syntax,
  whole: Syntax,
  decorators: readonly Node[],
  inClass: boolean,
): Node => {
  const name = childOf(syntax, 'name')
  const parameters = parametersOf(source, childOf(syntax, 'parameters'), typeOf)
  const returns = childOf(syntax, 'return_type')
  const role = inClass ? roleOf(decorators) : undefined
  if (name !== undefined) bind(source, [written(source, name)])
  const names = parameters.flatMap((parameter) => boundBy(parameter.target))
  return {
    kind: 'function',
    ...(name === undefined ? {} : { name: written(source, name) }),
    parameters,
    body: inScope(source, names, () => blockOf(source, syntax, 'body')),
    decorators,
    ...(returns === undefined ? {} : { returns: typeOf(source, returns) }),
    isAsync: source.text.startsWith('async', syntax.start),
    ...(role === undefined ? {} : { role }),
    at: atOf(source, whole),
  }
}

const classOf = (source: Source, syntax: Syntax, whole: Syntax, decorators: readonly Node[]): Node => {
  const name = childOf(syntax, 'name')
  const { args, named } = argumentsOf(source, childOf(syntax, 'superclasses'))
  if (name !== undefined) bind(source, [written(source, name)])
  const body = childOf(syntax, 'body')?.children ?? []
  return {
    kind: 'class',
    ...(name === undefined ? {} : { name: written(source, name) }),
    bases: args,
    named,
    decorators,
    members: inScope(source, [], () => body.flatMap((member) => statementOf(source, member, true))),
    at: atOf(source, whole),
  }
}

const decoratedOf = (source: Source, syntax: Syntax, inClass: boolean): Node => {
  const decorators = syntax.children.flatMap((child) =>
    child.type === 'decorator' ? soundOf(child).map((one) => expressionOf(source, one)) : [],
  )
  const definition = childOf(syntax, 'definition')
  if (definition === undefined) return partsAsOther(source, syntax)
  return definition.type === 'class_definition'
    ? classOf(source, definition, syntax, decorators)
    : functionOf(source, definition, syntax, decorators, inClass)
}

/** An `elif` is an `if` in the `alternate` before it; read in order, so that what a branch binds is bound in the next. */
const ifOf = (source: Source, syntax: Syntax): Node => {
  // Each nests one deeper, and the readers of the tree recurse.
  if (syntax.children.length > deepest) return partsAsOther(source, syntax)
  const branches = [syntax, ...syntax.children.filter((child) => child.field === 'alternative')].map((branch) => {
    const test = childOf(branch, 'condition')
    const consequent = blockOf(source, branch, branch.type === 'else_clause' ? 'body' : 'consequence')
    return { test: test === undefined ? undefined : expressionOf(source, test), consequent, start: branch.start }
  })
  const [first] = branches.reduceRight<Node[]>((alternate, { test, consequent, start }) => {
    if (test === undefined) return consequent
    const one: If = { kind: 'if', test, consequent, alternate, at: atOf(source, { start, end: syntax.end }) }
    return [one]
  }, [])
  return first?.kind === 'if' ? first : partsAsOther(source, syntax)
}

/** The `else` of a `try` is its body's end; each `except` and the `finally` is one of its handlers. */
const tryOf = (source: Source, syntax: Syntax): Node => {
  const body = blockOf(source, syntax, 'body')
  const handlers: Node[] = []
  for (const clause of syntax.children) {
    if (clause.type === 'else_clause') body.push(...blockOf(source, clause, 'body'))
    if (clause.type === 'except_clause' || clause.type === 'finally_clause')
      handlers.push({ kind: 'other', children: partsOf(source, clause), at: atOf(source, clause) })
  }
  return { kind: 'try', body, handlers, at: atOf(source, syntax) }
}

/** What is in a loop, `with`, `match` or `except`, in its order: the values as they are, the blocks' statements among them. */
const partsOf = (source: Source, syntax: Syntax): Node[] =>
  syntax.children.flatMap((child): Node[] => {
    switch (child.type) {
      case 'with_clause':
      case 'with_item':
      case 'else_clause':
      case 'if_clause':
        return partsOf(source, child)
      case 'as_pattern': {
        // The name of an `except` is not its class, as that of a `with` is about its value.
        const [thrown, name] = syntax.type === 'except_clause' ? soundOf(child) : []
        return thrown && name ? [expressionOf(source, thrown), boundIn(source, name)] : [expressionOf(source, child)]
      }
      default:
        return isBound(syntax, child) ? [boundIn(source, child)] : statementOf(source, child)
    }
  })

const isBound = (syntax: Syntax, child: Syntax): boolean =>
  (syntax.type === 'for_statement' && child.field === 'left') ||
  (syntax.type === 'except_clause' && child.field === 'alias')

const partsAsOther = (source: Source, syntax: Syntax): Node => ({
  kind: 'other',
  children: partsOf(source, syntax),
  at: atOf(source, syntax),
})

/** `return v`, `raise v from e`: the first is what is given. */
const given = (source: Source, syntax: Syntax): { readonly value?: Node } => {
  const value = soundOf(syntax).find((child) => child.field !== 'cause')
  return value === undefined ? {} : { value: expressionOf(source, value) }
}

const expressionStatementOf = (source: Source, syntax: Syntax): Node => {
  const [only, ...more] = syntax.children
  if (only === undefined) return otherOf(source, syntax)
  return more.length === 0 ? assignedOf(source, only) : listOf(source, syntax, syntax.children)
}

const statementOf = (source: Source, syntax: Syntax, inClass = false): Node[] => {
  switch (syntax.type) {
    case 'expression_statement':
      return [expressionStatementOf(source, syntax)]
    case 'assignment':
    case 'augmented_assignment':
      return [assignedOf(source, syntax)]
    case 'function_definition':
      return [functionOf(source, syntax, syntax, [], inClass)]
    case 'class_definition':
      return [classOf(source, syntax, syntax, [])]
    case 'decorated_definition':
      return [decoratedOf(source, syntax, inClass)]
    case 'import_statement':
      return importsOf(source, syntax)
    case 'import_from_statement':
    case 'future_import_statement':
      return [importOf(source, syntax)]
    case 'if_statement':
      return [ifOf(source, syntax)]
    case 'return_statement':
      return [{ kind: 'return', ...given(source, syntax), at: atOf(source, syntax) }]
    case 'raise_statement':
      return [{ kind: 'throw', ...given(source, syntax), at: atOf(source, syntax) }]
    case 'try_statement':
      return [tryOf(source, syntax)]
    case 'for_statement':
    case 'while_statement':
    case 'with_statement':
    case 'match_statement':
    case 'case_clause':
    case 'ERROR':
      return [partsAsOther(source, syntax)]
    case 'global_statement':
    case 'nonlocal_statement':
      // What these names mean is declared elsewhere.
      bind(
        source,
        syntax.children.map((child) => written(source, child)),
      )
      return [otherOf(source, syntax)]
    case 'delete_statement':
      return deletionsOf(source, syntax)
    case 'type_alias_statement':
      return [aliasOf(source, syntax)]
    case 'block':
      return statementsOf(source, syntax.children)
    default:
      return [expressionOf(source, syntax)]
  }
}

/** `del claims["exp"]`, `del a, b`: each as JavaScript deletes. */
const deletionsOf = (source: Source, syntax: Syntax): Node[] => {
  const [only] = syntax.children
  const targets = only?.type === 'expression_list' ? only.children : syntax.children
  return targets.map((one) => ({
    kind: 'unary',
    operator: 'delete',
    operand: expressionOf(source, one),
    at: atOf(source, syntax),
  }))
}

/** `type Id = int | str` */
const aliasOf = (source: Source, syntax: Syntax): Node => {
  const [left, right] = [childOf(syntax, 'left'), childOf(syntax, 'right')]
  if (left === undefined || right === undefined) return otherOf(source, syntax)
  const target = expressionOf(source, left)
  return {
    kind: 'assign',
    target,
    value: typeOf(source, right),
    decorators: [],
    declares: declare(source, target),
    at: atOf(source, syntax),
  }
}
