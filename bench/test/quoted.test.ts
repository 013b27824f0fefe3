import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'

const read = (path: string): string => readFileSync(join(import.meta.dirname, '../..', path), 'utf8')

test('what the README says that it costs is what was measured', () => {
  const results = read('bench/RESULTS.md')
  const [, section = ''] = /## What it costs\n([\s\S]*?)\n## /.exec(read('README.md')) ?? []
  const figures = [...section.matchAll(/^\|[^|]+\| (\d[^|]+) \|$/gm)].map((match) => match[1] as string)
  assert.equal(figures.length, 7)
  for (const figure of figures) assert.ok(results.includes(`| ${figure} |`), figure)
})

test('what the decisions say was reached is what was measured', () => {
  const [, goal = ''] =
    /CPU a request, over bare Fastify's \| at most 1\.1 × \| ([\d.]+) /.exec(read('bench/RESULTS.md')) ?? []
  assert.notEqual(goal, '')
  assert.ok(read('docs/decisions.md').includes(`it is ${goal} ×`), goal)
})
