/** TypeScript and JavaScript, as the one tree. The parser is oxc-parser; what it gives (ESTree with TypeScript's nodes) ends here. */
import { parseSync } from 'oxc-parser'
import { boundNames } from './bound-names.ts'
import { type LineOf, startsOfLines } from './lines.ts'
import { parserSurvives } from './nesting.ts'
import type {
  Assign,
  At,
  ClassNode,
  Export,
  FunctionNode,
  Import,
  Module,
  Node,
  ObjectNode,
  Other,
  Parameter,
} from './tree.ts'

// biome-ignore lint/suspicious/noExplicitAny: the parser's nodes are read by their documented ESTree fields.
type Es = any

const langOf = (file: string): 'ts' | 'tsx' | 'jsx' => {
  if (/\.[cm]?ts$/.test(file)) return 'ts'
  return file.endsWith('.tsx') ? 'tsx' : 'jsx'
}

/** Parses a file. Never throws: what the parser can't read leaves a module that is `broken`. `survived` spares the trial of deep ones. */
export const parseJavaScript = (file: string, text: string, survived = false): Module => {
  if (!survived && !parserSurvives(langOf(file), text))
    return { file, language: 'javascript', text, body: [], broken: true }
  try {
    const { program, errors } = parseSync(file, text, { lang: langOf(file), sourceType: 'module' })
    // Sloppy CommonJS (an octal, `with`, a return at the top) is no module: read it as a script before calling it broken.
    const { program: script } =
      errors.length > 0 && program.body.length === 0
        ? parseSync(file, text, { lang: langOf(file), sourceType: 'commonjs' })
        : { program }
    const reader = new Reader(file, startsOfLines(text))
    return {
      file,
      language: 'javascript',
      text,
      body: reader.statements(script.body),
      broken: errors.length > 0 && script.body.length === 0,
    }
  } catch {
    return { file, language: 'javascript', text, body: [], broken: true }
  }
}

const WRAPPED = 'export default '

/** A JSON file as the module that an import of it is. Places are those of the file, but for the first line's text. */
export const parseJson = (file: string, text: string, survived = false): Module => {
  return parseJavaScript(file, `${WRAPPED}${text.replace(/^\uFEFF/, '')}`, survived)
}

class Reader {
  readonly #file: string
  readonly #lineOf: LineOf

  constructor(file: string, lineOf: LineOf) {
    this.#file = file
    this.#lineOf = lineOf
  }

  #at(node: Es): At {
    return { file: this.#file, line: this.#lineOf(node.start), start: node.start, end: node.end }
  }

  statements(nodes: readonly Es[]): Node[] {
    return nodes.flatMap((node) => this.statement(node))
  }

