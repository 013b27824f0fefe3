import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { test } from 'node:test'
import { readCommandLine, UsageError } from '../command-line.ts'

const read = (...args: readonly string[]) => readCommandLine(args, ['get', 'post'])

test('what is not said is as usual', () => {
  assert.deepEqual(read('--short', '--rounds', '2', 'get'), {
    help: false,
    short: true,
    maySleep: false,
    rounds: 2,
    seconds: undefined,
    works: ['get'],
  })
})

test('all that is wrong is told at once, and a part of a round is none', () => {
  assert.throws(
    () => read('getting', '--rounds', '1.5', '--seconds', '0'),
    (error) =>
      error instanceof UsageError && ['getting', '--rounds', '--seconds'].every((word) => error.message.includes(word)),
  )
  for (const args of [['--rouns', '2'], ['--rounds'], ['--rounds', 'x'], ['--rounds', ''], ['--short=1']])
    assert.throws(() => read(...args), UsageError, args.join(' '))
})

test('who misspells it sees what there is, and no stack', () => {
  const { status, stderr } = spawnSync(
    process.execPath,
    ['--conditions=source', join(import.meta.dirname, '..', 'bench.ts'), 'growht'],
    { encoding: 'utf8', timeout: 60_000 },
  )
  assert.equal(status, 1)
  assert.match(stderr, /no work "growht"/)
  assert.match(stderr, /works +get, post/)
  assert.doesNotMatch(stderr, /\n +at /)
})
