import assert from 'node:assert/strict'
import { test } from 'node:test'
import { SettingsError } from 'portcullis'
import { readOperations } from '../../src/document/operations.ts'
import type { Part } from '../../src/document/pointers.ts'
import { documentOf, operation, parameter, startGateway } from '../rig.ts'

const valued = (name: string) => operation({ parameters: [parameter(name, 'path', { type: 'string', maxLength: 9 })] })
const paths = {
  '/deep/{a}': { get: valued('a'), delete: valued('a') },
  '/deep/{b}/': { get: valued('b') },
  '/items': { get: operation() },
  '/Items/': { get: operation() },
  '/plain': { get: operation() },
  '/plain/': { post: operation() },
}
const differ =
  'differ by a slash at the end or by the case of letters alone, and an upstream may take one for the other'

test('paths that differ by a slash at the end or by case alone are named, one that is not served too', () => {
  const { served, shadowed } = readOperations(documentOf(paths) as Part)
  assert.equal(served.length, 7)
  assert.deepEqual(shadowed, [`GET /deep/{b}/ and /deep/{a} ${differ}`, `GET /Items/ and /items ${differ}`])
  const object = operation({ parameters: [parameter('f', 'query', { type: 'object' })] })
  const unserved = readOperations(documentOf({ '/a': { get: object }, '/a/': { get: operation() } }) as Part)
  assert.deepEqual(unserved.shadowed, [`GET /a/ and /a ${differ}`])
})

test('they stop the start when they have two rules or two limits: the upstream may run the handler of one by the rule of the other', async (t) => {
  // Nobody is asked at the start.
  const start = (settings: object) =>
    startGateway(t, { upstream: 'http://127.0.0.1:1', document: documentOf(paths), settings })
  const bothOpen = { 'GET /deep/{a}': 'public', 'GET /deep/{b}/': 'public' }
  for (const settings of [
    { access: { 'GET /deep/{a}': 'public', 'GET /deep/{b}/': 'role admin' } },
    { access: { 'GET /deep/{a}': 'public' } },
    { access: bothOpen, limits: { 'GET /deep/{b}/': 'credentials' } },
  ])
    await assert.rejects(start(settings), (error: Error) => {
      assert.ok(error instanceof SettingsError, String(error))
      assert.ok(error.message.includes(`GET /deep/{b}/ and /deep/{a} ${differ}: give both one rule and limit`))
      return true
    })
  for (const settings of [
    {},
    { access: { ...bothOpen, 'DELETE /deep/{a}': 'role admin', 'GET /plain': 'public' } },
    { access: bothOpen, limits: { 'GET /deep/{a}': '5/minute', 'GET /deep/{b}/': '5/minute' } },
    { access: { 'GET /deep/{a}': 'public' }, hide: ['GET /deep/{b}/'] },
  ])
    assert.ok((await start(settings)).address)
})
