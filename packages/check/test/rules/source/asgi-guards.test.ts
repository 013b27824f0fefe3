/** Guards that are written as ASGI itself has them: a class that is called with the scope. */
import { type Files, table } from './judged.ts'

const guarded = (...opening: readonly string[]): Files => ({
  'app/main.py': [
    'import jwt',
    'from fastapi import FastAPI',
    'ANONYMOUS = frozenset({"/token", "/notes"})',
    'class RequireToken:',
    '    def __init__(self, app):',
    '        self.app = app',
    '    async def __call__(self, scope, receive, send):',
    '        headers = dict(scope["headers"])',
    ...opening.map((one) => `        ${one}`),
    '        try:',
    '            jwt.decode(headers.get(b"authorization", b"").decode(), KEY, algorithms=["HS256"])',
    '        except jwt.InvalidTokenError:',
    '            await send({"type": "http.response.start", "status": 401, "headers": []})',
    '            return',
    '        await self.app(scope, receive, send)',
    'app = FastAPI()',
    'app.add_middleware(RequireToken)',
    '@app.post("/notes")',
    'def add(): ...',
  ].join('\n'),
})

const ON = ['    await self.app(scope, receive, send)', '    return']
const held = (lines: number) => [`pass app/main.py:${16 + lines}: One guard covers 1 of 1 route.`]
const none = (lines: number) => [`fail app/main.py:${17 + lines}: No guard in front of 1 route.`]

table('default-deny', [
  ['passes: nobody is let through', guarded(), held(0)],
  ['passes: what is no request', guarded('if scope["type"] != "http":', ...ON), held(3)],
  ['passes: another path', guarded('if scope["path"] in frozenset(["/token"]):', ...ON), held(3)],
  [
    'fails: a writing route is listed',
    guarded('if scope["path"] in ANONYMOUS:', ...ON),
    ['fail app/main.py:20: POST /notes can be called by anybody: opened beside the guard.'],
  ],
  ['fails: whoever sends a header', guarded('if b"x-internal" in headers:', ...ON), none(3)],
  ['fails: whoever sends it with that in it', guarded('if headers.get(b"x-internal") == b"1":', ...ON), none(3)],
  ['fails: whoever sends no token', guarded('if b"authorization" not in headers:', ...ON), none(3)],
  [
    'passes: a header is looked at, and the token all the same',
    guarded('if b"x-trace" in headers:', '    log(headers)'),
    held(2),
  ],
])
