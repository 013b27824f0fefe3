/** The mends as they are offered: what is shown, what is written, and that the item passes afterwards. */
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, test } from 'node:test'
import { check } from '../../src/checklist.ts'
import { readCommandLine } from '../../src/command-line.ts'
import type { Fix, ItemId } from '../../src/items/index.ts'
import { applyFixes, diffOf } from '../../src/report/index.ts'
import { run } from '../command/run.ts'

const root = mkdtempSync(join(tmpdir(), 'portcullis-check-mends-'))
after(() => rmSync(root, { recursive: true, force: true }))

type Files = Readonly<Record<string, string>>

const folderOf = (files: Files): string => {
  const folder = mkdtempSync(join(root, 'app-'))
  for (const [file, text] of Object.entries(files)) writeFileSync(join(folder, file), text)
  return folder
}

const judged = async (folder: string, id: ItemId, origins: readonly string[] = []) => {
  const { report, observations } = await check({ folder, origins })
  const fixes = observations.flatMap((one): Fix[] => (one.id === id && one.fix !== undefined ? [one.fix] : []))
  return { outcome: report.items.find((one) => one.id === id)?.outcome, fixes }
}

const EXPRESS = "import express from 'express'\nimport cors from 'cors'\nconst app = express()\n"
const FASTIFY = "import Fastify from 'fastify'\nimport cors from '@fastify/cors'\nconst app = Fastify()\n"
const HONO = "import { Hono } from 'hono'\nimport { cors } from 'hono/cors'\nconst app = new Hono()\n"
const NEST = "import { NestFactory } from '@nestjs/core'\nimport { AppModule } from './app.module'\n"
const CREATE = 'const app = await NestFactory.create(AppModule)\n'
const FASTAPI = 'from fastapi import FastAPI\nfrom fastapi.middleware.cors import CORSMiddleware\n'
const APP = 'app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)\n'
const FLASK = 'from flask import Flask\nfrom flask_cors import CORS, cross_origin\napp = Flask(__name__)\n'

interface Mend {
  readonly name: string
  readonly file: string
  readonly around: string
  readonly from: string
  readonly to: string
}

const javascript = (library: string, around: string, rows: readonly (readonly [string, string])[]): readonly Mend[] =>
  rows.map(([from, to]) => ({ name: `${library}: ${from}`, file: 'app.ts', around, from, to }))
const python = (library: string, around: string, rows: readonly (readonly [string, string])[]): readonly Mend[] =>
  rows.map(([from, to]) => ({ name: `${library}: ${from}`, file: 'main.py', around, from, to }))

const ORIGINS: readonly Mend[] = [
  ...javascript('cors', EXPRESS, [
    ['app.use(cors())', 'app.use(cors({ origin: [] }))'],
    ["app.use(cors({ origin: '*' }))", 'app.use(cors({ origin: [] }))'],
    ['app.use(cors({ origin: true, credentials: true }))', 'app.use(cors({ origin: [], credentials: true }))'],
    ['app.use(cors({}))', 'app.use(cors({ origin: [] }))'],
    ['app.use(cors({ credentials: true }))', 'app.use(cors({ origin: [], credentials: true }))'],
    [
      'const usual = { maxAge: 9 }\napp.use(cors({ ...usual }))',
      'const usual = { maxAge: 9 }\napp.use(cors({ origin: [], ...usual }))',
    ],
    ['app.use(cors({\n  maxAge: 600,\n}))', 'app.use(cors({\n  origin: [],\n  maxAge: 600,\n}))'],
    [
      'app.use(cors({ origin: ["*", "https://a.example.com"] }))',
      'app.use(cors({ origin: ["https://a.example.com"] }))',
    ],
    [
      "const options = { origin: '*' }\napp.use(cors(options))",
      'const options = { origin: [] }\napp.use(cors(options))',
    ],
  ]),
  ...javascript('@fastify/cors', FASTIFY, [
    ['await app.register(cors)', 'await app.register(cors, { origin: [] })'],
    ["await app.register(cors, { origin: '*' })", 'await app.register(cors, { origin: [] })'],
    ['await app.register(cors, { origin: true })', 'await app.register(cors, { origin: [] })'],
    ['await app.register(cors, { maxAge: 9 })', 'await app.register(cors, { origin: [], maxAge: 9 })'],
  ]),
  ...javascript('hono/cors', HONO, [
    ["app.use('*', cors())", "app.use('*', cors({ origin: [] }))"],
    ['app.use(cors({ origin: "*" }))', 'app.use(cors({ origin: [] }))'],
    ['app.use(cors({ credentials: true }))', 'app.use(cors({ origin: [], credentials: true }))'],
  ]),
  ...javascript('NestJS', NEST + CREATE, [
    ['app.enableCors()', 'app.enableCors({ origin: [] })'],
    ["app.enableCors({ origin: '*' })", 'app.enableCors({ origin: [] })'],
    ['app.enableCors({ origin: true, credentials: true })', 'app.enableCors({ origin: [], credentials: true })'],
  ]),
  ...javascript('NestJS', NEST, [
    [
      'const app = await NestFactory.create(AppModule, { cors: true })',
      'const app = await NestFactory.create(AppModule, { cors: { origin: [] } })',
    ],
  ]),
  ...javascript(
    'routing-controllers',
    "import { createExpressServer } from 'routing-controllers'\nimport 'express'\n",
    [["createExpressServer({ cors: { origin: '*' } })", 'createExpressServer({ cors: { origin: [] } })']],
  ),
  ...python('Starlette', FASTAPI + APP, [
    [
      'app.add_middleware(CORSMiddleware, allow_origins=["*"], allow_methods=["*"])',
      'app.add_middleware(CORSMiddleware, allow_origins=[], allow_methods=["*"])',
    ],
    ["app.add_middleware(CORSMiddleware, allow_origins='*')", 'app.add_middleware(CORSMiddleware, allow_origins=[])'],
  ]),
  ...python('flask-cors', FLASK, [
    ['CORS(app)', 'CORS(app, origins=[])'],
    ['CORS(app, supports_credentials=True)', 'CORS(app, origins=[], supports_credentials=True)'],
    ['CORS(app, origins="*")', 'CORS(app, origins=[])'],
    ["CORS(app, origins=['*'])", 'CORS(app, origins=[])'],
    [
      '@app.get("/x")\n@cross_origin()\ndef x():\n    return "x"',
      '@app.get("/x")\n@cross_origin(origins=[])\ndef x():\n    return "x"',
    ],
  ]),
]

