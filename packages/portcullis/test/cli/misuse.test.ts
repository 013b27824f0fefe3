import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { temporaryFolder } from '../storage/temporary.ts'
import { portcullisIn } from './command.ts'

test('what was typed wrong is said first, and below it what there is; exit 2', (t) => {
  const run = portcullisIn(temporaryFolder(t))
  for (const [typed, fault, usage] of [
    ['rotues', 'There is no command of that name; did you mean routes?', 'portcullis COMMAND'],
    ['--verison', 'There is no command of that name; did you mean --version?', 'portcullis COMMAND'],
    ['something', 'There is no command of that name.', 'portcullis COMMAND'],
    ['constructor', 'There is no command of that name.', 'portcullis COMMAND'],
    ['users grat ada admin', 'users has no such command; did you mean grant?', 'portcullis users COMMAND'],
    ['users promote ada', 'users has no such command.', 'portcullis users COMMAND'],
    ['users constructor', 'users has no such command.', 'portcullis users COMMAND'],
    ['users grant ada', 'users grant takes WHO and ROLE.', 'portcullis users COMMAND'],
    ['users disable', 'users disable takes WHO.', 'portcullis users COMMAND'],
    ['users list ada', 'users list takes nothing more.', 'portcullis users COMMAND'],
    ['keys --alg RS256', '--alg takes HS256, EdDSA or ES256.', 'portcullis keys [--alg'],
    ['keys rotate --alg RS256', '--alg takes HS256, EdDSA or ES256.', 'portcullis keys rotate [--file'],
    ['routes --chek', 'There is no option of that name; did you mean --check?', 'portcullis routes [--write'],
    ['routes -x', 'There is no option of that name.', 'portcullis routes [--write'],
    ['keys --algo=hunter2', 'There is no option of that name; did you mean --alg?', 'portcullis keys [--alg'],
    ['keys rotat', 'keys has no such command; did you mean rotate?', 'portcullis keys [--alg'],
    ['keys hunter2', 'There is a word too many.', 'portcullis keys [--alg'],
    ['routes hunter2', 'There is a word too many.', 'portcullis routes [--write'],
    ['keys rotate --flie x', 'There is no option of that name; did you mean --file?', 'portcullis keys rotate [--file'],
    ['users list --databse x', 'There is no option of that name; did you mean --database?', 'portcullis users COMMAND'],
    ['move --form x', 'There is no option of that name; did you mean --from?', 'portcullis move --from'],
    ['routes --write --check', 'routes takes --write or --check.', 'portcullis routes [--write'],
  ] as const) {
    const { status, stdout, stderr } = run(...typed.split(' '))
    assert.deepEqual([status, stdout], [2, ''], typed)
    assert.ok(stderr.startsWith(`${fault}\n\n${usage}`), `${typed}: ${stderr}`)
  }
})

test('a word in the wrong place is not repeated: it may be a password', (t) => {
  const run = portcullisIn(temporaryFolder(t))
  for (const args of [['hunter2hunter2'], ['users', 'hunter2hunter2'], ['users', 'list', 'hunter2hunter2']])
    assert.doesNotMatch(run(...args).stderr, /hunter2/)
})

test('--version says which release it is', (t) => {
  const { version } = JSON.parse(readFileSync(join(import.meta.dirname, '../../package.json'), 'utf8'))
  const ran = portcullisIn(temporaryFolder(t))('--version')
  assert.deepEqual(ran, { status: 0, stdout: `${version}\n`, stderr: '' })
})
