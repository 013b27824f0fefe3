import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { generateSecret } from 'portcullis/sessions'
import type { Gateway } from '../src/gateway.ts'
import { openGateway } from '../src/gateway.ts'
import { readSettings } from '../src/settings.ts'

/** What reached an upstream. */
export interface Reached {
  readonly method: string
  readonly url: string
  readonly headers: IncomingMessage['headers']
  readonly rawHeaders: readonly string[]
  readonly body: Buffer
  readonly complete: boolean
}

/** An upstream on loopback that writes down what reached it. */
export interface UpstreamRig {
  readonly address: string
  readonly port: number
  readonly reached: Reached[]
  readonly server: ReturnType<typeof createServer>
}

type Answer = (request: IncomingMessage, response: ServerResponse, body: Buffer) => void

const OK: Answer = (_request, response) => {
  response.writeHead(200, { 'content-type': 'application/json' })
  response.end('{"ok":true}')
}

/** Starts an upstream that ends with the test; it answers when the body has come. */
export const startUpstream = async (t: TestContext, answer: Answer = OK): Promise<UpstreamRig> => {
  const reached: Reached[] = []
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    const note = (): void => {
      const { method = '', url = '', headers, rawHeaders, complete } = request
      reached.push({ method, url, headers, rawHeaders, complete, body: Buffer.concat(chunks) })
    }
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('error', note)
    request.on('end', () => {
      note()
      answer(request, response, Buffer.concat(chunks))
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.after(() => {
    server.closeAllConnections()
    server.close()
  })
  const { port } = server.address() as AddressInfo
  return { address: `http://127.0.0.1:${port}`, port, reached, server }
}

/** An empty folder that goes with the test. */
export const folder = (t: TestContext): string => {
  const path = mkdtempSync(join(tmpdir(), 'portcullis-gateway-'))
  t.after(() => rmSync(path, { recursive: true, force: true }))
  return path
}

/** Quotas that no test reaches, and a client of choice: behind a proxy on loopback. */
const UNLIMITED = {
  LIMIT_CLIENT: '65535/second',
  LIMIT_CREDENTIALS: '65535/second',
  LIMIT_REFRESH: '65535/second',
  LIMIT_ACCOUNT: '65535/second',
  TRUSTED_PROXIES: '127.0.0.1',
}

/** A document of these paths. */
export const documentOf = (paths: object, more: object = {}): object => ({
  openapi: '3.1.0',
  info: { title: 'test', version: '1' },
  paths,
  ...more,
})

/** An operation with these parts; its answers are none of the gateway's business. */
export const operation = (more: object = {}): object => ({ responses: { 200: { description: 'ok' } }, ...more })

/** A body of JSON by this schema. */
export const jsonBody = (schema: object | boolean): object => ({
  requestBody: { required: true, content: { 'application/json': { schema } } },
})

/** A parameter of an operation. */
export const parameter = (name: string, place: string, schema: object, more: object = {}): object => ({
  name,
  in: place,
  required: place === 'path',
  schema,
  ...more,
})

/** A gateway that listens. */
export interface GatewayRig {
  readonly address: string
  readonly gateway: Gateway
  /** Where its document is read from: written anew, it is seen at the next look. */
  readonly documentPath: string
}

/** Starts a gateway in this process, over a database of its own; it ends with the test. */
export const startGateway = async (
  t: TestContext,
  options: {
    readonly upstream: string
    readonly document: object
    readonly settings?: object
    readonly env?: Readonly<Record<string, string>>
    readonly development?: boolean
  },
): Promise<GatewayRig> => {
  const place = folder(t)
  const documentPath = join(place, 'openapi.json')
  writeFileSync(documentPath, JSON.stringify(options.document))
  writeFileSync(join(place, 'gateway.json'), JSON.stringify(options.settings ?? {}))
  const settings = readSettings(
    {
      UPSTREAM: options.upstream,
      OPENAPI: documentPath,
      SETTINGS: join(place, 'gateway.json'),
      PORT: '0',
      JWT_SECRET: generateSecret(),
      IDENTITY_SECRET: generateSecret(),
      DATABASE_URL: `sqlite:${join(place, 'portcullis.db')}`,
      LOG_LEVEL: 'fatal',
      ...UNLIMITED,
      ...options.env,
    },
    options.development ?? false,
  )
  const gateway = await openGateway(settings)
  const address = await gateway.listen()
  t.after(() => gateway.close(0))
  return { address, gateway, documentPath }
}

let number = 0

/** A session of a new account. */
export const session = async (address: string): Promise<{ readonly id: string; readonly token: string }> => {
  number += 1
  const login = { email: `person${number}@example.com`, password: `correct horse ${number} battery` }
  const post = async (path: string, body: object): Promise<Record<string, string>> => {
    const response = await fetch(address + path, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
    return (await response.json()) as Record<string, string>
  }
  const { id = '' } = await post('/auth/register', { ...login, username: `person${number}` })
  const { access_token: token = '' } = await post('/auth/login', login)
  return { id, token }
}

/** A request; the answer with its body read. */
export const call = async (
  address: string,
  method: string,
  path: string,
  options: {
    readonly json?: unknown
    readonly body?: RequestInit['body']
    readonly token?: string
    readonly headers?: Record<string, string>
  } = {},
  // biome-ignore lint/suspicious/noExplicitAny: what comes back is what the tests look at
): Promise<{ status: number; headers: Headers; body: any; text: string }> => {
  const body = options.json === undefined ? options.body : JSON.stringify(options.json)
  const response = await fetch(address + path, {
    method,
    redirect: 'manual',
    headers: {
      ...(options.json === undefined ? {} : { 'content-type': 'application/json' }),
      ...(options.token === undefined ? {} : { authorization: `Bearer ${options.token}` }),
      ...options.headers,
    },
    ...(body === undefined ? {} : { body, duplex: 'half' }),
  } as RequestInit)
  const text = await response.text()
  const json = response.headers.get('content-type')?.includes('json') === true && text !== ''
  return { status: response.status, headers: response.headers, body: json ? JSON.parse(text) : undefined, text }
}