const DOCS: readonly Mend[] = python('FastAPI', FASTAPI, [
  ['app = FastAPI()', 'app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)'],
  ['app = FastAPI(title="Notes")', 'app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None, title="Notes")'],
  [
    'app = FastAPI(\n    title="Notes",\n)',
    'app = FastAPI(\n    docs_url=None,\n    redoc_url=None,\n    openapi_url=None,\n    title="Notes",\n)',
  ],
  [
    'app = FastAPI(  # the notes\n    title="Notes")',
    'app = FastAPI(  docs_url=None, redoc_url=None, openapi_url=None, # the notes\n    title="Notes")',
  ],
  ["app = FastAPI(docs_url='/help', redoc_url=None)", 'app = FastAPI(openapi_url=None, docs_url=None, redoc_url=None)'],
  [
    'app = FastAPI(openapi_url="/o.json", docs_url="/d", redoc_url="/r")',
    'app = FastAPI(openapi_url=None, docs_url=None, redoc_url=None)',
  ],
])

const ENDINGS: readonly (readonly [string, (text: string) => string])[] = [
  ['with a line end', (text) => `${text}\n`],
  ['without one', (text) => text],
  ['of CRLF', (text) => `${text}\n`.replaceAll('\n', '\r\n')],
  ['of CRLF after a byte order mark', (text) => `\ufeff${text}\n`.replaceAll('\n', '\r\n')],
]

for (const [id, mends] of [
  ['cors', ORIGINS],
  ['docs-exposed', DOCS],
] as const)
  describe(`${id} fails, is mended and passes`, () => {
    for (const [index, { name, file, around, from, to }] of mends.entries())
      test(name, async () => {
        // Each mend by itself with one kind of file, and the kinds in turn.
        const [, spelled] = ENDINGS[index % ENDINGS.length] ?? ENDINGS[0] ?? assert.fail()
        const folder = folderOf({ [file]: spelled(around + from) })
        const before = await judged(folder, id)
        assert.equal(before.outcome, 'fail')
        assert.ok(before.fixes.length > 0, 'nothing is offered')
        assert.ok(before.fixes.every((one) => one.file === file && (one.note ?? '') !== '') || from.includes('https:'))
        const { applied, refused } = await applyFixes(folder, before.fixes)
        assert.deepEqual([applied.length > 0, refused], [true, []])
        assert.equal(readFileSync(join(folder, file), 'utf8'), spelled(around + to))
        const afterwards = await judged(folder, id)
        assert.deepEqual(afterwards, { outcome: 'pass', fixes: [] })
      })

    test('whatever the ends of lines', async () => {
      const { file, around, from, to } = mends[0] ?? assert.fail()
      for (const [name, spelled] of ENDINGS) {
        const folder = folderOf({ [file]: spelled(around + from) })
        await applyFixes(folder, (await judged(folder, id)).fixes)
        assert.equal(readFileSync(join(folder, file), 'utf8'), spelled(around + to), name)
        assert.equal((await judged(folder, id)).outcome, 'pass', name)
      }
    })
  })

