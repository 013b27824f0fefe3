/** Guards that let through whoever asks for it, in many words. */
import { express, type Files, table } from './judged.ts'

type Row = Parameters<typeof table>[1][number]

const exempting = (test: string, before = ''): Files =>
  express(
    "import jwt from 'jsonwebtoken'",
    "import { ORIGINS, isInternal, isKnown } from './callers.js'",
    "const NAMES = new Set(['billing', 'cron']); const PROBE = /kube-probe|GoogleHC/; const SERVICES = new Map()",
    `app.use((req, res, next) => { ${before} if (${test}) return next()`,
    'try { req.user = jwt.verify(req.headers.authorization, key); next() } catch { res.sendStatus(401) } })',
    "app.post('/notes', add)",
  )

const callers = {
  'src/callers.ts': [
    "export const ORIGINS = ['https://app.example.com']",
    "export const isInternal = (req) => req.headers['x-internal'] === '1'",
    'export const isKnown = (req) => services.has(req.headers.origin)',
  ].join('\n'),
}

table('default-deny', [
  ...[
    ['ORIGINS.includes(req.headers.origin)'],
    ["NAMES.has(req.get('x-service') ?? '')"],
    ["['cron'].includes(req.headers['x-service'])"],
    ["[...NAMES].length > 0 || ORIGINS.some((one) => one === req.get('origin'))"],
    ["ORIGINS.some((one) => req.get('referer')?.startsWith(one))"],
    ["/kube-probe/.test(req.headers['user-agent'])"],
    ["PROBE.test(String(req.headers['user-agent']))"],
    ["req.get('user-agent')?.match(/kube-probe/)"],
    ["req.get('user-agent')?.toLowerCase().includes('kube-probe')"],
    ['isInternal(req)'],
    ['!req.xhr'],
    ["service === 'billing'", "const { 'x-service': service } = req.headers;"],
    ['preview', 'const { preview } = req.query;'],
    ["agent.startsWith('kube-probe')", "const agent = req.get('user-agent') ?? '';"],
  ].map(
    ([test = '', before]): Row => [
      `fails: ${before ?? ''} ${test}`,
      { ...exempting(test, before), ...callers },
      ['fail src/app.ts:8: No guard in front of 1 route.'],
    ],
  ),
  ...[
    ['SERVICES.has(req.headers.origin)'],
    ['isKnown(req)'],
    ["process.env.ORIGINS.split(',').includes(req.headers.origin)"],
    ["ORIGINS.includes(req.headers['x-api-key'])"],
    ['/^Bearer x/.test(req.session.bearer)'],
    ["req.method === 'OPTIONS' && ORIGINS.includes(req.headers.origin)"],
    ['ORIGINS.some((one) => check(one, req))'],
    ['user', 'const { user } = req.session;'],
    ['service === process.env.SERVICE', "const { 'x-service': service } = req.headers;"],
  ].map(
    ([test = '', before]): Row => [
      `passes: ${before ?? ''} ${test}`,
      { ...exempting(test, before), ...callers },
      ['pass src/app.ts:6: One guard covers 1 of 1 route.'],
    ],
  ),
])

const hono = (test: string): Files => ({
  'src/app.ts': [
    "import { Hono } from 'hono'",
    "import { jwt } from 'hono/jwt'",
    "const app = new Hono(); const guard = jwt({ secret, alg: 'HS256' }); const SERVICES = ['cron']",
    `app.use(async (c, next) => (${test} ? next() : guard(c, next)))`,
    "app.get('/notes', list)",
  ].join('\n'),
})

const fastapi = (test: string): Files => ({
  'app/main.py': [
    'from fastapi import Depends, FastAPI, HTTPException, Request',
    'import jwt',
    'SERVICES = ["cron"]',
    'def require_user(request: Request):',
    `    if ${test}:`,
    '        return',
    '    try:',
    '        jwt.decode(request.headers["authorization"], KEY, algorithms=["HS256"])',
    '    except jwt.InvalidTokenError:',
    '        raise HTTPException(401)',
    'app = FastAPI(dependencies=[Depends(require_user)])',
    '@app.get("/notes")',
    'async def notes():',
    '    return []',
  ].join('\n'),
})

table('default-deny', [
  [
    'fails: Hono, a list',
    hono("SERVICES.includes(c.req.header('x-service') ?? '')"),
    ['fail src/app.ts:5: No guard in front of 1 route.'],
  ],
  [
    'passes: Hono, a list of what others keep',
    hono("services.includes(c.req.header('x-service') ?? '')"),
    ['pass src/app.ts:4: One guard covers 1 of 1 route.'],
  ],
  [
    'fails: FastAPI, a list',
    fastapi('request.headers.get("x-service") in SERVICES'),
    ['fail app/main.py:12: No guard in front of 1 route.'],
  ],
  [
    'passes: FastAPI, a list of what others keep',
    fastapi('request.headers.get("x-service") in services'),
    ['pass app/main.py:11: One guard covers 1 of 1 route.'],
  ],
])
