import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { readBackend } from '../../../src/evidence/backend/index.ts'
import { openProject } from '../../../src/evidence/project/index.ts'
import { settingsOf } from '../../../src/evidence/settings/index.ts'
import { repository } from '../repository.ts'

const read = async (t: TestContext, files: Readonly<Record<string, string>>) => {
  const { folder, commit } = repository(t)
  commit(files)
  const project = await openProject(folder)
  return readBackend(project, settingsOf(project))
}

const LIFE = {
  'package.json': '{"dependencies":{"express":"5"}}',
  'app.js':
    "const jwt = require('jsonwebtoken')\nconst make = (user) => jwt.sign({ sub: user.id }, key, { expiresIn: process.env.LIFE })",
}
const lives = async (t: TestContext, files: Readonly<Record<string, string>>) =>
  (await read(t, { ...LIFE, ...files })).tokens.flatMap((one) => one.lives.map((life) => life.seconds ?? life.why))

test('an example that leaves a value out sets nothing', async (t) => {
  assert.deepEqual(await lives(t, { '.env.example': 'LIFE=\n' }), ['LIFE is set by no file of the project'])
  assert.deepEqual(await lives(t, { '.env.example': 'LIFE=15m\n' }), [900])
})

test("production's file counts before development's, also where it is called local", async (t) => {
  const both = { '.env.development.local': 'LIFE=30d\n', '.env.production.local': 'LIFE=15m\n' }
  assert.deepEqual(await lives(t, both), [900])
})

test('the framework is what the program imports, and where it imports none what its manifest names', async (t) => {
  const app = { 'package.json': '{"dependencies":{"fastify":"2"}}' }
  const plugin = (text: string) => ({ ...app, 'app.js': text })
  assert.deepEqual(
    (await read(t, plugin("module.exports = (fastify, opts, next) => { fastify.get('/', x); next() }"))).frameworks,
    ['fastify'],
  )
  assert.deepEqual((await read(t, plugin("const express = require('express')"))).frameworks, ['express'])
  assert.deepEqual(
    (await read(t, { 'package.json': '{"dependencies":{"fastify-plugin":"1"}}', 'app.js': 'run()' })).frameworks,
    [],
  )
  assert.deepEqual(
    (await read(t, { 'package.json': '{}', 'app.js': "const cors = require('fastify-cors')" })).frameworks,
    ['fastify'],
  )
})

test('an application that has the name of the framework that it depends on imports that one', async (t) => {
  const files = {
    'package.json': '{"name":"fastify","main":"server.js","dependencies":{"fastify":"5"}}',
    'server.js': "const fastify = require('fastify')()\nfastify.get('/notes', list)\nfastify.listen({ port: 3000 })",
  }
  assert.deepEqual(
    (await read(t, files)).routes.map((one) => one.path),
    ['/notes'],
  )
})

test("a workspace's package is what its manifest exports", async (t) => {
  const files = {
    'packages/env/package.json': '{"name":"@org/env","exports":{"./life":"./src/settings.ts"}}',
    'packages/env/src/settings.ts': "export const LIFE = '15m'",
    'api/package.json': '{"name":"@org/api","dependencies":{"@org/env":"workspace:*","express":"5"}}',
    'api/app.js':
      "import jwt from 'jsonwebtoken'\nimport { LIFE } from '@org/env/life'\nconst make = (user) => jwt.sign({ sub: user.id }, key, { expiresIn: LIFE })",
  }
  assert.deepEqual(await lives(t, { 'app.js': '', ...files }), [900])
})