describe('what is no literal of its own is not offered', () => {
  const none: readonly (readonly [ItemId, string, string])[] = [
    ['cors', 'app.ts', `${EXPRESS}const origin = '*'\napp.use(cors({ origin }))`],
    ['cors', 'app.ts', `${EXPRESS}app.use(cors({ origin: process.env.ORIGIN || '*' }))`],
    ['cors', 'app.ts', `${EXPRESS}app.use(cors({ origin: ['*', 'http://*.example.com'] }))`],
    ['cors', 'app.ts', `${EXPRESS}const usual = { origin: '*' }\napp.use(cors({ ...usual, maxAge: 9 }))`],
    ['cors', 'app.ts', `${EXPRESS}app.use(cors({ origin: (origin, done) => done(null, true) }))`],
    [
      'cors',
      'app.ts',
      `${EXPRESS}app.use((req, res, next) => { res.header('Access-Control-Allow-Origin', '*'); next() })`,
    ],
    ['cors', 'app.ts', `${HONO}const origin = '*'\napp.use(cors({ origin }))`],
    ['cors', 'app.ts', `${NEST}const cors = true\nconst app = await NestFactory.create(AppModule, { cors })`],
    ['cors', 'main.py', `${FASTAPI}${APP}ORIGINS = ["*"]\napp.add_middleware(CORSMiddleware, allow_origins=ORIGINS)`],
    [
      'cors',
      'main.py',
      `${FASTAPI}${APP}app.add_middleware(CORSMiddleware, allow_origins=["*"], allow_origin_regex="https://.*")`,
    ],
    ['cors', 'main.py', `${FLASK}CORS(app, resources={r"/api/*": {"origins": "*"}})`],
    ['cors', 'main.py', `${FLASK}CORS(app, resources={"/a": {"origins": "*"}, "/b": {}})`],
    ['cors', 'main.py', `${FLASK}app.config["CORS_ORIGINS"] = ["https://a.example.com", "*"]\nCORS(app)`],
    ['cors', 'main.py', `${FLASK}cors = CORS()\ncors.init_app(app)`],
    ['cors', 'app.ts', `${EXPRESS}const usual = { origin: true }\napp.use(cors({ origin: '*', ...usual }))`],
    [
      'docs-exposed',
      'main.py',
      `${FASTAPI}from fastapi import HTTPException, Request\napp = FastAPI()\n@app.middleware("http")
async def authenticate(request: Request, call_next):
    if request.url.path in ["/docs", "/redoc"] and not request.headers.get("Authorization"):
        raise HTTPException(401)
    return await call_next(request)`,
    ],
    ['docs-exposed', 'main.py', `${FASTAPI}import os\napp = FastAPI(docs_url=os.environ["DOCS"])`],
    ['docs-exposed', 'main.py', `${FASTAPI}PATH = "/docs"\napp = FastAPI(docs_url=PATH)`],
    ['docs-exposed', 'main.py', `${FASTAPI}more = {"title": "Notes"}\napp = FastAPI(**more)`],
    ['docs-exposed', 'main.py', `${FASTAPI}class Api(FastAPI):\n    pass\napp = Api()`],
  ]
  for (const [id, file, text] of none)
    test(text.split('\n').slice(3).join(' ') || text, async () => {
      const { outcome, fixes } = await judged(folderOf({ [file]: text }), id)
      // An address of a setting is followed no further than that; everything else here is a plain failure.
      assert.ok(outcome === 'fail' || text.includes('os.environ'), outcome)
      assert.deepEqual(fixes, [])
    })
})

