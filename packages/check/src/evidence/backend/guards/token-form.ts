/** Tests that ask no more of a token than that there is one. */
import { lastName, type Node } from '../../source/index.ts'

const OF_TOKEN =
  /^(?:(?:access|auth|bearer|raw|jwt|id)_?)?(?:token|jwt|bearer|scheme|type|kind|prefix|header|authorization|parts?|credentials?|cookie)$/i
const OF_TEXT = /^(?:startsWith|startswith|toLowerCase|lower|trim|strip|test|match|get|header|length)$/

/** Whether a test asks no more than that there is a token, in its form: `scheme !== 'Bearer' || !token`. */
export const asksForm = (node: Node): boolean => {
  switch (node.kind) {
    case 'literal':
      return true
    case 'name':
      return OF_TOKEN.test(node.name)
    case 'member':
      return OF_TOKEN.test(lastName(node) ?? '') || (OF_TEXT.test(lastName(node) ?? '') && asksForm(node.object))
    case 'unary':
      return asksForm(node.operand)
    case 'logical':
      return asksForm(node.left) && asksForm(node.right)
    case 'binary':
      return (
        (node.left.kind === 'literal' || node.right.kind === 'literal') && asksForm(node.left) && asksForm(node.right)
      )
    case 'call':
      return OF_TEXT.test(lastName(node.callee) ?? '') && (asksForm(node.callee) || node.args.some(namesToken))
    default:
      return false
  }
}

const namesToken = (node: Node): boolean =>
  node.kind === 'literal' ? OF_TOKEN.test(String(node.value)) : asksForm(node)
