import { express, table } from './judged.ts'

const LIMIT = "import rateLimit from 'express-rate-limit'"

table('auth-rate-limit', [
  [
    'passes: a limiter before the login',
    express(LIMIT, 'const slow = rateLimit({ windowMs: 60_000, limit: 10 })', "app.post('/login', slow, login)"),
    ['pass src/app.ts:5 src/app.ts:4: POST /login is limited to 10 a minute.'],
  ],
  [
    'passes: one for the whole application',
    express(LIMIT, 'app.use(rateLimit({ windowMs: 15 * 60 * 1000, max: 150 }))', "app.post('/auth/login', login)"),
    ['pass src/app.ts:5 src/app.ts:4: POST /auth/login is limited to 10 a minute.'],
  ],
  [
    'passes: a limiter of the project’s own that answers 429',
    express(
      'const slow = (req, res, next) => { if (count(req.ip) > 10) return res.sendStatus(429); next() }',
      "app.post('/login', slow, login)",
    ),
    ['pass src/app.ts:4 src/app.ts:3: POST /login is limited.'],
  ],
  [
    'fails: none, in what a compiler made',
    {
      'package.json': '{"dependencies":{"express":"5"}}',
      'lib/app.js': [
        'const __importDefault = (mod) => (mod && mod.__esModule ? mod : { default: mod })',
        'const express_1 = __importDefault(require("express"))',
        'const app = (0, express_1.default)()',
        'app.post("/login", login)',
      ].join('\n'),
    },
    ['fail lib/app.js:4: POST /login is not rate limited.'],
  ],
  ['fails: none', express("app.post('/login', login)"), ['fail src/app.ts:3: POST /login is not rate limited.']],
  [
    'fails: it is put on after the route that it is for',
    express(LIMIT, "app.post('/login', login)", 'app.use(rateLimit({ windowMs: 60_000, limit: 10 }))'),
    ['fail src/app.ts:4: POST /login is not rate limited.'],
  ],
  [
    'fails: it is made and put on nothing',
    express(LIMIT, 'const slow = rateLimit({ windowMs: 60_000, limit: 10 })', "app.post('/login', login)"),
    ['fail src/app.ts:5: POST /login is not rate limited.'],
  ],
  [
    'fails: it stands on other paths',
    express(LIMIT, "app.use('/api', rateLimit({ windowMs: 60_000, limit: 10 }))", "app.post('/auth/login', login)"),
    ['fail src/app.ts:5: POST /auth/login is not rate limited.'],
  ],
  [
    'fails: it stands on a path that only begins alike',
    express(LIMIT, "app.use('/log', rateLimit({ windowMs: 60_000, limit: 10 }))", "app.post('/login', login)"),
    ['fail src/app.ts:5: POST /login is not rate limited.'],
  ],
  [
    'fails: it never counts',
    express(
      LIMIT,
      'app.use(rateLimit({ windowMs: 60_000, limit: 10, skip: () => true }))',
      "app.post('/login', login)",
    ),
    ['fail src/app.ts:4 src/app.ts:5: The limiter of POST /login never counts.'],
  ],
  [
    'fails: so many in a minute is no limit on passwords',
    express(LIMIT, 'app.use(rateLimit({ windowMs: 1000, limit: 100 }))', "app.post('/login', login)"),
    ['fail src/app.ts:4 src/app.ts:5: The limit of POST /login lets 6000 tries a minute through.'],
  ],
  [
    'passes: the login has a narrower one than the rest',
    express(
      LIMIT,
      'app.use(rateLimit({ windowMs: 1000, limit: 100 }))',
      "app.post('/login', rateLimit({ windowMs: 60_000, limit: 5 }), login)",
    ),
    ['pass src/app.ts:5 src/app.ts:5: POST /login is limited to 5 a minute.'],
  ],
  [
    'what ends a session, or renews it, is no login',
    express("app.post('/logout', logout)", "app.post('/auth/refresh', refresh)"),
    ['not-applicable (2 routes read): No route checks a credential.'],
  ],
  [
    'not proven: passwords are checked somewhere that no route leads to, and a package that limits is imported',
    express(
      "import { RateLimiterRedis } from 'rate-limiter-flexible'",
      'const f = (a, b) => bcrypt.compareSync(a, b)',
      "app.get('/x', x)",
    ),
    ['not-proven src/app.ts:4: Passwords are checked, and the route that leads there could not be found.'],
  ],
  [
    'fails: passwords are checked somewhere that no route leads to',
    express('const f = (a, b) => bcrypt.compareSync(a, b)', "app.get('/x', x)"),
    ['fail src/app.ts:3 (no limiter in 1 file): Passwords are checked, and there is no limiter in the program.'],
  ],
])

const flask = (...settings: readonly string[]) => ({
  'main.py': [
    'from flask import Flask, request',
    'from flask_limiter import Limiter',
    'from flask_limiter.util import get_remote_address',
    'app = Flask(__name__)',
    'limiter = Limiter(get_remote_address, app=app)',
    ...settings,
    '@app.post("/login")',
    '@limiter.limit("5/minute")',
    'def login():',
    '    return check(request.json["password"])',
  ].join('\n'),
})

table('auth-rate-limit', [
  ['passes: Flask', flask(), ['pass main.py:6 main.py:7: POST /login is limited to 5 a minute.']],
  [
    'fails: Flask, by a setting that takes every limit off',
    flask('app.config["RATELIMIT_ENABLED"] = False'),
    ['fail main.py:6 main.py:7: The limiter of POST /login never counts.'],
  ],
])

const flexible = (asked: string) =>
  express(
    "import { RateLimiterMemory } from 'rate-limiter-flexible'",
    'const tries = new RateLimiterMemory({ points: 5, duration: 60 })',
    `const limited = async (req, res, next) => { try { ${asked} } catch { return res.sendStatus(429) } next() }`,
    "app.post('/login', limited, (req, res) => res.json(check(req.body.password)))",
  )

table('auth-rate-limit', [
  [
    'passes: rate-limiter-flexible',
    flexible('await tries.consume(req.ip)'),
    ['pass src/app.ts:6 src/app.ts:5: POST /login is limited to 5 a minute.'],
  ],
  ...(
    [
      ['limit(5000)', 'fail src/app.ts:5 src/app.ts:8: The limit of POST /login lets 4000 tries a minute through.'],
      ['limit(5)', 'pass src/app.ts:8 src/app.ts:5: POST /login is limited to 5 a minute.'],
      ['limit(process.env.TRIES)', 'pass src/app.ts:8 src/app.ts:5: POST /login is limited.'],
    ] as const
  ).map(
    ([made, said]) =>
      [
        `rate-limiter-flexible, which a function makes of what it is told, beside another of it: ${made}`,
        express(
          "import { RateLimiterMemory } from 'rate-limiter-flexible'",
          'const limit = (points) => { const tries = new RateLimiterMemory({ points, duration: 60 })',
          '  return (req, res, next) => tries.consume(req.ip).then(() => next(), () => res.sendStatus(429)) }',
          'app.use(limit(4000))',
          `const credentials = ${made}`,
          "app.post('/login', credentials, (req, res) => res.json(check(req.body.password)))",
        ),
        [said],
      ] as const,
  ),
  [
    'fails: rate-limiter-flexible, whose answer nobody waits for',
    flexible('tries.consume(req.ip)'),
    ['fail src/app.ts:5 src/app.ts:6: The limiter of POST /login never counts.'],
  ],
])
