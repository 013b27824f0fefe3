import assert from 'node:assert/strict'
import { before, describe, test } from 'node:test'
import type { FrameworkFacts, Route } from '../../../../src/evidence/backend/facts.ts'
import { patternOf } from '../../../../src/evidence/backend/fastapi/cors.ts'
import { type Command, readFastapi } from '../../../../src/evidence/backend/fastapi/index.ts'
import { perMinuteOf } from '../../../../src/evidence/backend/python/counting.ts'
import type { EnvSetting } from '../../../../src/evidence/backend/reading.ts'
import { Evaluator, Program } from '../../../../src/evidence/source/index.ts'
import { openPython } from '../../../../src/evidence/source/python.ts'
import type { Module } from '../../../../src/evidence/source/tree.ts'

let parse: (file: string, text: string) => Module
before(async () => {
  parse = await openPython()
})

type Files = Readonly<Record<string, string>>

const read = (
  files: Files | string,
  commands: readonly Partial<Command>[] = [],
  env: Readonly<Record<string, string>> = {},
): FrameworkFacts => {
  const all = Object.entries(typeof files === 'string' ? { 'main.py': files } : files)
  const program = new Program(
    all.map(([file, text]) => parse(file, text)),
    { files: new Set(all.map(([file]) => file)), aliases: [], packages: new Map() },
  )
  const settings = new Map(
    Object.entries(env).map(([name, value]): [string, EnvSetting[]] => [
      name,
      [{ value, at: { file: '.env', line: 1, text: '' }, example: false }],
    ]),
  )
  return readFastapi(
    { program, evaluator: new Evaluator(program), env: settings },
    commands.map((one) => ({
      text: '',
      file: 'Dockerfile',
      line: 1,
      development: false,
      kind: 'the image',
      ...one,
    })),
  )
}

const shown = ({ method, path, guard }: Route): string => `${method} ${path} ${guard}`
const routes = (files: Files | string): string[] => read(files).routes.map(shown)
const problems = (files: Files | string): string[] =>
  read(files).routes.flatMap((one) =>
    one.inputs.flatMap(({ from, problems: found }) => found.map(({ what }) => `${from} ${what}`)),
  )

const app = 'from fastapi import FastAPI, APIRouter, Depends, HTTPException, Request\napp = FastAPI()\n'

const guard = `
from fastapi.security import OAuth2PasswordBearer
from jose import jwt
oauth2 = OAuth2PasswordBearer(tokenUrl="login")
def get_current_user(token: str = Depends(oauth2)):
    try:
        return jwt.decode(token, "key")
    except Exception:
        raise HTTPException(401)
def get_current_superuser(user: dict = Depends(get_current_user)):
    return user
`

