/** Guards of Python's frameworks, and of Nest, that refuse some and whom anybody passes who knows how. */
import { type Files, table } from './judged.ts'

type Row = Parameters<typeof table>[1][number]

const indented = (lines: readonly string[]) => lines.map((one) => `    ${one}`)

const flask = (...body: readonly string[]): Files => ({
  'app/main.py': [
    'from flask import Flask, request, abort, g',
    'import jwt',
    'app = Flask(__name__)',
    '@app.before_request',
    'def require_token():',
    ...indented(body),
    '@app.post("/notes")',
    'def add():',
    '    return []',
  ].join('\n'),
})

const fastapi = (...body: readonly string[]): Files => ({
  'app/main.py': [
    'from fastapi import FastAPI, Request',
    'from fastapi.responses import JSONResponse',
    'import jwt',
    'app = FastAPI()',
    '@app.middleware("http")',
    'async def require_token(request: Request, call_next):',
    ...indented(body),
    '    return await call_next(request)',
    '@app.post("/notes")',
    'async def add():',
    '    return []',
  ].join('\n'),
})

const dependency = (refusal: string, ...before: readonly string[]): Files => ({
  'app/main.py': [
    'from fastapi import FastAPI, Depends, HTTPException',
    'from fastapi.security import OAuth2PasswordBearer',
    'import jwt',
    'oauth2 = OAuth2PasswordBearer(tokenUrl="login")',
    'async def current_user(token: str = Depends(oauth2)):',
    ...indented(before),
    '    try: return jwt.decode(token, KEY, algorithms=["HS256"])',
    '    except jwt.InvalidTokenError:',
    `    ${refusal}`,
    'app = FastAPI(dependencies=[Depends(current_user)])',
    '@app.post("/notes")',
    'async def add():',
    '    return []',
  ].join('\n'),
})

const nest = (body: string): Files => ({
  'src/app.ts': [
    "import { Controller, Injectable, Module, Post, UnauthorizedException } from '@nestjs/common'",
    "import { APP_GUARD, NestFactory } from '@nestjs/core'",
    '@Injectable() export class JwtAuthGuard {',
    `constructor(private readonly jwt: JwtService) {} async canActivate(context) { const request = context.switchToHttp().getRequest(); ${body} }`,
    '}',
    "@Controller('notes') export class NotesController { @Post() add() { return [] } }",
    '@Module({ controllers: [NotesController], providers: [{ provide: APP_GUARD, useClass: JwtAuthGuard }] })',
    'export class AppModule {}',
    'NestFactory.create(AppModule)',
  ].join('\n'),
})

const HEADER = 'token = request.headers.get("Authorization")'
const DECODE = [
  'try:',
  '    g.user = jwt.decode(token, KEY, algorithms=["HS256"])',
  'except jwt.InvalidTokenError:',
  '    abort(401)',
]
const ANSWER = [
  'try:',
  '    jwt.decode(token, KEY, algorithms=["HS256"])',
  'except jwt.InvalidTokenError:',
  '    return JSONResponse(status_code=401, content={})',
]
const ON = ['    return await call_next(request)']

