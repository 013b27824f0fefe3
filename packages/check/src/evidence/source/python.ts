/** Python, as the one tree. The parser is tree-sitter's, as wasm; its grammar ends here. */
import { createRequire } from 'node:module'
import { Language, Parser, type Tree } from 'web-tree-sitter'
import { startsOfLines } from './lines.ts'
import type { Source } from './python-expressions.ts'
import { statementsOf } from './python-statements.ts'
import { type Reading, type Syntax, syntaxReader } from './python-syntax.ts'
import type { Module, Node } from './tree.ts'

const grammar = 'tree-sitter-python/tree-sitter-python.wasm'

const openReader = async (): Promise<(text: string) => Reading | undefined> => {
  await Parser.init()
  const language = await Language.load(createRequire(import.meta.url).resolve(grammar))
  const parser = new Parser().setLanguage(language)
  const read = syntaxReader(language)
  return (text) => {
    let tree: Tree | null = null
    try {
      tree = parser.parse(text)
      return tree === null ? undefined : read(tree)
    } finally {
      // The wasm's memory has no collector.
      tree?.delete()
      parser.reset()
    }
  }
}

const shifted = (syntax: Syntax, by: number): Syntax => ({
  ...syntax,
  start: syntax.start + by,
  end: syntax.end + by,
  children: syntax.children.map((child) => shifted(child, by)),
})

let opened: ReturnType<typeof openReader> | undefined

/** Loads the parser, once. What it gives never throws: what can't be read leaves a module that is `broken`. */
export const openPython = async (): Promise<(file: string, text: string) => Module> => {
  opened ??= openReader()
  const read = await opened

  const bodyOf = (file: string, text: string, root: Syntax): Node[] => {
    const part = (start: number, end: number): Syntax | undefined => {
      const reading = read(text.slice(start, end))
      return reading === undefined || reading.broken ? undefined : shifted(reading.root, start)
    }
    const source: Source = { file, text, lineOf: startsOfLines(text), part, scope: new Set() }
    return statementsOf(source, root.children)
  }

  return (file, text) => {
    try {
      const reading = read(text)
      if (reading !== undefined) {
        const body = bodyOf(file, text, reading.root)
        return { file, language: 'python', text, body, broken: reading.broken }
      }
    } catch {
      // Too much for the parser's memory or for our stack.
    }
    return { file, language: 'python', text, body: [], broken: true }
  }
}
