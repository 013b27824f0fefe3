import type { Variant } from '../variant.ts'

const LIMITERS = `import { rateLimit } from 'express-rate-limit'
import { CREDENTIAL_TRIES_PER_MINUTE, ONE_MINUTE_MS, REQUESTS_PER_MINUTE } from '../config/constants.ts'

const message = { error: 'Too many requests' }

export const globalLimiter = rateLimit({
  windowMs: ONE_MINUTE_MS,
  limit: REQUESTS_PER_MINUTE,
  standardHeaders: 'draft-8',
  legacyHeaders: false,
  message,
})

export const credentialLimiter = rateLimit({
  windowMs: ONE_MINUTE_MS,
  limit: CREDENTIAL_TRIES_PER_MINUTE,
  standardHeaders: 'draft-8',
  legacyHeaders: false,
  message,
})
`

const WITHOUT_CREDENTIAL_LIMITER = [
  {
    file: 'src/auth/router.ts',
    find: "import { credentialLimiter } from '../middleware/limiters.ts'\n",
    replace: '',
  },
  { file: 'src/auth/router.ts', find: "'/register', credentialLimiter, ", replace: "'/register', " },
  { file: 'src/auth/router.ts', find: "'/login', credentialLimiter, ", replace: "'/login', " },
]

export const variants: Variant[] = [
  {
    item: 'jwt-expiry',
    name: 'tokens live 30 days',
    kind: 'obvious',
    edits: [
      {
        file: 'src/auth/tokens.ts',
        find: "import { ACCESS_TOKEN_TTL } from '../config/constants.ts'\n",
        replace: '',
      },
      { file: 'src/auth/tokens.ts', find: 'expiresIn: ACCESS_TOKEN_TTL', replace: "expiresIn: '30d'" },
    ],
    live: true,
  },
  {
    // jsonwebtoken reads a number as seconds: ten days
    item: 'jwt-expiry',
    name: 'the constant of another module is in milliseconds',
    kind: 'overlooked',
    edits: [
      { file: 'src/config/constants.ts', find: "// The access token's life, in seconds\n", replace: '' },
      { file: 'src/config/constants.ts', find: 'TTL = 15 * 60\n', replace: 'TTL = 15 * ONE_MINUTE_MS\n' },
    ],
    live: true,
  },
  {
    item: 'auth-rate-limit',
    name: 'no limiter anywhere',
    kind: 'obvious',
    edits: [
      ...WITHOUT_CREDENTIAL_LIMITER,
      { file: 'src/app.ts', find: "import { globalLimiter } from './middleware/limiters.ts'\n", replace: '' },
      { file: 'src/app.ts', find: '  app.use(globalLimiter)\n', replace: '' },
      { file: 'src/middleware/limiters.ts', find: LIMITERS, replace: 'export {}\n' },
    ],
    live: true,
  },
  {
    // The router stands at /auth, so nothing ever comes to /login; what is left is 200 a minute.
    item: 'auth-rate-limit',
    name: 'the limiter is mounted on paths that do not exist',
    kind: 'overlooked',
    edits: [
      ...WITHOUT_CREDENTIAL_LIMITER,
      { file: 'src/app.ts', find: 'import { globalLimiter }', replace: 'import { credentialLimiter, globalLimiter }' },
      {
        file: 'src/app.ts',
        find: '  app.use(globalLimiter)\n',
        replace: "  app.use(globalLimiter)\n  app.use(['/login', '/register'], credentialLimiter)\n",
      },
    ],
    live: true,
  },
  {
    item: 'validators',
    name: 'a loose schema without bounds',
    kind: 'obvious',
    edits: [
      {
        file: 'src/notes/schemas.ts',
        find: `z.strictObject({
  title: z.string().trim().min(1).max(120),
  text: z.string().max(4000),
})`,
        replace: `z.looseObject({
  title: z.string(),
  text: z.string(),
})`,
      },
    ],
    live: true,
  },
  {
    item: 'validators',
    name: 'one route reads its query raw',
    kind: 'overlooked',
    edits: [
      {
        file: 'src/notes/router.ts',
        find: 'import { type ListQuery, listQuery, type NewNote,',
        replace: 'import { type NewNote,',
      },
      {
        file: 'src/notes/router.ts',
        find: `notesRouter.get('/', validate({ query: listQuery }), (_req, res) => {
  const { limit } = res.locals.query as ListQuery`,
        replace: `notesRouter.get('/', (req, res) => {
  const limit = Number(req.query.limit ?? 20)`,
      },
    ],
    live: true,
  },
  {
    item: 'default-deny',
    name: 'each route names the guard',
    kind: 'obvious',
    edits: [
      { file: 'src/app.ts', find: "import { guard } from './auth/guard.ts'\n", replace: '' },
      { file: 'src/app.ts', find: '  app.use(guard)\n\n', replace: '' },
      {
        file: 'src/auth/router.ts',
        find: 'import { hashPassword,',
        replace: "import { guard } from './guard.ts'\nimport { hashPassword,",
      },
      { file: 'src/auth/router.ts', find: "'/logout', ", replace: "'/logout', guard, " },
      {
        file: 'src/users/router.ts',
        find: 'import { findUser,',
        replace: "import { guard } from '../auth/guard.ts'\nimport { findUser,",
      },
      { file: 'src/users/router.ts', find: "'/me', ", replace: "'/me', guard, " },
      {
        file: 'src/notes/router.ts',
        find: 'import { validate }',
        replace: "import { guard } from '../auth/guard.ts'\nimport { validate }",
      },
      { file: 'src/notes/router.ts', find: "get('/', ", replace: "get('/', guard, " },
      { file: 'src/notes/router.ts', find: "post('/', ", replace: "post('/', guard, " },
      { file: 'src/notes/router.ts', find: "get('/:id', ", replace: "get('/:id', guard, " },
    ],
    live: true,
  },
  {
    item: 'default-deny',
    name: 'one router stands above the guard',
    kind: 'overlooked',
    edits: [
      { file: 'src/app.ts', find: "  app.use('/notes', notesRouter)\n", replace: '' },
      {
        file: 'src/app.ts',
        find: '  app.use(guard)\n',
        replace: "  app.use('/notes', notesRouter)\n  app.use(guard)\n",
      },
    ],
    live: true,
  },
  {
    item: 'cors',
    name: 'any origin',
    kind: 'obvious',
    edits: [{ file: 'src/app.ts', find: 'cors({ origin: config.corsOrigins })', replace: 'cors()' }],
    live: true,
  },
  {
    // https://notexample.com ends with it too
    item: 'cors',
    name: 'the end of the origin is compared',
    kind: 'overlooked',
    edits: [
      {
        file: 'src/app.ts',
        find: 'cors({ origin: config.corsOrigins })',
        replace: "cors({ origin: (origin, done) => done(null, origin?.endsWith('example.com')) })",
      },
    ],
    live: true,
  },
  {
    item: 'debug',
    name: 'errors are sent with their stack',
    kind: 'obvious',
    edits: [
      { file: 'src/middleware/errors.ts', find: "import { STATUS_CODES } from 'node:http'\n", replace: '' },
      {
        file: 'src/middleware/errors.ts',
        find: 'json({ error: STATUS_CODES[status] })',
        replace: 'json({ error: error.message, stack: error.stack })',
      },
    ],
    live: true,
  },
  {
    // Nothing sets NODE_ENV to "prod": the name is "production".
    item: 'debug',
    name: 'the stack is left out in an environment that has another name',
    kind: 'overlooked',
    edits: [
      {
        file: 'src/middleware/errors.ts',
        find: 'res.status(status).json({ error: STATUS_CODES[status] })',
        replace: `const detail = process.env.NODE_ENV !== 'prod' ? error.stack : undefined
  res.status(status).json({ error: STATUS_CODES[status], detail })`,
      },
    ],
    live: true,
  },
  {
    item: 'hardcoded-secret',
    name: 'the key is a literal',
    kind: 'obvious',
    edits: [
      {
        file: 'src/config/index.ts',
        find: `const secret = (name: string): string => {
  const value = process.env[name]
  if (!value || value.length < 32) throw new Error(\`\${name} must be set, to at least 32 characters\`)
  return value
}

`,
        replace: '',
      },
      {
        file: 'src/config/index.ts',
        find: "secret('JWT_SECRET')",
        replace: "'Vq7mR2xT9kLw4ZpB8nYc3HsD6fGj1AeU5oXi'",
      },
    ],
    live: false,
  },
  {
    item: 'hardcoded-secret',
    name: 'the reader of settings falls back to a key of the developers',
    kind: 'overlooked',
    edits: [
      {
        file: 'src/config/index.ts',
        find: 'const value = process.env[name]\n',
        replace: "const value = process.env[name] ?? 'notes-local-signing-key-8Jq2Lw7Rz4Tb'\n",
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
        file: 'src/app.ts',
        find: `  if (config.environment === 'development') {
    app.get('/openapi.json', (_req, res) => res.json(document))
  }
`,
        replace: "  app.get('/openapi.json', (_req, res) => res.json(document))\n",
      },
    ],
    live: true,
  },
  {
    item: 'docs-exposed',
    name: 'the document is left out in an environment that has another name',
    kind: 'overlooked',
    edits: [
      { file: 'src/app.ts', find: "config.environment === 'development'", replace: "config.environment !== 'prod'" },
    ],
    live: true,
  },
  {
    item: 'jwt-payload',
    name: 'e-mail and role in the token',
    kind: 'obvious',
    edits: [
      {
        file: 'src/auth/tokens.ts',
        find: '{ sub: user.id, jti: sessionId }',
        replace: '{ sub: user.id, jti: sessionId, email: user.email, role: user.role }',
      },
    ],
    live: true,
  },
  {
    item: 'jwt-payload',
    name: 'what is public of a user is spread into the token',
    kind: 'overlooked',
    edits: [
      {
        file: 'src/auth/tokens.ts',
        find: "import type { User } from '../users/store.ts'",
        replace: "import { toPublicUser, type User } from '../users/store.ts'",
      },
      {
        file: 'src/auth/tokens.ts',
        find: '{ sub: user.id, jti: sessionId }',
        replace: '{ ...toPublicUser(user), sub: user.id, jti: sessionId }',
      },
    ],
    live: true,
  },
  {
    item: 'forwarded-for',
    name: 'every proxy is trusted',
    kind: 'obvious',
    edits: [
      {
        file: 'src/app.ts',
        find: "app.set('trust proxy', config.trustedProxies)",
        replace: "app.set('trust proxy', true)",
      },
    ],
    live: true,
  },
  {
    // Every client behind the proxy shares one count.
    item: 'forwarded-for',
    name: 'no proxy is trusted, so that the proxy is what is counted',
    kind: 'overlooked',
    edits: [{ file: 'src/app.ts', find: "  app.set('trust proxy', config.trustedProxies)\n", replace: '' }],
    live: false,
  },
]