describe('routes', () => {
  test('have every prefix, through imports', () => {
    const files = {
      'app/main.py': `
from fastapi import FastAPI
from app.api import api_router
app = FastAPI()
app.include_router(api_router, prefix="/v1")
`,
      'app/api/__init__.py': `
from fastapi import APIRouter
from . import login
from .items import router as items
api_router = APIRouter(prefix="/api")
api_router.include_router(login.router)
api_router.include_router(items, prefix="/items")
`,
      'app/api/login.py': `
from fastapi import APIRouter
router = APIRouter()
@router.post("/login")
def login(): ...
`,
      'app/api/items.py': `
from fastapi import APIRouter
router = APIRouter()
@router.api_route("/{id}", methods=["GET", "PUT"])
def item(id: int): ...
def drop(): ...
router.add_api_route("/drop", drop, methods=["DELETE"])
`,
    }
    assert.deepEqual(routes(files), [
      'POST /v1/api/login none',
      'GET /v1/api/items/{id} none',
      'PUT /v1/api/items/{id} none',
      'DELETE /v1/api/items/drop none',
    ])
  })

  test('of a factory, of routers in a loop, of mounted applications', () => {
    const source = `
from fastapi import FastAPI, APIRouter
a = APIRouter(prefix="/a")
b = APIRouter(prefix="/b")
@a.get("/x")
def x(): ...
@b.get("/y")
def y(): ...
sub = FastAPI()
@sub.get("/z")
def z(): ...
def register(application: FastAPI):
    for router in (a, b):
        application.include_router(router)
def create():
    application = FastAPI()
    register(application)
    application.mount("/sub", sub)
    return application
app = create()
`
    assert.deepEqual(routes(source), ['GET /a/x none', 'GET /b/y none', 'GET /sub/z none'])
  })

  test('of several loops whose variable is called the same, and of a loop over pairs', () => {
    const source = `${app}
from fastapi import APIRouter
a = APIRouter(prefix="/a")
b = APIRouter(prefix="/b")
c = APIRouter(prefix="/c")
@a.get("/x")
def x(): ...
@b.get("/y")
def y(): ...
@c.get("/z")
def z(): ...
def register():
    for router in (a,):
        app.include_router(router)
    for router in (b,):
        app.include_router(router)
    for router, tag in [(c, "c")]:
        app.include_router(router, tags=[tag])
register()
`
    assert.deepEqual(routes(source), ['GET /a/x none', 'GET /b/y none', 'GET /c/z none'])
  })

  test('that only development has are left out', () => {
    const source = `${app}
r = APIRouter()
@r.get("/private")
def private(): ...
if settings.ENVIRONMENT == "development":
    app.include_router(r)
`
    assert.deepEqual(routes(source), [])
  })
})

