/** What the Python parser gives, read in one pass of its cursor: each step into the wasm costs, so only what is used later is asked for. */
import type { Language, Tree, TreeCursor } from 'web-tree-sitter'

/** A node of the grammar `tree-sitter-python`, with its named children; comments and punctuation are left out. */
export interface Syntax {
  /** The grammar's word: `call`, `identifier`, or the operator itself. */
  readonly type: string
  /** What it is to its parent: `left`, `body` … */
  readonly field: string | undefined
  readonly start: number
  readonly end: number
  readonly children: Syntax[]
}

export interface Reading {
  readonly root: Syntax
  /** Something was too deep to be read, or not Python. */
  readonly broken: boolean
}

/** Hostile or generated code nests without end; what reads the tree later recurses, so it must end before their stack does. */
export const deepest = 600

const skipped = new Set(['comment', 'line_continuation', 'pass_statement', 'positional_separator', 'keyword_separator'])
const leaves = new Set([
  ...['identifier', 'integer', 'float', 'true', 'false', 'none', 'ellipsis', 'string_start', 'string_content'],
  ...['string_end', 'wildcard_import', 'import_prefix', 'type_conversion', 'break_statement', 'continue_statement'],
])
const withOperators = new Set([
  ...['binary_operator', 'boolean_operator', 'unary_operator', 'comparison_operator', 'augmented_assignment'],
])
const withoutFields = new Set([
  ...[
    'module',
    'block',
    'expression_statement',
    'argument_list',
    'parameters',
    'string',
    'dotted_name',
    'list',
    'tuple',
  ],
  ...[
    'dictionary',
    'parenthesized_expression',
    'type',
    'type_parameter',
    'return_statement',
    'expression_list',
    'decorator',
  ],
])

/** What to do with a node of a type, by its id. */
interface Kind {
  readonly type: string
  readonly skip: boolean
  readonly operator: boolean
  readonly leaf: boolean
  readonly operators: boolean
  readonly fields: boolean
}

const kindOf = (type: string, named: boolean): Kind => ({
  type,
  skip: skipped.has(type),
  operator: !named,
  leaf: !named || leaves.has(type),
  operators: withOperators.has(type),
  fields: !withoutFields.has(type),
})

/** A reader of the trees of this language. */
export const syntaxReader = (language: Language): ((tree: Tree) => Reading) => {
  const kinds = language.types.map((type, id) => kindOf(type, language.nodeTypeIsNamed(id)))
  const error = kindOf('ERROR', true)
  const fields = language.fields

  const read = (cursor: TreeCursor): Reading => {
    const root: Syntax = {
      type: cursor.nodeType,
      field: undefined,
      start: cursor.startIndex,
      end: cursor.endIndex,
      children: [],
    }
    const above: { node: Syntax; kind: Kind }[] = []
    let parent = root
    let kindOfParent = kinds[cursor.nodeTypeId] ?? error
    let broken = false
    let more = cursor.gotoFirstChild()
    while (more) {
      const kind = kinds[cursor.nodeTypeId] ?? error
      if (!kind.skip && (!kind.operator || kindOfParent.operators)) {
        const [start, end] = [cursor.startIndex, cursor.endIndex]
        const field = kindOfParent.fields ? (fields[cursor.currentFieldId] ?? undefined) : undefined
        const node: Syntax = { type: kind.type, field, start, end, children: [] }
        // A leaf of no width is what the parser made up to go on.
        if (!kind.leaf || end > start) parent.children.push(node)
        if (!kind.leaf && above.length >= deepest) broken = true
        else if (!kind.leaf && cursor.gotoFirstChild()) {
          above.push({ node: parent, kind: kindOfParent })
          parent = node
          kindOfParent = kind
          continue
        }
      }
      more = cursor.gotoNextSibling()
      while (!more) {
        const up = above.pop()
        if (up === undefined) break
        cursor.gotoParent()
        parent = up.node
        kindOfParent = up.kind
        more = cursor.gotoNextSibling()
      }
    }
    return { root, broken }
  }

  return (tree) => {
    const cursor = tree.walk()
    try {
      const { root, broken } = read(cursor)
      return { root, broken: broken || tree.rootNode.hasError }
    } finally {
      cursor.delete()
    }
  }
}
