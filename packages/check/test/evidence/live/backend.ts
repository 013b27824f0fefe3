/** A tiny backend that does everything right, but for the flaws it is asked to have. */
import { createHmac, randomBytes, randomUUID } from 'node:crypto'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

export type Flaw =
  | 'no-guard'
  | 'declared-open'
  | 'cors-any'
  | 'cors-echo'
  | 'cors-suffix'
  | 'cors-inside'
  | 'docs'
  | 'trace'
  | 'error-500'
  | 'echo'
  | 'enumeration'
  | 'any-password'
  | 'any-account'
  | 'no-limit'
  | 'forwarded-first'
  | 'forwarded-last'
  | 'real-ip'
  | 'long-token'
  | 'email-in-token'
  | 'decode-only'
  | 'alg-none'
  | 'weak-key'
  | 'no-revocation'
  | 'takes-role'
  | 'takes-role-alone'
  | 'env-file'
  | 'metrics'
  | 'bare-cookie'
  | 'no-document'

export const EMAIL = 'ada@example.com'
export const PASSWORD = 'correct-Horse-battery-9'
export const LOGIN = JSON.stringify({ email: EMAIL, password: PASSWORD })
export const ORIGIN = 'https://app.example.com'
const LIMIT = 12

const secured = [{ bearer: [] }]
const credentials = {
  requestBody: {
    content: {
      'application/json': {
        schema: {
          type: 'object',
          required: ['email', 'password'],
          properties: { email: { type: 'string', format: 'email' }, password: { type: 'string' } },
        },
      },
    },
  },
}

export const DOCUMENT = {
  openapi: '3.1.0',
  info: { title: 'Notes', version: '1' },
  paths: {
    '/auth/login': { post: { security: [], ...credentials } },
    '/auth/register': { post: { security: [], ...credentials } },
    '/auth/logout': { post: { security: secured } },
    '/health': { get: { security: [] } },
    '/me': { get: { security: secured } },
    '/notes': { get: { security: secured } },
    '/notes/{id}': {
      get: { security: secured, parameters: [{ name: 'id', in: 'path', schema: { type: 'integer' } }] },
      delete: { security: secured, parameters: [{ name: 'id', in: 'path', schema: { type: 'integer' } }] },
    },
  },
}

export interface Backend {
  readonly url: string
  readonly seen: { method: string; path: string; host: string | undefined; from: string | undefined }[]
  readonly server: Server
  close(): Promise<void>
}

