/**
 * Measures ours beside the others: `npm run bench`, which writes bench/RESULTS.md.
 *
 * `-- get post` measures these works alone and prints; `-- --short` takes less time and fewer peers, prints, and exits with 1 when a
 * ratio is worse than half its goal.
 */
import { parseArgs } from 'node:util'
import { build } from './built.ts'
import type { ContenderName } from './contenders.ts'
import { unmeasurable } from './process.ts'
import { goalsTable, resultText, tooFar } from './report.ts'
import { first } from './works/first.ts'
import { get } from './works/get.ts'
import { post } from './works/post.ts'
import { refusals } from './works/refusals.ts'
import type { Plan, Result, Work } from './works/work.ts'

const works: readonly Work[] = [get, post, first, refusals]
const FULL = { rounds: 5, seconds: 3 }
const SHORT = { rounds: 3, seconds: 1 }
const SHORT_NAMES: readonly ContenderName[] = ['bare', 'ours', 'fastify']

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { short: { type: 'boolean', default: false } },
})
const missing = unmeasurable()
if (missing !== undefined) throw new Error(missing)
const chosen = works.filter(({ name }) => positionals.length === 0 || positionals.includes(name))
const plan: Plan = { ...(values.short ? SHORT : FULL), short: values.short, names: SHORT_NAMES }

build()

const results: Result[] = []
for (const work of chosen) {
  const result = await work.run(plan)
  results.push(result)
  process.stdout.write(`${resultText(result)}\n`)
}
process.stdout.write(`${goalsTable(results)}\n`)
const far = tooFar(results)
if (values.short && far.length > 0) {
  process.stdout.write(`Worse than half the goal: ${far.join(', ')}\n`)
  process.exitCode = 1
}
