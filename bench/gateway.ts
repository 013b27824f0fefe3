/**
 * What the door costs in front of somebody else's backend: CPU a request of the gateway, of the same kind of proxy without a door
 * (@fastify/http-proxy), and of nginx that asks a service of the same library by auth_request. In turns, on one core, load on another.
 */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { generateSecret } from 'portcullis/sessions'
import { type Asked, generator, send } from './load.ts'
import { cpuOf, type Running, start, unmeasurable } from './process.ts'

const ROUNDS = Number(process.env['ROUNDS'] ?? 5)
const SECONDS = Number(process.env['SECONDS'] ?? 4)
const here = (file: string): string => join(import.meta.dirname, file)
const node = (file: string): readonly string[] => [process.execPath, '--conditions=source', here(file)]

const integer = { name: 'id', in: 'path', required: true, schema: { type: 'integer', minimum: 1, maximum: 1e9 } }
const item = {
  type: 'object',
  properties: {
    name: { type: 'string', maxLength: 100 },
    price: { type: 'number', minimum: 0, maximum: 1e6 },
    tags: { type: 'array', items: { type: 'string', maxLength: 20 }, maxItems: 10 },
  },
  required: ['name'],
}
const responses = { 200: { description: 'ok' } }
const DOCUMENT = {
  openapi: '3.1.0',
  info: { title: 'shop', version: '1' },
  paths: {
    '/items/{id}': { get: { parameters: [integer], responses } },
    '/items': {
      post: { requestBody: { required: true, content: { 'application/json': { schema: item } } }, responses },
    },
  },
}

/** Who is measured: where it listens, and whose CPU it uses. */
interface Measured {
  readonly name: string
  readonly port: number
  readonly pids: readonly number[]
}

const freePort = async (): Promise<number> => {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as { port: number }
  await new Promise((resolve) => server.close(resolve))
  return port
}

/** nginx in one process that stays in front, so that its CPU is one number. */
const startNginx = async (folder: string, upstream: number, service: number): Promise<Running> => {
  const port = await freePort()
  const pass = (to: string): string => `proxy_http_version 1.1; proxy_set_header Connection ""; proxy_pass http://${to}`
  writeFileSync(
    join(folder, 'nginx.conf'),
    `daemon off; master_process off; pid ${folder}/nginx.pid; error_log ${folder}/error.log;
events {}
http {
  access_log off; client_body_temp_path ${folder}/body; proxy_temp_path ${folder}/proxy;
  fastcgi_temp_path ${folder}/f; uwsgi_temp_path ${folder}/u; scgi_temp_path ${folder}/s;
  upstream up { server 127.0.0.1:${upstream}; keepalive 64; }
  upstream auth { server 127.0.0.1:${service}; keepalive 64; }
  server {
    listen 127.0.0.1:${port};
    keepalive_requests 1000000;
    location / { auth_request /check; ${pass('up')}; }
    location = /check { internal; proxy_pass_request_body off; proxy_set_header Content-Length ""; ${pass('auth')}; }
  }
}
`,
  )
  const command = ['sh', '-c', `echo "listening on ${port}"; exec nginx -c ${folder}/nginx.conf -p ${folder}`]
  return start(command, { PATH: `${process.env['PATH']}:/usr/sbin` })
}

const logIn = async (port: number): Promise<string> => {
  const post = async (path: string, body: object): Promise<Record<string, string>> => {
    const init = { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }
    return (await fetch(`http://127.0.0.1:${port}${path}`, init)).json() as Promise<Record<string, string>>
  }
  const login = { email: 'ada@example.com', password: 'a lamp in the tower' }
  await post('/auth/register', { ...login, username: 'ada' })
  return (await post('/auth/login', login))['access_token'] ?? ''
}

/** µs of CPU a request. */
const measure = async ({ port, pids }: Measured, asked: Asked, seconds: number): Promise<number> => {
  const cpu = (): number => pids.reduce((sum, pid) => sum + cpuOf(pid), 0)
  const before = cpu()
  const { requests, refused, lost } = await send({ port, requests: [asked], seconds })
  if (refused + lost > 0) throw new Error(`${refused} requests were refused, ${lost} lost: nothing was measured`)
  return (cpu() - before) / requests
}

const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0

const run = async (): Promise<void> => {
  const reason = unmeasurable()
  if (reason !== undefined) throw new Error(reason)
  const folder = mkdtempSync(join(tmpdir(), 'portcullis-bench-gateway-'))
  const running: Running[] = []
  const begin = async (command: readonly string[], env: Readonly<Record<string, string>>): Promise<Running> => {
    const one = await start(command, env)
    running.push(one)
    return one
  }
  try {
    writeFileSync(join(folder, 'openapi.json'), JSON.stringify(DOCUMENT))
    const upstream = await start(node('proxies/upstream.ts'), {}, { pin: false })
    running.push(upstream)
    const env = {
      UPSTREAM: `http://127.0.0.1:${upstream.port}`,
      OPENAPI: join(folder, 'openapi.json'),
      PORT: '0',
      JWT_SECRET: generateSecret(),
      IDENTITY_SECRET: generateSecret(),
      DATABASE_URL: `sqlite:${join(folder, 'bench.db')}`,
      LIMIT_CLIENT: '65535/second',
    }
    const gateway = await begin(node('../packages/gateway/src/main.ts'), env)
    const httpProxy = await begin(node('proxies/http-proxy.ts'), env)
    const token = await logIn(gateway.port)
    const measured: Measured[] = [
      { name: '@fastify/http-proxy, no door', port: httpProxy.port, pids: [httpProxy.pid] },
      { name: 'the gateway', port: gateway.port, pids: [gateway.pid] },
    ]
    if (spawnSync('sh', ['-c', 'PATH=$PATH:/usr/sbin nginx -v']).status === 0) {
      const service = await begin(node('proxies/auth-service.ts'), env)
      const nginx = await startNginx(folder, upstream.port, service.port)
      running.push(nginx)
      measured.push({ name: 'nginx with auth_request', port: nginx.port, pids: [nginx.pid, service.pid] })
    } else process.stdout.write('nginx is not installed: it is left out.\n')

    const headers = { authorization: `Bearer ${token}` }
    const works: readonly Asked[] = [
      { method: 'GET', path: '/items/7', headers },
      {
        method: 'POST',
        path: '/items',
        headers: { ...headers, 'content-type': 'application/json' },
        body: '{"name":"Lamp","price":19.5,"tags":["light"]}',
      },
    ]
    process.stdout.write(`µs of CPU a request, median of ${ROUNDS} rounds of ${SECONDS} s, by ${generator}\n`)
    for (const work of works) {
      const found = new Map(measured.map((one) => [one.name, [] as number[]]))
      for (const one of measured) await measure(one, work, 2)
      for (let round = 0; round < ROUNDS; round += 1)
        for (const one of measured) found.get(one.name)?.push(await measure(one, work, SECONDS))
      const base = median(found.get(measured[0]?.name ?? '') ?? [])
      process.stdout.write(`\n${work.method} ${work.path}\n`)
      for (const [name, values] of found) {
        const [least, most] = [Math.min(...values), Math.max(...values)].map((value) => value.toFixed(0))
        const mid = median(values)
        process.stdout.write(
          `  ${name.padEnd(30)} ${mid.toFixed(1).padStart(6)}  × ${(mid / base).toFixed(2)}  (${least} to ${most})\n`,
        )
      }
    }
  } finally {
    for (const one of running.reverse()) await one.stop()
    rmSync(folder, { recursive: true, force: true })
  }
}

await run()
