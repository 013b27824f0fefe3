import type { Variant } from '../variant.ts'

const LIMITS = `import rateLimit from '@fastify/rate-limit'
import fp from 'fastify-plugin'

export const limits = fp(async (app) => {
  await app.register(rateLimit, {
    global: true,
    max: 200,
    timeWindow: '1 minute',
  })
})

// For routes that try a credential
export const credentialLimit = { max: 10, timeWindow: '1 minute' }
`

const REGISTER_CONFIG = "url: '/register',\n    config: { public: true, rateLimit: credentialLimit },"
const LOGIN_CONFIG = "url: '/login',\n    config: { public: true, rateLimit: credentialLimit },"

export const variants: Variant[] = [
  {
    item: 'jwt-expiry',
    name: 'tokens live a week',
    kind: 'obvious',
    edits: [{ file: 'src/config/tokens.js', find: "'15 minutes'", replace: "'7d'" }],
    live: true,
  },
  {
    item: 'jwt-expiry',
    name: 'exactly 60 minutes',
    kind: 'overlooked',
    edits: [{ file: 'src/config/tokens.js', find: "'15 minutes'", replace: "'60 minutes'" }],
    live: true,
  },
  {
    item: 'auth-rate-limit',
    name: 'no limiter anywhere',
    kind: 'obvious',
    edits: [
      { file: 'src/app.js', find: "import { limits } from './plugins/limits.js'\n", replace: '' },
      { file: 'src/app.js', find: '  await app.register(limits)\n', replace: '' },
      { file: 'src/auth/routes.js', find: "import { credentialLimit } from '../plugins/limits.js'\n", replace: '' },
      {
        file: 'src/auth/routes.js',
        find: REGISTER_CONFIG,
        replace: "url: '/register',\n    config: { public: true },",
      },
      { file: 'src/auth/routes.js', find: LOGIN_CONFIG, replace: "url: '/login',\n    config: { public: true }," },
      { file: 'src/plugins/limits.js', find: LIMITS, replace: 'export {}\n' },
    ],
    live: true,
  },
  {
    // @fastify/rate-limit reads config.rateLimit: beside config nobody reads it, and 200 a minute are left.
    item: 'auth-rate-limit',
    name: "the route's limit stands beside its config",
    kind: 'overlooked',
    edits: [
      {
        file: 'src/auth/routes.js',
        find: REGISTER_CONFIG,
        replace: "url: '/register',\n    config: { public: true },\n    rateLimit: credentialLimit,",
      },
      {
        file: 'src/auth/routes.js',
        find: LOGIN_CONFIG,
        replace: "url: '/login',\n    config: { public: true },\n    rateLimit: credentialLimit,",
      },
    ],
    live: true,
  },
  {
    item: 'validators',
    name: 'a route without a schema',
    kind: 'obvious',
    edits: [
      {
        file: 'src/notes/routes.js',
        find: 'import { listQuery, newNote, noteParams }',
        replace: 'import { listQuery, noteParams }',
      },
      {
        file: 'src/notes/routes.js',
        find: "app.post('/', { schema: { body: newNote } }, async",
        replace: "app.post('/', async",
      },
      { file: 'src/notes/routes.js', find: '= request.body\n', replace: '= request.body ?? {}\n' },
    ],
    live: true,
  },
  {
    // The key is "params": Fastify reads no other, and says nothing.
    item: 'validators',
    name: 'the schema stands under a key that nobody reads',
    kind: 'overlooked',
    edits: [
      { file: 'src/notes/routes.js', find: 'schema: { params: noteParams }', replace: 'schema: { param: noteParams }' },
    ],
    live: true,
  },
  {
    item: 'default-deny',
    name: 'each route names the guard',
    kind: 'obvious',
    edits: [
      {
        file: 'src/plugins/guard.js',
        find: `  // Runs for every request, also for those that no route matches; a route is public only where its config says so.
  app.addHook('onRequest', async (request, reply) => {
    if (request.routeOptions.config.public === true) return

`,
        replace: "  app.decorate('authenticate', async (request, reply) => {\n",
      },
      {
        file: 'src/auth/routes.js',
        find: "app.post('/logout', async",
        replace: "app.post('/logout', { onRequest: app.authenticate }, async",
      },
      {
        file: 'src/users/routes.js',
        find: "app.get('/me', async",
        replace: "app.get('/me', { onRequest: app.authenticate }, async",
      },
      {
        file: 'src/notes/routes.js',
        find: '{ schema: { querystring: listQuery } }',
        replace: '{ onRequest: app.authenticate, schema: { querystring: listQuery } }',
      },
      {
        file: 'src/notes/routes.js',
        find: '{ schema: { body: newNote } }',
        replace: '{ onRequest: app.authenticate, schema: { body: newNote } }',
      },
      {
        file: 'src/notes/routes.js',
        find: '{ schema: { params: noteParams } }',
        replace: '{ onRequest: app.authenticate, schema: { params: noteParams } }',
      },
    ],
    live: true,
  },
  {
    // A hook holds in the scope it was added to, and below.
    item: 'default-deny',
    name: 'one plugin is registered beside the scope that has the guard',
    kind: 'overlooked',
    edits: [
      {
        file: 'src/plugins/guard.js',
        find: `  // Runs for every request, also for those that no route matches; a route is public only where its config says so.
  app.addHook('onRequest', async`,
        replace: `  // A route is public only where its config says so.
  app.decorate('authenticate', async`,
      },
      {
        file: 'src/app.js',
        find: `  await app.register(authRoutes, { prefix: '/auth' })
  await app.register(usersRoutes, { prefix: '/users' })
`,
        replace: `  await app.register(async (guarded) => {
    guarded.addHook('onRequest', guarded.authenticate)
    await guarded.register(authRoutes, { prefix: '/auth' })
    await guarded.register(usersRoutes, { prefix: '/users' })
  })
`,
      },
    ],
    live: true,
  },
  {
    item: 'cors',
    name: 'any origin is given back',
    kind: 'obvious',
    edits: [{ file: 'src/app.js', find: 'origin: config.corsOrigins', replace: 'origin: true, credentials: true' }],
    live: true,
  },
  {
    // Any page in a sandboxed frame has the origin null.
    item: 'cors',
    name: 'null is listed',
    kind: 'overlooked',
    edits: [
      {
        file: 'src/config/index.js',
        find: "'https://app.example.com'",
        replace: "'https://app.example.com,null'",
      },
    ],
    live: true,
  },
  {
    item: 'debug',
    name: 'errors are sent with their stack',
    kind: 'obvious',
    edits: [
      { file: 'src/plugins/errors.js', find: "import { STATUS_CODES } from 'node:http'\n", replace: '' },
      {
        file: 'src/plugins/errors.js',
        find: 'send({ error: STATUS_CODES[status] })',
        replace: 'send({ error: error.message, stack: error.stack })',
      },
    ],
    live: true,
  },
  {
    item: 'debug',
    name: 'details are on unless they are switched off',
    kind: 'overlooked',
    edits: [
      {
        file: 'src/config/index.js',
        find: "  docs: process.env.API_DOCS === 'on',\n",
        replace: "  docs: process.env.API_DOCS === 'on',\n  errorDetails: process.env.ERROR_DETAILS !== 'off',\n",
      },
      {
        file: 'src/plugins/errors.js',
        find: "import fp from 'fastify-plugin'\n",
        replace: "import fp from 'fastify-plugin'\nimport { config } from '../config/index.js'\n",
      },
      {
        file: 'src/plugins/errors.js',
        find: 'send({ error: STATUS_CODES[status] })',
        replace: 'send({ error: STATUS_CODES[status], ...(config.errorDetails && { detail: error.stack }) })',
      },
    ],
    live: true,
  },
  {
    item: 'hardcoded-secret',
    name: 'the key has a fallback',
    kind: 'obvious',
    edits: [
      {
        file: 'src/config/index.js',
        find: 'const jwtSecret = process.env.JWT_SECRET\n',
        replace: "const jwtSecret = process.env.JWT_SECRET || 'Yt6nKw3QzR8vLm5XbPc2HsJd7GfA9eUo4iTx'\n",
      },
    ],
    live: false,
  },
  {
    item: 'hardcoded-secret',
    name: 'the compose file holds the key',
    kind: 'overlooked',
    edits: [],
    adds: [
      {
        file: 'docker-compose.yml',
        text: `services:
  notes:
    build: .
    restart: unless-stopped
    ports:
      - 127.0.0.1:3000:3000
    environment:
      CORS_ORIGINS: https://app.example.com
      JWT_SECRET: Zr5vTq8WmN3xKy7LbPd2HcJs9GfA4eUo6iXt
`,
      },
    ],
    live: false,
  },
  {
    item: 'docs-exposed',
    name: 'the document is always served',
    kind: 'obvious',
    edits: [
      {
        file: 'src/app.js',
        find: '  if (config.docs) await app.register(docs)\n',
        replace: '  await app.register(docs)\n',
      },
    ],
    live: true,
  },
  {
    item: 'docs-exposed',
    name: 'the document is on unless it is switched off',
    kind: 'overlooked',
    edits: [
      { file: 'src/config/index.js', find: "process.env.API_DOCS === 'on'", replace: "process.env.API_DOCS !== 'off'" },
    ],
    live: true,
  },
  {
    item: 'jwt-payload',
    name: 'e-mail and role in the token',
    kind: 'obvious',
    edits: [
      {
        file: 'src/auth/claims.js',
        find: '  jti: sessionId,\n',
        replace: '  jti: sessionId,\n  email: user.email,\n  role: user.role,\n',
      },
    ],
    live: true,
  },
  {
    item: 'jwt-payload',
    name: 'the role is there under the name of a scope',
    kind: 'overlooked',
    edits: [
      {
        file: 'src/auth/claims.js',
        find: '  jti: sessionId,\n',
        replace: '  jti: sessionId,\n  scope: [user.role],\n',
      },
    ],
    live: true,
  },
  {
    item: 'forwarded-for',
    name: 'every proxy is trusted',
    kind: 'obvious',
    edits: [{ file: 'src/app.js', find: 'trustProxy: config.trustedProxies', replace: 'trustProxy: true' }],
    live: true,
  },
  {
    item: 'forwarded-for',
    name: 'a header that nobody vouches for comes first',
    kind: 'overlooked',
    edits: [
      {
        file: 'src/plugins/limits.js',
        find: "    timeWindow: '1 minute',\n",
        replace:
          "    timeWindow: '1 minute',\n    keyGenerator: (request) => request.headers['x-real-ip'] ?? request.ip,\n",
      },
    ],
    live: true,
  },
]
