import { express, table } from './judged.ts'

const cors = (options: string) => express("import cors from 'cors'", `app.use(cors(${options}))`, "app.get('/x', x)")

const flask = (call: string, origins: string) => ({
  'config.py': `class Config:\n    CORS_ORIGINS = ${origins}\nclass DevelopmentConfig(Config):\n    CORS_ORIGINS = "*"`,
  'app.py': [
    'from flask import Flask',
    'from flask_cors import CORS',
    'def create_app(name):',
    '    app = Flask(__name__)',
    '    app.config.from_object(CONFIGS[name])',
    `    ${call}`,
  ].join('\n'),
})

table(
  'cors',
  [
    'CORS(app)',
    'CORS(app, origins=app.config["CORS_ORIGINS"])',
    'cors.init_app(app, origins=app.config["CORS_ORIGINS"])',
  ].flatMap((call): Parameters<typeof table>[1][number][] => [
    [
      `passes: Flask's settings list them: ${call}`,
      flask(call, '["https://app.example.com"]'),
      ['pass app.py:6: Only listed origins are let in.'],
    ],
    [`fails: Flask's settings let in every one: ${call}`, flask(call, '"*"'), ['fail app.py:6: * lets in any origin.']],
  ]),
)

table('cors', [
  [
    'passes: listed',
    cors("{ origin: ['https://app.example.com'] }"),
    ['pass src/app.ts:4: Only listed origins are let in.'],
  ],
  [
    'passes: any origin where somebody develops alone',
    express(
      "import cors from 'cors'",
      "if (process.env.NODE_ENV === 'development') app.use(cors())",
      "app.get('/x', x)",
    ),
    ['pass (no CORS setting in 1 file): Nothing allows another origin, so browsers refuse them all.'],
  ],
  [
    'passes: nothing allows another origin',
    express("app.get('/x', x)"),
    ['pass (no CORS setting in 1 file): Nothing allows another origin, so browsers refuse them all.'],
  ],
  [
    'passes: a callback that looks in a list',
    cors('{ origin: (origin, done) => done(null, LIST.includes(origin)) }'),
    ['pass src/app.ts:4: Only listed origins are let in.'],
  ],
  ['fails: without a list', cors(''), ['fail src/app.ts:4: cors() without a list lets in any origin.']],
  ...(
    [
      ['', 'cors() without a list'],
      ['{ maxAge: 1 }', 'cors() without origin'],
      ['{ origin: true }', 'its default, without an origin,'],
    ] as const
  ).map(
    ([options, what]) =>
      [
        `fails: in Hono, cors(${options})`,
        {
          'src/app.ts': `import { Hono } from 'hono'\nimport { cors } from 'hono/cors'\nconst app = new Hono()\napp.use(cors(${options}))\napp.get('/x', (c) => c.json({}))`,
        },
        [`fail src/app.ts:4: ${what} lets in any origin.`],
      ] as const,
  ),
  ['fails: everybody', cors("{ origin: '*' }"), ['fail src/app.ts:4: cors origin lets in any origin.']],
  [
    'fails: a callback that answers true to all',
    cors('{ origin: (origin, done) => done(null, true), credentials: true }'),
    ['fail src/app.ts:4: cors origin lets in whatever origin asks, with credentials.'],
  ],
  [
    'fails: true is whoever asks',
    cors('{ origin: true }'),
    ['fail src/app.ts:4: cors origin lets in whatever origin asks.'],
  ],
  [
    'fails: a pattern that look-alikes pass',
    cors('{ origin: /example\\.com$/ }'),
    ['fail src/app.ts:4: cors origin lets in origins that only look like a listed one.'],
  ],
  [
    'fails: a callback that looks at the end of the name',
    cors("{ origin: (origin, done) => done(null, origin.endsWith('example.com')) }"),
    ['fail src/app.ts:4: cors origin lets in origins that only look like a listed one.'],
  ],
  [
    'fails: the fallback of a setting',
    cors("{ origin: process.env.ORIGIN || '*' }"),
    ['fail src/app.ts:4: cors origin lets in any origin.'],
  ],
  [
    'fails: by hand',
    express("app.use((req, res, next) => { res.header('Access-Control-Allow-Origin', '*'); next() })"),
    ['fail src/app.ts:3: Access-Control-Allow-Origin by hand lets in any origin.'],
  ],
  [
    'fails: the origin is echoed by hand',
    express("app.use((req, res, next) => { res.header('Access-Control-Allow-Origin', req.headers.origin); next() })"),
    ['fail src/app.ts:3: Access-Control-Allow-Origin by hand lets in whatever origin asks.'],
  ],
  [
    'fails: Socket.IO beside routes that allow nobody',
    express("import { Server } from 'socket.io'", "new Server(app, { cors: { origin: '*' } })", "app.get('/x', x)"),
    ['fail src/app.ts:4: cors of Socket.IO lets in any origin.'],
  ],
  [
    'not proven: made, and put where nobody sees it',
    express("import cors from 'cors'", 'load({ handlers: [cors({ origin: LIST })] })', "app.get('/x', x)"),
    ['not-proven src/app.ts:4: cors() that nothing was seen to use: origins that could not be followed.'],
  ],
  [
    'made, and put on nothing, allows nobody',
    express("import cors from 'cors'", 'const c = cors()', "app.get('/x', x)"),
    ['pass (no CORS setting in 1 file): Nothing allows another origin, so browsers refuse them all.'],
  ],
  [
    'no backend',
    { 'src/app.ts': 'console.log(1)' },
    [
      'not-applicable (1 file read): No backend was found.',
      'not-proven : No backend was found in 1 source file (Express, Fastify, Hono, NestJS, FastAPI, Flask).',
    ],
  ],
])

/** A setting of a schema, and a function that asks it for the origin. */
const setting = (kind: string, schema: string): Parameters<typeof table>[1][number][1] => ({
  'src/app.ts': [
    "import Fastify from 'fastify'; import cors from '@fastify/cors'",
    kind,
    `const config = ${schema}`,
    'const app = Fastify()',
    'await app.register(cors, { origin: (origin, done) => done(null, config.CORS_ORIGIN.includes(origin)) })',
    "app.get('/x', x)",
  ].join('\n'),
})
const TYPEBOX = "import envSchema from 'env-schema'; import { Type } from '@sinclair/typebox'"
const ZOD = "import { z } from 'zod'"
const typebox = (type: string) => setting(TYPEBOX, `envSchema({ schema: Type.Object({ CORS_ORIGIN: ${type} }) })`)
const zod = (type: string) => setting(ZOD, `z.object({ CORS_ORIGIN: ${type} }).parse(process.env)`)
const LOOSE = ['fail src/app.ts:5: @fastify/cors origin lets in origins that only look like a listed one.']
const LISTED = ['pass src/app.ts:5: Only listed origins are let in.']

table('cors', [
  ['fails: a part of a text: env-schema', typebox('Type.String()'), LOOSE],
  ['fails: a part of a text: a JSON Schema', typebox("{ type: 'string', minLength: 1 }"), LOOSE],
  ['fails: a part of a text: zod', zod('z.string().min(1)'), LOOSE],
  ['passes: env-schema takes it apart', typebox("Type.String({ separator: ',' })"), LISTED],
  ['passes: so does what JSON Schema is given', typebox("{ type: 'string', separator: ',' }"), LISTED],
  ['passes: zod takes it apart', zod("z.string().transform((one) => one.split(','))"), LISTED],
])
