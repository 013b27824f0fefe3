import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { readExpress } from '../../../../src/evidence/backend/express/index.ts'
import type { FrameworkFacts } from '../../../../src/evidence/backend/facts.ts'
import type { Deployment } from '../../../../src/evidence/backend/reading.ts'
import { readingOf, type Sources } from '../../sources.ts'

const EXPRESS = "import express, { Router } from 'express'\nconst app = express()\n"
const GUARD =
  "import jwt from 'jsonwebtoken'\nconst auth = (req, res, next) => { if (!jwt.verify(req.headers.authorization, key)) return res.sendStatus(401); next() }\n"

const read = (files: string | Sources, deployment?: Deployment): FrameworkFacts =>
  readExpress(
    readingOf(
      typeof files === 'string' ? { 'src/app.ts': `${EXPRESS}${GUARD}${files}` } : files,
      deployment === undefined ? {} : { deployment },
    ),
  )

const routes = (files: string | Sources) => read(files).routes.map((one) => `${one.method} ${one.path}`)
const guards = (files: string | Sources) => read(files).routes.map((one) => `${one.path} ${one.guard}`)

describe('routes', () => {
  const table: readonly (readonly [title: string, files: string | Sources, expected: readonly string[]])[] = [
    [
      'of every method',
      "app.get('/a', x); app.post('/b', x); app.put('/c', x); app.patch('/d', x); app.delete('/e', x); app.all('/f', x)",
      ['GET /a', 'POST /b', 'PUT /c', 'PATCH /d', 'DELETE /e', 'ALL /f'],
    ],
    ['a setting that is read is none', "app.get('port')", []],
    ['a map that is asked is none', "new Map().get('a', x); request.get('/x', y)", []],
    ['of a chain', "app.route('/a').get(x).post(y)", ['GET /a', 'POST /a']],
    ['of several paths', "app.get(['/a', '/b'], x)", ['GET /a', 'GET /b']],
    ['of a constant path', "const P = '/a'; app.get(P + '/:id', x)", ['GET /a/:id']],
    ['of a router under a prefix', "const r = Router(); r.get('/b', x); app.use('/a', r)", ['GET /a/b']],
    [
      'of a router in a router',
      "const r = Router(); const s = Router(); s.get('/c', x); r.use('/b', s); app.use('/a', r)",
      ['GET /a/b/c'],
    ],
    [
      'of a router that is mounted twice',
      "const r = Router(); r.get('/b', x); app.use('/v1', r); app.use('/v2', r)",
      ['GET /v1/b', 'GET /v2/b'],
    ],
    [
      'of a router that is mounted before it has any',
      "const r = Router(); app.use('/a', r); r.get('/b', x)",
      ['GET /a/b'],
    ],
    ['of a router that mounts itself', "const r = Router(); r.get('/b', x); r.use('/a', r); app.use(r)", ['GET /b']],
    [
      'of another file',
      {
        'src/app.ts': `${EXPRESS}import notes from './notes'\napp.use('/notes', notes)`,
        'src/notes.ts':
          "import { Router } from 'express'\nconst router = Router()\nrouter.get('/:id', x)\nexport default router",
      },
      ['GET /notes/:id'],
    ],
    [
      'of CommonJS',
      {
        'src/app.js':
          "const express = require('express')\nconst app = express()\napp.use('/notes', require('./notes'))",
        'src/notes.js': "const router = require('express').Router()\nrouter.get('/:id', x)\nmodule.exports = router",
      },
      ['GET /notes/:id'],
    ],
    [
      'of a function that is given the application',
      {
        'src/app.ts': `${EXPRESS}import routes from './routes'\nroutes(app)`,
        'src/routes.ts': "export default (app) => { app.get('/a', x) }",
      },
      ['GET /a'],
    ],
    [
      'of a function that makes routers',
      "const make = (path) => { const r = Router(); r.get(path, x); return r }; app.use('/a', make('/b')); app.use('/c', make('/d'))",
      ['GET /a/b', 'GET /c/d'],
    ],
    [
      'of a list',
      "const a = Router(); a.get('/x', x); const b = Router(); b.get('/y', x); [{ path: '/a', route: a }, { path: '/b', route: b }].forEach((one) => { app.use(one.path, one.route) })",
      ['GET /a/x', 'GET /b/y'],
    ],
    [
      'of a class that holds the application',
      {
        'src/app.ts':
          "import express from 'express'\nclass App { public app = express(); constructor() { this.routes() } routes() { this.app.get('/a', x) } }\nnew App()",
      },
      ['GET /a'],
    ],
  ]
  for (const [title, files, expected] of table)
    test(title, () => {
      assert.deepEqual(routes(files), expected)
    })
})

