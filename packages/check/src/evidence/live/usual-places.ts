/** Where frameworks and their tutorials put things. */
export const DOCUMENT_PLACES = [
  '/openapi.json',
  '/docs/json',
  '/documentation/json',
  '/swagger.json',
  '/api-json',
  '/docs-json',
  '/api/docs-json',
  '/api-docs',
  '/api-docs.json',
  '/v3/api-docs',
  '/doc',
  '/api/openapi.json',
  '/api/v1/openapi.json',
] as const

export const DOCS_PAGES = [
  '/docs',
  '/redoc',
  '/openapi.json',
  '/swagger',
  '/swagger-ui',
  '/swagger.json',
  '/api-docs',
  '/documentation',
  '/api',
  '/api/docs',
  '/v1/docs',
  '/reference',
  '/doc',
  '/scalar',
  '/graphql',
] as const

export const LOGIN_PLACES = [
  '/auth/login',
  '/login',
  '/api/login',
  '/api/auth/login',
  '/auth/token',
  '/token',
  '/api/v1/login/access-token',
  '/v1/auth/login',
  '/api/v1/auth/login',
  '/users/login',
  '/api/users/login',
  '/users/v1/login',
  '/auth/signin',
] as const

export const REGISTER_PLACES = [
  '/auth/register',
  '/register',
  '/api/register',
  '/api/auth/register',
  '/v1/auth/register',
  '/api/v1/auth/register',
  '/auth/signup',
  '/signup',
  '/users/v1/register',
  '/api/users',
  '/users',
] as const

export const LOGOUT_PLACES = [
  '/auth/logout',
  '/logout',
  '/api/logout',
  '/api/auth/logout',
  '/v1/auth/logout',
  '/api/v1/auth/logout',
  '/users/logout',
] as const

/** Routes that tell whoever holds a token about himself. */
export const OWN_PLACES = [
  '/me',
  '/users/me',
  '/auth/me',
  '/api/me',
  '/profile',
  '/auth/profile',
  '/api/user',
  '/api/users/me',
  '/api/v1/users/me',
  '/user',
  '/users',
  '/api/users',
] as const

/** What is left on by mistake. */
export const HIDDEN_PLACES = [
  '/.env',
  '/.git/config',
  '/metrics',
  '/debug',
  '/debug/vars',
  '/admin',
  '/actuator',
  '/actuator/env',
  '/env',
  '/config',
  '/phpinfo.php',
  '/console',
  '/server-status',
  '/internal',
] as const

export const USUAL_ORIGINS = [
  'http://localhost:3000',
  'http://localhost:5173',
  'http://localhost:4200',
  'http://localhost:8080',
  'https://app.example.com',
  'https://example.com',
] as const
