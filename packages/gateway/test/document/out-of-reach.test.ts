import assert from 'node:assert/strict'
import { createServer } from 'node:net'
import { test } from 'node:test'
import { generateSecret } from 'portcullis/sessions'
import { OutOfReach, shownPlace } from '../../src/document/out-of-reach.ts'
import { openGateway } from '../../src/gateway.ts'
import { readSettings } from '../../src/settings.ts'

const opened = (env: Readonly<Record<string, string>>) =>
  openGateway(
    readSettings(
      {
        UPSTREAM: 'http://127.0.0.1:9',
        JWT_SECRET: generateSecret(),
        IDENTITY_SECRET: generateSecret(),
        LOG_LEVEL: 'fatal',
        ...env,
      },
      false,
    ),
  )

const message = async (env: Readonly<Record<string, string>>): Promise<string> => {
  try {
    await opened(env)
  } catch (error) {
    return (error as Error).message
  }
  return 'it was opened'
}

test('a backend that is down is said with what to do, and by the option that named it', async () => {
  const nobody = 'nothing listens at 127.0.0.1:9 (ECONNREFUSED): start the backend, or mend'
  assert.equal(
    await message({ UPSTREAM: 'http://127.0.0.1:9/v1' }),
    `The OpenAPI document can't be used (http://127.0.0.1:9/v1/openapi.json): ${nobody} --upstream.`,
  )
  assert.equal(
    await message({ OPENAPI: 'http://127.0.0.1:9/api.json' }),
    `The OpenAPI document can't be used (http://127.0.0.1:9/api.json): ${nobody} --openapi.`,
  )
})

test('the scheme of an address is no less one in capitals: RFC 3986 §3.1', async () => {
  assert.match(await message({ OPENAPI: 'HTTP://127.0.0.1:9/api.json' }), /nothing listens at 127\.0\.0\.1:9/)
})

test('a server that speaks no HTTP, or closes, is named with its port', async (t) => {
  const server = createServer((socket) => socket.destroy()).listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  t.after(() => server.close())
  const { port } = server.address() as { port: number }
  assert.match(
    await message({ UPSTREAM: `http://127.0.0.1:${port}` }),
    new RegExp(`: 127\\.0\\.0\\.1:${port} closed the connection: look at its log, or mend --upstream\\.$`),
  )
})

test('a server that speaks HTTP where https was asked for is said to', async (t) => {
  const server = createServer((socket) => socket.once('data', () => socket.end('HTTP/1.1 400 \r\n\r\n')))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.after(() => server.close())
  const { port } = server.address() as { port: number }
  assert.match(await message({ UPSTREAM: `https://127.0.0.1:${port}` }), / does not speak TLS: write http:\/\/ /)
})

test('each code has a sentence, and one that is not known is named', () => {
  for (const [url, code, sentence] of [
    ['http://a.test/x', 'ECONNREFUSED', 'nothing listens at a.test:80 (ECONNREFUSED): start the backend, or mend --o'],
    ['https://a.test/x', 'ENOTFOUND', 'there is no host of that name (a.test:443): look at the network, or mend --o'],
    [
      'https://a.test:1/x',
      'CERT_HAS_EXPIRED',
      "a.test:1 can't be asked (CERT_HAS_EXPIRED): look at its log, or mend --o",
    ],
    [
      'https://a.test/x',
      'DEPTH_ZERO_SELF_SIGNED_CERT',
      'the certificate of a.test:443 is of no authority that Node knows: name the file of its authority by NODE_EXTRA_CA_CERTS, or mend --o',
    ],
    ['http://', 'ERR_INVALID_URL', 'it is no address that can be read: mend --o'],
  ] as const)
    assert.equal(new OutOfReach(url, code).sentence('--o'), sentence)
})

test('no message shows what an address carries: a password, a key in its query', async () => {
  for (const OPENAPI of [
    'http://ada:sekret@127.0.0.1:9/openapi.json',
    'http://127.0.0.1:9/openapi.json?key=sekret#sekret',
    'http://ada:x/sekret@127.0.0.1:9/openapi.json',
    'http://ada:1/sekret@127.0.0.1:9/openapi.json',
    'HTTP://ada:sekret@127.0.0.1:9/openapi.json',
    'ftp://ada:sekret@127.0.0.1:9/openapi.json',
  ]) {
    const said = await message({ OPENAPI })
    assert.match(said, /^The OpenAPI document can't be used \(/)
    assert.doesNotMatch(said, /sekret/)
    assert.doesNotMatch(new OutOfReach(OPENAPI, 'ECONNREFUSED').message, /sekret/)
  }
})

test('a file is shown as it was named', () => {
  for (const path of ['./openapi.json', '/a b/@/x.yaml', 'C:\\x.json']) assert.equal(shownPlace(path), path)
})
