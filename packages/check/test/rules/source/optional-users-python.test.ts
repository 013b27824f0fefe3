/** FastAPI's dependencies that find who is calling and refuse nobody, and what is made of nobody. */
import { type Files, table } from './judged.ts'

type Row = Parameters<typeof table>[1][number]

const HEAD = [
  'from fastapi import FastAPI, Depends, HTTPException, Header, WebSocketException',
  'from fastapi.security import HTTPBearer, OAuth2PasswordBearer',
  'import jwt',
]

/** A program whose one guard is `guard`; the lines that make it begin on line 4. */
const program = (guard: string, ...lines: readonly string[]): Files => ({
  'app/main.py': [
    ...HEAD,
    ...lines,
    `app = FastAPI(dependencies=[Depends(${guard})])`,
    '@app.get("/notes")',
    'async def list_notes():',
    '    return []',
  ].join('\n'),
})

const OPTIONAL = [
  'oauth2 = OAuth2PasswordBearer(tokenUrl="token", auto_error=False)',
  'async def find_user(token: str | None = Depends(oauth2)):',
  '    if token is None:',
  '        return None',
  '    try:',
  '        return jwt.decode(token, KEY, algorithms=["HS256"])',
  '    except jwt.PyJWTError:',
  '        return None',
]

/** A dependency on the one that refuses nobody. */
const beyond = (name: string, ...body: readonly string[]): Files =>
  program(name, ...OPTIONAL, `async def ${name}(user=Depends(find_user)):`, ...body.map((one) => `    ${one}`))

const REFUSE = '    raise HTTPException(401)'

const bearer = (off: string, ...body: readonly string[]): Files =>
  program(
    'Bearer()',
    'class Bearer(HTTPBearer):',
    '    def __init__(self, auto_error: bool = True):',
    `        super().__init__(auto_error=${off})`,
    '    async def __call__(self, request):',
    '        found = await super().__call__(request)',
    ...body.map((one) => `        ${one}`),
  )

const DECODE = (found: string) => [
  'try:',
  `    return jwt.decode(${found}, KEY, algorithms=["HS256"])`,
  'except jwt.PyJWTError:',
  REFUSE,
]

const scheme = (made: string, ...body: readonly string[]): Files =>
  program('who', `scheme = ${made}`, 'def who(found=Depends(scheme)):', ...body.map((one) => `    ${one}`))

const lineOf = (files: Files, part: string): number =>
  (files['app/main.py'] ?? '').split('\n').findIndex((one) => one.includes(part)) + 1

const open = (title: string, files: Files): Row => [
  `fails: ${title}`,
  files,
  [`fail app/main.py:${lineOf(files, '@app.get')}: No guard in front of 1 route.`],
]

const closed = (title: string, files: Files): Row => [
  `passes: ${title}`,
  files,
  [`pass app/main.py:${lineOf(files, 'app = FastAPI')}: One guard covers 1 of 1 route.`],
]

const bare = (title: string, files: Files, at: number): Row => [
  `fails: ${title}`,
  files,
  [
    `fail app/main.py:${at} app/main.py:${lineOf(files, 'app = FastAPI')}: The guard does not hold: it asks for a credential and verifies nothing.`,
  ],
]

table('default-deny', [
  closed('who was not found is refused', beyond('get_user', 'if user is None:', REFUSE, 'return user')),
  closed(
    'who was not found is refused, by another name',
    beyond('current_user', 'if not user:', REFUSE, 'return user'),
  ),
  open(
    'only a user who is disabled is refused',
    beyond('current_user', 'if user and user["disabled"]:', REFUSE, 'return user'),
  ),
  open('somebody else stands in', beyond('current_user', 'if user is not None and user["banned"]:', REFUSE)),
  closed('nobody has no part to look at', beyond('current_user', 'if user["disabled"]:', REFUSE, 'return user')),
  closed(
    'what is asked may be the refusal',
    beyond('current_user', 'if not may(user):', REFUSE, 'if user and user["disabled"]:', REFUSE, 'return user'),
  ),
])

