/** What a Python type lets through: pydantic's classes and the standard ones, with the bounds that stand beside them. */

import { type Call, type Located, lastName, lookup, type Node, type Scope } from '../../source/index.ts'
import type { Place } from '../facts.ts'
import {
  ancestorsOf,
  boundsOf,
  boundsOfModel,
  type ClassValue,
  definitionOf,
  fieldsOf,
  isModel,
  isTable,
  isValidated,
  keepsUnknownKeys,
  limitsValue,
} from '../python/index.ts'
import { placeOf, type Reading } from '../reading.ts'
import { annotationOf } from './dependencies.ts'
import {
  type Bounds,
  FINE,
  type Findings,
  has,
  joined,
  LISTS,
  NUMBERS,
  ofStandard,
  STRINGS,
  UNTYPED,
} from './standard-types.ts'

export class Types {
  readonly reading: Reading
  readonly #open = new Set<Node>()
  readonly #models = new Map<Node, Findings>()

  constructor(reading: Reading) {
    this.reading = reading
  }

  /** What a type with these bounds lets through; `name` is what the value is called. */
  check(node: Node, scope: Scope, bounds: Bounds, name: string, at: Place): Findings {
    const annotated = annotationOf(this.reading, node, scope)
    if (annotated.calls.length > 0 || annotated.type.node !== node)
      return this.check(
        annotated.type.node,
        annotated.type.scope,
        new Set([...bounds, ...boundsOf(this.reading, annotated.calls)]),
        name,
        at,
      )
    if (bounds.has('validated')) return { problems: [] }
    switch (node.kind) {
      case 'literal':
        return { problems: [] }
      case 'type':
        return node.name === 'union'
          ? this.#all(node.args, scope, bounds, name, at)
          : { problems: [], unread: `${name}: a type that could not be read` }
      case 'list':
        return this.#all(node.items, scope, bounds, name, at)
      case 'member':
        return node.property.kind === 'literal'
          ? this.#named(node, scope, bounds, name, at)
          : this.#generic(node.object, node.property, scope, bounds, name, at)
      case 'call':
        return this.#called({ node, scope }, bounds, name, at)
      case 'name':
        return this.#named(node, scope, bounds, name, at)
      default:
        return { problems: [], unread: `${name}: a type that could not be read` }
    }
  }

