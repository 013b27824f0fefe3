#!/usr/bin/env node
// A launcher: the built command where there is one, the sources in a fresh checkout. Plain JavaScript that old Nodes can read,
// so that they can say what is wrong.
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const source = fileURLToPath(new URL('../src/main.ts', import.meta.url))
const built = new URL('../dist/main.js', import.meta.url)

if (Number(process.versions.node.split('.')[0]) < 24) {
  process.stderr.write(`portcullis-gateway needs Node 24.19 or newer; this is ${process.version}.\n`)
  process.exitCode = 2
} else if (existsSync(source)) {
  const run = spawn(process.execPath, ['--conditions=source', source, ...process.argv.slice(2)], { stdio: 'inherit' })
  // It serves: who ends the launcher means it.
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP']) process.on(signal, () => run.kill(signal))
  run.on('exit', (code) => process.exit(code ?? 2))
} else {
  await import(built.href)
}
