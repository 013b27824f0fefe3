import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { readExpress } from '../../../../src/evidence/backend/express/index.ts'
import type { FrameworkFacts } from '../../../../src/evidence/backend/facts.ts'
import type { Deployment } from '../../../../src/evidence/backend/reading.ts'
import { readingOf, type Sources } from '../../sources.ts'

const EXPRESS = "import express from 'express'\nconst app = express()\n"

const read = (files: string | Sources, deployment?: Deployment): FrameworkFacts =>
  readExpress(
    readingOf(
      typeof files === 'string' ? { 'src/app.ts': `${EXPRESS}${files}` } : files,
      deployment === undefined ? {} : { deployment },
    ),
  )

const routes = (facts: FrameworkFacts) => facts.routes.map((one) => `${one.method} ${one.path} ${one.guard}`)

describe('a list of functions that are each given the application', () => {
  const parts = (loop: string): Sources => ({
    'app.js': "const express = require('express')\nconst app = express()\nrequire('./routes')(app, {})",
    'routes/index.js': `const all = [require('./notes'), require('./users')]\nmodule.exports = function (app, db) { ${loop} }`,
    'routes/notes.js': "module.exports = (app, db) => { app.get('/notes', list) }",
    'routes/users.js': "module.exports = (app, db) => { app.post('/users', add) }",
  })

  test('each is called once, with its own routes', () => {
    assert.deepEqual(routes(read(parts('all.forEach((route) => { route(app, db) })'))), [
      'GET /notes none',
      'POST /users none',
    ])
  })

  test('each with what stands beside it', () => {
    const files = {
      'app.js': `const express = require('express')
        const app = express()
        const notes = (app, at) => { app.get(at, list) }
        const users = (app, at) => { app.post(at, add) }
        const all = [{ at: '/notes', add: notes }, { at: '/users', add: users }]
        all.forEach(({ at, add }) => add(app, at))`,
    }
    assert.deepEqual(routes(read(files)), ['GET /notes none', 'POST /users none'])
  })

  test('a list that holds no functions calls none', () => {
    assert.deepEqual(routes(read(parts("['a', 'b'].forEach((route) => route(app, db))"))), [])
  })

  test('the order is that of the calls, whatever the files are called', () => {
    const guard =
      "const jwt = require('jsonwebtoken')\nmodule.exports = (req, res, next) => { if (!jwt.verify(req.headers.authorization, key)) return res.sendStatus(401); next() }"
    const files = (main: string): Sources => ({
      'a-guard.js': guard,
      'm-routes.js': "const all = [require('./z-notes')]\nmodule.exports = (app) => all.forEach((one) => one(app))",
      'z-notes.js': "module.exports = (app) => { app.get('/notes', list); app.get('/more', list) }",
      'n-app.js': `const express = require('express')\nconst guard = require('./a-guard')\nconst app = express()\n${main}`,
    })
    assert.deepEqual(routes(read(files("app.use(guard)\nrequire('./m-routes')(app)"))), [
      'GET /notes global',
      'GET /more global',
    ])
    assert.deepEqual(routes(read(files("require('./m-routes')(app)\napp.use(guard)"))), [
      'GET /notes none',
      'GET /more none',
    ])
  })
})

describe('documentation by a package that is handed the application', () => {
  const docs = (text: string) =>
    read(`import swagger from 'express-jsdoc-swagger'\n${text}`).docs.map((one) => `${one.path} ${one.when}`)

  test('is there', () => {
    assert.deepEqual(docs("swagger(app)({ swaggerUIPath: '/pages' })"), ['/pages always'])
    assert.deepEqual(docs('swagger(app)({})'), ['/api-docs always'])
  })
  test('in development only, or switched off', () => {
    assert.deepEqual(docs("if (process.env.NODE_ENV === 'development') swagger(app)({})"), ['/api-docs development'])
    assert.deepEqual(docs('swagger(app)({ exposeSwaggerUI: false })'), [])
    assert.deepEqual(docs('swagger(app)({ exposeSwaggerUI: false, exposeApiDocs: true })'), ['/api-docs always'])
  })
  test('another package that is given the application is none', () => {
    assert.deepEqual(docs("import metrics from 'express-metrics'\nmetrics(app)({})"), [])
  })
})

