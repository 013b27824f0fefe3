/** Which functions of a program register something on an application, by how that looks. */
import { type Call, type FunctionNode, lastName, possibilities, walk } from '../../source/index.ts'
import type { Reading } from '../reading.ts'

const VERBS = /^(?:get|post|put|patch|delete|options|head|all|on)$/
const OTHERS = /^(?:use|route|mount|openapi|onError|notFound|doc|doc31)$/

/** Whether a method of an application adds something to it. */
export const isRegistering = (method: string): boolean => VERBS.test(method) || OTHERS.test(method)

const looksLikeRegistration = (node: Call): boolean => {
  if (node.callee.kind !== 'member') return false
  const name = lastName(node.callee) ?? ''
  return (VERBS.test(name) && node.args.length > 1) || (OTHERS.test(name) && node.args.length > 0)
}

/** Whether its own body registers something, by how that looks. */
export const registers = (node: FunctionNode): boolean => {
  let found = false
  walk(node.body, (one) => {
    if (one.kind === 'call' && looksLikeRegistration(one)) found = true
    return !found && one.kind !== 'function'
  })
  return found
}

export class Reach {
  readonly #reading: Reading
  readonly #known = new Map<FunctionNode, boolean>()

  constructor(reading: Reading) {
    this.#reading = reading
  }

  /** Whether a call of it leads to a registration. */
  of(node: FunctionNode): boolean {
    const known = this.#known.get(node)
    if (known !== undefined) return known
    // On a way round it is not counted twice.
    this.#known.set(node, false)
    let found = false
    walk(node.body, (one) => {
      if (!found && one.kind === 'call')
        found = looksLikeRegistration(one) || this.#runBy(one).some((each) => this.of(each))
      return !found
    })
    this.#known.set(node, found)
    return found
  }

  /** The project's own functions that a call runs. */
  #runBy(call: Call): readonly FunctionNode[] {
    const scope = this.#reading.program.scopeOf(call)
    const callees = scope === undefined ? [] : possibilities(this.#reading.evaluator.value(call.callee, scope))
    return callees.flatMap((callee) => {
      if (callee.kind === 'function') return callee.node
      if (callee.kind !== 'class' || !call.constructs) return []
      const made = this.#reading.evaluator.classes.members(callee.node, callee.scope).get('constructor')?.[0]?.node
      return made?.kind === 'function' ? made : []
    })
  }
}
