import assert from 'node:assert/strict'
import { test } from 'node:test'
import { reloaders } from '../../../../src/evidence/backend/deployment/reloaders.ts'
import type { Settings } from '../../../../src/evidence/settings/index.ts'

type Command = Settings['commands'][number]

const command = (text: string, more: Partial<Command>): Command => ({
  text,
  argv: text.split(' '),
  file: 'Dockerfile',
  line: 1,
  role: 'program',
  kind: 'image',
  development: false,
  ...more,
})
const script = (name: string, text: string, file = 'package.json') => command(text, { kind: 'script', name, file })
const found = (...commands: readonly Command[]) =>
  reloaders({ commands }).map((one) => `${one.at.file}: ${one.at.text}`)

test('what an image starts is a reloader, by itself or through scripts', () => {
  assert.deepEqual(found(command('nodemon app.js', {})), ['Dockerfile: nodemon app.js'])
  assert.deepEqual(found(command('npx nodemon app.js', { argv: ['nodemon', 'app.js'] })).length, 1)
  assert.deepEqual(found(command('tsx watch src/app.ts', {})).length, 1)
  assert.deepEqual(found(command('nest start --watch', {})).length, 1)
  assert.deepEqual(
    found(command('npm run start:dev', {}), script('start:dev', 'npm run live'), script('live', 'nodemon')).length,
    1,
  )
  assert.deepEqual(
    found(command('yarn live', { kind: 'procfile', file: 'Procfile' }), script('live', 'nodemon')).length,
    1,
  )
})

test('what it does not start is none', () => {
  assert.deepEqual(found(command('node app.js', {})), [])
  assert.deepEqual(found(command('npm start', {}), script('start', 'node app.js'), script('dev', 'nodemon')), [])
  assert.deepEqual(found(command('npm run dev', {}), script('dev', 'nodemon', 'web/package.json')), [])
  assert.deepEqual(found(command('nodemon app.js', { development: true })), [])
  assert.deepEqual(found(command('nodemon app.js', { kind: 'compose' })), [])
  assert.deepEqual(found(command('nodemon app.js', {}), command('node app.js', { line: 9 })), [], 'an earlier stage')
  assert.deepEqual(found(command('npm run a', {}), script('a', 'npm run a')), [], 'a script that runs itself')
})
