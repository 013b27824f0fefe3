/** TypeScript's types as the one tree. */
import { type Es, named, nameOf, type Reader } from './javascript-reader.ts'
import type { Assign, ClassNode, Node } from './tree.ts'

export const typeOf = (reader: Reader, node: Es): Node => {
  const at = reader.at(node)
  switch (node.type) {
    case 'TSTypeReference': {
      const base = typeName(reader, node.typeName)
      const args: Node[] = (node.typeArguments?.params ?? []).map((one: Es) => typeOf(reader, one))
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
      return { kind: 'type', name: 'array', args: [typeOf(reader, node.elementType)], at }
    case 'TSUnionType':
      return { kind: 'type', name: 'union', args: node.types.map((one: Es) => typeOf(reader, one)), at }
    case 'TSLiteralType':
      return { kind: 'type', name: 'literal', args: [reader.node(node.literal)], at }
    case 'TSParenthesizedType':
      return typeOf(reader, node.typeAnnotation)
    case 'TSTypeLiteral':
      return interfaceOf(reader, { ...node, id: { name: '' } }, node.members, [])
    case 'TSTypeQuery':
      return { kind: 'type', name: 'typeof', args: [typeName(reader, node.exprName)], at }
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

const typeName = (reader: Reader, node: Es): Node => {
  const at = reader.at(node)
  if (node.type === 'TSQualifiedName')
    return {
      kind: 'member',
      object: typeName(reader, node.left),
      property: { kind: 'literal', value: node.right.name, at },
      at,
    }
  return node.type === 'Identifier' ? named(node.name, at) : reader.unknown(node)
}

export const interfaceOf = (reader: Reader, node: Es, members: readonly Es[], bases: readonly Es[]): ClassNode => {
  return {
    kind: 'class',
    name: node.id.name,
    bases: bases.map((one) => reader.node(one)),
    named: new Map(),
    decorators: [],
    members: members
      .filter((one) => one.type === 'TSPropertySignature' && !one.computed)
      .map((one) => fieldOf(reader, one)),
    at: reader.at(node),
  }
}

export const fieldOf = (reader: Reader, node: Es): Assign => {
  return {
    kind: 'assign',
    target: node.computed ? reader.node(node.key) : named(nameOf(node.key), reader.at(node.key)),
    ...(node.value ? { value: reader.node(node.value) } : {}),
    ...(node.typeAnnotation ? { type: typeOf(reader, node.typeAnnotation.typeAnnotation) } : {}),
    decorators: decoratorsOf(reader, node),
    declares: true,
    at: reader.at(node),
  }
}

export const decoratorsOf = (reader: Reader, node: Es): Node[] => {
  return (node.decorators ?? []).map((one: Es) => reader.node(one.expression))
}
