/** What a file of JavaScript takes from others and gives them, in both kinds of modules. */
import { boundNames } from './bound-names.ts'
import { type Es, named, nameOf, type Reader } from './javascript-reader.ts'
import { typeOf } from './javascript-types.ts'
import type { Export, Import, Node } from './tree.ts'

export const importOf = (reader: Reader, node: Es): Import => {
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
    at: reader.at(node),
  }
}

export const declarationOf = (reader: Reader, node: Es): Node => {
  const at = reader.at(node)
  const required = requiredModule(node.init)
  if (required !== undefined) {
    const names = importedNames(node.id)
    if (names !== undefined) return { kind: 'import', from: required, names, at }
  }
  const type = node.id.typeAnnotation
  return {
    kind: 'assign',
    target: reader.node(node.id),
    ...(node.init ? { value: reader.node(node.init) } : {}),
    ...(type ? { type: typeOf(reader, type.typeAnnotation) } : {}),
    decorators: [],
    declares: true,
    at,
  }
}

/** `module.exports = x`, `module.exports.a = x`, `exports.a = x`. */
export const assignedExport = (reader: Reader, node: Es): Export | undefined => {
  if (node.type !== 'AssignmentExpression' || node.operator !== '=') return
  if (node.left.type === 'Identifier' && node.left.name === 'exports') return assignedExport(reader, node.right)
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
  return { kind: 'export', names: [{ exported, value: reader.node(right) }], at: reader.at(node) }
}

export const exportNamed = (reader: Reader, node: Es): Node[] => {
  const at = reader.at(node)
  if (node.declaration) {
    const declared = reader.statement(node.declaration)
    const names = declared
      .flatMap((one) => declaredNames(one))
      .map((name) => ({ exported: name, value: named(name, at) }))
    return [...declared, { kind: 'export', names, at }]
  }
  return [
    {
      kind: 'export',
      names: node.specifiers.map((one: Es) => ({
        exported: nameOf(one.exported),
        value: named(nameOf(one.local), at),
      })),
      ...(node.source ? { from: node.source.value } : {}),
      at,
    },
  ]
}

export const exportDefault = (reader: Reader, node: Es): Node[] => {
  const at = reader.at(node)
  const [value] = reader.statement(node.declaration)
  if (value === undefined) return []
  const own = (value.kind === 'function' || value.kind === 'class') && value.name !== undefined ? value.name : undefined
  return own === undefined
    ? [{ kind: 'export', names: [{ exported: 'default', value }], at }]
    : [value, { kind: 'export', names: [{ exported: 'default', value: named(own, at) }], at }]
}

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
