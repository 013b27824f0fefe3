import type { Variant } from '../variant.ts'

const LIMITERS = `import { rateLimiter } from 'hono-rate-limiter'
import { clientAddress } from './client.ts'

const message = { error: 'Too many requests' }

export const globalLimiter = rateLimiter({
  windowMs: 60_000,
  limit: 200,
  keyGenerator: clientAddress,
  message,
})

export const credentialLimiter = rateLimiter({
  windowMs: 60_000,
  limit: 10,
  keyGenerator: clientAddress,
  message,
})
`

export const variants: Variant[] = [
  {
    item: 'jwt-expiry',
    name: 'tokens have no expiry',
    kind: 'obvious',
    edits: [
      { file: 'src/auth/tokens.ts', find: 'const ACCESS_TOKEN_SECONDS = 15 * 60\n\n', replace: '' },
      {
        file: 'src/auth/tokens.ts',
        find: ', iat: now(), exp: now() + ACCESS_TOKEN_SECONDS }',
        replace: ', iat: now() }',
      },
    ],
    live: true,
  },
  {
    // exp is in seconds: read as such, this is the year 58000.
    item: 'jwt-expiry',
    name: 'exp in milliseconds',
    kind: 'overlooked',
    edits: [
      {
        file: 'src/auth/tokens.ts',
        find: 'exp: now() + ACCESS_TOKEN_SECONDS',
        replace: 'exp: Date.now() + ACCESS_TOKEN_SECONDS * 1000',
      },
    ],
    live: true,
  },
  {
    item: 'auth-rate-limit',
    name: 'no limiter anywhere',
    kind: 'obvious',
    edits: [
      { file: 'src/app.ts', find: "import { globalLimiter } from './middleware/limiters.ts'\n", replace: '' },
      { file: 'src/app.ts', find: 'app.use(globalLimiter)\n', replace: '' },
      {
        file: 'src/auth/routes.ts',
        find: "import { credentialLimiter } from '../middleware/limiters.ts'\n",
        replace: '',
      },
      {
        file: 'src/auth/routes.ts',
        find: "auth.use('/register', credentialLimiter)\nauth.use('/login', credentialLimiter)\n\n",
        replace: '',
      },
      { file: 'src/middleware/limiters.ts', find: LIMITERS, replace: 'export {}\n' },
    ],
    live: true,
  },
  {
    // Hono runs what was registered, in that order: the handlers have answered by then. What is left is 200 a minute.
    item: 'auth-rate-limit',
    name: 'the limiter is registered after the routes',
    kind: 'overlooked',
    edits: [
      {
        file: 'src/auth/routes.ts',
        find: "auth.use('/register', credentialLimiter)\nauth.use('/login', credentialLimiter)\n\n",
        replace: '',
      },
      {
        file: 'src/auth/routes.ts',
        find: "auth.post('/logout'",
        replace:
          "auth.use('/register', credentialLimiter)\nauth.use('/login', credentialLimiter)\n\nauth.post('/logout'",
      },
    ],
    live: true,
  },
  {
    item: 'validators',
    name: 'a body of anything',
    kind: 'obvious',
    edits: [
      {
        file: 'src/notes/schemas.ts',
        find: `z.strictObject({
  title: z.string().trim().min(1).max(120),
  text: z.string().max(4000),
})`,
        replace: 'z.record(z.string(), z.any())',
      },
    ],
    live: true,
  },
  {
    item: 'validators',
    name: 'one string has no end',
    kind: 'overlooked',
    edits: [{ file: 'src/notes/schemas.ts', find: 'text: z.string().max(4000)', replace: 'text: z.string()' }],
    live: true,
  },
  {
    item: 'default-deny',
    name: 'each route names the guard',
    kind: 'obvious',
    edits: [
      { file: 'src/app.ts', find: 'import { guard, type SignedIn }', replace: 'import type { SignedIn }' },
      { file: 'src/app.ts', find: 'app.use(guard)\n\n', replace: '' },
      { file: 'src/auth/routes.ts', find: 'import type { SignedIn }', replace: 'import { guard, type SignedIn }' },
      { file: 'src/auth/routes.ts', find: "'/logout', ", replace: "'/logout', guard, " },
      { file: 'src/users/routes.ts', find: 'import type { SignedIn }', replace: 'import { guard, type SignedIn }' },
      { file: 'src/users/routes.ts', find: "'/me', ", replace: "'/me', guard, " },
      { file: 'src/notes/routes.ts', find: 'import type { SignedIn }', replace: 'import { guard, type SignedIn }' },
      { file: 'src/notes/routes.ts', find: "get('/', ", replace: "get('/', guard, " },
      { file: 'src/notes/routes.ts', find: "post('/', ", replace: "post('/', guard, " },
      { file: 'src/notes/routes.ts', find: "get('/:id', ", replace: "get('/:id', guard, " },
    ],
    live: true,
  },
  {
    // Every route of today is covered; the one of tomorrow is not.
    item: 'default-deny',
    name: 'the guard covers the prefixes that somebody thought of',
    kind: 'overlooked',
    edits: [
      {
        file: 'src/app.ts',
        find: 'app.use(guard)\n',
        replace: "app.use('/auth/logout', guard)\napp.use('/users/*', guard)\napp.use('/notes/*', guard)\n",
      },
    ],
    live: true,
  },
  {
    item: 'cors',
    name: 'the origin is given back',
    kind: 'obvious',
    edits: [
      {
        file: 'src/app.ts',
        find: 'origin: env.CORS_ORIGINS',
        replace: 'origin: (origin) => origin, credentials: true',
      },
    ],
    live: true,
  },
  {
    // https://app.example.com.attacker.net begins with it too
    item: 'cors',
    name: 'the pattern has no end',
    kind: 'overlooked',
    edits: [
      {
        file: 'src/app.ts',
        find: 'origin: env.CORS_ORIGINS',
        replace: 'origin: (origin) => (/^https:\\/\\/app\\.example\\.com/.test(origin) ? origin : null)',
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
        find: 'c.json({ error: STATUS_CODES[status] }, status)',
        replace: 'c.json({ error: error.message, stack: error.stack }, status)',
      },
    ],
    live: true,
  },
  {
    // inspect() shows an error with its stack.
    item: 'debug',
    name: 'the error is sent as the console would show it',
    kind: 'overlooked',
    edits: [
      {
        file: 'src/middleware/errors.ts',
        find: "import { STATUS_CODES } from 'node:http'\n",
        replace: "import { STATUS_CODES } from 'node:http'\nimport { inspect } from 'node:util'\n",
      },
      {
        file: 'src/middleware/errors.ts',
        find: 'c.json({ error: STATUS_CODES[status] }, status)',
        replace: 'c.json({ error: STATUS_CODES[status], reason: inspect(error) }, status)',
      },
    ],
    live: true,
  },
  {
    item: 'hardcoded-secret',
    name: 'the setting has a default',
    kind: 'obvious',
    edits: [
      {
        file: 'src/config/env.ts',
        find: 'JWT_SECRET: z.string().min(32)',
        replace: "JWT_SECRET: z.string().min(32).default('Hd3kPz8WqN5vYt2RmXc7LbJf9GsA4eUo6iTx')",
      },
    ],
    live: false,
  },
  {
    item: 'hardcoded-secret',
    name: 'a key that was removed is still in the history',
    kind: 'overlooked',
    edits: [],
    history: [
      {
        file: 'src/config/keys.ts',
        text: "export const keys = {\n  jwtSecret: 'Wm4sQy9ZtK2xRb7NvLp6JcHd8GfT3aEu5oXi',\n}\n",
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
        find: `if (env.NODE_ENV === 'development') {
  app.get('/openapi.json', (c) => c.json(document))
}
`,
        replace: "app.get('/openapi.json', (c) => c.json(document))\n",
      },
    ],
    live: true,
  },
  {
    // The image doesn't set NODE_ENV.
    item: 'docs-exposed',
    name: 'where nothing is said it is development',
    kind: 'overlooked',
    edits: [
      {
        file: 'src/config/env.ts',
        find: "NODE_ENV: z.string().default('production')",
        replace: "NODE_ENV: z.string().default('development')",
      },
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
        find: '{ sub: user.id, jti, iat',
        replace: '{ sub: user.id, jti, email: user.email, role: user.role, iat',
      },
    ],
    live: true,
  },
  {
    item: 'jwt-payload',
    name: 'all of the user but the password is in the token',
    kind: 'overlooked',
    edits: [
      {
        file: 'src/auth/tokens.ts',
        find: '  const claims = { sub: user.id, jti, iat',
        replace:
          '  const { passwordHash: _, id: sub, ...profile } = user\n  const claims = { sub, jti, ...profile, iat',
      },
    ],
    live: true,
  },
  {
    item: 'forwarded-for',
    name: 'the first forwarded address of whoever asks',
    kind: 'obvious',
    edits: [
      {
        file: 'src/middleware/client.ts',
        find: '  if (!isProxy(peer)) return peer\n  const hops',
        replace: '  const hops',
      },
      {
        file: 'src/middleware/client.ts',
        find: 'hops.findLast((hop) => !isProxy(hop)) || peer',
        replace: 'hops[0] || peer',
      },
      {
        file: 'src/middleware/client.ts',
        find: `const isProxy = (address: string): boolean => proxies.check(address, isIPv4(address) ? 'ipv4' : 'ipv6')

// The forwarded header is believed only from a listed proxy, and only as far as the listed ones wrote it: from the right.
`,
        replace: '',
      },
      {
        file: 'src/middleware/client.ts',
        find: `const proxies = new BlockList()
for (const network of env.TRUSTED_PROXIES) {
  const [address = '', prefix] = network.split('/')
  const family = isIPv4(address) ? 'ipv4' : 'ipv6'
  proxies.addSubnet(address, Number(prefix ?? (family === 'ipv4' ? 32 : 128)), family)
}

`,
        replace: '',
      },
      {
        file: 'src/middleware/client.ts',
        find: "import { BlockList, isIPv4 } from 'node:net'\n",
        replace: '',
      },
      { file: 'src/middleware/client.ts', find: "import { env } from '../config/env.ts'\n", replace: '' },
    ],
    live: true,
  },
  {
    // The proxy appends what it saw; what stands left of it came from the client.
    item: 'forwarded-for',
    name: 'behind the listed proxy the header is read from the wrong end',
    kind: 'overlooked',
    edits: [
      { file: 'src/middleware/client.ts', find: 'hops.findLast(', replace: 'hops.find(' },
      {
        file: 'src/middleware/client.ts',
        find: 'only from a listed proxy, and only as far as the listed ones wrote it: from the right.',
        replace: 'only from a listed proxy.',
      },
    ],
    live: false,
  },
]
