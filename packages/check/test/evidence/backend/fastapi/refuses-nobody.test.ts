import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import { readFastapi } from '../../../../src/evidence/backend/fastapi/index.ts'
import { Evaluator, Program } from '../../../../src/evidence/source/index.ts'
import { openPython } from '../../../../src/evidence/source/python.ts'
import type { Module } from '../../../../src/evidence/source/tree.ts'

let parse: (file: string, text: string) => Module
before(async () => {
  parse = await openPython()
})

/** What covers the one route of an application with these dependencies. */
const guardOf = (source: string, dependency: string): string | undefined => {
  const text = `
import os
import jwt
from fastapi import Depends, FastAPI, Header, HTTPException, Request
from fastapi.responses import JSONResponse, RedirectResponse
from fastapi.security import OAuth2PasswordBearer
oauth2 = OAuth2PasswordBearer(tokenUrl="login")
${source}
app = FastAPI(dependencies=[Depends(${dependency})])
@app.get("/notes")
def notes(): ...
`
  const program = new Program([parse('main.py', text)], {
    files: new Set(['main.py']),
    aliases: [],
    packages: new Map(),
  })
  return readFastapi({ program, evaluator: new Evaluator(program), env: new Map() }, []).routes[0]?.guard
}

const decoded = (failed: string): string => `
def current_user(token: str = Depends(oauth2)):
    try:
        payload = jwt.decode(token, os.environ["K"], algorithms=["HS256"])
    except jwt.PyJWTError:
        ${failed}
    return payload["sub"]
`

const logged = (failed: string): string => `
def current_user(request: Request):
    user = request.session.get("user")
    if not user:
        ${failed}
    return user
`

test('what a dependency returns is its handler’s argument, and no answer', () => {
  for (const failed of [
    'return JSONResponse({"detail": "no"}, status_code=401)',
    'return HTTPException(status_code=401)',
    'return {"detail": "no"}, 401',
  ]) {
    assert.equal(guardOf(decoded(failed), 'current_user'), 'none', failed)
    assert.equal(guardOf(logged(failed), 'current_user'), 'none', failed)
  }
  assert.equal(guardOf(logged('return RedirectResponse("/login")'), 'current_user'), 'none')
  for (const failed of ['raise HTTPException(status_code=401)', 'raise HTTPException(401, "no")']) {
    assert.equal(guardOf(decoded(failed), 'current_user'), 'global', failed)
    assert.equal(guardOf(logged(failed), 'current_user'), 'global', failed)
  }
})

test('an exception that is made and not raised refuses nobody', () => {
  assert.equal(guardOf(logged('HTTPException(status_code=401)'), 'current_user'), 'none')
})

test('a factory of guards is none until it is called', () => {
  const factory = `
def require_user():
    def check(authorization: str = Header()):
        try:
            return jwt.decode(authorization[7:], os.environ["K"], algorithms=["HS256"])
        except jwt.PyJWTError:
            raise HTTPException(401)
    return check
`
  assert.equal(guardOf(factory, 'require_user'), 'none')
  assert.equal(guardOf(factory, 'require_user()'), 'global')
  // What it depends on has refused before it gives back anything.
  const asks = `${decoded('raise HTTPException(401)')}
def mailer(user: str = Depends(current_user)):
    def send(text): ...
    return send
`
  assert.equal(guardOf(asks, 'mailer'), 'global')
})

test('a guard that stands back until somebody sets its key is none', () => {
  const keyed = (key: string): string => `
KEY = ${key}
def check(x_api_key: str | None = Header(default=None)):
    if KEY and x_api_key != KEY:
        raise HTTPException(401)
`
  assert.equal(guardOf(keyed('os.getenv("API_KEY")'), 'check'), 'none')
  assert.equal(guardOf(keyed('os.environ["API_KEY"]'), 'check'), 'global')
})

test('a guard that stands back without a key that is always set is one', () => {
  const keyed = (key: string): string => `
API_KEY = ${key}
def check(x_api_key: str = Header()):
    if not API_KEY:
        return
    if x_api_key != API_KEY:
        raise HTTPException(401)
`
  assert.equal(guardOf(keyed('os.environ["API_KEY"]'), 'check'), 'global')
  assert.equal(guardOf(keyed('os.getenv("API_KEY")'), 'check'), 'none')
})

test('a guard that compares nothing with nothing is none until somebody sets its key', () => {
  const keyed = (key: string, parameter: string, ...before: readonly string[]): string => `
${before.join('\n')}
KEY = ${key}
def check(x_api_key: ${parameter}):
    if x_api_key != KEY:
        raise HTTPException(401)
    return x_api_key
`
  const unset = 'os.getenv("API_KEY")'
  const optional = 'str | None = Header(None)'
  assert.equal(guardOf(keyed(unset, optional), 'check'), 'none')
  assert.equal(guardOf(keyed('os.environ.get("API_KEY")', 'Annotated[str | None, Header()] = None'), 'check'), 'none')
  assert.equal(
    guardOf(
      keyed(unset, 'str = Security(scheme)', 'scheme = APIKeyHeader(name="X-Api-Key", auto_error=False)'),
      'check',
    ),
    'none',
  )
  // The other is always there: the framework refuses, the program does not start, or its empty text is not None.
  assert.equal(guardOf(keyed(unset, 'str = Header()'), 'check'), 'global')
  assert.equal(guardOf(keyed('os.environ["API_KEY"]', optional), 'check'), 'global')
  assert.equal(guardOf(keyed('os.getenv("API_KEY", "")', optional), 'check'), 'global')
  assert.equal(
    guardOf(`${keyed(unset, optional)}if KEY is None:\n    raise RuntimeError("no key")\n`, 'check'),
    'global',
  )
})

test('what is put in the place of a dependency answers for it', () => {
  const overridden = (...after: readonly string[]): string =>
    [decoded('raise HTTPException(401)'), 'def anybody(): return User()', 'def set_up(app):', ...after].join('\n    ')
  for (const put of [
    'app.dependency_overrides[current_user] = lambda: User()',
    'app.dependency_overrides.update({current_user: anybody})',
    'app.dependency_overrides = {current_user: anybody}',
    'if os.getenv("AUTH", "off") == "off": app.dependency_overrides[current_user] = anybody',
  ])
    assert.equal(guardOf(overridden(put), 'current_user'), 'none', put)
  for (const put of [
    'app.dependency_overrides[get_db] = anybody',
    'app.dependency_overrides[anybody] = current_user',
    'if os.getenv("APP_ENV") == "test": app.dependency_overrides[current_user] = anybody',
    'if os.getenv("NO_AUTH") == "1": app.dependency_overrides[current_user] = anybody',
  ])
    assert.equal(guardOf(overridden(put), 'current_user'), 'global', put)
})
