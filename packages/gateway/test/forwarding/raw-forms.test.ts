import assert from 'node:assert/strict'
import { test } from 'node:test'
import { call, documentOf, operation, startGateway, startUpstream } from '../rig.ts'

test('letters that nobody escaped are those of UTF-8, as curl sends them and every server reads them', async (t) => {
  const upstream = await startUpstream(t)
  const FORM = 'application/x-www-form-urlencoded'
  const schema = { type: 'object', properties: { name: { type: 'string', maxLength: 4 } } }
  const { address } = await startGateway(t, {
    upstream: upstream.address,
    document: documentOf({ '/a': { post: operation({ requestBody: { content: { [FORM]: { schema } } } }) } }),
    settings: { access: { 'POST /a': 'public' } },
  })
  const send = async (bytes: string | Uint8Array<ArrayBuffer>): Promise<number> =>
    (await call(address, 'POST', '/a', { body: bytes, headers: { 'content-type': FORM } })).status
  assert.equal(await send('name=José'), 200)
  assert.equal(upstream.reached[0]?.body.toString(), 'name=Jos%C3%A9')
  // Five letters, and bytes that are none of UTF-8: of Latin-1, and half of a letter whose other half is escaped.
  assert.equal(await send('name=Josés'), 422)
  for (const bytes of [[0xe9], [0xc3], [0xc3, 0x25, 0x41, 0x39]])
    assert.equal(await send(Uint8Array.from([...Buffer.from('name=a'), ...bytes])), 400)
  assert.equal(upstream.reached.length, 1)
})
