import { express, type Files, table } from './judged.ts'

type Row = Parameters<typeof table>[1][number]

const IMAGE = { Dockerfile: 'FROM node:24\nENV NODE_ENV=production\nCMD ["node", "src/app.ts"]\n' }
const CLEAN = ['pass (nothing of the kind in 1 file): No debug mode, and no stack in an answer.']

const handler = (...lines: readonly string[]) => ({ ...IMAGE, ...express("app.get('/x', x)", ...lines) })

table('debug', [
  [
    'passes: errors without their stack',
    handler("app.use((err, req, res, next) => { res.status(500).json({ message: 'Something went wrong' }) })"),
    CLEAN,
  ],
  [
    'fails: the stack in an answer',
    handler('app.use((err, req, res, next) => { res.json({ stack: err.stack }) })'),
    ['fail src/app.ts:4: a stack in the answer of an error handler.'],
  ],
  [
    'fails: the error whole',
    handler('app.use((err, req, res, next) => { res.json(err) })'),
    ['fail src/app.ts:4: the error itself in the answer of an error handler.'],
  ],
  [
    'passes: the stack in development only',
    handler(
      "app.use((err, req, res, next) => { res.json({ stack: process.env.NODE_ENV === 'development' ? err.stack : undefined }) })",
    ),
    CLEAN,
  ],
  [
    'passes: the stack goes into the log',
    handler('app.use((err, req, res, next) => { console.error(err.stack); res.sendStatus(500) })'),
    CLEAN,
  ],
  [
    'fails: hidden in production, by a word that NODE_ENV never is',
    handler(
      "app.use((err, req, res, next) => { res.json({ stack: process.env.NODE_ENV === 'prod' ? undefined : err.stack }) })",
    ),
    ['fail src/app.ts:4: a stack in the answer of an error handler.'],
  ],
  [
    'fails: an object that is built first',
    handler('app.use((err, req, res, next) => { const body = { stack: err.stack }; res.json(body) })'),
    ['fail src/app.ts:4: a stack in the answer of an error handler.'],
  ],
  [
    'fails: what is made for development',
    handler("import errorhandler from 'errorhandler'", 'app.use(errorhandler())'),
    ['fail src/app.ts:5: errorhandler sends stacks.'],
  ],
  [
    'warns: Express answers with the stack, and nothing says that this is production',
    express("app.get('/x', x)"),
    [
      'warn src/app.ts:3: Express answers errors with their stack, unless NODE_ENV is production, which nothing in the project sets.',
    ],
  ],
  [
    'fails: it is started without NODE_ENV',
    { ...express("app.get('/x', x)"), Dockerfile: 'FROM node:24\nCMD ["node", "src/app.ts"]\n' },
    ['fail Dockerfile:2: it runs without NODE_ENV=production, where Express answers errors with their stack.'],
  ],
  [
    'fails: of Python',
    { 'main.py': 'from fastapi import FastAPI\napp = FastAPI(debug=True)' },
    ['fail main.py:2: FastAPI(debug=True).'],
  ],
])

const flag = (debug: string, more: Readonly<Record<string, string>> = {}) => ({
  'main.py': `import os\nfrom fastapi import FastAPI\napp = FastAPI(debug=${debug})`,
  ...more,
})
const ON = ['fail main.py:3: FastAPI(debug=…) is on where nobody sets what it asks.']

table('debug', [
  ['fails: a text that is not empty is true', flag('bool(os.getenv("DEBUG", "1"))'), ON],
  ['fails: also one that says false', flag('bool(os.getenv("DEBUG", "false"))'), ON],
  ['fails: the default is one of the words', flag('os.environ.get("DEBUG", "1") in ("1", "true")'), ON],
  ['passes: an empty text', flag('bool(os.getenv("DEBUG", ""))'), CLEAN],
  ['passes: nothing at all', flag('bool(os.getenv("DEBUG"))'), CLEAN],
  ['passes: the default is none of the words', flag('os.environ.get("DEBUG", "0") in ("1", "true")'), CLEAN],
  ['passes: what is not known', flag('bool(wanted())'), CLEAN],
  [
    'passes: an image sets it',
    flag('os.environ.get("DEBUG", "1") in ("1", "true")', { Dockerfile: 'FROM python:3.13\nENV DEBUG=0\n' }),
    ['pass (nothing of the kind in 1 file): No debug mode, and no stack in an answer.'],
  ],
  [
    'passes: an example of settings turns on what is off',
    flag('os.environ.get("DEBUG", "0") in ("1", "true")', { '.env.example': 'DEBUG=1\n' }),
    CLEAN,
  ],
])