describe('guards', () => {
  test('are found through chains, aliases and decorators', () => {
    const source = `${app}${guard}
from typing import Annotated
CurrentUser = Annotated[dict, Depends(get_current_user)]
@app.get("/a")
def a(user: CurrentUser): ...
@app.get("/b")
def b(user = Depends(get_current_superuser)): ...
@app.get("/c", dependencies=[Depends(get_current_superuser)])
def c(): ...
@app.get("/d")
def d(): ...
`
    assert.deepEqual(routes(source), ['GET /a own', 'GET /b own', 'GET /c own', 'GET /d none'])
  })

  test('that raise what was made once, outside', () => {
    const source = `${app}
from fastapi import HTTPException
from fastapi.security import OAuth2PasswordBearer
soft = OAuth2PasswordBearer(tokenUrl="login", auto_error=False)
credentials_exception = HTTPException(status_code=401)
not_found = HTTPException(status_code=404)
def get_current_user(token: str = Depends(soft)):
    user = users.by_token(token)
    if user is None:
        raise credentials_exception
    return user
def get_note(token: str = Depends(soft)):
    note = notes.first()
    if note is None:
        raise not_found
    return note
@app.get("/a")
def a(user = Depends(get_current_user)): ...
@app.get("/b")
def b(note = Depends(get_note)): ...
`
    assert.deepEqual(routes(source), ['GET /a own', 'GET /b none'])
  })

  test('of a class-based view, its own and inherited', () => {
    const source = `${app}${guard}
from fastapi_utils.cbv import cbv
r = APIRouter()
class Base:
    user: dict = Depends(get_current_user)
class Open(Base):
    user: dict = Depends(dict)
@cbv(r)
class Notes(Base):
    @r.get("/a")
    def a(self): ...
@cbv(r)
class News(Open):
    @r.get("/b")
    def b(self): ...
class Loose(Base):
    @r.get("/c")
    def c(self): ...
app.include_router(r)
`
    assert.deepEqual(routes(source), ['GET /a own', 'GET /b none', 'GET /c none'])
  })

  test('that are optional, or take a password, are none', () => {
    const source = `${app}${guard}
from fastapi.security import OAuth2PasswordRequestForm
lenient = OAuth2PasswordBearer(tokenUrl="login", auto_error=False)
def optional_user(token: str = Depends(lenient)):
    if not token:
        return None
    return get_current_user(token)
def by_need(required: bool = True):
    return get_current_user if required else optional_user
@app.get("/a")
def a(user = Depends(optional_user)): ...
@app.get("/b")
def b(user = Depends(by_need(required=False))): ...
@app.get("/c")
def c(user = Depends(by_need())): ...
@app.post("/login")
def login(form: OAuth2PasswordRequestForm = Depends()): ...
`
    assert.deepEqual(routes(source), ['GET /a none', 'GET /b none', 'GET /c own', 'POST /login none'])
  })

  test('of the application and of a router', () => {
    const whole = `${app.replace('FastAPI()', 'FastAPI(dependencies=[Depends(get_current_user)])')}${guard}
@app.get("/a")
def a(): ...
`
    assert.deepEqual(routes(whole), ['GET /a global'])
    assert.deepEqual(
      read(whole).guards.map((one) => one.what),
      ['get_current_user'],
    )
    const group = `${app}${guard}
r = APIRouter(dependencies=[Depends(get_current_user)])
@r.get("/a")
def a(): ...
app.include_router(r)
@app.get("/b")
def b(): ...
`
    assert.deepEqual(routes(group), ['GET /b none', 'GET /a group'])
  })

  test('of the one inclusion that holds every router but the public ones', () => {
    const source = `${app}${guard}
api = APIRouter()
items = APIRouter(prefix="/items")
public = APIRouter()
@items.get("/")
def list_items(): ...
@public.post("/login")
def login(): ...
api.include_router(items)
app.include_router(api, prefix="/api", dependencies=[Depends(get_current_user)])
app.include_router(public)
`
    assert.deepEqual(routes(source), ['GET /api/items/ global', 'POST /login exempt'])
  })

  test('of a middleware, with its list of what is public', () => {
    const source = (test: string): string => `${app}
from fastapi.responses import JSONResponse
PUBLIC = ["/login", "/health"]
PREFIXES = ("/docs", "/open/")
@app.middleware("http")
async def auth(request: Request, call_next):
    path = request.url.path
    ${test}
        return await call_next(request)
    if not request.headers.get("Authorization"):
        return JSONResponse({}, status_code=401)
    return await call_next(request)
@app.get("/health")
def health(): ...
@app.get("/items")
def items(): ...
`
    assert.deepEqual(routes(source('if path in PUBLIC:')), ['GET /health exempt', 'GET /items global'])
    assert.deepEqual(read(source('if path in PUBLIC:')).guards[0]?.faults, [])
    const loose = read(source('if path in PUBLIC or any(path.startswith(one) for one in PREFIXES):'))
    assert.match(loose.guards[0]?.faults[0]?.what ?? '', /without its closing slash/)
    assert.match(read(source('if "/health" in path:')).guards[0]?.faults[0]?.what ?? '', /a part of the path/)
    const backwards = read(source('if path not in ["/items"]:'))
    assert.match(backwards.guards[0]?.faults[0]?.what ?? '', /lists/)
    assert.deepEqual(backwards.routes.map(shown), ['GET /health none', 'GET /items group'])
  })

  test('of a dependency that swallows the failure of its check', () => {
    const source = (rest: string, parameter = 'request: Request'): string => `import jwt
from fastapi.security import OAuth2PasswordBearer
from fastapi import FastAPI, Depends, HTTPException, Request
oauth2 = OAuth2PasswordBearer(tokenUrl="login")
def current_user(${parameter}):
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer":
        raise HTTPException(401)
    try:
        claims = jwt.decode(token, KEY, algorithms=["HS256"])
${rest
  .split('; ')
  .map((line) => `    ${line}`)
  .join('\n')}
app = FastAPI(dependencies=[Depends(current_user)])
@app.get("/items")
def items(): ...
`
    const INVALID = 'except jwt.InvalidTokenError:;    '
    const through = [
      `${INVALID}return; request.state.user = claims["sub"]`,
      `${INVALID}return None; return claims`,
      `${INVALID}claims = {"sub": "anonymous"}; request.state.user = claims["sub"]`,
      `${INVALID}claims = None; request.state.user = claims and claims["sub"]`,
      `${INVALID}logger.warning("bad token"); request.state.seen = True`,
      'except jwt.ExpiredSignatureError:;    raise HTTPException(401); except Exception:;    return; return claims',
    ]
    for (const rest of through) {
      assert.deepEqual(routes(source(rest)), ['GET /items none'], rest)
      assert.deepEqual(
        routes(source(rest, 'request: Request, given: str = Depends(oauth2)')),
        ['GET /items none'],
        rest,
      )
    }
    const refused = [
      `${INVALID}raise HTTPException(401); return claims`,
      `${INVALID}claims = None; if claims is None:;    raise HTTPException(401); return claims`,
      `${INVALID}claims = None; return load_user(claims)`,
      `${INVALID}claims = None; request.state.user = claims["sub"]`,
      `${INVALID}pass; request.state.user = claims`,
      `${INVALID}raise HTTPException(401); except Exception:;    claims = None; return claims`,
      'except KeyError:;    claims = None; return claims',
    ]
    for (const rest of refused) assert.deepEqual(routes(source(rest)), ['GET /items global'], rest)
  })

  test('of a middleware that goes on after its check failed', () => {
    const source = (failed: string): string => `import jwt
${app}
@app.middleware("http")
async def auth(request: Request, call_next):
    token = request.headers.get("Authorization")
    if not token:
        return JSONResponse({}, status_code=401)
    try:
        request.state.user = jwt.decode(token, KEY, algorithms=["HS256"])
    except jwt.PyJWTError:
        ${failed}
    return await call_next(request)
@app.get("/items")
def items(): ...
`
    assert.deepEqual(routes(source('request.state.user = None')), ['GET /items none'])
    assert.deepEqual(routes(source('return JSONResponse({}, status_code=401)')), ['GET /items global'])
  })

  test('see no websocket, where they are HTTP middleware', () => {
    const source = `${app}
@app.middleware("http")
async def authenticate(request: Request, call_next):
    if not request.headers.get("Authorization"):
        raise HTTPException(401)
    return await call_next(request)
@app.websocket("/ws")
async def ws(socket): ...
`
    assert.deepEqual(routes(source), ['WEBSOCKET /ws none'])
  })

  test('that dishka provides', () => {
    const source = (made: string): string => `${app}
from dishka import Provider, Scope, provide
from dishka.integrations.fastapi import FromDishka
class Requests(Provider):
    @provide(scope=Scope.REQUEST)
    async def current_user(self, request: Request) -> AuthUser:
        ${made}
    @provide
    def session(self) -> Session: ...
async def require_auth(_: FromDishka[AuthUser]): ...
@app.get("/asked", dependencies=[Depends(require_auth)])
def asked(session: FromDishka[Session]): ...
@app.get("/me")
def me(user: FromDishka[AuthUser]): ...
@app.get("/open")
def open_(session: FromDishka[Session]): ...
`
    const refusing = source(
      'token = request.headers.get("Authorization"); user = find(token)\n        if user is None: raise HTTPException(401)\n        return user',
    )
    assert.deepEqual(routes(refusing), ['GET /asked own', 'GET /me own', 'GET /open none'])
    assert.deepEqual(routes(source('return Guest()')), ['GET /asked none', 'GET /me none', 'GET /open none'])
    assert.deepEqual(
      read(refusing).routes.flatMap(({ inputs }) => inputs),
      [],
    )
  })

  test('of a websocket, in its handler', () => {
    const source = (body: string): string => `import jwt
${app}
def read(token):
    try:
        return jwt.decode(token, KEY, algorithms=["HS256"])
    except jwt.PyJWTError:
        return None
async def authenticate(socket):
    return read(socket.cookies.get("access_token"))
@app.websocket("/ws")
async def ws(socket, token: str):
    ${body.split('; ').join('\n    ')}
    await socket.accept()
    try:
        while True:
            await socket.send_text(await socket.receive_text())
    except WebSocketDisconnect:
        pass
`
    for (const body of [
      'user = await authenticate(socket); if not user:;    await socket.close(code=1008);    return',
      'user = read(token); if user is None:;    raise WebSocketException(code=1008)',
      'try:;    jwt.decode(token, KEY, algorithms=["HS256"]); except jwt.PyJWTError:;    await socket.close(code=1008);    return',
    ])
      assert.deepEqual(routes(source(body)), ['WEBSOCKET /ws own'], body)
    for (const body of [
      'user = await authenticate(socket)',
      'user = await authenticate(socket); if not user:;    user = guest()',
      'if full():;    await socket.close(code=1013);    return',
    ])
      assert.deepEqual(routes(source(body)), ['WEBSOCKET /ws none'], body)
  })
})

