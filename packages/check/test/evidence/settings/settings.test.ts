import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openProject } from '../../../src/evidence/project/index.ts'
import { settingsOf } from '../../../src/evidence/settings/index.ts'
import { repository } from '../repository.ts'

test('more settings than anybody writes are not all kept, and that is said', async (t) => {
  const { folder, commit } = repository(t)
  commit({ 'a/.env': 'A=1\n'.repeat(49_999), 'b/.env': 'B=1\n' })
  assert.equal(settingsOf(await openProject(folder)).why, undefined)
  commit({ 'c/.env': 'C=1\n' })
  const settings = settingsOf(await openProject(folder))
  assert.deepEqual([settings.why, settings.env.length], ['over 50000 settings', 50_000])
})

test('the settings of a project', async (t) => {
  const { folder, commit, write } = repository(t)
  commit({
    '.env': 'JWT_SECRET=x\n',
    '.env.example': 'JWT_SECRET=changeme\n',
    'empty/.env': '# nothing yet\nA=\n',
    'src/env.ts': 'export const JWT_SECRET: string = process.env.JWT_SECRET\n',
    'docker-compose.yml': 'services:\n  api:\n    env_file: api.txt\n    command: node a.js\n',
    'docker-compose.dev.yml': 'services:\n  api:\n    environment: { DEBUG: "1" }\n    command: nodemon a.js\n',
    'stack.yml': 'services:\n  api:\n    image: x\n    environment: ["B=2"]\n',
    'broken/compose.yml': 'a: b: c\n',
    'api.txt': 'C=3\n',
    'Dockerfile.dev': 'FROM x\nENV NODE_ENV=development\nCMD ["nodemon", "a.js"]\n',
    'dist/Dockerfile': 'FROM x\nENV D=4\n',
    'nginx/default.conf': 'location / {\n  proxy_pass http://api;\n}\n',
  })
  write({ 'new/.env': 'E=5\n' })
  const settings = settingsOf(await openProject(folder))
  assert.deepEqual(settings.trackedEnv, ['.env'])
  assert.deepEqual(
    settings.env
      .filter(({ value }) => value !== '')
      .map(({ file, name, role, development }) => [file, name, role, development]),
    [
      ['.env', 'JWT_SECRET', 'program', false],
      ['.env.example', 'JWT_SECRET', 'example', false],
      ['Dockerfile.dev', 'NODE_ENV', 'program', true],
      ['docker-compose.dev.yml', 'DEBUG', 'program', true],
      ['new/.env', 'E', 'program', false],
      ['stack.yml', 'B', 'program', false],
      ['api.txt', 'C', 'program', false],
    ],
  )
  assert.deepEqual(
    settings.commands.map(({ file, argv, development }) => [file, argv[0], development]),
    [
      ['Dockerfile.dev', 'nodemon', true],
      ['docker-compose.dev.yml', 'nodemon', true],
      ['docker-compose.yml', 'node', false],
    ],
  )
  assert.deepEqual(settings.proxies, [{ kind: 'nginx', file: 'nginx/default.conf', line: 2 }])
  assert.deepEqual(
    settings.notes.map(({ file }) => file),
    ['broken/compose.yml'],
  )
})
