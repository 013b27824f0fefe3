import assert from 'node:assert/strict'
import { test } from 'node:test'
import { items } from '../../../src/items/index.ts'
import { express, judged, table } from './judged.ts'

const UI = "import swaggerUi from 'swagger-ui-express'"
const MOUNT = "app.use('/docs', swaggerUi.serve, swaggerUi.setup(document))"

table('docs-exposed', [
  [
    'passes: none is served',
    express("app.get('/x', x)"),
    ['pass (none in 1 file): The program serves no documentation.'],
  ],
  [
    'passes: in development only',
    express(UI, `if (process.env.NODE_ENV === 'development') ${MOUNT}`),
    ['pass src/app.ts:4: /docs is up in development only.'],
  ],
  [
    'passes: behind a guard',
    express(
      UI,
      "import jwt from 'jsonwebtoken'",
      'const auth = (req, res, next) => { if (!jwt.verify(req.headers.authorization, key)) return res.sendStatus(401); next() }',
      'app.use(auth)',
      MOUNT,
    ),
    ['pass src/app.ts:7: /docs is behind a guard.'],
  ],
  ['fails: to anybody', express(UI, MOUNT), ["fail src/app.ts:4: /docs shows the API's documentation to anybody."]],
  [
    'fails: wherever it is not test',
    express(UI, `if (process.env.NODE_ENV !== 'test') ${MOUNT}`),
    ["fail src/app.ts:4: /docs shows the API's documentation to anybody."],
  ],
  [
    'fails: the guard comes after it',
    express(
      UI,
      "import jwt from 'jsonwebtoken'",
      'const auth = (req, res, next) => { if (!jwt.verify(req.headers.authorization, key)) return res.sendStatus(401); next() }',
      MOUNT,
      'app.use(auth)',
    ),
    ["fail src/app.ts:6: /docs shows the API's documentation to anybody."],
  ],
  [
    'fails: behind a password that stands in the source',
    express(
      UI,
      "import basicAuth from 'express-basic-auth'",
      "app.use('/docs', basicAuth({ users: { admin: 'admin' } }), swaggerUi.serve, swaggerUi.setup(document))",
    ),
    ["fail src/app.ts:5: /docs shows the API's documentation to anybody."],
  ],
  [
    'fails: the document itself',
    express("app.get('/openapi.json', (req, res) => res.json(document))"),
    ["fail src/app.ts:3: /openapi.json shows the API's documentation to anybody."],
  ],
  [
    'not proven: a switch that could not be followed',
    express(UI, `if (shown()) ${MOUNT}`),
    ['not-proven src/app.ts:4: When /docs shows documentation could not be followed.'],
  ],
])

test("the mend speaks of FastAPI where the documentation is FastAPI's", async () => {
  const mendOf = async (files: Parameters<typeof judged>[0]) => {
    const found = (await judged(files)).find(({ id }) => id === 'docs-exposed')
    assert.equal(found?.outcome, 'fail')
    return found.mend ?? items.find(({ id }) => id === 'docs-exposed')?.mend ?? ''
  }
  assert.equal(await mendOf(express(UI, MOUNT)), 'Serve it in development only, or behind the guard.')
  const python = "from fastapi import FastAPI\napp = FastAPI()\n@app.get('/x')\ndef x():\n    return 1\n"
  assert.match(await mendOf({ 'app/main.py': python }), /^Serve it .* \(FastAPI: docs_url=None, /)
})
