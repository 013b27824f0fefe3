import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readExpress } from '../../../../src/evidence/backend/express/index.ts'
import { readingOf, type Sources } from '../../sources.ts'

const HEAD = `import express, { Router } from 'express'
import rateLimit from 'express-rate-limit'
const app = express()
const auth = (req, res, next) => { if (!jwt.verify(req.headers.authorization, key)) return res.sendStatus(401); next() }
const slow = rateLimit({ windowMs: 60_000, limit: 10 })
`

const read = (files: string | Sources) =>
  readExpress(readingOf(typeof files === 'string' ? { 'src/app.ts': `${HEAD}${files}` } : files))

const guards = (files: string | Sources) => read(files).routes.map((one) => `${one.path} ${one.guard}`)

test('what a router puts on stays on for what is mounted after it', () => {
  const table: readonly (readonly [text: string, ...expected: string[]])[] = [
    // A router of nothing but middleware.
    [
      "const r = Router(); r.use(auth); app.get('/login', x); app.use(r); app.get('/a', x)",
      '/login exempt',
      '/a global',
    ],
    [
      "const r = Router(); r.use(auth); app.use('/api', r); app.get('/api/a', x); app.get('/b', x)",
      '/api/a group',
      '/b none',
    ],
    // One with routes of its own: what none of them answers comes through.
    ["const r = Router(); r.use(auth); r.get('/a', x); app.use(r); app.get('/b', x)", '/a global', '/b global'],
    ["const r = Router(); r.get('/a', x); r.use(auth); app.use(r); app.get('/b', x)", '/a exempt', '/b global'],
    ["const r = Router(); r.use(auth); app.get('/a', x); app.use(r)", '/a none'],
  ]
  for (const [text, ...expected] of table) assert.deepEqual(guards(text), expected, text)
})

test('a router for every path is on the application as much as what is put there itself', () => {
  const inner =
    "const r = Router(); const s = Router(); s.get('/a', x); r.get('/health', x); r.use(auth); r.use('/s', s)"
  for (const mount of ["app.use('/', r)", 'app.use(r)', 'const q = Router(); q.use(r); app.use(q)'])
    assert.deepEqual(guards(`${inner}; ${mount}`), ['/health exempt', '/s/a global'], mount)
  assert.deepEqual(guards(`${inner}; app.use('/api', r)`), ['/api/health none', '/api/s/a group'])
})

test('a limiter stays on as well', () => {
  const { routes } = read("const r = Router(); r.use(slow); app.use(r); app.post('/login', x)")
  assert.deepEqual(
    routes.map((one) => one.limiters.map(({ perMinute }) => perMinute)),
    [[10]],
  )
})

test('a router is what a chain on it gives back', () => {
  const files = (exported: string): Sources => ({
    'src/app.ts': `${HEAD}import key from './key'\nimport notes from './notes'\napp.use(key)\napp.use('/notes', notes)`,
    'src/key.ts': `${HEAD}const router = Router()\n${exported}`,
    'src/notes.ts': "import { Router } from 'express'\nexport default Router().get('/', x)",
  })
  for (const exported of [
    'export default router.use(auth)',
    'export default router.use(log).use(auth)',
    'export default router.use(log, auth)',
    'router.use(auth)\nexport default router',
  ])
    assert.deepEqual(guards(files(exported)), ['/notes global'], exported)
})