  #all(nodes: readonly Node[], scope: Scope, bounds: Bounds, name: string, at: Place): Findings {
    return joined(nodes.map((one) => this.check(one, scope, bounds, name, at)))
  }

  #generic(base: Node, property: Node, scope: Scope, bounds: Bounds, name: string, at: Place): Findings {
    const word = lastName(base) ?? ''
    const items = property.kind === 'list' ? property.items : [property]
    if (word === 'Literal' || word === 'type' || word === 'Type' || word === 'ClassVar') return { problems: [] }
    if (/^(?:Optional|Union|Required|NotRequired|ReadOnly|Final|Unpack)$/.test(word))
      return this.#all(items, scope, bounds, name, at)
    if (/^tuple$/i.test(word) && !items.some((one) => one.kind === 'name' && one.name === 'Ellipsis'))
      return this.#all(items, scope, new Set(), name, at)
    if (LISTS.has(word) || /^tuple$/i.test(word)) return this.#list(items[0] ?? property, scope, bounds, name, at)
    if (UNTYPED.has(word)) return { problems: [{ what: `${name}: any keys`, at }] }
    // Page[Item], Response[T]: the class with what it is given.
    return joined([
      this.check(base, scope, bounds, name, at),
      ...items.map((one) => this.check(one, scope, new Set<string>(), name, at)),
    ])
  }

  #list(item: Node, scope: Scope, bounds: Bounds, name: string, at: Place): Findings {
    const inner = this.check(item, scope, listItemBounds(bounds), name, at)
    return has(bounds, 'max_length', 'max_items')
      ? inner
      : joined([{ problems: [{ what: `${name}: a list of any length`, at }] }, inner])
  }

  /** constr(max_length=80) in the place of a type. */
  #called({ node, scope }: Located<Call>, bounds: Bounds, name: string, at: Place): Findings {
    const callee = lastName(node.callee) ?? ''
    if (callee === 'NewType' && node.args[1]) return this.check(node.args[1], scope, bounds, name, at)
    const own = new Set([...bounds, ...boundsOf(this.reading, [{ node, scope }])])
    const items = node.named.get('item_type') ?? node.args[0]
    if (LISTS.has(callee) && items !== undefined) return this.#list(items, scope, own, name, at)
    return ofStandard(callee, own, name, at) ?? { problems: [], unread: `${name}: ${callee}(…)` }
  }

  #named(node: Node, scope: Scope, bounds: Bounds, name: string, at: Place): Findings {
    const found = definitionOf(this.reading, node, scope)
    if (found.node !== node && found.node.kind !== 'class' && found.node.kind !== 'function')
      return this.check(found.node, found.scope, bounds, name, at)
    if (found.node.kind === 'class')
      return this.model({ kind: 'class', node: found.node, scope: found.scope, at: found.node.at }, name, at)
    const word = lastName(node) ?? ''
    const standard = ofStandard(word, bounds, name, at)
    if (standard) return standard
    const isParameter = node.kind === 'name' && lookup(scope, node.name).length === 0
    return isParameter || /^[A-Z]$|^T[A-Z_]\w*$/.test(word)
      ? { problems: [] }
      : { problems: [], unread: `${name}: ${word} is not known` }
  }

  /** The fields of a model of the project. */
  model(type: ClassValue, name: string, at: Place): Findings {
    const { node } = type
    const label = node.name ?? name
    if (FINE.has(label)) return { problems: [] }
    const known = this.#models.get(node)
    if (known) return known
    const above = ancestorsOf(this.reading, type)
    if (above.some((one) => /^(?:Int|Str)?Enum$|^(?:Int)?Flag$/.test(one))) return { problems: [] }
    if (above.some((one) => FINE.has(one))) return { problems: [] }
    if (this.#open.has(node)) return { problems: [] }
    const [plain] = above.filter((one) => STRINGS.has(one) || NUMBERS.has(one))
    if (plain && !above.includes('BaseModel'))
      return limitsValue(this.reading, node.members)
        ? { problems: [] }
        : (ofStandard(plain, new Set(), name, at) ?? { problems: [] })
    if (!isModel(above, node.decorators)) return { problems: [], unread: `${name}: ${label} is no model that is known` }
    if (isTable(node))
      return {
        problems: [{ what: `${label}: a table of SQLModel, which checks nothing`, at: placeOf(this.reading, node.at) }],
      }
    this.#open.add(node)
    const extra = keepsUnknownKeys(this.reading, type)
    const bounds = boundsOfModel(this.reading, type)
    const findings = joined([
      ...(extra ? [{ problems: [{ what: `${label}: unknown keys are kept`, at: extra }] }] : []),
      ...fieldsOf(this.reading, type).map(([field, one]) => this.#field(type, field, one, bounds)),
      ...rootsOf(type).map((one) => this.check(one, type.scope, new Set(bounds), label, placeOf(this.reading, one.at))),
    ])
    this.#open.delete(node)
    this.#models.set(node, findings)
    return findings
  }

  /** `bounds` are what its model says of all of its fields. */
  #field(type: ClassValue, name: string, { node, scope }: Located, bounds: readonly string[]): Findings {
    if (node.kind !== 'assign' || node.type === undefined) return { problems: [] }
    const calls: Located<Call>[] = node.value?.kind === 'call' ? [{ node: node.value, scope }] : []
    if (isValidated(this.reading, type, name)) return { problems: [] }
    return this.check(
      node.type,
      scope,
      new Set([...boundsOf(this.reading, calls), ...bounds]),
      `${type.node.name ?? ''}.${name}`,
      placeOf(this.reading, node.at),
    )
  }
}

/** What stands in the brackets of `class Names(RootModel[list[str]])`. */
const rootsOf = ({ node }: ClassValue): readonly Node[] =>
  node.bases.flatMap((base) =>
    base.kind === 'member' && base.property.kind !== 'literal' && lastName(base.object) === 'RootModel'
      ? [base.property]
      : [],
  )

const listItemBounds = (bounds: Bounds): Bounds =>
  new Set([...bounds].filter((one) => !/^(?:max_length|max_items|min_length|min_items)$/.test(one)))