const none = (files: Files): readonly string[] => {
  const [[file, text] = ['', '']] = Object.entries(files)
  const line = text.split('\n').findIndex((one) => /\.post\(|@Post/.test(one)) + 1
  return [`fail ${file}:${line}: No guard in front of 1 route.`]
}

const covered = (at: string): readonly string[] => [`pass ${at}: One guard covers 1 of 1 route.`]

const OPEN: readonly (readonly [string, Files])[] = [
  ['Flask, whoever sends no token', flask(HEADER, 'if not token:', '    return', ...DECODE)],
  ['Flask, no header', flask('if "Authorization" not in request.headers:', '    return None', HEADER, ...DECODE)],
  [
    'Flask, a header that the caller chooses',
    flask('if request.headers.get("X-Internal"):', '    return', HEADER, ...DECODE),
  ],
  [
    'Flask, a failed check that nobody hears of',
    flask(
      HEADER,
      'if not token:',
      '    abort(401)',
      'try:',
      '    g.user = jwt.decode(token, KEY, algorithms=["HS256"])',
      'except jwt.InvalidTokenError:',
      '    pass',
    ),
  ],
  ['FastAPI, an exception that nobody raises', dependency('    HTTPException(401)')],
  [
    'FastAPI, an exception that is made first and raised elsewhere',
    dependency('    return None', 'refused = HTTPException(status_code=401)'),
  ],
  ['Flask, whoever sends any token', flask('if not request.headers.get("Authorization"):', '    abort(401)')],
  [
    'Nest, whoever sends any token',
    nest('if (!request.headers.authorization) throw new UnauthorizedException(); return true'),
  ],
  ['Nest, whoever sends any token, by what it returns', nest('return Boolean(request.headers.authorization)')],
  [
    'FastAPI, a failed check that is handed on',
    fastapi(
      HEADER,
      'if not token:',
      '    return JSONResponse(status_code=401, content={})',
      'try:',
      '    request.state.user = jwt.decode(token, KEY, algorithms=["HS256"])',
      'except jwt.InvalidTokenError:',
      '    request.state.user = None',
      '    return await call_next(request)',
    ),
  ],
  [
    'FastAPI, a refusal of its own that is handed on',
    {
      'app/main.py': `${
        fastapi(
          HEADER,
          'if not token:',
          '    return JSONResponse(status_code=401, content={})',
          'try:',
          '    request.state.user = claims_of(token)',
          'except HTTPException:',
          ...ON,
        )['app/main.py']
      }\ndef claims_of(token):\n    try: return jwt.decode(token, KEY, algorithms=["HS256"])\n    except jwt.InvalidTokenError: raise HTTPException(401)`,
    },
  ],
  [
    'FastAPI, off until somebody sets it, below the public paths',
    fastapi('if request.url.path in PUBLIC:', ...ON, 'if os.getenv("AUTH", "off") != "on":', ...ON, HEADER, ...ANSWER),
  ],
  [
    'FastAPI, a failed check that leaves no claims to look for',
    fastapi(
      HEADER,
      'if not token:',
      '    return JSONResponse(status_code=401, content={})',
      'try:',
      '    claims = jwt.decode(token, KEY, algorithms=["HS256"])',
      'except jwt.InvalidTokenError:',
      '    claims = None',
      'request.state.user = users.get(claims["sub"]) if claims else None',
    ),
  ],
  ['FastAPI, whoever sends no token', fastapi(HEADER, 'if not token:', ...ON, ...ANSWER)],
  [
    'FastAPI, a header that the caller chooses',
    fastapi('if request.headers.get("X-Internal") == "1":', ...ON, HEADER, ...ANSWER),
  ],
  [
    'Nest, whoever sends no token',
    nest(
      'const token = request.headers.authorization; if (!token) return true; if (!this.jwt.verify(token)) throw new UnauthorizedException(); return true',
    ),
  ],
  [
    'Nest, a check that nobody waits for',
    nest(
      'const token = request.headers.authorization; if (!token) throw new UnauthorizedException(); this.jwt.verifyAsync(token); return true',
    ),
  ],
  [
    'Nest, a header that the caller chooses',
    nest(
      "if (request.headers['x-internal']) return true; if (!this.jwt.verify(request.headers.authorization)) throw new UnauthorizedException(); return true",
    ),
  ],
]

const given = (checked: string, ...after: readonly string[]): Files => ({
  'app/main.py': [
    'from fastapi import FastAPI, Depends, HTTPException',
    'from fastapi.security import OAuth2PasswordBearer',
    'import jwt',
    'oauth2 = OAuth2PasswordBearer(tokenUrl="login")',
    'def subject_of(token):',
    '    try: return jwt.decode(token, KEY, algorithms=["HS256"])["sub"]',
    '    except jwt.InvalidTokenError: return None',
    'async def current_user(token: str = Depends(oauth2)):',
    `    ${checked} subject_of(token)`,
    ...indented(after),
    'app = FastAPI(dependencies=[Depends(current_user)])',
    '@app.post("/notes")',
    'async def add():',
    '    return []',
  ].join('\n'),
})

const CLOSED: readonly (readonly [string, Files, string])[] = [
  [
    'FastAPI, what a check gives is asked for',
    given('user =', 'if user is None:', '    raise HTTPException(401)', 'return user'),
    'app/main.py:13',
  ],
  [
    'FastAPI, on until somebody sets it, below the public paths',
    fastapi('if request.url.path in PUBLIC:', ...ON, 'if os.getenv("AUTH", "on") != "on":', ...ON, HEADER, ...ANSWER),
    'app/main.py:5',
  ],
  ['FastAPI, an exception that is raised', dependency('    raise HTTPException(401)'), 'app/main.py:9'],
  [
    'FastAPI, an exception that is made first and raised then',
    dependency('    raise refused', 'refused = HTTPException(status_code=401)'),
    'app/main.py:10',
  ],
  [
    'Flask, whoever sends no token is refused',
    flask(HEADER, 'if not token:', '    abort(401)', ...DECODE),
    'app/main.py:4',
  ],
  ['Flask, a session instead', flask('if session.get("user_id"):', '    return', HEADER, ...DECODE), 'app/main.py:4'],
  [
    'FastAPI, whoever sends no token is refused',
    fastapi(HEADER, 'if not token:', '    return JSONResponse(status_code=401, content={})', ...ANSWER),
    'app/main.py:5',
  ],
  ['FastAPI, preflights', fastapi('if request.method == "OPTIONS":', ...ON, HEADER, ...ANSWER), 'app/main.py:5'],
  [
    'Flask, a key that is compared',
    flask(
      'key = request.headers.get("X-Api-Key")',
      'if not key or not hmac.compare_digest(key, KEY):',
      '    abort(401)',
    ),
    'app/main.py:4',
  ],
  [
    'FastAPI, a key that is looked up',
    fastapi(
      'key = request.headers.get("X-Api-Key")',
      'if key not in KEYS:',
      '    return JSONResponse(status_code=401, content={})',
    ),
    'app/main.py:5',
  ],
  ['Nest, what a comparison says', nest("return request.headers['x-api-key'] === process.env.API_KEY"), 'src/app.ts:7'],
  [
    'Nest, it waits',
    nest(
      'const token = request.headers.authorization; if (!token) throw new UnauthorizedException(); try { request.user = await this.jwt.verifyAsync(token) } catch { throw new UnauthorizedException() } return true',
    ),
    'src/app.ts:7',
  ],
]

const GIVEN = given('return')

/** What a dependency makes of a failed check, and what it goes on with. */
const replaced = (instead: string, ...after: readonly string[]): Files => ({
  'app/main.py': [
    'from fastapi import FastAPI, Depends, HTTPException',
    'from fastapi.security import OAuth2PasswordBearer',
    'import jwt',
    'oauth2 = OAuth2PasswordBearer(tokenUrl="login")',
    'async def current_user(token: str = Depends(oauth2)):',
    '    try: claims = jwt.decode(token, KEY, algorithms=["HS256"])',
    '    except jwt.InvalidTokenError:',
    `        ${instead}`,
    ...indented(after),
    'app = FastAPI(dependencies=[Depends(current_user)])',
    '@app.post("/notes")',
    'async def add():',
    '    return []',
  ].join('\n'),
})

table('default-deny', [
  ...[
    replaced('claims = {"sub": None}', 'return claims["sub"]'),
    replaced('claims = {"sub": None}', 'return claims.get("sub")'),
    replaced('claims = {}', 'return claims.get("sub", "nobody")'),
    replaced('return {"sub": None}', 'return claims'),
    replaced('return ["nobody"]', 'return claims'),
  ].map((files): Row => [`fails: FastAPI, ${files['app/main.py']?.split('\n').slice(7, 9)}`, files, none(files)]),
  ...[
    replaced(
      'claims = {"sub": None}',
      'if claims.get("sub") is None:',
      '    raise HTTPException(401)',
      'return claims',
    ),
    replaced('claims = {"sub": None}', 'return users.get(claims.get("sub"))'),
    replaced('claims = nobody()', 'return claims.get("sub")'),
    replaced('return refuse({"sub": None})', 'return claims'),
  ].map(
    (files): Row => [
      `passes: FastAPI, ${files['app/main.py']?.split('\n').slice(7, 9)}`,
      files,
      covered(`app/main.py:${(files['app/main.py']?.split('\n').length ?? 0) - 3}`),
    ],
  ),
  [
    'fails: Flask, a record in the place of the claims',
    flask(
      HEADER,
      'if not token:',
      '    abort(401)',
      'try:',
      '    claims = jwt.decode(token, KEY, algorithms=["HS256"])',
      'except jwt.InvalidTokenError:',
      '    claims = {"sub": None}',
      'g.user = claims.get("sub")',
    ),
    ['fail app/main.py:14: No guard in front of 1 route.'],
  ],
])

table('default-deny', [
  ['fails: FastAPI, what a check gives is handed on, nothing too', GIVEN, none(GIVEN)],
  ...OPEN.map(([title, files]): Row => [`fails: ${title}`, files, none(files)]),
  ...CLOSED.map(([title, files, at]): Row => [`passes: ${title}`, files, covered(at)]),
])

const FORMED = ['    return JSONResponse(status_code=401, content={})']

table('default-deny', [
  ...[
    ['if not re.match(r"^Bearer [\\w.-]+$", request.headers.get("Authorization", "")):'],
    ['BEARER = re.compile(r"Bearer .+")', 'if BEARER.fullmatch(request.headers.get("Authorization", "")) is None:'],
    ['found = re.search("Bearer (.+)", request.headers["Authorization"])', 'if not found:'],
  ].map(
    (form): Row => [
      `fails: FastAPI, ${form[0]}`,
      fastapi(...form, ...FORMED),
      ['fail app/main.py:5: The guard asks for a credential and looks at nothing of it: any text will do.'],
    ],
  ),
  [
    'passes: FastAPI, what a pattern finds is looked at',
    fastapi(
      'found = re.match("Bearer (.+)", request.headers.get("Authorization", ""))',
      'if not found:',
      ...FORMED,
      'token = found.group(1)',
      ...ANSWER,
    ),
    covered('app/main.py:5'),
  ],
  [
    'fails: FastAPI, whoever sends any token',
    fastapi(
      'header = request.headers.get("Authorization", "")',
      'if not header.startswith("Bearer "):',
      '    return JSONResponse(status_code=401, content={})',
      'request.state.token = header.removeprefix("Bearer ")',
    ),
    ['fail app/main.py:5: The guard asks for a credential and looks at nothing of it: any text will do.'],
  ],
])

const byMethod = (guard: string, test: string): readonly string[] => [
  `fail ${test} ${guard}: The guard makes an exception by the method: GET.`,
]

table('default-deny', [
  [
    'fails: Flask, whoever reads',
    flask('if request.method == "GET":', '    return', HEADER, ...DECODE),
    byMethod('app/main.py:4', 'app/main.py:6'),
  ],
  [
    'fails: Flask, by a list of methods',
    flask('if request.method in ("GET", "HEAD", "OPTIONS"):', '    return None', HEADER, ...DECODE),
    byMethod('app/main.py:4', 'app/main.py:6'),
  ],
  [
    'fails: FastAPI, whoever reads',
    fastapi('if request.method == "GET":', ...ON, HEADER, ...ANSWER),
    byMethod('app/main.py:5', 'app/main.py:7'),
  ],
  [
    'passes: FastAPI, whoever reads one path',
    fastapi('if request.method == "GET" and request.url.path == "/health":', ...ON, HEADER, ...ANSWER),
    covered('app/main.py:5'),
  ],
  [
    'passes: Flask, what is asked of who reads is another thing',
    flask('if request.method == "GET":', '    g.reads = True', HEADER, ...DECODE),
    covered('app/main.py:4'),
  ],
  [
    'fails: Nest, whoever reads',
    nest(
      "if (request.method === 'GET') return true; if (!this.jwt.verify(request.headers.authorization)) throw new UnauthorizedException(); return true",
    ),
    byMethod('src/app.ts:7', 'src/app.ts:4'),
  ],
  [
    'passes: Nest, preflights',
    nest(
      "if (request.method === 'OPTIONS') return true; if (!this.jwt.verify(request.headers.authorization)) throw new UnauthorizedException(); return true",
    ),
    covered('src/app.ts:7'),
  ],
])

const UNSIGNED = ['fail app/main.py:5: The guard asks for a credential and looks at nothing of it: any text will do.']

table(
  'default-deny',
  [
    'jwt.decode(token, KEY, algorithms=["HS256"], options={"verify_signature": False})',
    'jwt.decode(token, KEY, verify=False)',
    'jwt.get_unverified_claims(token)',
  ].map((read) => [
    `fails: FastAPI, ${read}`,
    fastapi(
      'token = request.headers.get("Authorization", "")',
      `payload = ${read}`,
      'if not payload:',
      '    return JSONResponse(status_code=401, content={})',
    ),
    UNSIGNED,
  ]),
)
