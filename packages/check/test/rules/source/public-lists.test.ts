/** Guards of a whole application that name in themselves whom they let through. */
import { express, type Files, table } from './judged.ts'

const CHECK = 'if (!jwt.verify(req.headers.authorization, key)) return res.sendStatus(401)'
const LISTS = [
  "import jwt from 'jsonwebtoken'",
  "const PUBLIC = new Set(['/numbers', '/reports', '/api-docs'])",
  "const ROUTES = [{ method: 'GET', path: '/numbers' }, { method: 'POST', path: '/reports' }]",
  'const isPublic = (path) => { if (PUBLIC.has(path)) return true; return false }',
]

/** A guard on line 7, and two routes after it: one that the lists name, and one that no list does. */
const guarded = (exception: string, route: string, more: readonly string[] = []): Files =>
  express(
    ...LISTS,
    `app.use((req, res, next) => { ${exception} ${CHECK}; next() })`,
    `app.${route}`,
    "app.get('/notes', list)",
    ...more,
  )

const GET = "get('/numbers', list)"
const POST = "post('/reports', add)"
const MARKED = ['pass src/app.ts:7: One guard covers 1 of 2 routes; the others are marked public.']
const OPENED = ['fail src/app.ts:8: POST /reports can be called by anybody: opened beside the guard.']
const COVERED = ['pass src/app.ts:7: One guard covers 2 of 2 routes.']

const EXCEPTIONS = [
  'if (PUBLIC.has(req.path)) return next();',
  'if (PUBLIC.has(req.originalUrl.split("?")[0])) { next(); return }',
  "if (['/numbers', '/reports'].indexOf(req.path) !== -1) return next();",
  `if (['GET /numbers', 'POST /reports'].includes(\`\${req.method} \${req.path}\`)) return next();`,
  "if (['GET:/numbers', 'POST:/reports'].includes(req.method + ':' + req.path)) return next();",
  'if (ROUTES.some((one) => one.method === req.method && one.path === req.path)) return next();',
  'if (ROUTES.find(({ method, path }) => req.method === method && req.path === path)) return next();',
  "if ([['GET', '/numbers'], ['POST', '/reports']].some(([method, path]) => method === req.method && path === req.path)) return next();",
  'for (const one of ROUTES) if (one.path === req.path) return next();',
  "if ({ '/numbers': true, '/reports': true }[req.path]) return next();",
  "if ({ GET: ['/numbers'], POST: ['/reports'] }[req.method]?.includes(req.path)) return next();",
  "if (new Map([['/numbers', ['GET']], ['/reports', ['POST']]]).get(req.path)?.includes(req.method)) return next();",
  "if (new Map([['/numbers', true], ['/reports', true]]).has(req.path)) return next();",
  "if (new Map([['/numbers', true], ['/reports', true]]).get(req.path)) return next();",
  'if (isPublic(req.path)) return next();',
  'const { path } = req; const open = isPublic(path); if (open) return next();',
  'if (/^\\/(?:numbers|reports)$/.test(req.path)) return next();',
]

table('default-deny', [
  ...EXCEPTIONS.flatMap((one): Parameters<typeof table>[1][number][] => [
    [`passes: a reading route is listed: ${one}`, guarded(one, GET), MARKED],
    [`fails: a writing route is listed: ${one}`, guarded(one, POST), OPENED],
    [`passes: what is not listed is covered: ${one}`, guarded(one, "delete('/tags/:id', remove)"), COVERED],
  ]),
])