describe('limiters', () => {
  const limits = (source: string): string[] =>
    read(source).limiters.map((one) => `${one.library} ${one.mounted} ${one.perMinute} ${one.key.kind}`)

  test('of slowapi', () => {
    const limiter = `${app}
from slowapi import Limiter
from slowapi.util import get_remote_address, get_ipaddr
from slowapi.middleware import SlowAPIMiddleware
`
    assert.deepEqual(limits(`${limiter}limiter = Limiter(key_func=get_remote_address)`), [
      'slowapi nowhere undefined client',
    ])
    assert.deepEqual(
      limits(
        `${limiter}limiter = Limiter(key_func=get_ipaddr, default_limits=["100/minute"])\napp.add_middleware(SlowAPIMiddleware)`,
      ),
      ['slowapi everywhere 100 header'],
    )
    const one = `${limiter}limiter = Limiter(key_func=lambda request: request.state.user.id)
@app.post("/login")
@limiter.limit("5/minute")
def login(request: Request): ...
@limiter.limit("5/minute")
@app.post("/wrong")
def wrong(request: Request): ...
`
    assert.deepEqual(limits(one), ['slowapi somewhere 5 identity'])
    assert.deepEqual(
      read(one).routes.map((route) => route.limiters.length),
      [1, 0],
    )
  })

  test('of fastapi-limiter count by a header', () => {
    const source = `${app}
from fastapi_limiter.depends import RateLimiter
@app.post("/login", dependencies=[Depends(RateLimiter(times=10, minutes=2))])
def login(): ...
`
    assert.deepEqual(limits(source), ['fastapi-limiter somewhere 5 header'])
  })

  test('of its own, as a class and as middleware', () => {
    const source = (host: string): string => `${app}
from fastapi.responses import JSONResponse
class Limit:
    def __init__(self, times: int, seconds: int):
        self.times = times
    def client(self, request):
        return ${host}
    def allows(self, request):
        return self.client(request)
    async def __call__(self, request: Request):
        if not self.allows(request):
            raise HTTPException(429)
whole = Limit(100, 60)
login_limit = Limit(times=5, seconds=30)
forgotten = Limit(times=5, seconds=30)
@app.middleware("http")
async def limit_everything(request: Request, call_next):
    if not whole.allows(request):
        return JSONResponse({}, 429)
    return await call_next(request)
@app.post("/login", dependencies=[Depends(login_limit)])
def login(): ...
`
    assert.deepEqual(limits(source('request.client.host')), ['own everywhere 100 client', 'own somewhere 10 client'])
    assert.deepEqual(limits(source('request.headers.get("X-Forwarded-For").split(",")[0]')), [
      'own everywhere 100 header',
      'own somewhere 10 header',
    ])
  })

  test('say their rate', () => {
    assert.equal(perMinuteOf('5/minute'), 5)
    assert.equal(perMinuteOf('100 per 15 minutes'), 100 / 15)
    assert.equal(perMinuteOf('10/second;300/hour'), 5)
  })
})