describe('a caught error in an answer', () => {
  const signs = (body: string, more = '') =>
    read(`${more}\napp.get('/notes', async (req, res) => {\n${body}\n})`).debug.map((one) => one.what)
  const WHOLE = ['the caught error itself in the answer of a handler']
  const table: readonly (readonly [body: string, expected: readonly string[], more?: string])[] = [
    ['try { work() } catch (err) { res.status(500).send(err) }', WHOLE],
    ['try { work() } catch (err) { res.status(500).json({ error: err }) }', WHOLE],
    ['try { work() } catch (err) { res.status(500).json({ error: err.message }) }', []],
    ["try { work() } catch (err) { console.error(err); res.status(500).json({ error: 'failed' }) }", []],
    ['find((err, note) => { if (err) return res.send(err); res.json(note) })', WHOLE],
    ['find((note) => res.json(note))', []],
    ['work().catch((e) => res.json(e))', WHOLE],
    ['const { error } = check(req.body)\nif (error) return res.status(400).json({ error })', []],
    [
      'try { work() } catch (err) { failed(res, err) }',
      WHOLE,
      'const failed = (res, given) => { const data = { message: given }; return res.status(500).json(data) }',
    ],
    [
      'try { work() } catch (err) { failed(res, err) }',
      [],
      "const failed = (res, given) => { log(given); return res.status(500).json({ message: 'failed' }) }",
    ],
    ["if (process.env.NODE_ENV === 'development') work().catch((err) => res.send(err))", []],
  ]
  for (const [body, expected, more] of table)
    test(body, () => {
      assert.deepEqual(signs(body, more), expected)
    })
})

describe('a copy of the error', () => {
  const signs = (answer: string) =>
    read(
      `app.use((err, req, res, next) => { let error = { ...err }\nerror.message = err.message\nres.status(500).json(${answer}) })`,
    ).debug.map((one) => one.what)

  test('is the error, and its message is not', () => {
    assert.deepEqual(signs('{ error: error.message }'), [])
    assert.deepEqual(signs('error'), ['the error itself in the answer of an error handler'])
    assert.deepEqual(signs('{ stack: error.stack }'), ['a stack in the answer of an error handler'])
  })
})

describe("the generator's error page", () => {
  const page = (value: string, deployment: Deployment) =>
    read(
      `app.get('/', x)\napp.use((err, req, res, next) => { res.locals.error = ${value}; res.render('error') })`,
      deployment,
    ).debug.map((one) => `${one.at.line} ${one.unless === undefined ? 'fail' : 'unless'}`)
  const ASKS = "req.app.get('env') === 'development' ? err : {}"
  const start = { file: 'Dockerfile', line: 1, text: 'npm start' }

  test('shows stacks where nothing says production', () => {
    assert.deepEqual(page(ASKS, { start, production: false }), ['4 fail'])
    assert.deepEqual(page(ASKS, { production: false }), ['4 unless'])
  })
  test('and none where something does, or it is given none', () => {
    assert.deepEqual(page(ASKS, { start, production: true }), [])
    assert.deepEqual(page('{}', { start, production: false }), [])
  })
})

describe("a limiter of the project's own", () => {
  const rate = (given: string) =>
    read(`const limit = (options) => (req, res, next) => { if (hits.get(req.ip) > options.max) return res.sendStatus(429); next() }
      app.post('/login', limit(${given}), login)`).routes[0]?.limiters.map((one) => one.perMinute)

  test('counts as much as its factory was told', () => {
    assert.deepEqual(rate('{ windowMs: 30_000, max: 100 }'), [200])
    assert.deepEqual(rate('{ windowMs: 60_000, max: 10 }'), [10])
  })
  test('a window in a unit that nobody names is not guessed', () => {
    assert.deepEqual(rate('{ window: 30, max: 100 }'), [undefined])
    assert.deepEqual(rate(''), [undefined])
  })
})