const SET = ['fail main.py:3: FastAPI(debug=…) is on by what a file of the project sets.']
const DEBUGGED = { Dockerfile: 'FROM python:3.13\nENV DEBUG=True\n' }

table('debug', [
  ...[
    flag('os.environ.get("DEBUG") == "True"', DEBUGGED),
    flag('os.getenv("DEBUG", "false").lower() == "true"', DEBUGGED),
    flag('os.getenv("DEBUG", "0") in ("1", "True")', DEBUGGED),
    flag('bool(int(os.getenv("DEBUG", "0")))', { '.env': 'DEBUG=1\n' }),
  ].map((files): Row => [`fails: set on, ${files['main.py']?.split('\n')[2]}`, files, SET]),
  ...[
    flag('os.getenv("DEBUG", "true").lower() == "true"', { '.env': 'DEBUG=false\n' }),
    flag('os.getenv("DEBUG") == "1"', DEBUGGED),
    flag('os.getenv("DEBUG", "0") == "1"', { '.env.example': 'DEBUG=1\n' }),
    flag('os.getenv("DEBUG", "0") == "1"', {
      'docker-compose.dev.yml': 'services:\n  api:\n    build: .\n    environment:\n      DEBUG: "1"\n',
    }),
  ].map((files): Row => [`passes: ${files['main.py']?.split('\n')[2]} beside ${Object.keys(files)[1]}`, files, CLEAN]),
])

const asked = (what: string, more: Readonly<Record<string, string>> = {}, head = '') => ({
  'main.py': `import os\nfrom fastapi import FastAPI\n${head}app = FastAPI(debug=${what})`,
  ...more,
})
const UNLESS = [
  'warn main.py:3: FastAPI(debug=…) is on, unless ENV says production, and nothing in the project sets it.',
]
const flask = (...lines: readonly string[]) => ({
  'main.py': `import os\nfrom flask import Flask\napp = Flask(__name__)\n@app.get("/x")\ndef x(): return "x"\n${lines.join('\n')}`,
})
const image = (env = '') => ({ Dockerfile: `FROM python:3.13\n${env}CMD ["uvicorn", "main:app"]\n` })

table('debug', [
  ['warns: on wherever it is not said that this is production', asked('os.getenv("ENV") != "production"'), UNLESS],
  [
    'fails: a default that is another',
    asked('os.getenv("ENV", "dev") != "production"'),
    ['fail main.py:3: FastAPI(debug=True).'],
  ],
  [
    'passes: the image says it, whatever the default',
    asked('os.getenv("ENV", "dev") != "production"', image('ENV ENV=production\n')),
    CLEAN,
  ],
  ['warns: in other words', asked('not (os.environ.get("ENV") in ("prod", "production"))'), UNLESS],
  [
    'warns: by a name',
    asked('DEBUG', {}, 'ENV = os.getenv("ENV")\nDEBUG = ENV != "production"\n'),
    ['warn main.py:5: FastAPI(debug=…) is on, unless ENV says production, and nothing in the project sets it.'],
  ],
  [
    'fails: what starts it does not say it',
    asked('os.getenv("ENV") != "production"', image()),
    ['fail main.py:3: FastAPI(debug=…) is on where nobody sets ENV, and what starts it does not.'],
  ],
  [
    'warns: a reloader',
    {
      'main.py':
        'import os, uvicorn\nfrom fastapi import FastAPI\napp = FastAPI()\nuvicorn.run("main:app", reload=os.getenv("ENV") != "production")',
    },
    ['warn main.py:4: uvicorn.run(reload=…) is on, unless ENV says production, and nothing in the project sets it.'],
  ],
  [
    'fails: set afterwards',
    { 'main.py': 'from fastapi import FastAPI\napp = FastAPI()\napp.debug = True' },
    ['fail main.py:3: app.debug is on.'],
  ],
  ['passes: the image says it', asked('os.getenv("ENV") != "production"', image('ENV ENV=production\n')), CLEAN],
  ['passes: its default is production', asked('os.getenv("ENV", "production") != "production"'), CLEAN],
  ['passes: for development only', asked('os.getenv("ENV") == "development"'), CLEAN],
  ['passes: it does not start without', asked('os.environ["ENV"] != "production"'), CLEAN],
])