describe('inputs', () => {
  test('of path and query', () => {
    const source = `${app}
from fastapi import Query, Path
from typing import Literal
from uuid import UUID
@app.get("/{slug}/{other}/{id}")
def one(slug: str, id: int, kind: Literal["a"], key: UUID, other: str = Path(max_length=9), limit: int = 100, size: int = Query(20, ge=1), page: int = Query(1, ge=1, le=9), flag: bool = False, q: str | None = None): ...
`
    assert.deepEqual(problems(source), [
      'path slug: a string without a greatest length',
      'query limit: a number without bounds',
      'query size: a number without a greatest value',
      'query q: a string without a greatest length',
    ])
  })

  test('of models, inherited, nested and annotated', () => {
    const source = `${app}
from typing import Annotated, Optional
from enum import Enum
from pydantic import BaseModel, ConfigDict, EmailStr, Field, SecretStr, constr, field_validator
class Kind(Enum):
    a = "a"
class Base(BaseModel):
    model_config = ConfigDict(extra="allow")
    email: EmailStr
    name: Annotated[str, Field(max_length=9)]
class Tag(BaseModel):
    text: str
class Body(Base):
    password: SecretStr
    bio: Optional[constr(max_length=9)] = None
    kind: Kind
    owner_id: int
    age: int = Field(ge=0, le=150)
    tags: list[Tag]
    rest: dict
    checked: str
    @field_validator("checked")
    def check(cls, value):
        if len(value) > 9: raise ValueError()
        return value
@app.post("/")
def create(body: Body): ...
`
    assert.deepEqual(problems(source).sort(), [
      'body Body.password: a string without a greatest length',
      'body Body.rest: anything',
      'body Body.tags: a list of any length',
      'body Body: unknown keys are kept',
      'body Tag.text: a string without a greatest length',
    ])
  })

  test('of models whose configuration bounds their strings', () => {
    const of = (
      config: string,
      field = 'name: str | None = None\n    tags: Annotated[list[str], Field(max_length=9)]',
    ) =>
      problems(`${app}
from typing import Annotated
from pydantic import BaseModel, ConfigDict, Field
class Base(BaseModel):
    ${config}
class Body(Base):
    ${field}
@app.post("/")
def create(body: Body): ...
`)
    for (const config of [
      'model_config = ConfigDict(extra="forbid", str_max_length=200)',
      'model_config = {"str_max_length": 200}',
      'class Config:\n        max_anystr_length = 200',
    ])
      assert.deepEqual(of(config), [], config)
    const open = 'body Body.name: a string without a greatest length'
    assert.ok(of('model_config = ConfigDict(str_max_length=None)').includes(open))
    assert.ok(of('model_config = ConfigDict(str_min_length=1)').includes(open))
    assert.deepEqual(of('model_config = ConfigDict(str_max_length=200)', 'count: int'), [
      'body Body.count: a number without bounds',
    ])
  })

  test('of dependencies, forms and the request itself', () => {
    const source = `${app}
from fastapi import Form
def page(offset: int = 0): ...
@app.post("/")
async def create(request: Request, at = Depends(page), name: str = Form(...)):
    data = await request.json()
`
    assert.deepEqual(problems(source), [
      'query offset: a number without bounds',
      'body name: a string without a greatest length',
      'body the body is read as it is: json()',
    ])
  })
})

