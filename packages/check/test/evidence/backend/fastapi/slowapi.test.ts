import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { readFastapi } from '../../../../src/evidence/backend/fastapi/index.ts'
import { envOf, readingOf, type Sources } from '../../sources.ts'

const HEAD = `import os
from fastapi import FastAPI, Request
from pydantic_settings import BaseSettings
from slowapi import Limiter
from slowapi.util import get_remote_address
class Settings(BaseSettings):
    limits: bool = False
    wanted: bool = True
    environment: str = "development"
    testing: bool = False
    needed: bool
settings = Settings()
`

interface Around {
  readonly env?: Readonly<Record<string, string>>
  readonly file?: string
}

/** `5 on`: how many in a minute, and whether it counts. */
const limits = (sources: Sources, { env = {}, file = '.env' }: Around = {}): readonly string[] =>
  readFastapi(readingOf(sources, { env: envOf(env, file) }), []).routes.flatMap(({ limiters }) =>
    limiters.map(({ perMinute, off }) => `${perMinute} ${off === undefined ? 'on' : `off by ${off.text}`}`),
  )

const app = (made: string, after = '') => ({
  'main.py': `${HEAD}limiter = Limiter(key_func=get_remote_address${made})\n${after}\napp = FastAPI()\n@app.post("/login")\n@limiter.limit("5/minute")\nasync def login(request: Request): ...`,
})

describe('a limiter that a setting switches', () => {
  const table: readonly (readonly [enabled: string, state: 'on' | 'off', around?: Around])[] = [
    ['False', 'off'],
    ['True', 'on'],
    ['settings.limits', 'off'],
    ['settings.limits', 'on', { env: { LIMITS: 'true' } }],
    ['settings.limits', 'off', { env: { LIMITS: 'no' } }],
    ['settings.limits', 'on', { env: { LIMITS: 'true' }, file: '.env.example' }],
    ['settings.wanted', 'on'],
    ['settings.wanted', 'off', { env: { WANTED: '0' } }],
    ['settings.wanted', 'on', { env: { WANTED: '0' }, file: '.env.example' }],
    ['settings.needed', 'on'],
    ['settings.needed', 'off', { env: { NEEDED: '0' }, file: '.env.example' }],
    ['not settings.testing', 'on'],
    ['not settings.wanted', 'off'],
    ['settings.environment == "production"', 'on'],
    ['settings.environment != "testing"', 'on'],
    ['os.getenv("LIMITS", "false").lower() == "true"', 'off'],
    ['os.getenv("LIMITS", "false").lower() == "true"', 'on', { env: { LIMITS: 'True' } }],
    ['os.getenv("LIMITS", "1") in ("1", "true")', 'on'],
    ['os.getenv("LIMITS", "0") in ("1", "true")', 'off'],
    // Without a default it is None, which is no word; without os.environ[…] the program does not start.
    ['os.getenv("LIMITS") == "1"', 'off'],
    ['os.getenv("LIMITS")', 'off'],
    ['os.environ.get("LIMITS") in ("1", "true")', 'off'],
    ['os.getenv("LIMITS") == "1"', 'on', { env: { LIMITS: '1' } }],
    ['os.getenv("LIMITS") == "1"', 'on', { env: { LIMITS: '1' }, file: '.env.example' }],
    ['os.environ["LIMITS"] == "1"', 'on'],
    ['bool(settings.limits)', 'off'],
    ['bool(something())', 'on'],
    ['bool(os.getenv("LIMITS", ""))', 'off'],
    // Any text that is not empty is true to Python.
    ['bool(os.getenv("LIMITS", "false"))', 'on'],
  ]
  for (const [enabled, state, around] of table)
    test(`${enabled} ${JSON.stringify(around?.env ?? {})} ${around?.file ?? ''}`, () => {
      const expected =
        state === 'on' ? '5 on' : `5 off by limiter = Limiter(key_func=get_remote_address, enabled=${enabled})`
      assert.deepEqual(limits(app(`, enabled=${enabled}`), around), [expected])
    })

  test('by a name of its own, and afterwards', () => {
    const named = app(', enabled=ON')['main.py'].replace(
      'limiter =',
      'ON = os.getenv("LIMITS", "no") == "yes"\nlimiter =',
    )
    assert.deepEqual(limits({ 'main.py': named }), [
      '5 off by limiter = Limiter(key_func=get_remote_address, enabled=ON)',
    ])
    assert.deepEqual(limits(app('', 'limiter.enabled = settings.limits')), [
      '5 off by limiter.enabled = settings.limits',
    ])
    assert.deepEqual(limits(app('', 'if settings.testing:\n    limiter.enabled = False')), ['5 on'])
    assert.deepEqual(limits(app('', 'if os.getenv("PYTEST"):\n    limiter.enabled = False')), ['5 on'])
  })
})

