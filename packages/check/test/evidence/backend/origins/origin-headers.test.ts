/** Middleware that sets the header by hand, each read and each run. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { readExpress } from '../../../../src/evidence/backend/express/index.ts'
import { readHono } from '../../../../src/evidence/backend/hono/index.ts'
import { readNest } from '../../../../src/evidence/backend/nest/index.ts'
import { readingOf } from '../../sources.ts'

const LIST = "const LIST = ['https://a.example', 'https://b.example']"
const OUTSIDE = `${LIST}
const allow = (res, origin) => res.setHeader('Access-Control-Allow-Origin', origin)
const allowListed = (req, res) => { if (LIST.includes(req.headers.origin)) allow(res, req.headers.origin) }
`
const ORIGINS = ['https://evil.com', 'null', 'https://a.example.evil.com', 'https://evila.example', 'http://a.example']

const answerTo = (text: string, origin: string): unknown => {
  const sent: Record<string, unknown> = {}
  const add = (name: unknown, value: unknown): void => {
    if (typeof name === 'string') sent[name.toLowerCase()] = value
    else for (const [key, one] of Object.entries((name ?? value) as object)) sent[key.toLowerCase()] = one
  }
  const res = {
    header: add,
    set: add,
    setHeader: add,
    writeHead: (_: number, all: object) => add(all, 0),
    sendStatus() {},
    end() {},
  }
  const get = (name: string) => (name.toLowerCase() === 'origin' ? origin : undefined)
  const req = { method: 'GET', path: '/', headers: { origin }, get, header: get }
  new Function('process', `${OUTSIDE}\nreturn (${text})`)({ env: {} })(req, res, () => {})
  return sent['access-control-allow-origin']
}

const read = (text: string): readonly string[] => [
  ...new Set(
    readExpress(
      readingOf({ 'src/app.ts': `import express from 'express'\n${OUTSIDE}\nconst app = express()\napp.use(${text})` }),
    ).cors.map((one) => one.origins),
  ),
]

const rows = (title: string, expected: readonly string[], table: readonly string[]) =>
  describe(title, () => {
    for (const text of table)
      test(text, () => {
        assert.deepEqual(read(text), expected)
        const passed = ORIGINS.filter((one) => ['*', one].includes(String(answerTo(text, one))))
        if (expected.includes('listed') || expected.length === 0) assert.deepEqual(passed, [])
        else
          assert.ok(
            passed.includes('https://evil.com') === !expected.includes('loose') && passed.length > 0,
            `${passed}`,
          )
      })
  })

rows(
  'any',
  ['any'],
  [
    "(req, res, next) => { res.header('Access-Control-Allow-Origin', '*'); next() }",
    "(req, res, next) => { res.setHeader('access-control-allow-origin', process.env.ORIGIN || '*'); next() }",
    "(req, res, next) => { res.set({ 'Access-Control-Allow-Origin': '*' }); next() }",
    "(req, res) => { res.writeHead(200, { 'Access-Control-Allow-Origin': '*' }); res.end() }",
    "(req, res, next) => { if (req.method === 'GET') res.header('Access-Control-Allow-Origin', '*'); next() }",
  ],
)

rows(
  'whoever asks',
  ['reflected'],
  [
    "(req, res, next) => { res.header('Access-Control-Allow-Origin', req.headers.origin); next() }",
    "(req, res, next) => { res.header('Access-Control-Allow-Origin', req.get('origin')); next() }",
    "(req, res, next) => { const origin = req.header('Origin'); res.setHeader('Access-Control-Allow-Origin', origin); next() }",
    "(req, res, next) => { const { origin } = req.headers; if (origin) res.setHeader('Access-Control-Allow-Origin', origin); next() }",
    "({ headers }, res, next) => { if (headers.origin) res.setHeader('Access-Control-Allow-Origin', headers.origin); next() }",
    "(req, res, next) => { if (!LIST.includes(req.headers.origin)) console.info; res.header('Access-Control-Allow-Origin', req.headers.origin); next() }",
    '(req, res, next) => { allow(res, req.headers.origin); next() }',
  ],
)

rows(
  'look-alikes',
  ['loose'],
  [
    "(req, res, next) => { const o = req.headers.origin; if (o && o.endsWith('a.example')) res.header('Access-Control-Allow-Origin', o); next() }",
    "(req, res, next) => { if (/a\\.example/.test(req.headers.origin)) res.header('Access-Control-Allow-Origin', req.headers.origin); next() }",
    "(req, res, next) => { try { if (new URL(req.headers.origin).host === 'a.example') allow(res, req.headers.origin) } catch {} next() }",
  ],
)

rows(
  'those that are listed',
  ['listed'],
  [
    "(req, res, next) => { res.header('Access-Control-Allow-Origin', 'https://a.example'); next() }",
    "(req, res, next) => { const o = req.headers.origin; if (LIST.includes(o)) res.header('Access-Control-Allow-Origin', o); next() }",
    "(req, res, next) => { const o = req.headers.origin; if (!LIST.includes(o)) return next(); res.header('Access-Control-Allow-Origin', o); next() }",
    "(req, res, next) => { const o = req.headers.origin; res.header('Access-Control-Allow-Origin', LIST.includes(o) ? o : LIST[0]); next() }",
    '(req, res, next) => { allowListed(req, res); next() }',
  ],
)

rows(
  'nobody',
  [],
  [
    "(req, res, next) => { if (process.env.NODE_ENV === 'development') res.header('Access-Control-Allow-Origin', '*'); next() }",
    '(req, res, next) => next()',
    "(req, res, next) => { res.header('Access-Control-Expose-Headers', ['Access-Control-Allow-Origin']); next() }",
  ],
)

test('a condition that nobody can follow', () => {
  assert.deepEqual(
    read(
      "(req, res, next) => { if (check(req)) res.header('Access-Control-Allow-Origin', req.headers.origin); next() }",
    ),
    ['unknown'],
  )
})

test('credentials beside it', () => {
  const text =
    "(req, res, next) => { res.header('Access-Control-Allow-Origin', req.headers.origin); res.header('Access-Control-Allow-Credentials', 'true'); next() }"
  const { cors } = readExpress(readingOf({ 'a.ts': `import express from 'express'\nexpress().use(${text})` }))
  assert.deepEqual(
    cors.map(({ origins, credentials }) => [origins, credentials]),
    [['reflected', true]],
  )
})

test('Nest: a middleware class, a decorator, and a helper that is handed the origin', () => {
  const nest = (text: string) =>
    readNest(
      readingOf({
        'src/main.ts': `import { Controller, Get, Header, Injectable } from '@nestjs/common'\n${LIST}\n${text}`,
      }),
    ).cors.map((one) => one.origins)
  const use = (body: string) => `@Injectable() class Cors { use(req, res, next) { ${body}; next() } }`
  assert.deepEqual(nest(use("res.header('Access-Control-Allow-Origin', req.headers.origin)")), ['reflected'])
  assert.deepEqual(
    nest(use("const o = req.headers.origin; if (LIST.includes(o)) res.header('Access-Control-Allow-Origin', o)")),
    ['listed'],
  )
  assert.deepEqual(nest(use("const o = req.headers.origin; if (o) res.header('Access-Control-Allow-Origin', o)")), [
    'reflected',
  ])
  const helper = "const allow = (res, origin: string) => res.setHeader('Access-Control-Allow-Origin', origin)"
  assert.deepEqual(nest(`${helper}\n${use('allow(res, req.headers.origin)')}`), ['reflected'])
  assert.deepEqual(nest(`${helper}\n${use('if (LIST.includes(req.headers.origin)) allow(res, req.headers.origin)')}`), [
    'listed',
  ])
  assert.deepEqual(nest(helper), ['unknown'])
  assert.deepEqual(
    nest("@Controller() class A { @Get() @Header('Access-Control-Allow-Origin', '*') all() { return 1 } }"),
    ['any'],
  )
})

test('Hono', () => {
  const hono = (body: string) =>
    readHono(
      readingOf({
        'src/app.ts': `import { Hono } from 'hono'\n${LIST}\nconst app = new Hono()\napp.use(async (c, next) => { ${body}; await next() })`,
      }),
    ).cors.map((one) => one.origins)
  assert.deepEqual(hono("c.header('Access-Control-Allow-Origin', c.req.header('origin'))"), ['reflected'])
  assert.deepEqual(
    hono("const o = c.req.header('Origin'); if (o) c.res.headers.set('Access-Control-Allow-Origin', o)"),
    ['reflected'],
  )
  assert.deepEqual(
    hono("const o = c.req.header('origin'); if (LIST.includes(o)) c.header('Access-Control-Allow-Origin', o)"),
    ['listed'],
  )
  assert.deepEqual(hono("c.header('Access-Control-Allow-Origin', c.env.SITE_URL)"), ['listed'])
})
