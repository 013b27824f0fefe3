/** Moves in a process of its own, and says what that took: the urls are its arguments. */
import { moveStorage } from '../../../src/storage/index.ts'

const [from = '', to = ''] = process.argv.slice(2)
const started = performance.now()
const { tables, faults } = await moveStorage(from, to)
const rows = tables.reduce((sum, table) => sum + table.rows, 0)
const copied = tables.reduce((sum, table) => sum + table.copied, 0)
const seconds = (performance.now() - started) / 1000
process.stdout.write(JSON.stringify({ rows, copied, seconds, MiB: process.resourceUsage().maxRSS / 1024, faults }))