describe('the origins that were given', () => {
  test('are listed, after those that stood beside the star, in the quotes of the file', async () => {
    const folder = folderOf({
      'app.ts': `${EXPRESS}app.use('/a', cors())\napp.use('/b', cors({ origin: ["*", "https://b.example.com"] }))\n`,
    })
    const { fixes } = await judged(folder, 'cors', ['https://a.example.com', 'http://127.0.0.1:5173'])
    assert.ok(fixes.every(({ note }) => note === undefined))
    await applyFixes(folder, fixes)
    assert.equal(
      readFileSync(join(folder, 'app.ts'), 'utf8'),
      `${EXPRESS}app.use('/a', cors({ origin: ['https://a.example.com', 'http://127.0.0.1:5173'] }))
app.use('/b', cors({ origin: ["https://b.example.com", "https://a.example.com", "http://127.0.0.1:5173"] }))\n`,
    )
    assert.equal((await judged(folder, 'cors')).outcome, 'pass')
  })

  test('are origins, and nothing that a program would read as more', () => {
    const read = (origin: string) => () => readCommandLine([root, '--fix', '--origin', origin])
    assert.deepEqual(read('https://app.example.com:8443')().origins, ['https://app.example.com:8443'])
    for (const wrong of [
      '*',
      'null',
      "https://a'+x+'",
      'https://a"',
      'https://a/b',
      'https://*.a.com',
      'https://a\\',
      'a.com',
    ])
      assert.throws(read(wrong), /is no origin that can be listed/, wrong)
    assert.throws(
      () => readCommandLine([root, '--origin', 'https://app.example.com']),
      /--origin needs --url, or --fix, which lists it\./,
    )
  })
})

test('Python gets its own quotes', async () => {
  const folder = folderOf({ 'main.py': `${FLASK}CORS(app)\n` })
  await applyFixes(folder, (await judged(folder, 'cors', ['https://a.example.com'])).fixes)
  assert.equal(readFileSync(join(folder, 'main.py'), 'utf8'), `${FLASK}CORS(app, origins=["https://a.example.com"])\n`)
})

test('several in one file are mended at once, and git applies what was shown', async () => {
  const text = `${FASTAPI}app = FastAPI(title="Notes")\napp.add_middleware(CORSMiddleware, allow_origins=["*"])\n`
  const folder = folderOf({ 'main.py': text })
  const { observations } = await check({ folder })
  const fixes = observations.flatMap(({ fix }) => fix ?? [])
  const diff = diffOf(fixes, () => text)
  assert.match(
    diff,
    /^The documentation is off in development too\..*\nAn empty list lets in no other origin\..*\n\n--- a\/main\.py\n/m,
  )
  const shown = folderOf({ 'main.py': text })
  execFileSync('git', ['apply', '-'], { cwd: shown, input: diff, stdio: 'pipe' })
  const { applied, refused } = await applyFixes(folder, fixes, () => text)
  // The three pages have one mend together.
  assert.deepEqual([applied.length, refused.length], [2, 0])
  assert.equal(
    readFileSync(join(folder, 'main.py'), 'utf8'),
    `${FASTAPI}app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None, title="Notes")
app.add_middleware(CORSMiddleware, allow_origins=[])\n`,
  )
  assert.equal(readFileSync(join(shown, 'main.py'), 'utf8'), readFileSync(join(folder, 'main.py'), 'utf8'))
})

test('nothing is written to a file that is not as it was shown', async () => {
  const text = `${EXPRESS}app.use(cors())\n`
  const folder = folderOf({ 'app.ts': text })
  const { fixes } = await judged(folder, 'cors')
  // What is mended stands where it stood: only something after it is new.
  writeFileSync(join(folder, 'app.ts'), `${text}app.use(cors({ origin: ['https://app.example.com'] }))\n`)
  const { applied, refused } = await applyFixes(folder, fixes, () => text)
  assert.deepEqual([applied, refused.map(({ because }) => because)], [[], ['the file changed since it was shown']])
  assert.ok(readFileSync(join(folder, 'app.ts'), 'utf8').startsWith(text))
})

describe('portcullis-check --fix', () => {
  const text = `${EXPRESS}app.use(cors())\n`

  test('shows, and changes nothing', async () => {
    const folder = folderOf({ 'app.ts': text })
    const { exit, stdout } = await run([folder, '--fix'])
    assert.equal(exit, 0)
    assert.match(stdout, /^An empty list lets in no other origin\./)
    assert.match(stdout, /\n-app\.use\(cors\(\)\)\n\+app\.use\(cors\(\{ origin: \[\] \}\)\)\n/)
    assert.match(stdout, /\nNothing was changed; --fix --yes changes it\.\n$/)
    assert.equal(readFileSync(join(folder, 'app.ts'), 'utf8'), text)
  })

  test('--yes changes it, with the origins that were given', async () => {
    const folder = folderOf({ 'app.ts': text })
    const { exit, stdout } = await run([folder, '--fix', '--yes', '--origin', 'https://app.example.com'])
    assert.equal(exit, 0)
    assert.match(stdout, /^--- a\/app\.ts\n[\s\S]*\n1 changed\.\n$/)
    assert.equal(
      readFileSync(join(folder, 'app.ts'), 'utf8'),
      `${EXPRESS}app.use(cors({ origin: ['https://app.example.com'] }))\n`,
    )
    assert.match((await run([folder, '--fix'])).stdout, /Nothing here is mended by changing one literal/)
  })
})
