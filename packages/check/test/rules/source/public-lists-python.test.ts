/** FastAPI's guards that name in themselves whom they let through, by what the router found. */
import { type Files, table } from './judged.ts'

const fastapi = (test: string, route: string, gives = 'return', ...more: readonly string[]): Files => ({
  'app/main.py': [
    'from fastapi import Depends, FastAPI, HTTPException, Request',
    'import jwt',
    'PUBLIC = {"/numbers", "/reports"}',
    'def current_user(request: Request):',
    `    if ${test}:`,
    `        ${gives}`,
    ...more,
    '    try:',
    '        return jwt.decode(request.headers["authorization"], KEY, algorithms=["HS256"])',
    '    except jwt.InvalidTokenError:',
    '        raise HTTPException(status_code=401)',
    'app = FastAPI(dependencies=[Depends(current_user)])',
    `@app.${route}`,
    'async def one():',
    '    return []',
    '@app.post("/notes")',
    'async def other():',
    '    return []',
  ].join('\n'),
})

table(
  'default-deny',
  [
    'request.scope["route"].path in PUBLIC',
    'request.scope.get("route").path in PUBLIC',
    'request.url.path in PUBLIC',
  ].flatMap((one): Parameters<typeof table>[1][number][] => [
    [
      `passes: a reading route is listed: ${one}`,
      fastapi(one, 'get("/numbers")'),
      ['pass app/main.py:11: One guard covers 1 of 2 routes; the others are marked public.'],
    ],
    [
      `fails: a writing route is listed: ${one}`,
      fastapi(one, 'put("/reports")'),
      ['fail app/main.py:12: PUT /reports can be called by anybody: opened beside the guard.'],
    ],
    [
      `passes: what is not listed is covered: ${one}`,
      fastapi(one, 'put("/tags")'),
      ['pass app/main.py:11: One guard covers 2 of 2 routes.'],
    ],
  ]),
)

const LISTED = 'request.url.path in PUBLIC'

table('default-deny', [
  [
    'passes: a reading route is listed, and nobody is given for it',
    fastapi(LISTED, 'get("/numbers")', 'return None'),
    ['pass app/main.py:11: One guard covers 1 of 2 routes; the others are marked public.'],
  ],
  [
    'fails: a writing route is listed, and nobody is given for it',
    fastapi(LISTED, 'put("/reports")', 'return None'),
    ['fail app/main.py:12: PUT /reports can be called by anybody: opened beside the guard.'],
  ],
  [
    'fails: nobody is given for whoever sends nothing as well',
    fastapi(LISTED, 'get("/numbers")', 'return None', '    if request.state.anonymous:', '        return None'),
    ['fail app/main.py:14 app/main.py:17: No guard in front of 2 routes.'],
  ],
  [
    'fails: nobody is given below a path for whoever sends nothing',
    fastapi('request.url.path.startswith("/")', 'get("/numbers")', 'if request.state.anonymous: return None'),
    ['fail app/main.py:12 app/main.py:15: No guard in front of 2 routes.'],
  ],
  [
    'fails: a path that is listed, or whoever reads',
    fastapi(`${LISTED} or request.method == "GET"`, 'get("/numbers")'),
    ['fail app/main.py:5 app/main.py:11: The guard makes an exception by the method: GET.'],
  ],
])
