import { express, table } from './judged.ts'

const GUARD = [
  "import jwt from 'jsonwebtoken'",
  'const auth = (req, res, next) => { try { req.user = jwt.verify(req.headers.authorization, key); next() } catch { res.sendStatus(401) } }',
]

table('default-deny', [
  [
    'passes: a guard before everything that is not public by its nature',
    express(...GUARD, "app.post('/login', login)", 'app.use(auth)', "app.get('/notes', list)"),
    ['pass src/app.ts:6: One guard covers 1 of 2 routes; not behind it: POST /login.'],
  ],
  [
    'passes: what merely stands before the guard is named, and not called marked',
    express(
      ...GUARD,
      ...['/', '/health', '/tags', '/news'].map((path) => `app.get('${path}', list)`),
      'app.use(auth)',
      "app.get('/notes', list)",
    ),
    ['pass src/app.ts:9: One guard covers 1 of 5 routes; not behind it: GET /, GET /health, GET /tags and 1 more.'],
  ],
  [
    'passes: nothing beside it',
    express(...GUARD, 'app.use(auth)', "app.get('/notes', list)"),
    ['pass src/app.ts:5: One guard covers 1 of 1 route.'],
  ],
  [
    'fails: each call of a chain at its own line',
    express(
      ...GUARD,
      'app',
      "  .route('/notes')",
      '  .get(auth, list)',
      '  .post(create)',
      "app.options('/notes', cors())",
    ),
    ['fail src/app.ts:8 src/app.ts:4: Guards are asked for route by route, and 1 route asked for none.'],
  ],
  [
    'fails: what only sounds like something public',
    express(...GUARD, "app.post('/shipping', add)", 'app.use(auth)', "app.get('/notes', list)"),
    ['fail src/app.ts:5: POST /shipping can be called by anybody: opened beside the guard.'],
  ],
  ...['PUT /auth/users/:id/role', 'POST /auth/change-password', 'POST /orders/:id/confirm', 'POST /admin/register'].map(
    (line) => {
      const [method = '', path = ''] = line.split(' ')
      return [
        `fails: ${line} before the guard, with a door's word in it`,
        express(...GUARD, `app.${method.toLowerCase()}('${path}', change)`, 'app.use(auth)', "app.get('/notes', list)"),
        [`fail src/app.ts:5: ${line} can be called by anybody: opened beside the guard.`],
      ] as const
    },
  ),
  [
    'passes: a link from a mail before the guard',
    express(...GUARD, "app.put('/auth/reset-password/:token', reset)", 'app.use(auth)', "app.get('/notes', list)"),
    ['pass src/app.ts:6: One guard covers 1 of 2 routes; not behind it: PUT /auth/reset-password/:token.'],
  ],
  [
    'fails: none',
    express("app.get('/notes', list)", "app.delete('/notes/:id', remove)"),
    ['fail src/app.ts:3 src/app.ts:4: No guard in front of 2 routes.'],
  ],
  [
    'fails: each route asks for its own',
    express(...GUARD, "app.get('/notes', auth, list)", "app.get('/tags', auth, list)"),
    ['fail src/app.ts:4 src/app.ts:4: Each of 2 routes asks for its guard itself: the next one that forgets is open.'],
  ],
  [
    'fails: one of them forgot',
    express(...GUARD, "app.get('/notes', auth, list)", "app.delete('/notes/:id', remove)"),
    ['fail src/app.ts:6 src/app.ts:4: Guards are asked for route by route, and 1 route asked for none.'],
  ],
  [
    'fails: it is put on after the routes',
    express(...GUARD, "app.get('/notes', list)", "app.delete('/notes/:id', remove)", 'app.use(auth)'),
    ['fail src/app.ts:5 src/app.ts:6: No guard in front of 2 routes.'],
  ],
  [
    'fails: a writing route before the guard',
    express(...GUARD, "app.delete('/notes/:id', remove)", 'app.use(auth)', "app.get('/notes', list)"),
    ['fail src/app.ts:5: DELETE /notes/:id can be called by anybody: opened beside the guard.'],
  ],
  [
    'fails: an exception by a part of the path',
    express(
      "import jwt from 'jsonwebtoken'",
      "const auth = (req, res, next) => { if (req.path.includes('/public')) return next()",
      'if (!jwt.verify(req.headers.authorization, key)) return res.sendStatus(401)',
      'next() }',
      'app.use(auth)',
      "app.get('/notes', list)",
    ),
    ['fail src/app.ts:4 src/app.ts:7: The guard makes an exception by a part of the path: includes.'],
  ],
  [
    'fails: a function that is only called like a guard lets everybody through',
    express('const auth = (req, res, next) => next()', 'app.use(auth)', "app.get('/notes', list)"),
    ['fail src/app.ts:5: No guard in front of 1 route.'],
  ],
  [
    'fails: a guard that hands on what it could not verify',
    express(
      "import jwt from 'jsonwebtoken'",
      'const auth = (req, res, next) => { try { req.user = jwt.verify(req.headers.authorization, key); next() } catch { next() } }',
      'app.use(auth)',
      "app.get('/notes', list)",
    ),
    ['fail src/app.ts:6: No guard in front of 1 route.'],
  ],
  [
    'fails: what wants no credentials is no guard, whatever it is not asked for besides',
    express(
      "import { expressjwt } from 'express-jwt'",
      "const auth = expressjwt({ secret, algorithms: ['HS256'], credentialsRequired: false })",
      "app.use(auth.unless({ path: ['/login'] }))",
      "app.get('/notes', list)",
    ),
    ['fail src/app.ts:6: No guard in front of 1 route.'],
  ],
  [
    'fails: what wants no credentials is no guard',
    express(
      "import { expressjwt } from 'express-jwt'",
      "app.use(expressjwt({ secret, algorithms: ['HS256'], credentialsRequired: false }))",
      "app.get('/notes', list)",
    ),
    ['fail src/app.ts:5: No guard in front of 1 route.'],
  ],
  [
    'passes: a guard on the path that everything is below, and what is public by its nature beside it',
    express(...GUARD, "app.use('/api', auth)", "app.get('/api/notes', list)", "app.get('/health', list)"),
    ['pass src/app.ts:5: One guard covers 1 of 2 routes; not behind it: GET /health.'],
  ],
  [
    'passes: what stands before the guard on that path is named',
    express(...GUARD, "app.get('/api/news', list)", "app.use('/api', auth)", "app.get('/api/notes', list)"),
    ['pass src/app.ts:6: One guard covers 1 of 2 routes; not behind it: GET /api/news.'],
  ],
  [
    'fails: what is read beside that path',
    express(...GUARD, "app.use('/api', auth)", "app.get('/api/notes', list)", "app.get('/export', all)"),
    ['fail src/app.ts:7: 1 route outside of the guard that covers the others.'],
  ],
  [
    'fails: a guard on a path that is one part of the application',
    express(...GUARD, "app.use('/notes', auth)", "app.get('/notes', list)", "app.get('/health', list)"),
    ['fail src/app.ts:5: Each of 1 route asks for its guard itself: the next one that forgets is open.'],
  ],
  [
    'not proven: a framework without a route that could be read',
    express('load(app)'),
    ['not-proven (1 file read): express is there, and none of its routes could be found.'],
  ],
])