describe('origins', () => {
  const origins = (given: string, env: Readonly<Record<string, string>> = {}): string =>
    read(
      `${app}import os
from fastapi.middleware.cors import CORSMiddleware
from pydantic_settings import BaseSettings
class Settings(BaseSettings):
    HOSTS: list[str] = ["*"]
    ONE: str = "https://example.com"
settings = Settings()
app.add_middleware(CORSMiddleware, ${given})`,
      [],
      env,
    )
      .cors.map((one) => one.origins)
      .join()

  test('listed, any, and by a setting', () => {
    assert.equal(origins('allow_origins=["https://example.com"]'), 'listed')
    assert.equal(origins('allow_origins=["*"], allow_credentials=True'), 'any')
    assert.equal(origins('allow_origins=settings.HOSTS'), 'any')
    assert.equal(origins('allow_origins=[settings.ONE]'), 'listed')
    assert.equal(origins('allow_origins=os.getenv("ORIGINS", "*").split(",")'), 'any')
    assert.equal(origins('allow_origins=os.environ["ORIGINS"].split(",")'), 'listed')
    assert.equal(origins('allow_origins=os.environ["ORIGINS"].split(",")', { ORIGINS: '*' }), 'any')
  })

  test('by a pattern', () => {
    const cases: readonly (readonly [string, string])[] = [
      ['.*', 'any'],
      ['https?://.*', 'any'],
      [String.raw`https://.*example\.com`, 'loose'],
      [String.raw`https://example\.com.*`, 'loose'],
      ['https://www.example.com', 'loose'],
      ['.*.(a.com|b.com)', 'loose'],
      [String.raw`https://.*\.example\.com`, 'listed'],
      [String.raw`^https://(www\.)?example\.com$`, 'listed'],
      [String.raw`http://localhost:\d+`, 'listed'],
      // Anybody may have a name there.
      [String.raw`https://.*\.vercel\.app`, 'loose'],
      [String.raw`^https://[a-z0-9-]+\.netlify\.app$`, 'loose'],
      [String.raw`https://mine-.*\.github\.io`, 'loose'],
      [String.raw`https://(.*\.)?pages\.dev`, 'loose'],
      [String.raw`https://mine-[a-z0-9-]+-team\.vercel\.app`, 'listed'],
      [String.raw`https://mine\.github\.io`, 'listed'],
    ]
    for (const [pattern, expected] of cases) assert.equal(patternOf(pattern).origins, expected, pattern)
  })
})

