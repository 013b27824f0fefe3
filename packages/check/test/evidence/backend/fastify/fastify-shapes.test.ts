import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { readFastify } from '../../../../src/evidence/backend/fastify/index.ts'
import { readingOf, type Sources } from '../../sources.ts'

const read = (files: Sources) => readFastify(readingOf(files))
const paths = (files: Sources) => read(files).routes.map(({ method, path }) => `${method} ${path}`)

test('a program that a command starts, with plugins by their old names', () => {
  const files = {
    'app.js': `const path = require('path')
      const load = require('fastify-autoload')
      module.exports = function (fastify, opts, next) {
        fastify.register(require('fastify-cors')).register(load, { dir: path.join(__dirname, 'services'), options: { prefix: '/api' } })
        next()
      }`,
    'services/notes.js':
      "module.exports = async (fastify) => { fastify.get('/', list) }\nmodule.exports.autoPrefix = '/notes'",
  }
  assert.deepEqual(paths(files), ['GET /api/notes'])
  assert.deepEqual(
    read(files).cors.map(({ origins }) => origins),
    ['any'],
  )
})

test('an application without routes beside the one that the command starts: a recipe that copies it in', () => {
  const facts = read({
    'recipes/cloud/index.js':
      "import Fastify from 'fastify'\nimport App from './app.js'\nconst server = Fastify({ trustProxy: true })\nserver.register(App)",
    'app.js':
      "import limit from '@fastify/rate-limit'\nexport default async function (fastify) { await fastify.register(limit, { max: 10 }); fastify.post('/login', login) }",
  })
  assert.deepEqual(
    facts.routes.map(({ path, limiters }) => [path, limiters[0]?.perMinute]),
    [['/login', 10]],
  )
  assert.deepEqual(
    facts.proxies.map(({ trust }) => trust),
    ['any'],
  )
})

describe('routes that a virtual module of a bundler loads', () => {
  const main =
    "import Fastify from 'fastify'\nimport routes from 'virtual:routes'\nconst app = Fastify()\napp.register(async (app) => { routes(app) })"
  const notes = "export default async (app) => { app.get('/notes', list) }"

  test('are taken where there is no other route', () => {
    assert.deepEqual(paths({ 'app.ts': main, 'routes/notes.ts': notes }), ['GET /notes'])
  })
  test('and left alone where there is one: nothing says that they are loaded', () => {
    assert.deepEqual(paths({ 'app.ts': `${main}\napp.get('/here', x)`, 'routes/notes.ts': notes }), ['GET /here'])
  })
})

test('the origin is a setting that some plugin put on the instance', () => {
  const origins = (origin: string) =>
    read({
      'app.ts': `import Fastify from 'fastify'\nimport cors from '@fastify/cors'\nconst app = Fastify()
        app.register(async (fastify) => { fastify.register(cors, { origin: ${origin} }) })`,
    }).cors.map((one) => one.origins)
  assert.deepEqual(origins('fastify.config.WEB_APP_URL'), ['listed'])
  assert.deepEqual(origins('fastify.other.thing'), ['unknown'])
})

describe('a route that is called /docs', () => {
  const docs = (handler: string) =>
    read({ 'app.ts': `import Fastify from 'fastify'\nconst app = Fastify()\napp.get('/docs', ${handler})` }).docs.length

  test('is documentation by what it answers', () => {
    assert.equal(docs("async (request, reply) => reply.type('text/html').send(page)"), 1)
    assert.equal(docs('async () => app.swagger()'), 1)
  })
  test('and may as well list documents', () => {
    assert.equal(docs('async () => store.documents.find()'), 0)
  })
})

describe('a folder of routes that a helper puts together', () => {
  const files = (dir: string, more: Record<string, string> = {}) => ({
    'src/http/server.js': `import Fastify from 'fastify'\nimport autoload from '@fastify/autoload'\nimport path from 'node:path'\nimport { at, ROUTES } from '../paths.js'
      const app = Fastify()
      app.register(autoload, { dir: ${dir}, maxDepth: 1 })`,
    'src/paths.js': `import { dirname, join } from 'node:path'\nimport { fileURLToPath } from 'node:url'
      export const at = (url) => dirname(fileURLToPath(url))
      export const ROUTES = join(at(import.meta.url), 'routes')
      export const either = (one) => { if (one) return import.meta.dirname; return one }`,
    'src/routes/notes/index.js': "export default async (app) => { app.get('/', list) }",
    'src/routes/notes/deep/index.js': "export default async (app) => { app.get('/', list) }",
    ...more,
  })

  test('its parameter is what the call gives it, and maxDepth is how far it goes', () => {
    assert.deepEqual(paths(files("path.join(at(import.meta.url), '../routes')")), ['GET /notes'])
  })
  test('also where it was named in another file', () => {
    assert.deepEqual(paths(files('ROUTES')), ['GET /notes'])
  })
})

describe('an application that a class holds', () => {
  const files = (body: string) => ({
    'server.ts': `import Fastify from 'fastify'\nimport limit from '@fastify/rate-limit'\nimport helmet from '@fastify/helmet'
      export class Server {
        #app
        constructor() { this.#app = Fastify() }
        async build() { ${body}; this.#app.post('/login', login) }
        async start() { await this.build(); await this.#app.listen({ port: 80 }) }
      }`,
    'index.ts': `import { Server } from './server.ts'
      class Program { #server
        static async create() { const one = new Program(); await one.#start(); return one }
        async #start() { this.#server = new Server(); await this.#server.start() } }
      await Program.create()`,
  })
  const limited = (body: string) =>
    read(files(body)).routes.map(({ path, limiters }) => [path, limiters.map(({ perMinute }) => perMinute)])

  test('is put together once, however many methods lead there', () => {
    assert.deepEqual(limited(''), [['/login', []]])
  })
  test('what Promise.all waits for is there for the routes after it', () => {
    const awaited = 'Promise.all([this.#app.register(helmet), this.#app.register(limit, { max: 10 })])'
    assert.deepEqual(limited(`await ${awaited}`), [['/login', [10]]])
    assert.deepEqual(limited(awaited), [['/login', []]], 'nobody waits for it')
    assert.deepEqual(
      limited('await Promise.all([[limit, { max: 5 }]].map(([one, options]) => this.#app.register(one, options)))'),
      [['/login', [5]]],
    )
  })
})
