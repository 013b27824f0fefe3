/** Limiters that stand before the login and refuse nobody, with the twins that do. */
import { express, type Files, table } from './judged.ts'

const MADE = "import { rateLimit } from 'express-rate-limit'"
const expressWith = (limiter: string): Files =>
  express(MADE, `const slow = ${limiter}`, "app.post('/login', slow, login)")
const withOption = (option: string): Files => expressWith(`rateLimit({ windowMs: 60_000, ${option} })`)
const NEVER = ['fail src/app.ts:4 src/app.ts:5: The limiter of POST /login never counts.']
const OFF = ['fail src/app.ts:5 src/app.ts:5: The limiter of POST /login never counts.']
const passes = (rate = '10') => [`pass src/app.ts:5 src/app.ts:4: POST /login is limited to ${rate} a minute.`]
const lets = (count: string) => [
  `fail src/app.ts:4 src/app.ts:5: The limit of POST /login lets ${count} tries a minute through.`,
]

table('auth-rate-limit', [
  ['fails: without an end', withOption('max: Infinity'), lets('any number of')],
  ['fails: the greatest number there is', withOption('limit: Number.MAX_SAFE_INTEGER'), lets('any number of')],
  ['fails: a function that says far too many', withOption('limit: async () => 5000'), lets('5000')],
  ['passes: one that says a few, to each their own', withOption('limit: (req) => (req.user ? 20 : 5)'), passes('20')],
  ['fails: a key that is new each time', withOption('limit: 10, keyGenerator: () => crypto.randomUUID()'), NEVER],
  [
    'fails: the moment beside the address',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: the text of another program
    withOption('limit: 10, keyGenerator: (req) => { const now = Date.now(); return `${req.ip}:${now}` }'),
    NEVER,
  ],
  [
    'passes: the minute beside the address',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: the text of another program
    withOption('limit: 10, keyGenerator: (req) => `${req.ip}:${Math.floor(Date.now() / 60_000)}`'),
    passes(),
  ],
  ['fails: skipped in production', withOption("limit: 10, skip: () => process.env.NODE_ENV === 'production'"), NEVER],
  ['passes: skipped in tests', withOption("limit: 10, skip: () => process.env.NODE_ENV === 'test'"), passes()],
  [
    'passes: skipped in production on one path',
    withOption("limit: 10, skip: (req) => process.env.NODE_ENV === 'production' && req.path === '/health'"),
    passes(),
  ],
  ['fails: the login is left out', withOption("limit: 10, skip: (req) => req.path === '/login'"), NEVER],
  ['fails: all but what reads is left out', withOption("limit: 10, skip: (req) => req.method !== 'GET'"), NEVER],
  ['fails: whoever sends a header', withOption("limit: 10, skip: (req) => req.get('x-internal') !== undefined"), NEVER],
  ['passes: what reads is left out', withOption("limit: 10, skip: (req) => req.method === 'GET'"), passes()],
  ['passes: another path', withOption("limit: 10, skip: ({ path }) => path === '/health'"), passes()],
  [
    'passes: the login is left out for an address',
    withOption("limit: 10, skip: (req) => req.path === '/login' && req.ip === '10.0.0.1'"),
    passes(),
  ],
  [
    'fails: what is below where it is mounted',
    express(
      MADE,
      "app.use('/auth', rateLimit({ windowMs: 60_000, limit: 10, skip: (req) => req.path.startsWith('/log') }))",
      "app.post('/auth/login', login)",
    ),
    ['fail src/app.ts:4 src/app.ts:5: The limiter of POST /auth/login never counts.'],
  ],
  [
    'passes: it knows the path from there only',
    express(
      MADE,
      "app.use('/auth', rateLimit({ windowMs: 60_000, limit: 10, skip: (req) => req.path.startsWith('/auth/log') }))",
      "app.post('/auth/login', login)",
    ),
    ['pass src/app.ts:5 src/app.ts:4: POST /auth/login is limited to 10 a minute.'],
  ],
  [
    'fails: the login is left out, below Fastify',
    {
      'src/app.ts':
        "import Fastify from 'fastify'\nimport slow from '@fastify/rate-limit'\nconst app = Fastify()\nawait app.register(slow, { max: 10, allowList: (request) => request.url.startsWith('/login') })\napp.post('/login', login)",
    },
    NEVER,
  ],
  [
    'fails: the login is left out, below Hono',
    {
      'src/app.ts':
        "import { Hono } from 'hono'\nimport { rateLimiter } from 'hono-rate-limiter'\nconst app = new Hono()\napp.use(rateLimiter({ windowMs: 60_000, limit: 10, keyGenerator, skip: (c) => c.req.path === '/login' }))\napp.post('/login', login)",
    },
    NEVER,
  ],
  [
    'fails: a new one for each request',
    expressWith('(req, res, next) => rateLimit({ windowMs: 60_000, limit: 10 })(req, res, next)'),
    NEVER,
  ],
  [
    'passes: what it counts is kept outside',
    expressWith('(req, res, next) => rateLimit({ windowMs: 60_000, limit: 10, store })(req, res, next)'),
    passes(),
  ],
  [
    'fails: one way of a choice that nobody makes',
    expressWith("process.env.LIMIT === 'on' ? rateLimit({ windowMs: 60_000, limit: 10 }) : (req, res, next) => next()"),
    OFF,
  ],
  [
    'passes: one way of a choice, in production',
    expressWith(
      "process.env.NODE_ENV === 'production' ? rateLimit({ windowMs: 60_000, limit: 10 }) : (req, res, next) => next()",
    ),
    passes(),
  ],
])

