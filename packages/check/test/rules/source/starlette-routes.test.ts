/** Starlette's own routes on a FastAPI application: no dependency is asked for there, a middleware is. */
import { type Files, table } from './judged.ts'

type Row = Parameters<typeof table>[1][number]

const HEAD = [
  'from fastapi import APIRouter, Depends, FastAPI, HTTPException, Request',
  'from starlette.responses import JSONResponse',
  'import jwt',
]

const ROUTE = ['async def dump(request):', '    return JSONResponse(await everything())']
const NOTES = ['@app.post("/notes")', 'async def add():', '    return []']

/** A dependency of the whole application on line 9. */
const depending = (...lines: readonly string[]): Files => ({
  'app/main.py': [
    ...HEAD,
    'def current_user(request: Request):',
    '    try:',
    '        jwt.decode(request.headers["authorization"], KEY, algorithms=["HS256"])',
    '    except jwt.InvalidTokenError:',
    '        raise HTTPException(401)',
    'app = FastAPI(dependencies=[Depends(current_user)])',
    ...NOTES,
    ...lines,
  ].join('\n'),
})

/** A middleware on line 5. */
const wrapped = (...lines: readonly string[]): Files => ({
  'app/main.py': [
    ...HEAD,
    'app = FastAPI()',
    '@app.middleware("http")',
    'async def require_token(request: Request, call_next):',
    '    try:',
    '        jwt.decode(request.headers["authorization"], KEY, algorithms=["HS256"])',
    '    except jwt.InvalidTokenError:',
    '        return JSONResponse({}, status_code=401)',
    '    return await call_next(request)',
    ...NOTES,
    ...lines,
  ].join('\n'),
})

const WAYS: readonly (readonly [title: string, line: number, lines: readonly string[]])[] = [
  ['app.add_route', 15, [...ROUTE, 'app.add_route("/dump", dump)']],
  ['app.add_route of a POST', 15, [...ROUTE, 'app.add_route("/dump", dump, methods=["POST"])']],
  ['@app.route', 13, ['@app.route("/dump")', ...ROUTE]],
  [
    'router.add_route',
    16,
    [...ROUTE, 'router = APIRouter()', 'router.add_route("/dump", dump)', 'app.include_router(router)'],
  ],
  [
    'router.add_route, the router asks as well',
    16,
    [
      ...ROUTE,
      'router = APIRouter(dependencies=[Depends(current_user)])',
      'router.add_route("/dump", dump)',
      'app.include_router(router)',
    ],
  ],
]

table('default-deny', [
  ...WAYS.map(
    ([title, line, lines]): Row => [
      `fails: ${title}`,
      depending(...lines),
      [`fail app/main.py:${line}: 1 route outside of the guard that covers the others.`],
    ],
  ),
  ...WAYS.slice(0, 4).map(
    ([title, , lines]): Row => [
      `passes: ${title}, behind a middleware`,
      wrapped(...lines),
      ['pass app/main.py:5: One guard covers 2 of 2 routes.'],
    ],
  ),
  [
    'passes: app.add_api_route',
    depending('async def tags():', '    return []', 'app.add_api_route("/tags", tags)'),
    ['pass app/main.py:9: One guard covers 2 of 2 routes.'],
  ],
  [
    'passes: what is public by its nature',
    depending('async def health(request):', '    return JSONResponse({})', 'app.add_route("/health", health)'),
    ['pass app/main.py:9: One guard covers 1 of 2 routes; not behind it: GET /health.'],
  ],
])
