import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { tokensOf } from '../../../../src/evidence/backend/tokens/tokens.ts'
import { readingOf, type Sources } from '../../sources.ts'

const tokens = (sources: Sources): readonly string[] =>
  tokensOf(readingOf(sources)).map(
    (one) =>
      `${one.purpose} ${one.lives.map((life) => life.seconds ?? '?').join('|') || 'for ever'} ${one.library} ${one.claims.kind === 'object' ? [...one.claims.entries.keys()].join() : '?'}`,
  )

const CONTAINER = `import jwt from '@fastify/jwt'\nimport { diContainer } from '@fastify/awilix'\nimport * as awilix from 'awilix'
  export default async (app) => {
    app.register(jwt, { namespace: 'access', secret, sign: { expiresIn: '10m' } })
    app.register(jwt, { namespace: 'refresh', secret, sign: { expiresIn: '30d' } })
    diContainer.register({ keys: awilix.asValue(app.jwt), clock: awilix.asClass(Clock).singleton() })
  }`

describe('a signer that a container of dependencies hands out', () => {
  test('is what was registered under its name, however it is asked for', () => {
    for (const service of [
      "import type { Cradle } from '@fastify/awilix'\nconst issue = async ({ keys }: Cradle, user) => keys.access.sign({ sub: user.id }, { expiresIn: '15m' })",
      "export const issue = ({ keys, clock }) => ({ run: (user) => keys.access.sign({ sub: user.id }, { expiresIn: '15m' }) })",
      "import { diContainer } from '@fastify/awilix'\nexport const issue = (user) => diContainer.cradle.keys.access.sign({ sub: user.id }, { expiresIn: '15m' })",
      "import { diContainer } from '@fastify/awilix'\nexport const issue = (user) => diContainer.resolve('keys').access.sign({ sub: user.id }, { expiresIn: '15m' })",
    ])
      assert.deepEqual(tokens({ 'a.ts': CONTAINER, 'b.ts': service }), ['access 900 @fastify/jwt sub'], service)
  })

  test('without a life of its own it has that of its namespace', () => {
    const service = (space: string) => `const issue = ({ keys }, user) => keys.${space}.sign({ sub: user.id })`
    assert.deepEqual(tokens({ 'a.ts': CONTAINER, 'b.ts': service('access') }), ['access 600 @fastify/jwt sub'])
    assert.deepEqual(tokens({ 'a.ts': CONTAINER, 'b.ts': service('refresh') }), ['access 2592000 @fastify/jwt sub'])
  })
})

describe('a signer that nothing more is known of', () => {
  const IMPORTS = "import jwt from 'jsonwebtoken'\nexport const read = (token) => jwt.verify(token, key)"

  test('signs a token where it is given an expiresIn and a token library is there', () => {
    for (const service of [
      "const make = ({ signer }) => (user) => signer.sign({ sub: user.id }, { expiresIn: '15m' })",
      "const make = (deps) => deps.signer.sign({ sub: user.id }, key, { expiresIn: '15m' })",
      "interface Signer { sign(claims: object, options: object): string }\nclass Tokens { constructor(private readonly signer: Signer) {} make(user) { return this.signer.sign({ sub: user.id }, { expiresIn: '15m' }) } }",
    ])
      assert.deepEqual(tokens({ 'a.ts': IMPORTS, 'b.ts': service }), ['access 900 jsonwebtoken sub'], service)
  })

  test('and nothing where there is neither', () => {
    const signs = "const make = ({ signer }) => signer.sign({ sub: 1 }, { expiresIn: '15m' })"
    assert.deepEqual(tokens({ 'b.ts': signs }), [], 'no library')
    assert.deepEqual(
      tokens({ 'a.ts': IMPORTS, 'b.ts': 'const make = ({ wallet }) => wallet.sign({ to: 1 }, key)' }),
      [],
    )
    const other = "import { aws } from 'aws4'\naws.sign({ host: 1 }, { expiresIn: 60 })"
    assert.deepEqual(tokens({ 'a.ts': IMPORTS, 'b.ts': other }), [], "another package's")
  })
})

test('what an access token says of other tokens does not make it one', () => {
  const made = (name: string, claims: string) =>
    tokens({ 'a.ts': `import jwt from 'jsonwebtoken'\nconst ${name} = jwt.sign(${claims}, key, { expiresIn: '15m' })` })
  assert.deepEqual(made('accessToken', '{ sub, refreshTokenId }'), ['access 900 jsonwebtoken sub,refreshTokenId'])
  assert.deepEqual(made('accessToken', '{ sub, emailVerified }'), ['access 900 jsonwebtoken sub,emailVerified'])
  assert.deepEqual(made('token', '{ sub, refreshTokenId }'), ['access 900 jsonwebtoken sub,refreshTokenId'])
  assert.deepEqual(made('token', '{ sub, passwordReset: true }'), ['other 900 jsonwebtoken sub,passwordReset'])
})
