import assert from 'node:assert/strict'
import { test } from 'node:test'
import { documentOf, operation, startGateway, startUpstream } from '../rig.ts'

const securitySchemes = {
  OAuth2PasswordBearer: { type: 'oauth2', flows: { password: { scopes: {}, tokenUrl: 'token' } } },
  Key: { type: 'apiKey', in: 'header', name: 'x-key' },
}
const paths = {
  '/health': { get: operation() },
  '/keyed': { get: operation({ security: [{ Key: [] }] }) },
  '/items': { get: operation({ security: [{ OAuth2PasswordBearer: [] }] }) },
}

test('a backend that asks for tokens of its own is named at the start: they are not passed on', async (t) => {
  const { address } = await startUpstream(t)
  const said = async (settings: object = {}): Promise<readonly string[]> => {
    const document = documentOf(paths, { components: { securitySchemes } })
    const { gateway } = await startGateway(t, { upstream: address, document, settings })
    return gateway.document().shadowed
  }
  assert.deepEqual(await said(), [
    'the document asks for Authorization at 1 of 3 operations (OAuth2PasswordBearer), and it is not passed on: the backend learns who is calling from portcullis-token',
  ])
  assert.deepEqual(await said({ hide: ['GET /items'] }), [])
})

test('so is one whose tokens are described as a key in Authorization', async (t) => {
  const { address } = await startUpstream(t)
  const schemes = {
    tokenAuth: { type: 'apiKey', in: 'header', name: 'authorization', description: 'Token …' },
    inCookie: { type: 'apiKey', in: 'cookie', name: 'authorization' },
    inQuery: { type: 'apiKey', in: 'query', name: 'authorization' },
  }
  const asked = Object.keys(schemes).map((name) => [`/${name}`, { get: operation({ security: [{ [name]: [] }] }) }])
  const document = documentOf(Object.fromEntries(asked), { components: { securitySchemes: schemes } })
  const { gateway } = await startGateway(t, { upstream: address, document })
  assert.deepEqual(gateway.document().shadowed, [
    'the document asks for Authorization at 1 of 3 operations (tokenAuth), and it is not passed on: the backend learns who is calling from portcullis-token',
  ])
})