describe('documentation', () => {
  const docs = (given: string, rest = ''): string[] =>
    read(`from fastapi import FastAPI, Request, HTTPException\n${rest}\napp = FastAPI(${given})`).docs.map(
      (one) => `${one.path} ${one.when}`,
    )

  test('is served unless the document is off', () => {
    assert.deepEqual(docs(''), ['/openapi.json always', '/docs always', '/redoc always'])
    assert.deepEqual(docs('docs_url=None, redoc_url=None'), ['/openapi.json always'])
    assert.deepEqual(docs('openapi_url=None'), ['/openapi.json never'])
    assert.deepEqual(docs('**options', 'options = {"openapi_url": None}'), ['/openapi.json never'])
  })

  test('for development alone', () => {
    const pages = ['/openapi.json development', '/docs development', '/redoc development']
    assert.deepEqual(docs('openapi_url="/openapi.json" if settings.ENVIRONMENT != "production" else None'), pages)
    assert.deepEqual(
      docs('openapi_url=None if settings.ENVIRONMENT == "local" else "/openapi.json", docs_url=None, redoc_url=None'),
      ['/openapi.json always'],
    )
  })

  test('behind the guard of a middleware', () => {
    const source = `${app}
@app.middleware("http")
async def authenticate(request: Request, call_next):
    if not request.headers.get("Authorization"):
        raise HTTPException(401)
    return await call_next(request)
`
    assert.deepEqual(
      read(source).docs.map((one) => one.when),
      ['guarded', 'guarded', 'guarded'],
    )
  })

  test('given by routes of its own', () => {
    const source = `
from fastapi import FastAPI
from fastapi.openapi.docs import get_swagger_ui_html
app = FastAPI(openapi_url=None)
@app.get("/manual")
def manual():
    return get_swagger_ui_html(openapi_url="/openapi.json", title="x")
`
    assert.deepEqual(
      read(source).docs.map((one) => `${one.path} ${one.when}`),
      ['/openapi.json never', '/manual always'],
    )
  })
})