table('default-deny', [
  [
    'passes: a conditional that hands over to another guard',
    express(
      ...LISTS,
      `const requireUser = (req, res, next) => { ${CHECK}; next() }`,
      'app.use((req, res, next) => (PUBLIC.has(req.path) ? next() : requireUser(req, res, next)))',
      "app.get('/numbers', list)",
      "app.post('/notes', add)",
    ),
    ['pass src/app.ts:8: One guard covers 1 of 2 routes; the others are marked public.'],
  ],
  [
    'fails: a writing route that such a conditional lets through',
    express(
      ...LISTS,
      `const requireUser = (req, res, next) => { ${CHECK}; next() }`,
      'app.use((req, res, next) => (PUBLIC.has(req.path) ? next() : requireUser(req, res, next)))',
      "app.post('/reports', add)",
      "app.post('/notes', add)",
    ),
    ['fail src/app.ts:9: POST /reports can be called by anybody: opened beside the guard.'],
  ],
  [
    'passes: the list is of the guard that it hands over to',
    express(
      ...LISTS,
      `const requireUser = (req, res, next) => { if (PUBLIC.has(req.path)) return next(); ${CHECK}; next() }`,
      "app.use((req, res, next) => { res.set('x', 'y'); return requireUser(req, res, next) })",
      "app.get('/numbers', list)",
      "app.post('/notes', add)",
    ),
    ['pass src/app.ts:8: One guard covers 1 of 2 routes; the others are marked public.'],
  ],
  [
    'passes: all in a try, and what wraps it',
    express(
      ...LISTS,
      'const wrap = (run) => (req, res, next) => { run(req, res, next).catch(next) }',
      `app.use(wrap(async (req, res, next) => { try { if (PUBLIC.has(req.path)) return next(); ${CHECK}; next() } catch (e) { next(e) } }))`,
      "app.get('/numbers', list)",
      "app.post('/notes', add)",
    ),
    ['pass src/app.ts:8: One guard covers 1 of 2 routes; the others are marked public.'],
  ],
  [
    'passes: preflights, and the routes of a mounted router by the path that is left',
    express(
      ...LISTS,
      'const api = express.Router()',
      `api.use((req, res, next) => { if (req.method === 'OPTIONS' || PUBLIC.has(req.path)) return next(); ${CHECK}; next() })`,
      "api.get('/numbers', list)",
      "api.post('/notes', add)",
      "app.use('/', api)",
    ),
    ['pass src/app.ts:8: One guard covers 1 of 2 routes; the others are marked public.'],
  ],
  [
    'passes: what the list leaves to another guard is closed by that',
    express(
      ...LISTS,
      `app.use((req, res, next) => { if (req.path.startsWith('/partner/')) return next(); ${CHECK}; next() })`,
      "app.use('/partner', (req, res, next) => { if (req.headers['x-api-key'] !== key) return res.sendStatus(401); next() })",
      "app.post('/partner/orders', add)",
      "app.post('/notes', add)",
    ),
    ['pass src/app.ts:7: One guard covers 2 of 2 routes.'],
  ],
  [
    'passes: it looks at whatever is below /api, which is everything',
    express(
      ...LISTS,
      `app.use((req, res, next) => { if (!req.path.toLowerCase().startsWith('/api/')) return next(); ${CHECK}; next() })`,
      "app.get('/api/notes', list)",
      "app.post('/api/notes', add)",
    ),
    ['pass src/app.ts:7: One guard covers 2 of 2 routes.'],
  ],
  [
    'fails: it looks at nothing but what it lists',
    express(
      ...LISTS,
      `app.use((req, res, next) => { if (!['/notes', '/tags'].includes(req.path)) return next(); ${CHECK}; next() })`,
      "app.post('/notes', add)",
      "app.post('/tags', add)",
    ),
    [
      'fail src/app.ts:7 src/app.ts:7: The guard makes an exception for all but the paths that it lists: what is added tomorrow is open.',
    ],
  ],
  [
    'fails: whoever reads is let through',
    express(
      ...LISTS,
      `app.use((req, res, next) => { if (req.method === 'GET') return next(); ${CHECK}; next() })`,
      "app.get('/notes', list)",
      "app.post('/notes', add)",
    ),
    ['fail src/app.ts:7 src/app.ts:7: The guard makes an exception by the method: GET.'],
  ],
  [
    'fails: whoever reads is let through, by a list of methods',
    express(
      ...LISTS,
      `app.use((req, res, next) => { if (['GET', 'HEAD', 'OPTIONS'].includes(req.method)) return next(); ${CHECK}; next() })`,
      "app.get('/notes', list)",
      "app.post('/notes', add)",
    ),
    ['fail src/app.ts:7 src/app.ts:7: The guard makes an exception by the method: GET.'],
  ],
  [
    'passes: the guard of a request that only one path is for',
    express(
      ...LISTS,
      `app.use((req, res, next) => { if (req.method === 'GET' && req.path === '/numbers') return next(); ${CHECK}; next() })`,
      "app.get('/numbers', list)",
      "app.post('/numbers', add)",
    ),
    ['pass src/app.ts:7: One guard covers 1 of 2 routes; the others are marked public.'],
  ],
])

