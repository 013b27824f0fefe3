/** The one tree in one line a node, so that a test reads as what goes in and what comes out. */
import type { Node, Parameter } from '../../../src/evidence/source/tree.ts'

const all = (nodes: readonly Node[], open = '', close = ''): string => open + nodes.map(shown).join(', ') + close
const block = (nodes: readonly Node[]): string => `{${nodes.map(shown).join('; ')}}`
const pairs = (named: ReadonlyMap<string, Node>): string[] =>
  [...named].map(([name, value]) => `${name}=${shown(value)}`)
const decorated = (decorators: readonly Node[]): string => decorators.map((one) => `@${shown(one)} `).join('')
const parameter = ({ target, type, initial, rest, decorators }: Parameter): string =>
  `${decorated(decorators)}${rest ? '...' : ''}${shown(target)}${type ? `: ${shown(type)}` : ''}${initial ? ` = ${shown(initial)}` : ''}`

/** A node in one line. */
export const shown = (node: Node): string => {
  switch (node.kind) {
    case 'literal':
      return JSON.stringify(node.value)
    case 'template':
      return all(node.parts, '`', '`')
    case 'pattern':
      return `/${node.source}/`
    case 'name':
      return node.name
    case 'member':
      return `${shown(node.object)}[${shown(node.property)}]`
    case 'call':
      return `${node.constructs ? 'new ' : ''}${shown(node.callee)}${node.typeArgs.length > 0 ? all(node.typeArgs, '<', '>') : ''}(${[...node.args.map(shown), ...pairs(node.named)].join(', ')})`
    case 'binary':
    case 'logical':
      return `(${shown(node.left)} ${node.operator} ${shown(node.right)})`
    case 'unary':
      return `(${node.operator} ${shown(node.operand)})`
    case 'conditional':
      return `(${shown(node.test)} ? ${shown(node.consequent)} : ${shown(node.alternate)})`
    case 'list':
      return all(node.items, '[', ']')
    case 'object': {
      const entries = node.entries.map(({ key, value }) => `${shown(key)}: ${shown(value)}`)
      return `{${[...entries, ...node.spreads.map((one) => `...${shown(one)}`)].join(', ')}}`
    }
    case 'spread':
      return `...${shown(node.operand)}`
    case 'function': {
      const words = [
        node.isAsync ? 'async ' : '',
        node.role === undefined ? '' : `${node.role} `,
        node.name ?? 'lambda',
      ]
      const returns = node.returns === undefined ? '' : ` -> ${shown(node.returns)}`
      return `${decorated(node.decorators)}${words.join('')}(${node.parameters.map(parameter).join(', ')})${returns} ${block(node.body)}`
    }
    case 'class': {
      const bases = [...node.bases.map(shown), ...pairs(node.named)].join(', ')
      return `${decorated(node.decorators)}class ${node.name ?? ''}(${bases}) ${block(node.members)}`
    }
    case 'assign': {
      const type = node.type === undefined ? '' : `: ${shown(node.type)}`
      const value = node.value === undefined ? '' : ` = ${shown(node.value)}`
      return `${decorated(node.decorators)}${node.declares ? 'new ' : ''}${shown(node.target)}${type}${value}`
    }
    case 'import':
      return `import ${node.from} ${node.names.map(({ imported, local }) => `${imported} as ${local}`).join(', ')}`
    case 'export': {
      const names = node.names.map(({ exported, value }) => `${exported}: ${shown(value)}`).join(', ')
      return `export {${names}}${node.from === undefined ? '' : ` from ${node.from}`}`
    }
    case 'if':
      return `if ${shown(node.test)} ${block(node.consequent)} else ${block(node.alternate)}`
    case 'return':
    case 'throw':
      return node.value === undefined ? node.kind : `${node.kind} ${shown(node.value)}`
    case 'try':
      return `try ${block(node.body)} handlers ${block(node.handlers)}`
    case 'type':
      return `${node.name}<${all(node.args)}>`
    case 'other':
      return all(node.children, 'other(', ')')
  }
}
