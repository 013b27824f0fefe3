import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { deploymentOf } from '../../../../src/evidence/backend/deployment/deployment.ts'
import type { Project, ProjectFile } from '../../../../src/evidence/project/index.ts'
import { kindOf, roleOf } from '../../../../src/evidence/project/kinds.ts'
import { settingsOf } from '../../../../src/evidence/settings/index.ts'

const projectOf = (sources: Readonly<Record<string, string>>): Project => {
  const files = Object.entries(sources).map(
    ([path, text]): ProjectFile => ({ path, size: text.length, kind: kindOf(path), role: roleOf(path), tracked: true }),
  )
  const read = (path: string) => sources[path]
  return { folder: '/nowhere', files, git: true, complete: true, read, packages: () => [] }
}

const production = (sources: Readonly<Record<string, string>>): boolean => {
  const project = projectOf(sources)
  return deploymentOf(settingsOf(project), project).production
}

const scripts = (lines: Readonly<Record<string, string>>) => JSON.stringify({ scripts: lines }, undefined, 2)
const PROD = { start: 'node dist/main.js', 'start:prod': 'NODE_ENV=production node dist/main.js' }
const image = (command: string) => `FROM node\nCMD ${command}\n`

describe('a script of the manifest that says production', () => {
  const table: readonly (readonly [title: string, files: Readonly<Record<string, string>>, expected: boolean])[] = [
    ['where nothing says how it is started', { 'package.json': scripts(PROD) }, true],
    ['beside the one that the image runs', { 'package.json': scripts(PROD), Dockerfile: image('npm start') }, false],
    [
      'beside what the image runs',
      { 'package.json': scripts(PROD), Dockerfile: image('["node", "dist/main.js"]') },
      false,
    ],
    ['that the image runs', { 'package.json': scripts(PROD), Dockerfile: image('["npm", "run", "start:prod"]') }, true],
    ['that it runs by yarn', { 'package.json': scripts(PROD), Dockerfile: image('yarn --silent start:prod') }, true],
    ['of a longer name', { 'package.json': scripts(PROD), Dockerfile: image('npm run start:prod-debug') }, false],
    [
      'that another of them runs',
      {
        'package.json': scripts({ up: 'npm run migrate && npm run start:prod', ...PROD }),
        Dockerfile: image('pnpm up'),
      },
      true,
    ],
    [
      'that a shell script runs',
      {
        'package.json': scripts(PROD),
        Dockerfile: image('["./entry.sh"]'),
        'entry.sh': '#!/bin/sh\nexec npm run start:prod\n',
      },
      true,
    ],
    [
      'that npm start is',
      { 'package.json': scripts({ start: 'cross-env NODE_ENV=production node .' }), Dockerfile: image('node .') },
      true,
    ],
    [
      'that only a workflow runs',
      {
        'package.json': scripts(PROD),
        Dockerfile: image('node .'),
        '.github/workflows/ci.yml': 'on: push\njobs:\n  a:\n    steps:\n      - run: npm run start:prod\n',
      },
      false,
    ],
    [
      'that the image sets itself',
      { 'package.json': scripts(PROD), Dockerfile: `FROM node\nENV NODE_ENV=production\nCMD node .` },
      true,
    ],
    ['that nobody wrote', { 'package.json': scripts({ start: 'node .' }), Dockerfile: image('npm start') }, false],
  ]
  for (const [title, files, expected] of table)
    test(title, () => {
      assert.equal(production(files), expected)
    })
})

describe('what starts the backend', () => {
  const start = (sources: Readonly<Record<string, string>>): string | undefined => {
    const project = projectOf(sources)
    const found = deploymentOf(settingsOf(project), project).start
    return found && `${found.file}:${found.line}`
  }
  const web = 'FROM nginx\nCOPY . .\nCMD ["nginx", "-g", "daemon off;"]\n'
  const compose = (...services: readonly string[]) => `services:\n${services.join('')}`
  const database = '  db:\n    image: postgres:17\n    command: postgres -c max_connections=200\n'
  const mysql = '  db:\n    image: mysql:9\n    command: --max-connections=200\n'

  test('is no page, proxy or database beside it', () => {
    assert.equal(
      start({ 'client/Dockerfile': web, 'server/Dockerfile': image('["node", "app.js"]') }),
      'server/Dockerfile:2',
    )
    assert.equal(start({ 'compose.yml': compose(database) }), undefined)
    assert.equal(start({ 'compose.yml': compose(mysql, '  api:\n    command: node app.js\n') }), 'compose.yml:6')
  })

  test('is what runs a server, before what may be anything', () => {
    const jobs = '  jobs:\n    command: ./backup.sh\n  api:\n    command: node app.js\n'
    assert.equal(start({ 'compose.yml': compose(jobs) }), 'compose.yml:5')
    assert.equal(start({ Dockerfile: image('["./entry.sh"]') }), 'Dockerfile:2')
  })
})