table('debug', [
  [
    'warns: Flask, wherever it is not said that this is production',
    flask('app.debug = os.environ.get("ENV") != "prod"'),
    ['warn main.py:6: debug is on, unless ENV says production, and nothing in the project sets it.'],
  ],
  [
    'warns: Flask, in its settings',
    flask('app.config["DEBUG"] = os.environ.get("ENV") != "production"'),
    ['warn main.py:6: DEBUG is on, unless ENV says production, and nothing in the project sets it.'],
  ],
  ['fails: Flask, by an update', flask('app.config.update(DEBUG=True)'), ['fail main.py:6: DEBUG is on.']],
  [
    'fails: Flask, by a default among the words',
    flask('app.run(debug=os.getenv("DEBUG", "1") in ("1", "true"))'),
    ['fail main.py:6: app.run(debug=…) is on where nobody sets what it asks.'],
  ],
  [
    'warns: Flask, in the class of its settings',
    flask('class Config:', '    DEBUG = os.getenv("ENV") != "production"', 'app.config.from_object(Config)'),
    ['warn main.py:7: Config.DEBUG is on, unless ENV says production, and nothing in the project sets it.'],
  ],
  ['passes: Flask, for development only', flask('app.debug = os.environ.get("ENV") == "dev"'), CLEAN],
  // It hands errors to the server in front, whose own page shows nothing of them.
  ['passes: Flask, errors are handed on', flask('app.config["PROPAGATE_EXCEPTIONS"] = True'), CLEAN],
  ['passes: Flask, off', flask('app.config.update(DEBUG=False)', 'app.run(debug=False)'), CLEAN],
])

const environ = (line: string): Files => ({
  'main.py': [
    'import os',
    'from flask import Flask, jsonify',
    'app = Flask(__name__)',
    '@app.get("/y")',
    'def y():',
    `    ${line}`,
  ].join('\n'),
})

const answer = (text: string) => handler(`app.get('/y', (req, res) => ${text})`)
const LEAK = ['fail src/app.ts:4: the whole environment in an answer.']

table('debug', [
  ['fails: the environment in an answer', answer('res.json(process.env)'), LEAK],
  ['fails: beside a state', answer('res.status(200).send({ ok: true, env: process.env })'), LEAK],
  ['fails: spread, and as a text', answer('res.send(JSON.stringify({ ...process.env }))'), LEAK],
  [
    'fails: by a name that it was given',
    answer('{ const settings = { ...process.env, port: 1 }; res.json({ settings }) }'),
    LEAK,
  ],
  [
    'fails: Fastify, what a handler returns',
    {
      'src/app.ts':
        "import Fastify from 'fastify'\nconst app = Fastify()\napp.get('/y', async () => ({ env: process.env }))",
    },
    ['fail src/app.ts:3: the whole environment in an answer.'],
  ],
  [
    'passes: Fastify, one variable',
    {
      'src/app.ts':
        "import Fastify from 'fastify'\nconst app = Fastify()\napp.get('/y', async () => ({ region: process.env.REGION }))",
    },
    CLEAN,
  ],
  [
    'fails: Nest, what a handler returns',
    {
      'src/app.ts':
        "import { Controller, Get } from '@nestjs/common'\n@Controller('y')\nexport class Y {\n  @Get() show() { return { env: process.env } }\n}",
    },
    ['fail src/app.ts:4: the whole environment in an answer.'],
  ],
  ...[
    'return {"env": os.environ}',
    'return jsonify(dict(os.environ))',
    'return jsonify(env=os.environ.copy())',
    'return {**os.environ}',
  ].map((one): Row => [`fails: Flask, ${one}`, environ(one), ['fail main.py:4: /y gives the environment.']]),
  ...['return {"region": os.environ["REGION"]}', 'return public_of(os.environ)', 'return os.environ.get("REGION")'].map(
    (one): Row => [`passes: Flask, ${one}`, environ(one), CLEAN],
  ),
  ['passes: one variable', answer('res.json({ version: process.env.VERSION, name: process.env["NAME"] })'), CLEAN],
  ['passes: what a function makes of it', answer('res.json(publicOf(process.env))'), CLEAN],
  ['passes: a parser of settings', handler('export const settings = schema.json(process.env)'), CLEAN],
  [
    'passes: in development only',
    answer("{ if (process.env.NODE_ENV === 'development') return res.json(process.env); res.end() }"),
    CLEAN,
  ],
])

