import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { test } from 'node:test'

/** Node's own modules that are loaded by a program, those that are loaded when they are first used included. */
const loadedBy = (program: string): readonly string[] => {
  const print = 'process.stdout.write(JSON.stringify(process.moduleLoadList))'
  const args = ['--conditions=source', '--input-type=module', '--eval', `${program}; ${print}`]
  return JSON.parse(
    execFileSync(process.execPath, args, { cwd: import.meta.dirname, encoding: 'utf8' }),
  ) as readonly string[]
}

// An import of node:http reads all its properties, and one of them loads undici: 3 MiB in every application.
test('the plugin brings no HTTP client with it', () => {
  const client = /undici/
  assert.ok(
    loadedBy('await import("node:http")').some((name) => client.test(name)),
    'Node does this no more',
  )
  assert.deepEqual(
    loadedBy('await import("portcullis/fastify")').filter((name) => client.test(name)),
    [],
  )
})