export const startBackend = async (flaws: readonly Flaw[] = [], host = '127.0.0.1'): Promise<Backend> => {
  const has = (flaw: Flaw): boolean => flaws.includes(flaw)
  const key = has('weak-key') ? 'changeme' : randomBytes(32).toString('hex')
  const counts = new Map<string, number>()
  const ended = new Set<string>()
  const seen: Backend['seen'] = []

  const sign = (claims: object): string => {
    const signed = [{ alg: 'HS256', typ: 'JWT' }, claims]
      .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
      .join('.')
    return `${signed}.${createHmac('sha256', key).update(signed).digest('base64url')}`
  }
  const verified = (token: string): Record<string, unknown> | undefined => {
    const [header = '', claims = '', signature = ''] = token.split('.')
    try {
      const { alg } = JSON.parse(Buffer.from(header, 'base64url').toString())
      const payload = JSON.parse(Buffer.from(claims, 'base64url').toString())
      const right = createHmac('sha256', key).update(`${header}.${claims}`).digest('base64url') === signature
      const taken = right || has('decode-only') || (has('alg-none') && alg === 'none')
      return taken && !ended.has(payload.sid) ? payload : undefined
    } catch {
      return undefined
    }
  }
  const clientOf = (request: IncomingMessage): string => {
    const chain = String(request.headers['x-forwarded-for'] ?? '')
      .split(',')
      .map((one) => one.trim())
      .filter(Boolean)
    if (has('forwarded-first') && chain[0] !== undefined) return chain[0]
    if (has('forwarded-last') && chain.length > 0) return chain.at(-1) ?? ''
    if (has('real-ip') && request.headers['x-real-ip'] !== undefined) return String(request.headers['x-real-ip'])
    return request.socket.remoteAddress ?? ''
  }
  const answer = (
    response: ServerResponse,
    status: number,
    body: unknown,
    headers: Record<string, string> = {},
  ): void => {
    const text = typeof body === 'string' ? body : JSON.stringify(body)
    response
      .writeHead(status, { 'content-type': typeof body === 'string' ? 'text/html' : 'application/json', ...headers })
      .end(text)
  }
  const allowsOrigin = (origin: string): boolean =>
    origin === ORIGIN || has('cors-echo') || (has('cors-suffix') && origin.endsWith('app.example.com'))

  const handle = (request: IncomingMessage, response: ServerResponse, body: string): unknown => {
    const path = (request.url ?? '/').split('?', 1)[0] ?? '/'
    const { origin } = request.headers
    if (has('cors-any')) response.setHeader('access-control-allow-origin', '*')
    else if (origin !== undefined && allowsOrigin(origin)) {
      response.setHeader('access-control-allow-origin', origin)
      response.setHeader('access-control-allow-credentials', 'true')
    }
    if (request.method === 'OPTIONS') return answer(response, 204, '')
    if (path === '/health') return answer(response, 200, { ok: true })
    if (path === '/openapi.json' && has('docs')) return answer(response, 200, DOCUMENT)
    if (path === '/docs' && has('docs')) return answer(response, 200, '<div id="swagger-ui"></div>')
    if (path === '/.env' && has('env-file')) return answer(response, 200, 'DATABASE_PASSWORD=hunter2hunter2\n')
    if (path === '/metrics' && has('metrics')) return answer(response, 200, 'requests_total 3')
    if (path === '/notes' && has('declared-open')) return answer(response, 200, [{ id: 1, text: 'private' }])
    if (path === '/auth/login' || path === '/auth/register') return logIn(request, response, path, body)
    const claims = verified(String(request.headers.authorization ?? '').replace('Bearer ', ''))
    if (claims === undefined && (!has('no-guard') || KNOWN.test(path)))
      return answer(response, 401, { error: 'unauthorized' })
    // The handler's own doing: whoever the guard refuses never sees it.
    if (has('cors-inside') && origin !== undefined) response.setHeader('access-control-allow-origin', origin)
    if (path === '/auth/logout') {
      if (!has('no-revocation')) ended.add(String(claims?.['sid']))
      return answer(response, 204, '')
    }
    if (path === '/me')
      return answer(response, 200, { id: claims?.['sub'], role: claims?.['admin'] ? 'admin' : 'user' })
    if (path === '/notes') return answer(response, 200, [])
    return answer(response, /^\/notes\/(?!\d+$)/.test(path) ? 400 : 404, { error: 'not found' })
  }
  const logIn = (request: IncomingMessage, response: ServerResponse, path: string, body: string): unknown => {
    const client = clientOf(request)
    const count = (counts.get(client) ?? 0) + 1
    counts.set(client, count)
    if (count > LIMIT && !has('no-limit')) return answer(response, 429, { error: 'too many' }, { 'retry-after': '60' })
    let sent: Record<string, unknown>
    try {
      sent = JSON.parse(body)
    } catch (error) {
      if (has('trace')) return answer(response, 400, `<pre>${(error as Error).stack}</pre>`)
      return answer(response, has('error-500') ? 500 : 400, { error: 'malformed' })
    }
    const { email, password, ...extra } = sent
    const isKnown = (name: string): boolean => has('takes-role') || (has('takes-role-alone') && name === 'role')
    if (
      typeof email !== 'string' ||
      typeof password !== 'string' ||
      password.length > 200 ||
      !Object.keys(extra).every(isKnown)
    ) {
      return answer(response, 400, { error: 'invalid', ...(has('echo') ? { input: sent } : {}) })
    }
    const iat = Math.floor(Date.now() / 1000)
    if (path === '/auth/register') {
      const id = randomUUID()
      const token = sign({ sub: id, sid: randomUUID(), iat, exp: iat + 900, admin: true })
      return answer(response, 201, { id, ...extra, ...(has('takes-role') ? { access_token: token } : {}) })
    }
    if (email !== EMAIL && has('enumeration')) return answer(response, 404, { error: 'no such account' })
    const isRight = password === PASSWORD || has('any-password') || has('any-account')
    if ((email !== EMAIL && !has('any-account')) || !isRight)
      return answer(response, 401, { error: 'wrong', requestId: randomUUID() })
    const token = sign({
      sub: '42',
      sid: randomUUID(),
      iat,
      exp: iat + (has('long-token') ? 86_400 : 900),
      ...(has('email-in-token') ? { email } : {}),
    })
    const cookie = `refresh=${randomBytes(16).toString('hex')}${has('bare-cookie') ? '' : '; HttpOnly; Secure; SameSite=Strict'}; Path=/auth`
    return answer(response, 200, { access_token: token }, { 'set-cookie': cookie })
  }

  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk) => chunks.push(chunk))
    request.on('end', () => {
      seen.push({
        method: request.method ?? '',
        path: request.url ?? '',
        host: request.headers.host,
        from: request.socket.remoteAddress,
      })
      handle(request, response, Buffer.concat(chunks).toString())
    })
  })
  await new Promise<void>((resolve) => server.listen(0, host, resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${port}`,
    seen,
    server,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

/** Those that need a token even where there is no guard before the router. */
const KNOWN = /^\/(?:me|notes|auth\/logout)/
