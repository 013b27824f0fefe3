/** Hono's guards that name in themselves whom they let through. */
import { type Files, table } from './judged.ts'

const hono = (exception: string, ...routes: readonly string[]): Files => ({
  'src/app.ts': [
    "import { Hono } from 'hono'",
    "import { bearerAuth } from 'hono/bearer-auth'\nimport { verify } from 'hono/jwt'",
    'const app = new Hono()',
    "const PUBLIC = ['/numbers', '/reports', '/reference']",
    'const isPublic = (c) => PUBLIC.includes(c.req.path)',
    `app.use(async (c, next) => { ${exception} try { c.set('user', await verify(c.req.header('authorization'), key)) } catch { return c.json({}, 401) } await next() })`,
    ...routes,
    "app.post('/notes', add)",
  ].join('\n'),
})

table('default-deny', [
  ...[
    'if (PUBLIC.includes(c.req.path)) return next();',
    'if (PUBLIC.some((one) => one === c.req.path)) { await next(); return }',
    'if (isPublic(c)) return next();',
    'const { pathname } = new URL(c.req.url); if (PUBLIC.includes(pathname)) return next();',
  ].flatMap((one): Parameters<typeof table>[1][number][] => [
    [
      `passes: Hono, a reading route is listed: ${one}`,
      hono(one, "app.get('/numbers', list)"),
      ['pass src/app.ts:7: One guard covers 1 of 2 routes; the others are marked public.'],
    ],
    [
      `fails: Hono, a writing route is listed: ${one}`,
      hono(one, "app.put('/reports', add)"),
      ['fail src/app.ts:8: PUT /reports can be called by anybody: opened beside the guard.'],
    ],
    [
      `passes: Hono, what is not listed is covered: ${one}`,
      hono(one, "app.delete('/tags/:id', remove)"),
      ['pass src/app.ts:7: One guard covers 2 of 2 routes.'],
    ],
  ]),
  [
    'passes: Hono, what the list leaves to another guard is closed by that',
    hono(
      "if (c.req.path.startsWith('/partner/')) return next();",
      "app.use('/partner/*', bearerAuth({ token }))",
      "app.post('/partner/orders', add)",
    ),
    ['pass src/app.ts:7: One guard covers 2 of 2 routes.'],
  ],
  [
    'fails: Hono, whoever reads is let through',
    hono("if (['GET', 'HEAD'].includes(c.req.method)) return next();", "app.get('/numbers', list)"),
    ['fail src/app.ts:7 src/app.ts:7: The guard makes an exception by the method: GET.'],
  ],
])
