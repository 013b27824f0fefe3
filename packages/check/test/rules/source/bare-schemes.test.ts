/** FastAPI's schemes find a credential and look at nothing of it; so does a dependency that only hands it on. */
import { type Files, table } from './judged.ts'

const guarded = (...guard: readonly string[]): Files => ({
  'app/main.py': [
    'import hmac, jwt',
    'from fastapi import Cookie, Depends, FastAPI, Header, HTTPException, Request, Security',
    'from fastapi.security import APIKeyHeader, HTTPBearer, OAuth2PasswordBearer',
    'header = APIKeyHeader(name="X-API-Key", auto_error=False)',
    'bearer = HTTPBearer(); optional_bearer = HTTPBearer(auto_error=False)',
    'oauth2 = OAuth2PasswordBearer(tokenUrl="token")',
    'def token_of(found=Depends(bearer)):',
    '    return found.credentials',
    ...guard,
    'app = FastAPI(dependencies=[Depends(guard)])',
    '@app.post("/notes")',
    'def add(): ...',
  ].join('\n'),
})

const held = (lines: number) => [`pass app/main.py:${9 + lines}: One guard covers 1 of 1 route.`]
const bare = (lines: number) => [
  `fail app/main.py:9 app/main.py:${9 + lines}: The guard does not hold: it asks for a credential and verifies nothing.`,
]

const rows: readonly (readonly [
  title: string,
  guard: readonly string[],
  expected: (lines: number) => readonly string[],
])[] = [
  [
    'fails: whether there is a key',
    ['def guard(key=Security(header)):', '    if key is None:', '        raise HTTPException(403)', '    return key'],
    bare,
  ],
  [
    'fails: whether it says anything',
    ['def guard(key=Security(header)):', '    if not key:', '        raise HTTPException(403)'],
    bare,
  ],
  ['fails: the token is handed on', ['def guard(token=Depends(oauth2)):', '    return token'], bare],
  [
    'fails: its scheme is looked at',
    [
      'def guard(found=Depends(bearer)):',
      '    if found.scheme != "Bearer":',
      '        raise HTTPException(401)',
      '    return found.credentials',
    ],
    bare,
  ],
  ['fails: handed on by another, and on', ['def guard(token=Depends(token_of)):', '    return {"token": token}'], bare],
  [
    'passes: compared',
    ['def guard(key=Security(header)):', '    if key != KEY:', '        raise HTTPException(403)'],
    held,
  ],
  [
    'passes: compared in constant time',
    [
      'def guard(key=Security(header)):',
      '    if key is None or not hmac.compare_digest(key, KEY):',
      '        raise HTTPException(403)',
    ],
    held,
  ],
  [
    'passes: one of several',
    ['def guard(key=Security(header)):', '    if key not in KEYS:', '        raise HTTPException(403)'],
    held,
  ],
  [
    'passes: handed on, and verified',
    ['def guard(token=Depends(token_of)):', '    return jwt.decode(token, KEY, algorithms=["HS256"])'],
    held,
  ],
  [
    'passes: given to what nobody knows',
    ['def guard(request: Request, token=Depends(oauth2)):', '    return accounts.of(request)'],
    held,
  ],
  ['passes: looked up', ['def guard(token=Depends(oauth2)):', '    return SESSIONS[token]'], held],
]

const open = (lines: number) => [`fail app/main.py:${10 + lines}: No guard in front of 1 route.`]
const SESSION = ['    if STORE.get(sid) is None:', '        raise HTTPException(401)']

table(
  'default-deny',
  (
    [
      [
        'fails: a cookie that is not sent',
        ['def guard(sid: str | None = Cookie(None)):', '    if sid is None:', '        return', ...SESSION],
        open,
      ],
      [
        'fails: one that is annotated',
        ['def guard(sid: Annotated[str | None, Cookie()] = None):', '    if not sid:', '        return', ...SESSION],
        open,
      ],
      [
        'fails: what a scheme did not find',
        ['def guard(sid=Depends(optional_bearer)):', '    if sid is None:', '        return', ...SESSION],
        open,
      ],
      [
        'passes: a header that is compared',
        ['def guard(x_api_key: str = Header()):', '    if x_api_key != KEY:', '        raise HTTPException(403)'],
        held,
      ],
      [
        'fails: a header that anybody may send is compared',
        [
          'def guard(accept_language: str = Header()):',
          '    if accept_language not in KNOWN:',
          '        raise HTTPException(403)',
        ],
        open,
      ],
      [
        'fails: a token against forged requests is compared',
        ['def guard(csrf_token: str = Cookie()):', '    if csrf_token != KEY:', '        raise HTTPException(403)'],
        open,
      ],
      [
        'passes: another parameter is not given',
        ['def guard(sid: str = Cookie(), db=Depends(database)):', '    if db is None:', '        return', ...SESSION],
        held,
      ],
    ] as const
  ).map(([title, guard, expected]) => [title, guarded(...guard), expected(guard.length)]),
)

table(
  'default-deny',
  rows.map(([title, guard, expected]) => [title, guarded(...guard), expected(guard.length)]),
)
