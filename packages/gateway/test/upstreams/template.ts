/**
 * What full-stack-fastapi-template's document describes (looked at in August 2026: 15 paths, 23 operations; its routers, models and the
 * types of its generated client), written as a table of our own, and the document that FastAPI would make of it.
 */

const text = (bounds: object = {}): object => ({ type: 'string', ...bounds })
const optional = (schema: object): object => ({ anyOf: [schema, { type: 'null' }] })
const yes = { type: 'boolean' }
const uuid = text({ format: 'uuid' })
const email = text({ format: 'email', maxLength: 255 })
const name = text({ maxLength: 255 })
const password = text({ minLength: 8, maxLength: 128 })

/** Models by name: properties, and after the bar in `required` those that have to be there. */
const models: Readonly<Record<string, readonly [properties: Readonly<Record<string, object>>, required: string]>> = {
  ItemCreate: [{ title: text({ minLength: 1, maxLength: 255 }), description: optional(name) }, 'title'],
  ItemUpdate: [{ title: optional(text({ minLength: 1, maxLength: 255 })), description: optional(name) }, ''],
  NewPassword: [{ token: text(), new_password: password }, 'token new_password'],
  UpdatePassword: [{ current_password: password, new_password: password }, 'current_password new_password'],
  UserCreate: [{ email, is_active: yes, is_superuser: yes, full_name: optional(name), password }, 'email password'],
  UserRegister: [{ email, password, full_name: optional(name) }, 'email password'],
  UserUpdate: [
    {
      email: optional(email),
      is_active: optional(yes),
      is_superuser: optional(yes),
      full_name: optional(name),
      password: optional(password),
    },
    '',
  ],
  UserUpdateMe: [{ full_name: optional(name), email: optional(email) }, ''],
  PrivateUserCreate: [
    { email: text(), password: text(), full_name: text(), is_verified: yes },
    'email password full_name',
  ],
  OAuth2Login: [
    {
      grant_type: optional(text({ pattern: '^password$' })),
      username: text(),
      password: text({ format: 'password' }),
      scope: text({ default: '' }),
      client_id: optional(text()),
      client_secret: optional(text({ format: 'password' })),
    },
    'username password',
  ],
}

/** Operations: method and path, the model of the body, whether its route asks for a token, query parameters. */
type Row = readonly [
  operation: string,
  body: string | undefined,
  secured: boolean,
  query?: Readonly<Record<string, object>>,
]

const pages = { skip: { type: 'integer', default: 0 }, limit: { type: 'integer', default: 100 } }

/** All of them. */
export const operations: readonly Row[] = [
  ['POST /login/access-token', 'OAuth2Login', false],
  ['POST /login/test-token', undefined, true],
  ['POST /password-recovery/{email}', undefined, false],
  ['POST /reset-password/', 'NewPassword', false],
  ['POST /password-recovery-html-content/{email}', undefined, true],
  ['GET /users/', undefined, true, pages],
  ['POST /users/', 'UserCreate', true],
  ['GET /users/me', undefined, true],
  ['DELETE /users/me', undefined, true],
  ['PATCH /users/me', 'UserUpdateMe', true],
  ['PATCH /users/me/password', 'UpdatePassword', true],
  ['POST /users/signup', 'UserRegister', false],
  ['GET /users/{user_id}', undefined, true],
  ['PATCH /users/{user_id}', 'UserUpdate', true],
  ['DELETE /users/{user_id}', undefined, true],
  // The parameter is required: the one of the table without a default.
  ['POST /utils/test-email/', undefined, true, { email_to: text({ format: 'email' }) }],
  ['GET /utils/health-check/', undefined, false],
  ['GET /items/', undefined, true, pages],
  ['POST /items/', 'ItemCreate', true],
  ['GET /items/{id}', undefined, true],
  ['PUT /items/{id}', 'ItemUpdate', true],
  ['DELETE /items/{id}', undefined, true],
  ['POST /private/users/', 'PrivateUserCreate', false],
]

const FORM = 'application/x-www-form-urlencoded'

const operationOf = ([operation, model, secured, query = {}]: Row): object => {
  const ids = [...operation.matchAll(/\{(\w+)\}/g)].map(([, id = '']) => ({
    name: id,
    in: 'path',
    required: true,
    schema: id === 'email' ? text() : uuid,
  }))
  const queries = Object.entries(query).map(([key, schema]) => ({
    name: key,
    in: 'query',
    required: !('default' in schema),
    schema,
  }))
  const type = model === 'OAuth2Login' ? FORM : 'application/json'
  const content = { [type]: { schema: { $ref: `#/components/schemas/${model}` } } }
  return {
    operationId: operation.toLowerCase().replace(/\W+/g, '-'),
    parameters: [...ids, ...queries],
    ...(model === undefined ? {} : { requestBody: { required: true, content } }),
    ...(secured ? { security: [{ OAuth2PasswordBearer: [] }] } : {}),
    responses: { 200: { description: 'Successful Response' } },
  }
}

const pathsOf = (rows: readonly Row[]): object => {
  const paths: Record<string, Record<string, object>> = {}
  for (const row of rows) {
    const [method = '', path = ''] = row[0].split(' ')
    paths[`/api/v1${path}`] = { ...paths[`/api/v1${path}`], [method.toLowerCase()]: operationOf(row) }
  }
  return paths
}

/** The document. */
export const templateDocument: object = {
  openapi: '3.1.0',
  info: { title: 'Full Stack FastAPI Project', version: '0.1.0' },
  paths: pathsOf(operations),
  components: {
    schemas: Object.fromEntries(
      Object.entries(models).map(([model, [properties, required]]) => [
        model,
        { type: 'object', properties, required: required.split(' ').filter((one) => one !== '') },
      ]),
    ),
    securitySchemes: {
      OAuth2PasswordBearer: {
        type: 'oauth2',
        flows: { password: { scopes: {}, tokenUrl: '/api/v1/login/access-token' } },
      },
    },
  },
}

/** What stands in the gateway's settings for it: the accounts are the gateway's, and what makes them by itself is hidden. */
export const templateSettings = {
  access: {
    'GET /api/v1/utils/health-check/': 'public',
    'GET /api/v1/users/': 'role admin',
    'POST /api/v1/users/': 'role admin',
    'GET /api/v1/users/{user_id}': 'role admin',
    'PATCH /api/v1/users/{user_id}': 'role admin',
    'DELETE /api/v1/users/{user_id}': 'role admin',
    'POST /api/v1/utils/test-email/': 'role admin',
  },
  hide: [
    'POST /api/v1/login/access-token',
    'POST /api/v1/users/signup',
    'POST /api/v1/password-recovery/{email}',
    'POST /api/v1/password-recovery-html-content/{email}',
    'POST /api/v1/reset-password/',
    'POST /api/v1/private/users/',
  ],
}