test("a decorator of the project's own that puts it on", () => {
  const wrapped = (enabled: string) => ({
    'limits.py': `${HEAD}_limiter = None
def get_limiter():
    global _limiter
    if _limiter is not None:
        return _limiter
    _limiter = Limiter(key_func=get_remote_address, enabled=${enabled})
    return _limiter
def limited(rate: str):
    limiter = get_limiter()
    def decorator(handler):
        inner = limiter.limit(rate)(handler)
        async def wrapper(*args, **kwargs):
            return await inner(*args, **kwargs)
        return wrapper
    return decorator`,
    'main.py':
      'from fastapi import FastAPI, Request\nfrom limits import limited\nclass Rates:\n    LOGIN = "3/minute"\napp = FastAPI()\n@app.post("/login")\n@limited(Rates.LOGIN)\nasync def login(request: Request): ...',
  })
  assert.deepEqual(limits(wrapped('settings.limits')), [
    '3 off by _limiter = Limiter(key_func=get_remote_address, enabled=settings.limits)',
  ])
  assert.deepEqual(limits(wrapped('True')), ['3 on'])
})

describe('what it counts by', () => {
  const keys: readonly (readonly [key: string, expected: string])[] = [
    ['get_remote_address', 'client'],
    ['lambda r: r.client.host', 'client'],
    ['lambda r: r.client.host + r.headers.get("user-agent", "")', 'written'],
    ['lambda r: f"{r.client.host}:{r.headers[\'x-device-id\']}"', 'written'],
    ['lambda request: request.cookies.get("sid") or get_remote_address(request)', 'written'],
    ['lambda request: request.query_params.get("client") or get_remote_address(request)', 'written'],
    ['lambda request: request.headers.get("x-api-key") or get_remote_address(request)', 'unknown'],
    ['lambda request: session(request.cookies.get("sid")) or get_remote_address(request)', 'client'],
    ['lambda request: request.state.user.id', 'identity'],
  ]
  for (const [key, expected] of keys)
    test(key, () => {
      const [route] = readFastapi(
        readingOf({ 'main.py': app('')['main.py'].replace('get_remote_address)', `${key})`) }),
        [],
      ).routes
      assert.deepEqual(
        route?.limiters.map((one) => one.key.kind),
        [expected],
      )
    })
})

test('one that everybody is exempt from never counts', () => {
  const when = (exempt: string) => ({
    'main.py': app('')['main.py'].replace('"5/minute"', `"5/minute", exempt_when=${exempt}`),
  })
  assert.deepEqual(limits(when('lambda: True')), ['5 off by @limiter.limit("5/minute", exempt_when=lambda: True)'])
  assert.deepEqual(limits(when('lambda: settings.testing')), ['5 on'])
  assert.deepEqual(limits(when('is_internal')), ['5 on'])
  for (const [asked, state] of [
    ['not settings.limits', 'off'],
    ['not settings.wanted', 'on'],
    ['os.getenv("LIMITS") != "on"', 'off'],
    ['os.getenv("LIMITS", "false").lower() != "true"', 'off'],
    ['os.getenv("LIMITS", "true").lower() != "true"', 'on'],
    ['settings.environment != "production"', 'on'],
  ] as const) {
    const [found = ''] = limits(when(`lambda: ${asked}`))
    assert.equal(found.split(' ')[1], state, asked)
  }
})

test('one that is made first, and named above its routes', () => {
  const named = (made: string) => ({
    'limits.py': `from slowapi import Limiter\nfrom slowapi.util import get_remote_address\nlimiter = Limiter(key_func=get_remote_address)\nlogins = ${made}`,
    'main.py':
      'from fastapi import FastAPI, Request\nimport limits\nfrom limits import logins\napp = FastAPI()\n@app.post("/login")\n@logins\nasync def login(request: Request): ...\n@app.post("/token")\n@limits.logins\nasync def token(request: Request): ...',
  })
  assert.deepEqual(limits(named('limiter.shared_limit("5/minute", scope="logins")')), ['5 on', '5 on'])
  assert.deepEqual(limits(named('limiter.limit("7/minute")')), ['7 on', '7 on'])
  assert.deepEqual(limits(named('wrapped("7/minute")')), [])
})
