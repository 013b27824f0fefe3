/** What a start command runs that stands elsewhere. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Command, scriptsRunBy } from '../../../src/evidence/settings/index.ts'

const script = (name: string, ...argv: string[]): Command => ({
  text: argv.join(' '),
  argv,
  file: 'package.json',
  line: 1,
  role: 'program',
  kind: 'script',
  development: false,
  name,
})
const image = { argv: ['npm', 'start'], file: 'Dockerfile' }

test('scripts that run others are followed to what they start', () => {
  const commands = [script('serve', 'node', 'app.js'), script('start', 'npm', 'run', 'serve'), script('dev', 'nodemon')]
  assert.deepEqual(
    scriptsRunBy(image, commands).map(({ name }) => name),
    ['start', 'serve'],
  )
})

test('each once, also where a script names itself again and again', () => {
  const commands = Array.from({ length: 30 }, () => script('start', 'npm', 'start'))
  assert.deepEqual(scriptsRunBy(image, commands), commands)
})
