import { express, table } from './judged.ts'

const cookie = (options: string) => express(`app.post('/login', (req, res) => { res.cookie('session', id${options}) })`)

table('cookie-flags', [
  [
    'passes: all three',
    cookie(", { httpOnly: true, secure: true, sameSite: 'lax' }"),
    ['pass src/app.ts:3: HttpOnly, Secure and SameSite are set.'],
  ],
  ['fails: none', cookie(''), ['fail src/app.ts:3: A session cookie without HttpOnly, Secure, SameSite.']],
  [
    'fails: one is switched off',
    cookie(", { httpOnly: false, secure: true, sameSite: 'lax' }"),
    ['fail src/app.ts:3: A session cookie without HttpOnly.'],
  ],
  [
    'fails: SameSite none is no SameSite',
    cookie(", { httpOnly: true, secure: true, sameSite: 'none' }"),
    ['fail src/app.ts:3: A session cookie without SameSite.'],
  ],
  [
    'fails: SameSite is none where it is production',
    cookie(", { httpOnly: true, secure: true, sameSite: process.env.NODE_ENV === 'production' ? 'none' : 'lax' }"),
    ['fail src/app.ts:3: A session cookie without SameSite.'],
  ],
  [
    'a cookie that a login elsewhere is begun with is none of the session',
    express("app.get('/google', (req, res) => { res.cookie('google_oauth_state', state, { httpOnly: true }) })"),
    ['not-applicable (none in 1 file): The program sets no session cookie.'],
  ],
  [
    'a cookie that is taken back is none',
    express("app.get('/x', (req, res) => { res.cookie('token', null) })"),
    ['not-applicable (none in 1 file): The program sets no session cookie.'],
  ],
  [
    'passes: each call of a function of its own, with its own name and flags',
    express(
      'const put = (res, name, value, options) => res.cookie(name, value, { secure: true, sameSite: "lax", ...options })',
      "app.post('/login', (req, res) => {",
      "  put(res, 'session', id, { httpOnly: true })",
      "  put(res, 'csrf', other, { httpOnly: false })",
      '})',
    ),
    ['pass src/app.ts:3: HttpOnly, Secure and SameSite are set.'],
  ],
  [
    'passes: the same in Python, where a token is nothing until there is one',
    {
      'main.py': [
        'from fastapi import FastAPI, Response',
        'app = FastAPI()',
        'class Tokens:',
        '    refresh: str | None = None',
        'class Jar:',
        '    def apply(self, response: Response, tokens: Tokens):',
        '        self.put(response, "refresh_token", tokens.refresh, httponly=True)',
        '        self.put(response, "csrf_token", "x", httponly=False)',
        '    def put(self, response: Response, key: str, value: str, *, httponly: bool):',
        '        response.set_cookie(key=key, value=value, secure=True, httponly=httponly)',
        '@app.post("/login")',
        'def login(response: Response):',
        '    Jar().apply(response, Tokens())',
      ].join('\n'),
    },
    ['pass main.py:10: HttpOnly, Secure and SameSite are set.'],
  ],
  [
    'passes: options that stand elsewhere',
    express(
      "const FLAGS = { httpOnly: true, secure: true, sameSite: 'strict' } as const",
      "app.post('/login', (req, res) => { res.cookie('session', id, { ...FLAGS, maxAge: 900 }) })",
    ),
    ['pass src/app.ts:4: HttpOnly, Secure and SameSite are set.'],
  ],
  [
    'passes: secure where it is production',
    cookie(", { httpOnly: true, secure: process.env.NODE_ENV === 'production', sameSite: 'lax' }"),
    ['pass src/app.ts:3: HttpOnly, Secure and SameSite are set.'],
  ],
  [
    'a cookie of the page is none of the session',
    express("app.get('/x', (req, res) => { res.cookie('theme', 'dark') })"),
    ['not-applicable (none in 1 file): The program sets no session cookie.'],
  ],
  [
    'nor is one that only says that somebody is logged in',
    express("app.get('/x', (req, res) => { res.cookie('is_authorized', 'true') })"),
    ['not-applicable (none in 1 file): The program sets no session cookie.'],
  ],
  [
    'nor is one against forged requests, which scripts are to read',
    express("app.get('/x', (req, res) => { res.cookie('csrf_token', token, { sameSite: 'lax' }) })"),
    ['not-applicable (none in 1 file): The program sets no session cookie.'],
  ],
  [
    'fails: express-session without secure',
    express("import session from 'express-session'", 'app.use(session({ secret: process.env.KEY }))'),
    ['fail src/app.ts:4: A session cookie without Secure, SameSite.'],
  ],
])