describe('guards', () => {
  const table: readonly (readonly [title: string, files: string | Sources, expected: readonly string[]])[] = [
    ['of the whole application', "app.use(auth); app.get('/a', x)", ['/a global']],
    [
      'what comes before it is exempt',
      "app.post('/login', x); app.use(auth); app.get('/a', x)",
      ['/login exempt', '/a global'],
    ],
    ['after the routes it covers none', "app.get('/a', x); app.use(auth)", ['/a none']],
    ['in the route', "app.get('/a', auth, x)", ['/a own']],
    ['in a list of the route', "app.get('/a', [auth, log], x)", ['/a own']],
    ['after the handler it covers nothing', "app.get('/a', x, auth)", ['/a none']],
    ['of a prefix', "app.use('/api', auth); app.get('/api/a', x); app.get('/b', auth, x)", ['/api/a group', '/b own']],
    [
      'of a prefix that only begins alike',
      "app.use('/api', auth); app.get('/apis', x); app.get('/api/a', x)",
      ['/apis exempt', '/api/a global'],
    ],
    [
      'before a router, in the same call',
      "const r = Router(); r.get('/a', x); app.use('/r', auth, r); app.get('/b', auth, x)",
      ['/r/a group', '/b own'],
    ],
    [
      'inside of a router',
      "const r = Router(); r.use(auth); r.get('/a', x); app.use('/r', r); app.get('/b', x)",
      ['/r/a group', '/b none'],
    ],
    [
      'inside of a router, after its route',
      "const r = Router(); r.get('/a', x); r.use(auth); app.use('/r', r)",
      ['/r/a none'],
    ],
    [
      'of another file',
      {
        'src/app.ts': `${EXPRESS}import { auth } from './auth'\napp.use(auth)\napp.get('/a', x)`,
        'src/auth.ts': `${GUARD}export { auth }`,
      },
      ['/a global'],
    ],
    [
      'made by a function',
      `const need = (role) => (req, res, next) => { if (req.user?.role !== role) return res.sendStatus(403); next() }; app.get('/a', need('admin'), x)`,
      ['/a own'],
    ],
    [
      'by passport',
      "import passport from 'passport'; app.use(passport.authenticate('jwt', { session: false })); app.get('/a', x)",
      ['/a global'],
    ],
    [
      'that only sets passport up',
      "import passport from 'passport'; app.use(passport.initialize()); app.get('/a', x)",
      ['/a none'],
    ],
    [
      'that lets everybody through',
      "import { expressjwt } from 'express-jwt'; app.use(expressjwt({ secret, credentialsRequired: false })); app.get('/a', x)",
      ['/a none'],
    ],
    [
      'that is only called like one',
      "const requireAuth = (req, res, next) => next(); app.use(requireAuth); app.get('/a', x)",
      ['/a none'],
    ],
  ]
  for (const [title, files, expected] of table)
    test(title, () => {
      assert.deepEqual(guards(files), expected)
    })
})

describe('limiters', () => {
  const LIMIT = "import rateLimit from 'express-rate-limit'; const slow = rateLimit({ windowMs: 60_000, limit: 10 });"
  const limited = (text: string) => read(`${LIMIT}${text}`).routes.map((one) => `${one.path} ${one.limiters.length}`)
  const mounted = (text: string) => read(`${LIMIT}${text}`).limiters.map((one) => one.mounted)

  test('cover what comes after them', () => {
    assert.deepEqual(limited("app.get('/a', x); app.use(slow); app.get('/b', x)"), ['/a 0', '/b 1'])
    assert.deepEqual(limited("app.get('/a', slow, x); app.get('/b', x)"), ['/a 1', '/b 0'])
    assert.deepEqual(limited("app.use('/auth', slow); app.get('/auth/a', x); app.get('/authors', x)"), [
      '/auth/a 1',
      '/authors 0',
    ])
    assert.deepEqual(limited("app.use(slow); app.get('/a', slow, x)"), ['/a 2'])
  })

  test('are put on the whole, on a part, or on nothing', () => {
    assert.deepEqual(mounted('app.use(slow)'), ['everywhere'])
    assert.deepEqual(mounted("app.use('/auth', slow)"), ['somewhere'])
    assert.deepEqual(mounted("app.get('/a', slow, x)"), ['somewhere'])
    assert.deepEqual(mounted(''), ['nowhere'])
    assert.deepEqual(mounted('console.log(slow)'), ['nowhere'])
  })
})

