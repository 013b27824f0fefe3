/** What the name `it` of a program's first file comes to, in one line. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Evaluator, type Layout, type Value } from '../../../src/evidence/source/index.ts'
import { programOf, type Sources, shownValue } from '../sources.ts'

export const comesTo = (sources: Sources, layout: Partial<Layout> = {}): Value => {
  const program = programOf(sources, layout)
  const [first] = program.modules.values()
  assert.ok(first)
  for (const module of program.modules.values()) assert.equal(module.broken, false, `${module.file} is no program`)
  const scope = program.scopes(first).top
  return new Evaluator(program).value(
    { kind: 'name', name: 'it', at: { file: first.file, line: 1, start: 0, end: 0 } },
    scope,
  )
}

export const worth = (sources: Sources, layout?: Partial<Layout>): string => shownValue(comesTo(sources, layout))

type Row = readonly [text: string, expected: string]

/** Each line is a program, and what `it` comes to in it. */
export const typescript = (title: string, table: readonly Row[]): void => {
  test(title, () => {
    for (const [text, expected] of table) assert.equal(worth({ 'src/app.ts': text }), expected, text)
  })
}

export const python = (title: string, table: readonly Row[]): void => {
  test(title, () => {
    for (const [text, expected] of table) assert.equal(worth({ 'app.py': text }), expected, text)
  })
}

/** The same for programs of several files; the first one has `it`. */
export const programs = (title: string, table: readonly (readonly [sources: Sources, expected: string])[]): void => {
  test(title, () => {
    for (const [sources, expected] of table) assert.equal(worth(sources), expected, JSON.stringify(sources, null, 2))
  })
}
