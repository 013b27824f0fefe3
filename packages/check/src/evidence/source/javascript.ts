/** TypeScript and JavaScript, as the one tree. The parser is oxc-parser; what it gives (ESTree with TypeScript's nodes) ends here. */
import { parseSync } from 'oxc-parser'
import { classOf, enumOf, functionOf, objectOf } from './javascript-functions.ts'
import { assignedExport, declarationOf, exportDefault, exportNamed, importOf } from './javascript-modules.ts'
import { type Es, named, nameOf, type Reader } from './javascript-reader.ts'
import { interfaceOf, typeOf } from './javascript-types.ts'
import { type LineOf, startsOfLines } from './lines.ts'
import { parserSurvives } from './nesting.ts'
import type { At, Module, Node, Other } from './tree.ts'

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
    const reader = new FileReader(file, startsOfLines(text))
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

class FileReader implements Reader {
  readonly #file: string
  readonly #lineOf: LineOf

  constructor(file: string, lineOf: LineOf) {
    this.#file = file
    this.#lineOf = lineOf
  }

  at(node: Es): At {
    return { file: this.#file, line: this.#lineOf(node.start), start: node.start, end: node.end }
  }

  statements(nodes: readonly Es[]): Node[] {
    return nodes.flatMap((node) => this.statement(node))
  }

  statement(node: Es): Node[] {
    if (node == null) return []
    const at = this.at(node)
    switch (node.type) {
      case 'ExpressionStatement':
        return [assignedExport(this, node.expression) ?? this.node(node.expression)]
      case 'BlockStatement':
      case 'StaticBlock':
        return this.statements(node.body)
      case 'VariableDeclaration':
        return node.declarations.map((one: Es) => declarationOf(this, one))
      case 'FunctionDeclaration':
      case 'TSDeclareFunction':
        return [functionOf(this, node, node.id?.name)]
      case 'ClassDeclaration':
        return [classOf(this, node)]
      case 'TSInterfaceDeclaration':
        return [interfaceOf(this, node, node.body.body, node.extends?.map((one: Es) => one.expression) ?? [])]
      case 'TSTypeAliasDeclaration':
        return [
          node.typeAnnotation.type === 'TSTypeLiteral'
            ? interfaceOf(this, node, node.typeAnnotation.members, [])
            : {
                kind: 'assign',
                target: this.node(node.id),
                type: typeOf(this, node.typeAnnotation),
                decorators: [],
                declares: true,
                at,
              },
        ]
      case 'TSEnumDeclaration':
        return [enumOf(this, node)]
      case 'ImportDeclaration':
        return [importOf(this, node)]
      case 'ExportNamedDeclaration':
        return exportNamed(this, node)
      case 'ExportDefaultDeclaration':
        return exportDefault(this, node)
      case 'ExportAllDeclaration':
        return [
          {
            kind: 'export',
            names: node.exported
              ? [{ exported: nameOf(node.exported), value: named('*', at) }]
              : [{ exported: '*', value: named('*', at) }],
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
    const at = this.at(node)
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
        return named(node.name, at)
      case 'MetaProperty':
        return {
          kind: 'member',
          object: named(node.meta.name, at),
          property: { kind: 'literal', value: node.property.name, at: this.at(node.property) },
          at,
        }
      case 'ThisExpression':
        return named('this', at)
      case 'Super':
        return named('super', at)
      case 'PrivateIdentifier':
        return { kind: 'literal', value: `#${node.name}`, at }
      case 'MemberExpression':
        return {
          kind: 'member',
          object: this.node(node.object),
          property:
            node.computed || node.property.type === 'PrivateIdentifier'
              ? this.node(node.property)
              : { kind: 'literal', value: node.property.name, at: this.at(node.property) },
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
          typeArgs: (node.typeArguments?.params ?? []).map((one: Es) => typeOf(this, one)),
          at,
        }
      case 'ImportExpression':
        return {
          kind: 'call',
          callee: named('import', at),
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
        return objectOf(this, node, at)
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
        return functionOf(this, node, node.id?.name)
      case 'ClassExpression':
        return classOf(this, node)
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
      case 'SequenceExpression': {
        // What compilers make of an imported function: `(0, express_1.default)()`.
        const [first, last, ...more] = node.expressions
        if (first.type === 'Literal' && first.value === 0 && last !== undefined && more.length === 0)
          return this.node(last)
        return this.#other(
          node,
          node.expressions.map((one: Es) => this.node(one)),
        )
      }
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
        return this.unknown(node)
    }
  }

  /** Loops, switches, JSX: what stands inside them is read, their own shape is not. */
  unknown(node: Es): Other {
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
    return { kind: 'other', children, at: this.at(node) }
  }

  #template(node: Es, at: At): Node {
    if (node.expressions.length === 0) return { kind: 'literal', value: node.quasis[0]?.value.cooked ?? '', at }
    const parts: Node[] = []
    node.quasis.forEach((quasi: Es, index: number) => {
      if (quasi.value.cooked) parts.push({ kind: 'literal', value: quasi.value.cooked, at: this.at(quasi) })
      if (node.expressions[index]) parts.push(this.node(node.expressions[index]))
    })
    return { kind: 'template', parts, at }
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
}

const strict = (operator: string): string => (operator === '==' ? '===' : operator === '!=' ? '!==' : operator)
