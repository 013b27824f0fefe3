/** FastAPI's guards that name in themselves whom they let through, by what the router found. */
import { type Files, table } from './judged.ts'

const fastapi = (test: string, route: string): Files => ({
  'app/main.py': [
    'from fastapi import Depends, FastAPI, HTTPException, Request',
    'import jwt',
    'PUBLIC = {"/numbers", "/reports"}',
    'def current_user(request: Request):',
    `    if ${test}:`,
    '        return',
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
