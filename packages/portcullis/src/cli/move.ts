import type { MovedTable, MoveProgress, MoveReport } from '../storage/index.ts'
import { moveStorage } from '../storage/index.ts'
import { readArguments } from './arguments.ts'
import { UsageError } from './usage-error.ts'

const USAGE = `portcullis move --from URL --to URL

Copies all that the database of --from holds into that of --to: accounts, roles, sessions, refresh tokens, the audit trail, and the
application's own tables. Nobody is logged out. From SQLite to PostgreSQL, or back:

  npx portcullis move --from sqlite:./data/portcullis.db --to postgres://portcullis@db.example.com:5432/portcullis

Start the program once with DATABASE_URL set to the destination, so that its tables are there; then stop every program that uses either side.
Stopped at any moment, it can be run again. At its end it compares both sides, row by row.
A password in a url can be seen by everybody on the machine: leave it out, and set PGPASSWORD.

exit 0  both sides are equal
exit 1  they are not, or something stands in the way: it says what
exit 2  typed wrong
`

/** `portcullis move`: from one database to the other kind, whole. */
export const move = async (args: readonly string[]): Promise<number> => {
  const { values, positionals } = readArguments(
    {
      args: [...args],
      // Refused here: parseArgs would repeat a url, with its password.
      allowPositionals: true,
      options: { from: { type: 'string' }, to: { type: 'string' }, help: { type: 'boolean', short: 'h' } },
    },
    USAGE,
  )
  if (values.help === true) {
    process.stdout.write(USAGE)
    return 0
  }
  const { from, to } = values
  if (from === undefined || to === undefined || positionals.length > 0) throw new UsageError(USAGE)
  const report = await moved(from, to)
  process.stdout.write(shown(report))
  for (const fault of report.faults) process.stderr.write(`${fault}\n`)
  return report.faults.length === 0 ? 0 : 1
}

/** An error of the urls alone is one of typing. */
const moved = async (from: string, to: string): Promise<MoveReport> => {
  try {
    return await moveStorage(from, to, process.stderr.isTTY ? { onBatch: progress } : {})
  } catch (error) {
    throw error instanceof TypeError ? new UsageError(error.message) : error
  } finally {
    if (process.stderr.isTTY) process.stderr.write(CLEARED)
  }
}

const CLEARED = '\r\u001b[K'

const progress = ({ table, rows, of }: MoveProgress): void => {
  process.stderr.write(`${CLEARED}${table}: ${rows} of ${of} rows`)
}

const HEAD = ['table', 'rows', 'copied now', 'already there', 'digest']

const shown = ({ from, to, tables, faults }: MoveReport): string => {
  const lines = [HEAD, ...tables.map(cells)]
  const widths = HEAD.map((_, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)))
  const padded = lines.map((line) =>
    line.map((cell, at) => (at % 4 === 0 ? cell.padEnd(widths[at] ?? 0) : cell.padStart(widths[at] ?? 0))),
  )
  const rows = tables.reduce((sum, table) => sum + table.rows, 0)
  const end = faults.length === 0 ? `\nBoth sides are equal: ${tables.length} tables, ${rows} rows.\n` : ''
  return `${from} → ${to}\n\n${padded.map((line) => line.join('  ').trimEnd()).join('\n')}\n${end}`
}

const cells = ({ name, rows, copied, present, equal }: MovedTable): readonly string[] => [
  name,
  String(rows),
  String(copied),
  String(present),
  equal ? 'equal' : 'differs',
]