describe('proxies', () => {
  const table: readonly (readonly [string, readonly string[]])[] = [
    ["app.set('trust proxy', 1)", ['hops']],
    ["app.set('trust proxy', '1')", ['hops']],
    ["app.set('trust proxy', true)", ['any']],
    ["app.set('trust proxy', 'true')", ['any']],
    ["app.enable('trust proxy')", ['any']],
    ["app.set('trust proxy', false)", ['none']],
    ["app.set('trust proxy', 0)", ['none']],
    ["app.set('trust proxy', 'loopback')", ['listed']],
    ["app.set('trust proxy', ['10.0.0.0/8'])", ['listed']],
    ["app.set('trust proxy', ['::/0'])", ['any']],
    ["app.set('trust proxy', '10.0.0.1, 0.0.0.0/0')", ['any']],
    ["app.set('trust proxy', Number(process.env.HOPS))", ['listed']],
    ["app.set('trust proxy', trust())", ['unknown']],
    ["app.set('view engine', 'ejs')", []],
    ["app.set('trust proxy', process.env.CI ? true : 1)", ['any', 'hops']],
    // Whoever sets it to true asks for that.
    [
      "const trusted = (text) => { if (text === 'true') return true; if (text === 'false') return false; return text }\napp.set('trust proxy', trusted(process.env.TRUST))",
      ['none', 'listed'],
    ],
  ]
  for (const [text, expected] of table)
    test(text, () => {
      assert.deepEqual(
        read(text).proxies.map((one) => one.trust),
        expected,
      )
    })
})

describe('inputs', () => {
  const inputs = (text: string) =>
    read(text).routes.flatMap((one) =>
      one.inputs.map((input) => `${input.from} ${input.problems.length === 0 ? 'checked' : 'unchecked'}`),
    )

  test('are what a handler reads', () => {
    assert.deepEqual(inputs("app.post('/a', (req, res) => { save(req.body) })"), ['body unchecked'])
    assert.deepEqual(inputs("app.get('/a', (req, res) => { find(req.query.q) })"), ['query unchecked'])
    assert.deepEqual(inputs("app.get('/a/:id', (req, res) => { find(req.params.id) })"), ['path unchecked'])
    assert.deepEqual(inputs("app.get('/a', (req, res) => { res.json([]) })"), [])
    assert.deepEqual(inputs("app.get('/a', (req, res) => { req.toString(); req.hasOwnProperty('x') })"), [])
  })

  test('are checked by a middleware or in the handler', () => {
    const schema = "import { z } from 'zod'; const S = z.strictObject({ a: z.string().max(9) });"
    assert.deepEqual(inputs(`${schema} app.post('/a', (req, res) => { save(S.parse(req.body)) })`), ['body checked'])
    assert.deepEqual(
      inputs(
        `${schema} const check = (schema) => (req, res, next) => { req.body = schema.parse(req.body); next() }; app.post('/a', check(S), (req, res) => { save(req.body) })`,
      ),
      ['body checked'],
    )
  })

  test('of a class that class-validator looks at', () => {
    const text = (options: string) => `import { validate, IsString, MaxLength } from 'class-validator'
      import { plainToInstance } from 'class-transformer'
      class Note { @IsString() @MaxLength(9) title: string }
      const check = (type) => async (req, res, next) => {
        const errors = await validate(plainToInstance(type, req.body)${options})
        if (errors.length > 0) return res.status(400).send(errors.toString())
        next()
      }
      app.post('/a', check(Note), (req, res) => { save(req.body) })`
    assert.deepEqual(inputs(text(', { whitelist: true, forbidNonWhitelisted: true }')), ['body checked'])
    assert.deepEqual(inputs(text('')), ['body unchecked'])
  })
})

describe('errors', () => {
  const PRODUCTION: Deployment = { production: true }
  const debug = (text: string, deployment: Deployment = PRODUCTION) =>
    read({ 'src/app.ts': `${EXPRESS}app.get('/a', x)\n${text}` }, deployment).debug.map((one) => one.what)

  test('nothing is shown in production', () => {
    assert.deepEqual(debug(''), [])
    assert.deepEqual(debug('app.use((err, req, res, next) => { res.sendStatus(500) })'), [])
  })

  test("Express's own handler answers with the stack where it is not production", () => {
    assert.equal(debug('', { production: false }).length, 1)
    assert.deepEqual(debug('app.use((err, req, res, next) => { res.sendStatus(500) })', { production: false }), [])
    // It hands the error on at its end, to Express.
    assert.equal(debug('app.use((err, req, res, next) => { log(err); next(err) })', { production: false }).length, 1)
  })
})