const fastify = (options: string): Files => ({
  'src/app.ts': `import Fastify from 'fastify'
import limit from '@fastify/rate-limit'
const app = Fastify()
await app.register(limit, { timeWindow: 60_000, ${options} })
app.post('/login', login)`,
})
const hono = (options: string): Files => ({
  'src/app.ts': `import { Hono } from 'hono'
import { rateLimiter } from 'hono-rate-limiter'
const app = new Hono()
app.use('/login', rateLimiter({ windowMs: 60_000, ${options} }))
app.post('/login', login)`,
})

table('auth-rate-limit', [
  ['fails: Fastify’s without an end', fastify('max: Infinity'), lets('any number of')],
  ['fails: Fastify’s that says far too many', fastify('max: () => 5000'), lets('5000')],
  ['fails: Fastify’s by a key that is new each time', fastify('max: 10, keyGenerator: () => nanoid()'), NEVER],
  ['passes: Fastify’s', fastify('max: async () => 10, keyGenerator: (request) => request.ip'), passes()],
  ['fails: Hono’s without an end', hono('limit: Infinity, keyGenerator: address'), lets('any number of')],
  ['fails: Hono’s by a key that is new each time', hono('limit: 10, keyGenerator: () => String(Math.random())'), NEVER],
  ['passes: Hono’s', hono('limit: () => 10, keyGenerator: address'), passes()],
])

const slowapi = (made: string, limit = '"5/minute"'): Files => ({
  'app.py': `import secrets, time, uuid
from fastapi import FastAPI, Request
from slowapi import Limiter
from slowapi.util import get_remote_address
limiter = Limiter(key_func=${made})
app = FastAPI()
@app.post("/login")
@limiter.limit(${limit})
def login(request: Request): ...`,
})
const flask = (key: string): Files => ({
  'app.py': `import uuid
from flask import Flask, request
from flask_limiter import Limiter
app = Flask(__name__)
limiter = Limiter(${key}, app=app)
@app.post("/login")
@limiter.limit("5/minute")
def login(): ...`,
})
const FRESH = 'lambda request: str(uuid.uuid4())'
const slowly = (lines: string) => [`pass ${lines}: POST /login is limited to 5 a minute.`]
const never = (lines: string) => [`fail ${lines}: The limiter of POST /login never counts.`]

table('auth-rate-limit', [
  ['fails: slowapi’s by a key that is new each time', slowapi(FRESH), never('app.py:5 app.py:7')],
  ['fails: in hex', slowapi('lambda request: uuid.uuid4().hex'), never('app.py:5 app.py:7')],
  ['fails: one of secrets', slowapi('lambda r: secrets.token_hex(8)'), never('app.py:5 app.py:7')],
  ['fails: the moment', slowapi('lambda r: f"{r.client.host}{time.time()}"'), never('app.py:5 app.py:7')],
  [
    'fails: a key of its own that is new each time',
    slowapi('get_remote_address', `"5/minute", key_func=${FRESH}`),
    never('app.py:8 app.py:7'),
  ],
  ['passes: slowapi’s', slowapi('get_remote_address'), slowly('app.py:7 app.py:8')],
  [
    'fails: flask-limiter’s by a key that is new each time',
    flask('lambda: uuid.uuid4().hex'),
    never('app.py:5 app.py:6'),
  ],
  ['passes: flask-limiter’s', flask('lambda: request.remote_addr'), slowly('app.py:6 app.py:7')],
])