table('default-deny', [
  open(
    'a guest where there is no token',
    scheme(
      'HTTPBearer(auto_error=False)',
      'if found:',
      ...DECODE('found.credentials').map((one) => `    ${one}`),
      'return User(name="guest")',
    ),
  ),
  closed(
    'a refusal where there is no token',
    scheme(
      'HTTPBearer(auto_error=False)',
      'if found:',
      ...DECODE('found.credentials').map((one) => `    ${one}`),
      'raise HTTPException(401)',
    ),
  ),
  bare(
    'a token that nobody verifies',
    scheme('HTTPBearer()', 'return jwt.decode(found.credentials, options={"verify_signature": False})'),
    5,
  ),
  open(
    'a generator that goes on after a failed check',
    scheme(
      'HTTPBearer()',
      'claims = None',
      'try:',
      '    claims = jwt.decode(found.credentials, KEY, algorithms=["HS256"])',
      'except jwt.PyJWTError:',
      '    pass',
      'yield claims',
    ),
  ),
  closed(
    'a generator that refuses',
    scheme(
      'HTTPBearer()',
      'try:',
      '    claims = jwt.decode(found.credentials, KEY, algorithms=["HS256"])',
      'except jwt.PyJWTError:',
      REFUSE,
      'yield claims',
    ),
  ),
  closed(
    'a websocket is refused by an exception of its own',
    scheme(
      'HTTPBearer(auto_error=False)',
      'try:',
      '    return jwt.decode(found.credentials, KEY, algorithms=["HS256"])',
      'except jwt.PyJWTError:',
      '    raise WebSocketException(code=1008)',
    ),
  ),
])

table('default-deny', [
  open(
    'a class of a scheme that refuses nobody',
    bearer('False', 'if found:', ...DECODE('found.credentials').map((one) => `    ${one}`)),
  ),
  closed(
    'a class of a scheme that refuses nobody, and refuses itself',
    bearer('False', 'if not found:', REFUSE, ...DECODE('found.credentials')),
  ),
  closed(
    'a class of a scheme that refuses',
    bearer('auto_error', 'if found:', ...DECODE('found.credentials').map((one) => `    ${one}`)),
  ),
  open(
    'a class of a scheme that goes on after a failed check',
    bearer(
      'auto_error',
      'try:',
      '    return jwt.decode(found.credentials, KEY, algorithms=["HS256"])',
      'except jwt.PyJWTError:',
      '    return None',
    ),
  ),
  bare('a class of a scheme that looks at nothing', bearer('auto_error', 'return found.credentials'), 4),
])

const VERIFY = (...lines: readonly string[]): Files =>
  program(
    'who',
    'scheme = HTTPBearer()',
    'def verify(token):',
    ...lines.map((one) => `    ${one}`),
    'def who(found=Depends(scheme)):',
    '    if not verify(found.credentials):',
    `    ${REFUSE}`,
    '    return found',
  )
const CHECK = 'jwt.decode(token, KEY, algorithms=["HS256"])'

table('default-deny', [
  open(
    'a check that says yes whatever it found',
    VERIFY('try:', `    ${CHECK}`, 'except jwt.PyJWTError:', '    pass', 'return True'),
  ),
  closed(
    'a check that says no',
    VERIFY('valid = True', 'try:', `    ${CHECK}`, 'except jwt.PyJWTError:', '    valid = False', 'return valid'),
  ),
  closed('a check that throws', VERIFY(CHECK, 'return True')),
  closed(
    'a check whose failure is thrown on',
    VERIFY('try:', `    ${CHECK}`, 'except jwt.PyJWTError:', '    raise', 'return True'),
  ),
])

const believing = (...lines: readonly string[]): Files => program('current_user', ...lines)

table('default-deny', [
  open(
    'an id in a header that FastAPI fills in',
    believing(
      'def current_user(x_user_id: str = Header()):',
      '    user = people.get(x_user_id)',
      '    if user is None:',
      `    ${REFUSE}`,
      '    return user',
    ),
  ),
  open(
    'an id in a header',
    believing(
      'def current_user(request):',
      '    user = people.get(request.headers.get("x-user-id"))',
      '    if user is None:',
      `    ${REFUSE}`,
      '    return user',
    ),
  ),
  closed(
    'a key in a header beside the id',
    believing(
      'def current_user(x_user_id: str = Header(), x_key: str = Header()):',
      '    user = people.get(x_user_id)',
      '    if user is None or user.key != x_key:',
      `    ${REFUSE}`,
      '    return user',
    ),
  ),
])
