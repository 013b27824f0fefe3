/** Limiters that the handler of a login asks in its own text. */
import { express, table } from './judged.ts'

const HEAD = `from fastapi import FastAPI, HTTPException, Request
from .limits import LimitExceeded, RateLimiter, Settings, check_rate_limit, container_of, raise_for
app = FastAPI()
settings = Settings()
`
const LIMITS = `from fastapi import HTTPException
class RateLimitExceeded(Exception): ...
class Settings:
    limits_enabled: bool = True
    attempts_enabled: bool = False
def raise_for(error):
    if isinstance(error, KeyError):
        raise HTTPException(status_code=404)
    if isinstance(error, RateLimitExceeded):
        raise HTTPException(status_code=429)
    raise HTTPException(status_code=400)
`
const CHECK = (
  first: string,
  asks = '        container_of(request).rate_limiter.check(f"{request.client.host}:{key}")',
) => `
def check_rate_limit(request, key):
    ${first}
    try:
${asks}
    except RateLimitExceeded as error:
        raise_for(error)
`

/** The login, whose text begins on line 7 of main.py. */
const login = (lines: readonly string[], limits = '') => ({
  'src/main.py': `${HEAD}@app.post("/login")\ndef login(body: Login, request: Request):\n${lines.map((one) => `    ${one}\n`).join('')}`,
  'src/limits.py': `${LIMITS}${limits}`,
})

const ASK = ['check_rate_limit(request, body.email)', 'return authenticate(body)']
const LIMITED = ['pass src/main.py:5 src/main.py:7: POST /login is limited.']
const UNSURE = ['not-proven src/main.py:7 src/main.py:5: What limits POST /login could not be followed.']
const OPEN = ['fail src/main.py:5: POST /login is not rate limited.']

table('auth-rate-limit', [
  ['passes: a function that asks a limiter and answers 429', login(ASK, CHECK('pass')), LIMITED],
  [
    'passes: its switch is on by default',
    login(ASK, CHECK('if not container_of(request).settings.limits_enabled:\n        return')),
    LIMITED,
  ],
  [
    'fails: its switch is off by default',
    login(ASK, CHECK('if not container_of(request).settings.attempts_enabled:\n        return')),
    ['fail src/limits.py:14 src/main.py:5: The limiter of POST /login never counts.'],
  ],
  [
    'not proven: nothing says what its switch is',
    login(ASK, CHECK('if not container_of(request).settings.other_enabled:\n        return')),
    UNSURE,
  ],
  ['fails: a stub', login(ASK, '\ndef check_rate_limit(request, key):\n    return True\n'), OPEN],
  [
    'passes: the handler answers 429 itself',
    login([
      'if not request.app.state.limiter.allow(body.email): raise HTTPException(status_code=429)',
      'return authenticate(body)',
    ]),
    LIMITED,
  ],
  [
    'passes: the handler looks at the answer',
    login([
      'allowed = request.app.state.limiter.hit(body.email)',
      'if not allowed: raise HTTPException(status_code=429)',
      'return authenticate(body)',
    ]),
    LIMITED,
  ],
  [
    'not proven: a limiter that cannot be followed',
    login(['request.app.state.limiter.check(body.email)', 'return authenticate(body)']),
    UNSURE,
  ],
  [
    'not proven: a function that cannot be followed',
    login(['elsewhere.enforce_rate_limit(body.email)', 'return authenticate(body)']),
    UNSURE,
  ],
  [
    'fails: it is asked when the password was looked at',
    login(['user = authenticate(body)', 'request.app.state.limiter.check(body.email)', 'return user']),
    OPEN,
  ],
  [
    'fails: one that is only made, or set back',
    login(['limiter = get_rate_limiter(request)', 'reset_rate_limit(body.email)', 'return authenticate(body)']),
    OPEN,
  ],
  [
    'fails: what turns any error into its answer is no limiter',
    login(['try:', '    return authenticate(body)', 'except Exception as error:', '    raise_for(error)']),
    OPEN,
  ],
  [
    'fails: nor is a dependency that hands its errors to it',
    {
      'src/main.py':
        `${HEAD}def known(request: Request):\n    try:\n        return read(request)\n    except KeyError as error:\n        raise_for(error)\n@app.post("/login", dependencies=[Depends(known)])\ndef login(body: Login): return authenticate(body)\n`.replace(
          'HTTPException,',
          'Depends, HTTPException,',
        ),
      'src/limits.py': LIMITS,
    },
    ['fail src/main.py:10: POST /login is not rate limited.'],
  ],
  [
    'passes: the same in Flask',
    {
      'src/main.py':
        'from flask import Flask, abort, request\napp = Flask(__name__)\n@app.post("/login")\ndef login():\n    if not limiter.allow(request.json["email"]):\n        abort(429)\n    return authenticate(request.json)\n',
    },
    ['pass src/main.py:3 src/main.py:5: POST /login is limited.'],
  ],
])

const FLEXIBLE = [
  "import { RateLimiterMemory } from 'rate-limiter-flexible'",
  'const limiter = new RateLimiterMemory({ points: 5, duration: 60 })',
]

table('auth-rate-limit', [
  [
    'passes: an Express handler that consumes before it looks at the password',
    express(
      ...FLEXIBLE,
      "app.post('/login', async (req, res) => {",
      '  try { await limiter.consume(req.ip) } catch { return res.status(429).end() }',
      '  res.json(await authenticate(req.body)) })',
    ),
    ['pass src/app.ts:5 src/app.ts:6: POST /login is limited to 5 a minute.'],
  ],
  [
    'not proven: one that comes from somewhere',
    express(
      "app.post('/login', async (req, res) => {",
      '  await req.app.locals.limiter.check(req.ip)',
      '  login(req) })',
    ),
    ['not-proven src/app.ts:4 src/app.ts:3: What limits POST /login could not be followed.'],
  ],
  [
    'fails: it is asked when the password was looked at',
    express(
      ...FLEXIBLE,
      "app.post('/login', async (req, res) => {",
      '  if (!(await bcrypt.compare(req.body.password, hash))) await limiter.consume(req.ip) })',
    ),
    ['fail src/app.ts:5: POST /login is not rate limited.'],
  ],
  [
    'not proven: a limiter that a Nest controller was given',
    {
      'src/main.ts': `import { Controller, Module, Post, Body } from '@nestjs/common'
import { NestFactory } from '@nestjs/core'
@Controller('auth') class A {
  constructor(private readonly limiter: LoginLimiter) {}
  @Post('login') async login(@Body() body: Login) {
    await this.limiter.check(body.email)
    return this.auth.login(body)
  }
}
@Module({ controllers: [A] }) class Root {}
NestFactory.create(Root)`,
    },
    ['not-proven src/main.ts:6 src/main.ts:5: What limits POST /auth/login could not be followed.'],
  ],
])
