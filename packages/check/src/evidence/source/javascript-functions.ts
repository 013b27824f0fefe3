/** JavaScript's functions, classes and objects as the one tree. */
import { type Es, nameOf, type Reader } from './javascript-reader.ts'
import { decoratorsOf, fieldOf, typeOf } from './javascript-types.ts'
import type { Assign, At, ClassNode, FunctionNode, Node, ObjectNode, Parameter } from './tree.ts'

export const functionOf = (
  reader: Reader,
  node: Es,
  name: string | undefined,
  extra: Partial<FunctionNode> = {},
): FunctionNode => {
  const body: Node[] =
    node.body == null
      ? []
      : node.body.type === 'BlockStatement' || node.body.type === 'FunctionBody'
        ? reader.statements(node.body.body ?? node.body.statements)
        : [{ kind: 'return', value: reader.node(node.body), at: reader.at(node.body) }]
  return {
    kind: 'function',
    ...(name === undefined ? {} : { name }),
    parameters: (node.params ?? []).map((one: Es) => parameterOf(reader, one)),
    body,
    decorators: [],
    ...(node.returnType ? { returns: typeOf(reader, node.returnType.typeAnnotation) } : {}),
    isAsync: node.async === true,
    at: reader.at(node),
    ...extra,
  }
}

const parameterOf = (reader: Reader, node: Es): Parameter => {
  const property = node.type === 'TSParameterProperty' ? node.parameter : node
  const inner =
    property.type === 'AssignmentPattern'
      ? property.left
      : property.type === 'RestElement'
        ? property.argument
        : property
  const type = inner.typeAnnotation ?? property.typeAnnotation
  return {
    target: reader.node(inner),
    ...(type ? { type: typeOf(reader, type.typeAnnotation) } : {}),
    ...(property.type === 'AssignmentPattern' ? { initial: reader.node(property.right) } : {}),
    decorators: decoratorsOf(reader, node.decorators?.length ? node : inner),
    rest: property.type === 'RestElement',
    ...(node.type === 'TSParameterProperty' ? { field: true as const } : {}),
  }
}

export const classOf = (reader: Reader, node: Es): ClassNode => {
  return {
    kind: 'class',
    ...(node.id ? { name: node.id.name } : {}),
    bases: node.superClass ? [reader.node(node.superClass)] : [],
    named: new Map(),
    decorators: decoratorsOf(reader, node),
    members: node.body.body.flatMap((one: Es) => memberOf(reader, one)),
    at: reader.at(node),
  }
}

const memberOf = (reader: Reader, node: Es): Node[] => {
  if (node.type === 'MethodDefinition' || node.type === 'TSAbstractMethodDefinition') {
    const role = node.static ? 'static' : node.kind === 'get' || node.kind === 'set' ? node.kind : undefined
    return [
      functionOf(reader, node.value, nameOf(node.key), {
        decorators: decoratorsOf(reader, node),
        at: reader.at(node),
        ...(role === undefined ? {} : { role }),
      }),
    ]
  }
  if (
    node.type === 'PropertyDefinition' ||
    node.type === 'AccessorProperty' ||
    node.type === 'TSAbstractPropertyDefinition'
  )
    return [fieldOf(reader, node)]
  if (node.type === 'StaticBlock') return reader.statements(node.body)
  return []
}

export const objectOf = (reader: Reader, node: Es, at: At): ObjectNode => {
  const entries: { key: Node; value: Node }[] = []
  const spreads: Node[] = []
  for (const one of node.properties) {
    if (one.type === 'SpreadElement' || one.type === 'RestElement') spreads.push(reader.node(one.argument))
    else if (one.method || one.kind === 'get' || one.kind === 'set')
      entries.push({ key: keyOf(reader, one), value: functionOf(reader, one.value, nameOf(one.key)) })
    else entries.push({ key: keyOf(reader, one), value: reader.node(one.value) })
  }
  return { kind: 'object', entries, spreads, at }
}

const keyOf = (reader: Reader, node: Es): Node => {
  if (node.computed) return reader.node(node.key)
  const value =
    node.key.type === 'Identifier'
      ? node.key.name
      : node.key.type === 'PrivateIdentifier'
        ? `#${node.key.name}`
        : node.key.value
  return { kind: 'literal', value, at: reader.at(node.key) }
}

/** An enum is an object of its members, which is what it is at run time. */
export const enumOf = (reader: Reader, node: Es): Assign => {
  const members: Es[] = node.body?.members ?? node.members ?? []
  let next = 0
  return {
    kind: 'assign',
    target: reader.node(node.id),
    value: {
      kind: 'object',
      entries: members.map((one) => {
        const value: Node = one.initializer
          ? reader.node(one.initializer)
          : { kind: 'literal', value: next, at: reader.at(one) }
        next = value.kind === 'literal' && typeof value.value === 'number' ? value.value + 1 : next + 1
        return { key: { kind: 'literal', value: nameOf(one.id), at: reader.at(one) }, value }
      }),
      spreads: [],
      at: reader.at(node),
    },
    decorators: [],
    declares: true,
    at: reader.at(node),
  }
}