  statement(node: Es): Node[] {
    if (node == null) return []
    const at = this.#at(node)
    switch (node.type) {
      case 'ExpressionStatement':
        return [this.#assignedExport(node.expression) ?? this.node(node.expression)]
      case 'BlockStatement':
      case 'StaticBlock':
        return this.statements(node.body)
      case 'VariableDeclaration':
        return node.declarations.map((one: Es) => this.#declaration(one))
      case 'FunctionDeclaration':
      case 'TSDeclareFunction':
        return [this.#function(node, node.id?.name)]
      case 'ClassDeclaration':
        return [this.#class(node)]
      case 'TSInterfaceDeclaration':
        return [this.#interface(node, node.body.body, node.extends?.map((one: Es) => one.expression) ?? [])]
      case 'TSTypeAliasDeclaration':
        return [
          node.typeAnnotation.type === 'TSTypeLiteral'
            ? this.#interface(node, node.typeAnnotation.members, [])
            : {
                kind: 'assign',
                target: this.node(node.id),
                type: this.#type(node.typeAnnotation),
                decorators: [],
                declares: true,
                at,
              },
        ]
      case 'TSEnumDeclaration':
        return [this.#enum(node)]
      case 'ImportDeclaration':
        return [this.#import(node)]
      case 'ExportNamedDeclaration':
        return this.#exportNamed(node)
      case 'ExportDefaultDeclaration':
        return this.#exportDefault(node)
      case 'ExportAllDeclaration':
        return [
          {
            kind: 'export',
            names: node.exported
              ? [{ exported: nameOf(node.exported), value: this.#name('*', at) }]
              : [{ exported: '*', value: this.#name('*', at) }],
            from: node.source.value,
            at,
          },
        ]
      case 'TSExportAssignment':
        return [{ kind: 'export', names: [{ exported: 'default', value: this.node(node.expression) }], at }]
      case 'TSImportEqualsDeclaration':
        return node.moduleReference?.type === 'TSExternalModuleReference'
          ? [
              {
                kind: 'import',
                from: node.moduleReference.expression.value,
                names: [{ imported: '*', local: node.id.name }],
                at,
              },
            ]
          : []
      case 'IfStatement':
        return [
          {
            kind: 'if',
            test: this.node(node.test),
            consequent: this.statement(node.consequent),
            alternate: this.statement(node.alternate),
            at,
          },
        ]
      case 'ReturnStatement':
        return [node.argument ? { kind: 'return', value: this.node(node.argument), at } : { kind: 'return', at }]
      case 'ThrowStatement':
        return [{ kind: 'throw', value: this.node(node.argument), at }]
      case 'TryStatement':
        return [
          {
            kind: 'try',
            body: this.statements(node.block.body),
            handlers: [
              ...(node.handler ? [this.#other(node.handler, this.statements(node.handler.body.body))] : []),
              ...(node.finalizer ? [this.#other(node.finalizer, this.statements(node.finalizer.body))] : []),
            ],
            at,
          },
        ]
      case 'EmptyStatement':
        return []
      default:
        return [this.node(node)]
    }
  }

  node(node: Es): Node {
    const at = this.#at(node)
    switch (node.type) {
      case 'Literal':
        return node.regex
          ? { kind: 'pattern', source: node.regex.pattern, at }
          : { kind: 'literal', value: typeof node.value === 'bigint' ? Number(node.value) : node.value, at }
      case 'TemplateLiteral':
        return this.#template(node, at)
      case 'TaggedTemplateExpression':
        return {
          kind: 'call',
          callee: this.node(node.tag),
          args: [this.node(node.quasi)],
          named: new Map(),
          constructs: false,
          typeArgs: [],
          at,
        }
      case 'Identifier':
        return this.#name(node.name, at)
      case 'MetaProperty':
        return {
          kind: 'member',
          object: this.#name(node.meta.name, at),
          property: { kind: 'literal', value: node.property.name, at: this.#at(node.property) },
          at,
        }
      case 'ThisExpression':
        return this.#name('this', at)
      case 'Super':
        return this.#name('super', at)
      case 'PrivateIdentifier':
        return { kind: 'literal', value: `#${node.name}`, at }
      case 'MemberExpression':
        return {
          kind: 'member',
          object: this.node(node.object),
          property:
            node.computed || node.property.type === 'PrivateIdentifier'
              ? this.node(node.property)
              : { kind: 'literal', value: node.property.name, at: this.#at(node.property) },
          at,
        }
      case 'CallExpression':
      case 'NewExpression':
        return {
          kind: 'call',
          callee: this.node(node.callee),
          args: node.arguments.map((one: Es) => this.node(one)),
          named: new Map(),
          constructs: node.type === 'NewExpression',
          typeArgs: (node.typeArguments?.params ?? []).map((one: Es) => this.#type(one)),
          at,
        }
      case 'ImportExpression':
        return {
          kind: 'call',
          callee: this.#name('import', at),
          args: [this.node(node.source)],
          named: new Map(),
          constructs: false,
          typeArgs: [],
          at,
        }
      case 'BinaryExpression':
        return {
          kind: 'binary',
          operator: strict(node.operator),
          left: this.node(node.left),
          right: this.node(node.right),
          at,
        }
      case 'LogicalExpression':
        return {
          kind: 'logical',
          operator: node.operator,
          left: this.node(node.left),
          right: this.node(node.right),
          at,
        }
      case 'UnaryExpression':
        return { kind: 'unary', operator: node.operator, operand: this.node(node.argument), at }
      case 'ConditionalExpression':
        return {
          kind: 'conditional',
          test: this.node(node.test),
          consequent: this.node(node.consequent),
          alternate: this.node(node.alternate),
          at,
        }
      case 'ArrayExpression':
      case 'ArrayPattern':
        // A hole keeps its place: `const [, token] = header.split(' ')` takes the second.
        return {
          kind: 'list',
          items: node.elements.map((one: Es) => (one ? this.node(one) : { kind: 'literal', value: null, at })),
          at,
        }
      case 'ObjectExpression':
      case 'ObjectPattern':
        return this.#object(node, at)
      case 'SpreadElement':
      case 'RestElement':
        return { kind: 'spread', operand: this.node(node.argument), at }
      case 'AssignmentPattern':
        return {
          kind: 'assign',
          target: this.node(node.left),
          value: this.node(node.right),
          decorators: [],
          declares: true,
          at,
        }
      case 'ArrowFunctionExpression':
      case 'FunctionExpression':
        return this.#function(node, node.id?.name)
      case 'ClassExpression':
        return this.#class(node)
      case 'AssignmentExpression':
        return this.#assignment(node, at)
      case 'AwaitExpression':
      case 'ParenthesizedExpression':
      case 'ChainExpression':
      case 'TSAsExpression':
      case 'TSSatisfiesExpression':
      case 'TSNonNullExpression':
      case 'TSTypeAssertion':
      case 'TSInstantiationExpression':
        return this.node(node.expression ?? node.argument)
      case 'SequenceExpression':
        return this.#other(
          node,
          node.expressions.map((one: Es) => this.node(one)),
        )
      case 'VariableDeclaration':
      case 'FunctionDeclaration':
      case 'ClassDeclaration':
      case 'IfStatement':
      case 'ReturnStatement':
      case 'TryStatement':
      case 'BlockStatement':
      case 'ExpressionStatement': {
        const [only, ...more] = this.statement(node)
        return only !== undefined && more.length === 0
          ? only
          : this.#other(
              node,
              [only, ...more].filter((one) => one !== undefined),
            )
      }
      default:
        return this.#unknown(node)
    }
  }

  /** Loops, switches, JSX: what stands inside them is read, their own shape is not. */
  #unknown(node: Es): Other {
    const children: Node[] = []
    for (const [key, value] of Object.entries(node)) {
      if (key === 'type' || key === 'typeAnnotation' || key === 'parent') continue
      for (const child of Array.isArray(value) ? value : [value]) {
        if (child !== null && typeof child === 'object' && typeof (child as Es).type === 'string')
          children.push(...this.statement(child))
      }
    }
    return this.#other(node, children)
  }

  #other(node: Es, children: readonly Node[]): Other {
    return { kind: 'other', children, at: this.#at(node) }
  }

  #name(name: string, at: At): Node {
    return { kind: 'name', name, at }
  }

  #template(node: Es, at: At): Node {
    if (node.expressions.length === 0) return { kind: 'literal', value: node.quasis[0]?.value.cooked ?? '', at }
    const parts: Node[] = []
    node.quasis.forEach((quasi: Es, index: number) => {
      if (quasi.value.cooked) parts.push({ kind: 'literal', value: quasi.value.cooked, at: this.#at(quasi) })
      if (node.expressions[index]) parts.push(this.node(node.expressions[index]))
    })
    return { kind: 'template', parts, at }
  }

  #key(node: Es): Node {
    if (node.computed) return this.node(node.key)
    const value =
      node.key.type === 'Identifier'
        ? node.key.name
        : node.key.type === 'PrivateIdentifier'
          ? `#${node.key.name}`
          : node.key.value
    return { kind: 'literal', value, at: this.#at(node.key) }
  }

  #object(node: Es, at: At): ObjectNode {
    const entries: { key: Node; value: Node }[] = []
    const spreads: Node[] = []
    for (const one of node.properties) {
      if (one.type === 'SpreadElement' || one.type === 'RestElement') spreads.push(this.node(one.argument))
      else if (one.method || one.kind === 'get' || one.kind === 'set')
        entries.push({ key: this.#key(one), value: this.#function(one.value, nameOf(one.key)) })
      else entries.push({ key: this.#key(one), value: this.node(one.value) })
    }
    return { kind: 'object', entries, spreads, at }
  }

  #parameter(node: Es): Parameter {
    const property = node.type === 'TSParameterProperty' ? node.parameter : node
    const inner =
      property.type === 'AssignmentPattern'
        ? property.left
        : property.type === 'RestElement'
          ? property.argument
          : property
    const type = inner.typeAnnotation ?? property.typeAnnotation
    return {
      target: this.node(inner),
      ...(type ? { type: this.#type(type.typeAnnotation) } : {}),
      ...(property.type === 'AssignmentPattern' ? { initial: this.node(property.right) } : {}),
      decorators: this.#decorators(node.decorators?.length ? node : inner),
      rest: property.type === 'RestElement',
      ...(node.type === 'TSParameterProperty' ? { field: true as const } : {}),
    }
  }

  #decorators(node: Es): Node[] {
    return (node.decorators ?? []).map((one: Es) => this.node(one.expression))
  }

  #function(node: Es, name: string | undefined, extra: Partial<FunctionNode> = {}): FunctionNode {
    const body: Node[] =
      node.body == null
        ? []
        : node.body.type === 'BlockStatement' || node.body.type === 'FunctionBody'
          ? this.statements(node.body.body ?? node.body.statements)
          : [{ kind: 'return', value: this.node(node.body), at: this.#at(node.body) }]
    return {
      kind: 'function',
      ...(name === undefined ? {} : { name }),
      parameters: (node.params ?? []).map((one: Es) => this.#parameter(one)),
      body,
      decorators: [],
      ...(node.returnType ? { returns: this.#type(node.returnType.typeAnnotation) } : {}),
      isAsync: node.async === true,
      at: this.#at(node),
      ...extra,
    }
  }

  #class(node: Es): ClassNode {
    return {
      kind: 'class',
      ...(node.id ? { name: node.id.name } : {}),
      bases: node.superClass ? [this.node(node.superClass)] : [],
      named: new Map(),
      decorators: this.#decorators(node),
      members: node.body.body.flatMap((one: Es) => this.#member(one)),
      at: this.#at(node),
    }
  }

  #member(node: Es): Node[] {
    if (node.type === 'MethodDefinition' || node.type === 'TSAbstractMethodDefinition') {
      const role = node.static ? 'static' : node.kind === 'get' || node.kind === 'set' ? node.kind : undefined
      return [
        this.#function(node.value, nameOf(node.key), {
          decorators: this.#decorators(node),
          at: this.#at(node),
          ...(role === undefined ? {} : { role }),
        }),
      ]
    }
    if (
      node.type === 'PropertyDefinition' ||
      node.type === 'AccessorProperty' ||
      node.type === 'TSAbstractPropertyDefinition'
    )
      return [this.#field(node)]
    if (node.type === 'StaticBlock') return this.statements(node.body)
    return []
  }

  #field(node: Es): Assign {
    return {
      kind: 'assign',
      target: node.computed ? this.node(node.key) : this.#name(nameOf(node.key), this.#at(node.key)),
      ...(node.value ? { value: this.node(node.value) } : {}),
      ...(node.typeAnnotation ? { type: this.#type(node.typeAnnotation.typeAnnotation) } : {}),
      decorators: this.#decorators(node),
      declares: true,
      at: this.#at(node),
    }
  }

  #interface(node: Es, members: readonly Es[], bases: readonly Es[]): ClassNode {
    return {
      kind: 'class',
      name: node.id.name,
      bases: bases.map((one) => this.node(one)),
      named: new Map(),
      decorators: [],
      members: members
        .filter((one) => one.type === 'TSPropertySignature' && !one.computed)
        .map((one) => this.#field(one)),
      at: this.#at(node),
    }
  }

  /** An enum is an object of its members, which is what it is at run time. */
  #enum(node: Es): Assign {
    const members: Es[] = node.body?.members ?? node.members ?? []
    let next = 0
    return {
      kind: 'assign',
      target: this.node(node.id),
      value: {
        kind: 'object',
        entries: members.map((one) => {
          const value: Node = one.initializer
            ? this.node(one.initializer)
            : { kind: 'literal', value: next, at: this.#at(one) }
          next = value.kind === 'literal' && typeof value.value === 'number' ? value.value + 1 : next + 1
          return { key: { kind: 'literal', value: nameOf(one.id), at: this.#at(one) }, value }
        }),
        spreads: [],
        at: this.#at(node),
      },
      decorators: [],
      declares: true,
      at: this.#at(node),
    }
  }

  #declaration(node: Es): Node {
    const at = this.#at(node)
    const required = requiredModule(node.init)
    if (required !== undefined) {
      const names = importedNames(node.id)
      if (names !== undefined) return { kind: 'import', from: required, names, at }
    }
    const type = node.id.typeAnnotation
    return {
      kind: 'assign',
      target: this.node(node.id),
      ...(node.init ? { value: this.node(node.init) } : {}),
      ...(type ? { type: this.#type(type.typeAnnotation) } : {}),
      decorators: [],
      declares: true,
      at,
    }
  }

  #assignment(node: Es, at: At): Node {
    const value = this.node(node.right)
    const joins = node.operator === '||=' || node.operator === '??=' || node.operator === '&&='
    const target = this.node(node.left)
    return {
      kind: 'assign',
      target,
      value: joins
        ? { kind: 'logical', operator: node.operator.slice(0, 2) as '||', left: target, right: value, at }
        : node.operator === '='
          ? value
          : { kind: 'binary', operator: node.operator.slice(0, -1), left: target, right: value, at },
      decorators: [],
      declares: false,
      at,
    }
  }

  /** `module.exports = x`, `module.exports.a = x`, `exports.a = x`. */
  #assignedExport(node: Es): Export | undefined {
    if (node.type !== 'AssignmentExpression' || node.operator !== '=') return
    if (node.left.type === 'Identifier' && node.left.name === 'exports') return this.#assignedExport(node.right)
    if (node.left.type !== 'MemberExpression') return
    const path = pathOf(node.left)
    if (path === undefined) return
    const [first, second, third] = path
    const exported =
      first === 'module' && second === 'exports'
        ? path.length === 2
          ? 'default'
          : path.length === 3
            ? third
            : undefined
        : first === 'exports' && path.length === 2
          ? second
          : undefined
    if (exported === undefined) return
    // `exports = module.exports = x` and `module.exports = exports = x`
    const right =
      node.right.type === 'AssignmentExpression' && pathOf(node.right.left)?.[0]?.endsWith('exports')
        ? node.right.right
        : node.right
    return { kind: 'export', names: [{ exported, value: this.node(right) }], at: this.#at(node) }
  }

  #import(node: Es): Import {
    return {
      kind: 'import',
      from: node.source.value,
      names: node.specifiers.map((one: Es) => ({
        imported:
          one.type === 'ImportDefaultSpecifier'
            ? 'default'
            : one.type === 'ImportNamespaceSpecifier'
              ? '*'
              : nameOf(one.imported),
        local: one.local.name,
      })),
      at: this.#at(node),
    }
  }

  #exportNamed(node: Es): Node[] {
    const at = this.#at(node)
    if (node.declaration) {
      const declared = this.statement(node.declaration)
      const names = declared
        .flatMap((one) => declaredNames(one))
        .map((name) => ({ exported: name, value: this.#name(name, at) }))
      return [...declared, { kind: 'export', names, at }]
    }
    return [
      {
        kind: 'export',
        names: node.specifiers.map((one: Es) => ({
          exported: nameOf(one.exported),
          value: this.#name(nameOf(one.local), at),
        })),
        ...(node.source ? { from: node.source.value } : {}),
        at,
      },
    ]
  }

  #exportDefault(node: Es): Node[] {
    const at = this.#at(node)
    const [value] = this.statement(node.declaration)
    if (value === undefined) return []
    const named =
      (value.kind === 'function' || value.kind === 'class') && value.name !== undefined ? value.name : undefined
    return named === undefined
      ? [{ kind: 'export', names: [{ exported: 'default', value }], at }]
      : [value, { kind: 'export', names: [{ exported: 'default', value: this.#name(named, at) }], at }]
  }

  #type(node: Es): Node {
    const at = this.#at(node)
    switch (node.type) {
      case 'TSTypeReference': {
        const base = this.#typeName(node.typeName)
        const args: Node[] = (node.typeArguments?.params ?? []).map((one: Es) => this.#type(one))
        return args.length === 0
          ? base
          : {
              kind: 'member',
              object: base,
              property: args.length === 1 && args[0] ? args[0] : { kind: 'list', items: args, at },
              at,
            }
      }
      case 'TSArrayType':
        return { kind: 'type', name: 'array', args: [this.#type(node.elementType)], at }
      case 'TSUnionType':
        return { kind: 'type', name: 'union', args: node.types.map((one: Es) => this.#type(one)), at }
      case 'TSLiteralType':
        return { kind: 'type', name: 'literal', args: [this.node(node.literal)], at }
      case 'TSParenthesizedType':
        return this.#type(node.typeAnnotation)
      case 'TSTypeLiteral':
        return this.#interface({ ...node, id: { name: '' } }, node.members, [])
      case 'TSTypeQuery':
        return { kind: 'type', name: 'typeof', args: [this.#typeName(node.exprName)], at }
      default:
        // TSStringKeyword → string, TSAnyKeyword → any …
        return {
          kind: 'type',
          name: String(node.type)
            .replace(/^TS|Keyword$/g, '')
            .toLowerCase(),
          args: [],
          at,
        }
    }
  }

  #typeName(node: Es): Node {
    const at = this.#at(node)
    if (node.type === 'TSQualifiedName')
      return {
        kind: 'member',
        object: this.#typeName(node.left),
        property: { kind: 'literal', value: node.right.name, at },
        at,
      }
    return node.type === 'Identifier' ? this.#name(node.name, at) : this.#unknown(node)
  }
}

const strict = (operator: string): string => (operator === '==' ? '===' : operator === '!=' ? '!==' : operator)

const nameOf = (node: Es): string =>
  `${node?.type === 'PrivateIdentifier' ? '#' : ''}${node?.name ?? node?.value ?? ''}`

const declaredNames = (node: Node): string[] => {
  if ((node.kind === 'function' || node.kind === 'class') && node.name !== undefined) return [node.name]
  if (node.kind === 'assign') return boundNames(node.target).map((one) => one.name)
  return node.kind === 'import' ? node.names.map((one) => one.local) : []
}

/** The module of `require('x')`, `require('x').default`, `await import('x')`. */
const requiredModule = (init: Es): string | undefined => {
  if (init == null) return
  if (init.type === 'AwaitExpression')
    return init.argument.type === 'ImportExpression' ? init.argument.source.value : undefined
  if (init.type === 'CallExpression' && init.callee.type === 'Identifier' && init.callee.name === 'require')
    return typeof init.arguments[0]?.value === 'string' ? init.arguments[0].value : undefined
  return init.type === 'MemberExpression' && !init.computed && init.property.name === 'default'
    ? requiredModule(init.object)
    : undefined
}

/** What the left side of a require binds; undefined where it takes the module apart more than one level. */
const importedNames = (id: Es): Import['names'] | undefined => {
  // What CommonJS exports as a whole is the default here, and a namespace too: see the project's `exported`.
  if (id.type === 'Identifier') return [{ imported: 'default', local: id.name }]
  if (id.type !== 'ObjectPattern') return
  const names = id.properties.map((one: Es) =>
    one.type === 'Property' && one.value.type === 'Identifier'
      ? { imported: nameOf(one.key), local: one.value.name }
      : undefined,
  )
  return names.includes(undefined) ? undefined : names
}

const pathOf = (node: Es): string[] | undefined => {
  if (node.type === 'Identifier') return [node.name]
  if (node.type !== 'MemberExpression' || node.computed) return
  const path = pathOf(node.object)
  return path === undefined ? undefined : [...path, nameOf(node.property)]
}
