/** YAML from a hostile repository: read as its tree, of which only what is asked for is ever looked at, so that aliases never multiply. */
import { type Document, isAlias, isMap, isScalar, isSeq, LineCounter, parseAllDocuments } from 'yaml'

const LONGEST = 256 * 1024
const DEEPEST_MERGE = 5
/** Brackets inside brackets, or lists in one line: no settings file has more, and the parser's time grows with their square. */
const DEEPEST = 100
const MOST = 2_000
/** Of one file: an alias is looked for in the whole of it, and merges of merges would multiply. */
const MOST_ALIASES = 2_000

/** A value somewhere in a file. */
export interface Yaml {
  readonly line: number
  /** Of a scalar, as text; undefined for others and for null. */
  readonly text: string | undefined
  /** Of a map; those that `<<` brings come last. Empty for others. */
  readonly entries: () => readonly (readonly [string, Yaml])[]
  /** Of a list. */
  readonly items: () => readonly Yaml[]
  readonly at: (key: string) => Yaml | undefined
}

/** Its documents, or why there are none. Never throws. */
export const readYaml = (text: string): { readonly documents: readonly Yaml[]; readonly why?: string } => {
  if (text.length > LONGEST) return { documents: [], why: 'over 256 KiB of YAML' }
  if (nestsTooDeep(text)) return { documents: [], why: 'nested too deep' }
  const lines = new LineCounter()
  const read: Read = { lines, aliases: MOST_ALIASES }
  try {
    const parsed = parseAllDocuments(text, {
      lineCounter: lines,
      logLevel: 'silent',
      // A place for each error would be looked for in the whole text.
      prettyErrors: false,
      uniqueKeys: false,
      strict: false,
    })
    const documents = Array.isArray(parsed) ? (parsed as Document[]) : []
    const broken = documents.find(({ errors }) => errors.length > 0)
    if (broken !== undefined)
      return { documents: [], why: (broken.errors[0]?.message ?? 'no YAML').split('\n')[0] ?? 'no YAML' }
    return { documents: documents.slice(0, MOST).map((one) => viewOf(one.contents, one, read)) }
  } catch (error) {
    return { documents: [], why: error instanceof RangeError ? 'nested too deep' : 'no YAML' }
  }
}

const nestsTooDeep = (text: string): boolean => {
  let depth = 0
  for (const [bracket] of text.matchAll(/[[\]{}]/g)) {
    depth = bracket === '[' || bracket === '{' ? depth + 1 : Math.max(0, depth - 1)
    if (depth > DEEPEST) return true
  }
  return IN_ONE_LINE.test(text)
}

const IN_ONE_LINE = new RegExp(`^ *(?:[-?:] +|[&!]\\S* +){${DEEPEST},}`, 'm')

interface Read {
  readonly lines: LineCounter
  aliases: number
}

const resolved = (node: unknown, document: Document, read: Read): unknown => {
  if (!isAlias(node)) return node
  read.aliases -= 1
  return read.aliases < 0 ? undefined : node.resolve(document)
}

const viewOf = (written: unknown, document: Document, read: Read): Yaml => {
  const node = resolved(written, document, read)
  const offset = (written as { range?: readonly number[] } | null)?.range?.[0]
  const entries = () => entriesOf(node, document, read, 0)
  return {
    line: offset === undefined ? 1 : read.lines.linePos(offset).line,
    text: isScalar(node) && node.value !== null ? String(node.source ?? node.value) : undefined,
    entries,
    items: () => (isSeq(node) ? node.items.slice(0, MOST).map((one) => viewOf(one, document, read)) : []),
    at: (key) => entries().find(([name]) => name === key)?.[1],
  }
}

const entriesOf = (
  node: unknown,
  document: Document,
  read: Read,
  depth: number,
): readonly (readonly [string, Yaml])[] => {
  if (!isMap(node)) return []
  const own: (readonly [string, Yaml])[] = []
  const merged: (readonly [string, Yaml])[] = []
  for (const { key, value } of node.items.slice(0, MOST)) {
    const name = isScalar(key) ? String(key.value) : ''
    if (name !== '<<') {
      const view = viewOf(value, document, read)
      // A key without a value stands where the key does.
      const offset = isScalar(key) ? key.range?.[0] : undefined
      own.push([name, offset === undefined ? view : { ...view, line: read.lines.linePos(offset).line }])
    } else if (depth < DEEPEST_MERGE)
      for (const source of isSeq(value) ? value.items.slice(0, 20) : [value])
        merged.push(...entriesOf(resolved(source, document, read), document, read, depth + 1).slice(0, MOST))
  }
  const names = new Set(own.map(([name]) => name))
  return [...own, ...merged.filter(([name]) => !names.has(name))]
}
