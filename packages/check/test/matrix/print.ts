// The matrix as a table: `npm run test:checklist`, with --write also into docs/checks/matrix.md. Exit 1 when it is red elsewhere than on
// its diagonal, or not red on it.

import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { matrixOf, type Row, type Side, titleOf } from './matrix.ts'
import { stacks } from './stacks.ts'
import { markdownOf, tableOf } from './tables.ts'

const FILE = join(import.meta.dirname, '../../../../docs/checks/matrix.md')
const AT_ONCE = { source: 1, live: 2 } as const

const say = (text: string): void => {
  process.stdout.write(`${text}\n`)
}

const progress = (side: Side) => {
  let seen = 0
  return ({ stack, variant }: Row): void => {
    seen += 1
    if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${side} ${seen}: ${stack}, ${titleOf(variant)}`)
  }
}

const matrices = []
for (const side of ['source', 'live'] as const) {
  const matrix = await matrixOf(side, stacks, AT_ONCE[side], progress(side))
  if (process.stderr.isTTY) process.stderr.write('\r\x1b[K')
  say(`${tableOf(side, matrix.rows)}\n`)
  for (const why of matrix.skipped) say(`${why}\n`)
  matrices.push(matrix)
}
const wrong = matrices.flatMap(({ rows }) => rows).filter((row) => row.wrong.length > 0)
for (const { stack, side, variant, wrong: cells } of wrong)
  for (const cell of cells) say(`${side}, ${stack}, ${titleOf(variant)}: ${cell}`)
const skipped = matrices.flatMap((one) => one.skipped)
say(
  wrong.length === 0
    ? 'Red on its diagonal and nowhere else, but for the cells that exceptions.ts explains.'
    : `${wrong.length} rows are not what they must be.`,
)

if (process.argv.includes('--write')) {
  if (skipped.length > 0) throw new Error('a matrix that lacks rows is not published')
  mkdirSync(join(FILE, '..'), { recursive: true })
  writeFileSync(FILE, markdownOf(matrices.flatMap(({ rows }) => rows)))
}
process.exitCode = wrong.length === 0 ? 0 : 1