/** What is made of an error before it is answered: on line 5 of an application of Express, Hono or Fastify. */
const made = (first: string, handling: (body: string) => string, sends: (what: string) => string) => {
  const helper = (text: string) => `const shown = (error) => ({ message: error.message, ${text} })`
  const files = (second: string, body: string): Files => ({
    ...IMAGE,
    'src/app.ts': [first, "app.get('/x', x)", second, 'const other = 1', handling(body)].join('\n'),
  })
  const put = (when: string) => `const body = { message: 'no' }; ${when}body.stack = err.stack; ${sends('body')}`
  return {
    put: files('', put('')),
    hidden: files('', put("if (process.env.NODE_ENV === 'development') ")),
    helper: files(helper('stack: error.stack'), sends('shown(err)')),
    hiddenThere: files(
      helper("...(process.env.NODE_ENV === 'development' && { stack: error.stack })"),
      sends('shown(err)'),
    ),
    without: files(helper('code: error.code'), sends('shown(err)')),
  }
}

const FRAMEWORKS = {
  Express: [
    made(
      "import express from 'express'; const app = express()",
      (body) => `app.use((err, req, res, next) => { ${body} })`,
      (what) => `res.status(500).json(${what})`,
    ),
    'a stack in the answer of an error handler',
  ],
  Hono: [
    made(
      "import { Hono } from 'hono'; const app = new Hono()",
      (body) => `app.onError((err, c) => { ${body} })`,
      (what) => `return c.json(${what}, 500)`,
    ),
    undefined,
  ],
  Fastify: [
    made(
      "import Fastify from 'fastify'; const app = Fastify()",
      (body) => `app.setErrorHandler((err, request, reply) => { ${body} })`,
      (what) => `reply.code(500).send(${what})`,
    ),
    'a stack in the answer of an error handler',
  ],
} as const

table('debug', [
  ...Object.entries(FRAMEWORKS).flatMap(([name, [one, said]]): Row[] => [
    [
      `fails: ${name}, the stack is put into the answer later`,
      one.put,
      [`fail src/app.ts:5: ${said ?? 'the stack in the answer'}.`],
    ],
    [`passes: ${name}, in development only`, one.hidden, CLEAN],
    [
      `fails: ${name}, a function makes the answer of the error`,
      one.helper,
      [`fail src/app.ts:3: ${said ?? 'a stack in the answer'}.`],
    ],
    [`passes: ${name}, one that shows it in development only`, one.hiddenThere, CLEAN],
    [`passes: ${name}, one that leaves the stack out`, one.without, CLEAN],
  ]),
  ...[
    'setErrorHandler((err, request, reply) => {',
    "get('/y', async (request, reply) => { const err = await failed();",
  ].map(
    (start): Row => [
      `fails: Fastify, what a function gives back is the answer: ${start}`,
      {
        ...IMAGE,
        'src/app.ts': `import Fastify from 'fastify'\nconst app = Fastify()\napp.get('/x', x)\napp.${start} reply.code(500); return { error: err.message, stack: err.stack } })`,
      },
      [`fail src/app.ts:4: a stack in the answer of ${start.startsWith('get') ? 'a handler' : 'an error handler'}.`],
    ],
  ),
])