const fastify = (cookie: string) => ({
  'src/app.ts': `import Fastify from 'fastify'\nimport session from '@fastify/session'\nconst app = Fastify()\napp.register(session, { secret, cookie: ${cookie} })`,
})

const flask = (...settings: readonly string[]) => ({
  'main.py': ['from flask import Flask', 'app = Flask(__name__)', ...settings].join('\n'),
})

table('cookie-flags', [
  [
    "passes: Fastify's session",
    fastify("{ sameSite: 'lax' }"),
    ['pass src/app.ts:4: HttpOnly, Secure and SameSite are set.'],
  ],
  [
    "fails: Fastify's session, without TLS",
    fastify("{ sameSite: 'lax', secure: false }"),
    ['fail src/app.ts:4: A session cookie without Secure.'],
  ],
  [
    "passes: Flask's session",
    flask('app.config.update(SESSION_COOKIE_SECURE=True)'),
    ['pass main.py:3: HttpOnly, Secure and SameSite are set.'],
  ],
  [
    "fails: Flask's session, without TLS",
    flask('app.config["SESSION_COOKIE_SECURE"] = False'),
    ['fail main.py:3: A session cookie without Secure.'],
  ],
  [
    "fails: Flask's session, for scripts",
    flask('class Config:', '    SESSION_COOKIE_HTTPONLY = False'),
    ['fail main.py:4: A session cookie without HttpOnly.'],
  ],
  [
    "fails: Flask's session, of which all is said but that it needs TLS",
    flask('app.config.update(SESSION_COOKIE_HTTPONLY=True, SESSION_COOKIE_SAMESITE="Lax")'),
    [
      'fail main.py:3: A session cookie without Secure.',
      'pass main.py:3: HttpOnly, Secure and SameSite are set.',
      'pass main.py:3: HttpOnly, Secure and SameSite are set.',
    ],
  ],
  [
    'fails: the cookies of flask-jwt-extended, as they are by themselves',
    flask('app.config["JWT_TOKEN_LOCATION"] = ["headers", "cookies"]'),
    ['fail main.py:3: A session cookie without Secure.'],
  ],
  [
    'passes: they need TLS',
    flask('app.config["JWT_TOKEN_LOCATION"] = "cookies"', 'app.config["JWT_COOKIE_SECURE"] = not app.debug'),
    ['pass main.py:4: HttpOnly, Secure and SameSite are set.'],
  ],
  [
    'not applicable: its tokens come in a header',
    flask('app.config["JWT_TOKEN_LOCATION"] = ["headers"]'),
    ['not-applicable (none in 1 file): The program sets no session cookie.'],
  ],
  ...(
    [
      ['flask', ', samesite="Lax"', 'pass main.py:3: HttpOnly, Secure and SameSite are set.'],
      ['flask', '', 'fail main.py:3: A session cookie without SameSite.'],
      ['flask', ', **FLAGS', 'pass main.py:3: HttpOnly, Secure and SameSite are set.'],
      ['fastapi', '', 'pass main.py:3: HttpOnly, Secure and SameSite are set.'],
      ['fastapi', ', samesite="none"', 'fail main.py:3: A session cookie without SameSite.'],
      ['fastapi', ', samesite=None', 'fail main.py:3: A session cookie without SameSite.'],
      ['fastapi', ', samesite=settings.same_site', 'pass main.py:3: HttpOnly, Secure and SameSite are set.'],
    ] as const
  ).map(
    ([framework, options, said]) =>
      [
        `set_cookie of ${framework}: ${options}`,
        {
          'main.py': [
            `from ${framework} import Response`,
            'def log_in(response: Response):',
            `  response.set_cookie("session", make(), httponly=True, secure=True${options})`,
          ].join('\n'),
          'requirements.txt': framework,
        },
        [said],
      ] as const,
  ),
  [
    "not applicable: Flask's session while developing",
    flask('class DevelopmentConfig:', '    SESSION_COOKIE_SECURE = False'),
    ['not-applicable (none in 1 file): The program sets no session cookie.'],
  ],
])

const starlette = (options: string) => ({
  'main.py': `from fastapi import FastAPI\nfrom starlette.middleware.sessions import SessionMiddleware\napp = FastAPI()\napp.add_middleware(SessionMiddleware, secret_key=KEY${options})`,
})

table('cookie-flags', [
  [
    "passes: Starlette's session",
    starlette(', https_only=True'),
    ['pass main.py:4: HttpOnly, Secure and SameSite are set.'],
  ],
  [
    "fails: Starlette's session, as it is by itself",
    starlette(''),
    ['fail main.py:4: A session cookie without Secure.'],
  ],
  [
    "fails: Starlette's session, from any site",
    starlette(', https_only=True, same_site="none"'),
    ['fail main.py:4: A session cookie without SameSite.'],
  ],
])
