#!/usr/bin/env node
// A launcher: the built command where there is one, the sources in a fresh checkout. Plain JavaScript that old Nodes can read,
// so that they can say what is wrong.
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const source = fileURLToPath(new URL('../src/cli/main.ts', import.meta.url))
const built = new URL('../dist/cli/main.js', import.meta.url)

if (Number(process.versions.node.split('.')[0]) < 24) {
  process.stderr.write(`portcullis needs Node 24.19 or newer; this is ${process.version}.\n`)
  process.exitCode = 1
} else if (existsSync(source)) {
  // The condition makes the application's own imports of portcullis reach the same sources.
  const run = spawnSync(process.execPath, ['--conditions=source', source, ...process.argv.slice(2)], {
    stdio: 'inherit',
  })
  process.exitCode = run.status ?? 1
} else {
  await import(built.href)
}
