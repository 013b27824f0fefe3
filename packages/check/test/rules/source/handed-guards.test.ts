/** Guards that hand the request to another one, and what that one lets through. */
import { express, type Files, table } from './judged.ts'

type Row = Parameters<typeof table>[1][number]

const TOKEN = "const token = req.headers.authorization?.split(' ')[1]"
const VERIFY = 'try { req.user = jwt.verify(token, key) } catch { return res.sendStatus(401) }'

const handed = (guard: string, use = 'PUBLIC.has(req.path) ? next() : authenticate(req, res, next)'): Files =>
  express(
    "import jwt from 'jsonwebtoken'; const PUBLIC = new Set(['/health'])",
    `const authenticate = (req, res, next) => { ${TOKEN}; ${guard} }`,
    `app.use((req, res, next) => ${use})`,
    "app.get('/notes', list)",
    "app.post('/notes', add)",
  )

const fastify = (guard: string): Files => ({
  'src/app.ts': [
    "import Fastify from 'fastify'; import jwt from 'jsonwebtoken'",
    "const app = Fastify(); const PUBLIC = new Set(['/health'])",
    `const authenticate = async (request, reply) => { const token = request.headers.authorization; ${guard} }`,
    "app.addHook('onRequest', async (request, reply) => { if (!PUBLIC.has(request.url)) return authenticate(request, reply) })",
    "app.get('/notes', list)",
    "app.post('/notes', add)",
  ].join('\n'),
})

const COVERS = ['pass src/app.ts:5: One guard covers 2 of 2 routes.']
const NONE = ['fail src/app.ts:6 src/app.ts:7: No guard in front of 2 routes.']

const NONE_OF_FASTIFY = ['fail src/app.ts:5 src/app.ts:6: No guard in front of 2 routes.']

/** None of these refuses everybody who has no token of ours. */
const OPEN = [
  'try { req.user = jwt.verify(token, key) } catch { res.status(401) } next()',
  'try { req.user = jwt.verify(token, key) } catch {} finally { next() }',
  `if (token) { ${VERIFY} } next()`,
  'if (!token) return res.sendStatus(401); req.user = jwt.decode(token); next()',
  // One kind of failure is refused, and a forged token fails in another way.
  "jwt.verify(token, key, (error, user) => { if (error && error.name === 'TokenExpiredError') return res.sendStatus(401); req.user = user; next() })",
  "try { req.user = jwt.verify(token, key) } catch (error) { if (error.name === 'TokenExpiredError') return res.sendStatus(401) } next()",
  'try { req.user = jwt.verify(token, key) } catch (error) { if (error instanceof jwt.TokenExpiredError) { return res.sendStatus(401) } console.warn(error) } next()',
  // The callback of the check asks nobody what came of it.
  'if (!token) return res.sendStatus(401); jwt.verify(token, key, (error, user) => { req.user = user; next() })',
  'if (!token) return res.sendStatus(401); jwt.verify(token, key, (error, user) => { if (error) console.warn(error); req.user = user; next() })',
  'if (!token) return res.sendStatus(401); jwt.verify(token, key, (error, user) => { if (!error) req.user = user; next() })',
  // Whoever reads may ask to be let through.
  `if (req.method === 'GET' && req.query.preview) return next(); ${VERIFY} next()`,
]

const HOLDS = [
  'jwt.verify(token, key, (error, user) => { if (error || !user) return res.sendStatus(403); req.user = user; next() })',
  'jwt.verify(token, key, (error, user) => { if (error) res.sendStatus(401); else { req.user = user; next() } })',
  `if (req.method === 'OPTIONS') return next(); ${VERIFY} next()`,
  `${VERIFY} next()`,
  'jwt.verify(token, key, (error, user) => { if (error) return res.sendStatus(401); req.user = user; next() })',
  // The other kinds are refused too.
  "jwt.verify(token, key, (error, user) => { if (error?.name === 'TokenExpiredError') return res.sendStatus(401); if (error) return res.sendStatus(403); req.user = user; next() })",
  "try { req.user = jwt.verify(token, key) } catch (error) { if (error.name === 'TokenExpiredError') return res.sendStatus(401); return res.sendStatus(403) } next()",
  "try { req.user = jwt.verify(token, key); next() } catch (error) { if (error.name === 'TokenExpiredError') return res.sendStatus(401); next(error) }",
]

table('default-deny', [
  ...OPEN.map((guard): Row => [`handed to an open one: ${guard}`, handed(guard), NONE]),
  ...HOLDS.map((guard): Row => [`handed to one that holds: ${guard}`, handed(guard), COVERS]),
  [
    'a header of the caller’s choice decides whether the guard is asked',
    handed(
      `${VERIFY} next()`,
      "(PUBLIC.has(req.path) || req.headers['x-internal'] === '1' ? next() : authenticate(req, res, next))",
    ),
    NONE,
  ],
  [
    'the check runs where the caller’s own words ask for it',
    handed(
      `if (!PUBLIC.has(req.path) && req.get('x-internal') !== '1') { ${VERIFY} } next()`,
      'authenticate(req, res, next)',
    ),
    NONE,
  ],
  [
    'a header alone does not avoid the check',
    handed(
      `if (!PUBLIC.has(req.path) || req.get('x-internal') !== '1') { ${VERIFY} } next()`,
      'authenticate(req, res, next)',
    ),
    COVERS,
  ],
  [
    'Fastify: handed to one that catches and goes on',
    fastify('try { jwt.verify(token, key) } catch {}'),
    NONE_OF_FASTIFY,
  ],
  [
    'Fastify: handed to one that refuses the expired alone',
    fastify(
      "try { jwt.verify(token, key) } catch (error) { if (error.name === 'TokenExpiredError') return reply.code(401).send() }",
    ),
    NONE_OF_FASTIFY,
  ],
  [
    'Fastify: handed to one that holds',
    fastify('try { jwt.verify(token, key) } catch { return reply.code(401).send() }'),
    ['pass src/app.ts:4: One guard covers 2 of 2 routes.'],
  ],
])