describe('debug mode', () => {
  const signs = (source: string, commands: readonly Partial<Command>[] = []): string[] =>
    read(source, commands).debug.map((one) => one.what)

  test('by the flag, a setting, a command', () => {
    assert.deepEqual(signs('from fastapi import FastAPI\napp = FastAPI(debug=True)'), ['FastAPI(debug=True)'])
    assert.deepEqual(signs('import os\nfrom fastapi import FastAPI\napp = FastAPI(debug=False)'), [])
    assert.deepEqual(signs(app, [{ text: 'CMD ["uvicorn", "main:app", "--reload"]' }]), [
      '--reload in what the image starts',
    ])
    assert.deepEqual(signs(app, [{ text: 'uvicorn main:app --reload', development: true }]), [])
    const run = `${app}import uvicorn\nif __name__ == "__main__":\n    uvicorn.run("main:app", reload=True)\n`
    assert.deepEqual(signs(run, [{ text: 'CMD ["python", "main.py"]' }]), ['uvicorn.run(reload=True)'])
    assert.deepEqual(signs(run, [{ text: 'CMD ["uvicorn", "main:app"]' }]), [])
  })

  test('by what is told of an exception', () => {
    const handler = (body: string): string => `${app}import traceback
from fastapi.responses import JSONResponse
@app.exception_handler(Exception)
async def unexpected(request, exc):
    ${body}
`
    const found = ['the exception in the answer to any error']
    assert.deepEqual(signs(handler('return JSONResponse({"error": str(exc)}, 500)')), found)
    assert.deepEqual(signs(handler('content = {"error": f"{exc!r}"}\n    return JSONResponse(content, 500)')), found)
    assert.deepEqual(
      signs(handler('logger.error(traceback.format_exc())\n    return JSONResponse({"error": "x"}, 500)')),
      [],
    )
    assert.equal(signs(handler('return JSONResponse({"trace": traceback.format_exc()}, 500)')).length, 1)
    const own = (decorator: string): string =>
      `${app}import traceback\n${decorator}def stack(frame):\n    return "".join(traceback.format_stack(frame)).strip()\n`
    assert.deepEqual(signs(own('')), [], 'a text for its caller')
    assert.equal(signs(own('@app.get("/stack")\n')).length, 1, 'an answer')
  })

  test('by routes for it', () => {
    assert.deepEqual(signs(`${app}@app.get("/debug")\ndef debug(): ...`), ['GET /debug answers without a login'])
    assert.deepEqual(signs(`${app}import os\n@app.get("/env")\ndef env():\n    return dict(os.environ)`), [
      '/env gives the environment',
    ])
  })
})

test('whose word is taken for the client’s address', () => {
  const trust = (text: string, env: Readonly<Record<string, string>> = {}): string =>
    read(app, [{ text }], env)
      .proxies.map((one) => one.trust)
      .join()
  assert.equal(trust('uvicorn main:app'), '')
  assert.equal(trust('uvicorn main:app --proxy-headers'), 'listed')
  assert.equal(trust(`CMD ["uvicorn", "main:app", "--proxy-headers", "--forwarded-allow-ips", "*"]`), 'any')
  assert.equal(trust(`CMD ["uvicorn", "main:app", "--forwarded-allow-ips=*"]`), 'any')
  assert.equal(trust(`uvicorn main:app --forwarded-allow-ips='*'`), 'any')
  assert.equal(trust('uvicorn main:app --forwarded-allow-ips=10.0.0.1'), 'listed')
  assert.equal(trust('uvicorn main:app --forwarded-allow-ips="$PROXIES"', { PROXIES: '*' }), 'any')
  assert.equal(trust('uvicorn main:app', { FORWARDED_ALLOW_IPS: '*' }), 'any')
  assert.equal(
    read(
      `${app}from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware\napp.add_middleware(ProxyHeadersMiddleware, trusted_hosts="*")`,
    ).proxies[0]?.trust,
    'any',
  )
})
