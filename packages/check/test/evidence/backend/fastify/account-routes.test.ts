/** What the checker knows of Portcullis's account routes, beside what they are. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { accountRoutes } from 'portcullis/accounts'
import { auditSchema, jsonSchemaOf } from 'portcullis/validation'
import { ACCOUNT_COOKIE, ACCOUNT_ROUTES } from '../../../../src/evidence/backend/fastify/account-routes.ts'

const tokens = { accessToken: 'a', refreshToken: 'r', expiresIn: 900, refreshExpiresIn: 60 }
const real = accountRoutes({ logIn: async () => tokens } as unknown as Parameters<typeof accountRoutes>[0])

describe("Portcullis's account routes", () => {
  test('are known as they are: who may call them, how they are limited, what they take', () => {
    const expected = real.map(({ method, path, access, limit, body, query, params }) => ({
      method,
      path,
      access: access.label,
      ...(limit === undefined ? {} : { limit }),
      ...(body === undefined && query === undefined && params === undefined
        ? {}
        : {
            takes: [
              ...(body === undefined ? [] : ['body']),
              ...(query === undefined ? [] : ['query']),
              ...(params === undefined ? [] : ['path']),
            ],
          }),
    }))
    assert.deepEqual(ACCOUNT_ROUTES, expected)
  })

  test('take nothing without bounds', () => {
    for (const { path, body, query, params } of real)
      for (const schema of [body, query, params])
        if (schema !== undefined) assert.deepEqual(auditSchema(jsonSchemaOf(schema), path), [], path)
  })

  test('set the refresh cookie with the flags that are known', async () => {
    const login = real.find((one) => one.path === '/auth/login')
    const origin = 'https://app.example.com'
    const answer = await login?.handle({
      body: { email: 'ada@example.com', password: 'x' },
      params: {},
      query: {},
      principal: undefined,
      client: { address: '127.0.0.1', key: '127.0.0.1' },
      knownOrigin: origin,
      hasOrigin: true,
      cookie: undefined,
      userAgent: '',
    } as unknown as Parameters<(typeof real)[number]['handle']>[0])
    const flags = answer?.headers?.['set-cookie']?.split('; ') ?? []
    assert.deepEqual(flags.slice(-ACCOUNT_COOKIE.length), ACCOUNT_COOKIE)
  })
})