const unless = (options: string, route: string): Files =>
  express(
    "import { expressjwt } from 'express-jwt'",
    `app.use(expressjwt({ secret, algorithms }).unless({ ${options} }))`,
    `app.${route}`,
    "app.post('/notes', add)",
  )

table('default-deny', [
  [
    "passes: a reading route that express-jwt's unless names",
    unless("path: ['/login', { url: '/numbers', methods: ['GET'] }]", GET),
    ['pass src/app.ts:4: One guard covers 1 of 2 routes; the others are marked public.'],
  ],
  [
    'passes: by another method it is covered',
    unless("path: ['/login', { url: '/reports', methods: ['GET'] }]", POST),
    ['pass src/app.ts:4: One guard covers 2 of 2 routes.'],
  ],
  [
    'fails: a writing route that it names',
    unless("path: ['/login', '/reports']", POST),
    ['fail src/app.ts:5: POST /reports can be called by anybody: opened beside the guard.'],
  ],
  [
    'fails: a writing route that its pattern fits',
    unless('path: [/^\\/rep/]', POST),
    ['fail src/app.ts:5: POST /reports can be called by anybody: opened beside the guard.'],
  ],
  ['passes: preflights', unless("method: 'OPTIONS'", POST), ['pass src/app.ts:4: One guard covers 2 of 2 routes.']],
  [
    "passes: passport's guard behind a list",
    express(
      ...LISTS,
      "import passport from 'passport'",
      "app.use((req, res, next) => { if (PUBLIC.has(req.path)) return next(); return passport.authenticate('jwt')(req, res, next) })",
      "app.get('/numbers', list)",
      "app.post('/notes', add)",
    ),
    ['pass src/app.ts:8: One guard covers 1 of 2 routes; the others are marked public.'],
  ],
  [
    'passes: the methods that an object keeps for a path',
    guarded(
      "const methods = { '/numbers': ['GET'] }[req.path]; if (methods && methods.includes(req.method)) return next();",
      GET,
    ),
    MARKED,
  ],
  [
    'passes: nothing is kept for it',
    guarded(
      "const methods = { '/numbers': ['GET'] }[req.path]; if (methods?.includes(req.method)) return next();",
      POST,
    ),
    COVERED,
  ],
])

const DOCS = "app.use('/api-docs', swaggerUi.serve, swaggerUi.setup(document))"
const SWAGGER = "import swaggerUi from 'swagger-ui-express'"

table('docs-exposed', [
  [
    'fails: the documentation is among what the guard lets through',
    guarded('if (PUBLIC.has(req.path)) return next();', GET, [SWAGGER, DOCS]),
    ["fail src/app.ts:11: /api-docs shows the API's documentation to anybody."],
  ],
  [
    'passes: it is not',
    guarded("if (req.path === '/numbers') return next();", GET, [SWAGGER, DOCS]),
    ['pass src/app.ts:11: /api-docs is behind a guard.'],
  ],
  [
    'fails: the documentation of an application that something hands over, in front of a guard that lets it through',
    {
      'src/docs.ts': [
        SWAGGER,
        `const guard = (req, res, next) => { if (req.originalUrl === '/docs') return next(); ${CHECK}; next() }`,
        "container.get('app').use('/docs', guard, swaggerUi.serve, swaggerUi.setup(document))",
      ].join('\n'),
      ...guarded('', GET),
    },
    ["fail src/docs.ts:3: /docs shows the API's documentation to anybody."],
  ],
  [
    'passes: in front of one that does not',
    {
      'src/docs.ts': [
        SWAGGER,
        `const guard = (req, res, next) => { if (req.originalUrl === '/numbers') return next(); ${CHECK}; next() }`,
        "container.get('app').use('/docs', guard, swaggerUi.serve, swaggerUi.setup(document))",
      ].join('\n'),
      ...guarded('', GET),
    },
    ['pass src/docs.ts:3: /docs is behind a guard.'],
  ],
])
