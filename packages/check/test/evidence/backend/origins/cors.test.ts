/** Where a program sets its origins besides the frameworks' own calls: delegates, borrowed middleware, Socket.IO. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { readExpress } from '../../../../src/evidence/backend/express/index.ts'
import { readFastify } from '../../../../src/evidence/backend/fastify/index.ts'
import { readNest } from '../../../../src/evidence/backend/nest/index.ts'
import { everyCors } from '../../../../src/evidence/backend/origins/cors.ts'
import { envOf, readingOf, type Sources } from '../../sources.ts'

const READERS = { express: readExpress, fastify: readFastify, nest: readNest }

const read = (
  framework: keyof typeof READERS,
  sources: Sources | string,
  env: Readonly<Record<string, string>> = {},
): readonly string[] => {
  const reading = readingOf(typeof sources === 'string' ? { 'src/main.ts': sources } : sources, { env: envOf(env) })
  const { cors } = READERS[framework](reading)
  return everyCors(reading, cors).map(({ origins, credentials }) =>
    credentials ? `${origins} with credentials` : origins,
  )
}

const EXPRESS =
  "import express from 'express'\nimport cors from 'cors'\nconst LIST = ['https://a.example']\nconst app = express()\n"
const NEST = `import { Injectable, Module } from '@nestjs/common'
import { NestFactory } from '@nestjs/core'
import { ConfigService } from '@nestjs/config'
import cors, { CorsOptions } from 'cors'
const LIST = ['https://a.example']
`

describe('options for each request', () => {
  const express = (delegate: string) => read('express', `${EXPRESS}app.use(cors(${delegate}))`)
  const CHECKED = `(req, done) => { let options; if (LIST.indexOf(req.header('Origin')) !== -1) options = { origin: true }
    else options = { origin: false }; done(null, options) }`

  test('Express', () => {
    assert.deepEqual(express(CHECKED), ['listed'])
    assert.deepEqual(express('(req, done) => done(null, { origin: true })'), ['reflected'])
    assert.deepEqual(express('(req, done) => done(null, { origin: req.headers.origin })'), ['reflected'])
    assert.deepEqual(express('(req, done) => done(null, { origin: LIST })'), ['listed'])
    assert.deepEqual(express('(req, done) => done(null, { credentials: false })'), ['any'])
    assert.deepEqual(express("(req, done) => done(null, { origin: req.path === '/public' ? '*' : LIST })"), ['any'])
    assert.deepEqual(express('(req, done) => load(req, done)'), ['unknown'])
  })

  test('Fastify and Nest', () => {
    const fastify = (delegate: string) =>
      read(
        'fastify',
        `import Fastify from 'fastify'\nimport cors from '@fastify/cors'\nconst LIST = ['https://a.example']\nconst app = Fastify()\napp.register(cors, ${delegate})`,
      )
    assert.deepEqual(fastify(`() => ${CHECKED}`), ['listed'])
    assert.deepEqual(fastify('{ delegator: (req, done) => done(null, { origin: true }) }'), ['reflected'])
    const nest = (delegate: string) =>
      read(
        'nest',
        `${NEST}const start = async () => { const app = await NestFactory.create(Root); app.enableCors(${delegate}) }`,
      )
    assert.deepEqual(nest(CHECKED), ['listed'])
    assert.deepEqual(nest('(req, done) => done(null, { origin: true, credentials: true })'), ['reflected'])
  })
})

describe('an origin that hangs on the environment', () => {
  const express = (origin: string, env = {}) => read('express', `${EXPRESS}app.use(cors({ origin: ${origin} }))`, env)

  test("production's side counts", () => {
    assert.deepEqual(express("process.env.NODE_ENV === 'production' ? LIST : '*'"), ['listed'])
    assert.deepEqual(express("process.env.NODE_ENV === 'production' ? '*' : LIST"), ['any'])
    assert.deepEqual(express("process.env.NODE_ENV !== 'production' || LIST"), ['listed'])
  })

  test('so it does where an `if` assigns it', () => {
    const built = (lines: string) => read('express', `${EXPRESS}${lines}`)
    const production = "if (process.env.NODE_ENV === 'production')"
    assert.deepEqual(built(`let origin = '*'; ${production} origin = LIST; app.use(cors({ origin }))`), ['listed'])
    assert.deepEqual(built(`let origin = LIST; ${production} origin = '*'; app.use(cors({ origin }))`), ['any'])
    assert.deepEqual(built(`const o = { origin: '*' }; ${production} o.origin = LIST; app.use(cors(o))`), ['listed'])
    const development = "if (process.env.NODE_ENV === 'development')"
    assert.deepEqual(built(`const o = { origin: LIST }; ${development} o.origin = true; app.use(cors(o))`), ['listed'])
    const chosen = `const chosen = () => { ${production} return LIST; return '*' }`
    assert.deepEqual(built(`${chosen}; app.use(cors({ origin: chosen() }))`), ['listed'])
    assert.deepEqual(built("const o = { origin: '*' }; if (LIST.length) o.origin = LIST; app.use(cors(o))"), ['any'])
  })

  test('what somebody has to set is theirs, until a file does', () => {
    assert.deepEqual(express("process.env.OPEN === 'true' ? true : LIST"), ['listed'])
    assert.deepEqual(express("process.env.OPEN === 'true' ? true : LIST", { OPEN: 'true' }), ['reflected'])
    assert.deepEqual(express("process.env.ORIGINS ? process.env.ORIGINS.split(',') : '*'"), ['any'])
    assert.deepEqual(express("open() ? '*' : LIST"), ['any'])
  })
})

describe('the package in a middleware of the project', () => {
  test('Express: called by hand, and before some routes only', () => {
    const express = (text: string) => read('express', `${EXPRESS}${text}`)
    assert.deepEqual(express('app.use((req, res, next) => cors({ origin: LIST })(req, res, next))'), ['listed'])
    assert.deepEqual(express('app.use((req, res, next) => { cors()(req, res, next) })'), ['any'])
    assert.deepEqual(
      express(
        "const apply = (req, res, next) => { const use = cors({ origin: '*' }); use(req, res, next) }\napp.use('/api', apply)",
      ),
      ['any'],
    )
  })

  test('made where nobody sees what becomes of it: not proven, unless nothing does', () => {
    const express = (text: string) => read('express', `${EXPRESS}${text}`)
    assert.deepEqual(express('load([cors()])'), ['unknown'])
    assert.deepEqual(express('export const open = { handler: cors({ origin: LIST }) }'), ['unknown'])
    assert.deepEqual(express('const unused = cors()'), [])
    assert.deepEqual(express("if (process.env.NODE_ENV === 'development') load([cors()])"), [])
    assert.deepEqual(express('app.use(cors({ origin: LIST }))'), ['listed'])
  })

  test('Nest: a class that modules apply', () => {
    const nest = (options: string, more = '', env = {}) =>
      read(
        'nest',
        `${NEST}
@Injectable() export class Cors {
  private readonly allowed: string | string[]
  constructor(private readonly config: ConfigService) { this.allowed = this.config.get('ORIGINS')!.split(',') }
  use(req, res, next) { const options: CorsOptions = { origin: ${options} }; cors(options)(req, res, next) }
  ${more}
}
@Module({}) export class Root { configure(consumer) { consumer.apply(Cors).forRoutes('*path') } }`,
        env,
      )
    assert.deepEqual(nest("'*'"), ['any'])
    assert.deepEqual(nest('LIST'), ['listed'])
    const asked = '(origin, done) => this.check(origin, done)'
    const check = (test: string) =>
      `private check(origin, done) { if (!origin) return done(null, true)
        if (typeof this.allowed === 'string' && this.allowed === '*') return done(null, true)
        if (Array.isArray(this.allowed) && this.allowed.includes('*')) return done(null, true)
        return done(null, this.isAllowed(origin, this.allowed)) }
      private isAllowed(origin, list) { ${test} }
      private hostOf(origin) { try { const url = new URL(origin); return { hostname: url.hostname, port: url.port } } catch { return { hostname: '', port: '' } } }`
    assert.deepEqual(nest(asked, check('return list.includes(origin)')), ['listed'])
    assert.deepEqual(nest(asked, check('return list.includes(origin)'), { ORIGINS: '*' }), ['reflected'])
    assert.deepEqual(
      nest(
        asked,
        check(`const { hostname, port } = this.hostOf(origin)
          for (const one of list) { const [name, own] = one.split(':'); if (hostname === name && port === (own ?? '')) return true }
          return list.some((one) => one.startsWith('*.') && hostname.endsWith(one.slice(1)))`),
      ),
      ['loose'],
    )
    assert.deepEqual(nest(asked, check('return this.origins.knows(origin)')), ['unknown'])
  })

  test('Nest: a function, and the package itself', () => {
    const nest = (middleware: string) =>
      read(
        'nest',
        `${NEST}@Module({}) export class Root { configure(consumer) { consumer.apply(${middleware}).forRoutes('*') } }`,
      )
    assert.deepEqual(nest('cors({ origin: LIST })'), ['listed'])
    assert.deepEqual(nest('(req, res, next) => cors()(req, res, next)'), ['any'])
  })

  test('a plugin that no reader saw in its place', () => {
    const fastify = (text: string) =>
      read('fastify', `import Fastify from 'fastify'\nimport cors from '@fastify/cors'\nconst app = Fastify()\n${text}`)
    assert.deepEqual(fastify('plugins.load(cors)'), ['unknown'])
    assert.deepEqual(fastify("if (process.env.NODE_ENV === 'development') app.register(cors)"), [])
  })
})

describe('Socket.IO', () => {
  const gateway = (options: string) =>
    read(
      'nest',
      `${NEST}import { WebSocketGateway } from '@nestjs/websockets'\nconst check = (o, done) => done(null, LIST.includes(o))\n@WebSocketGateway(${options}) export class Gateway {}`,
    )
  const server = (text: string) =>
    read(
      'express',
      `${EXPRESS}import { Server } from 'socket.io'\nimport { createServer } from 'node:http'\nconst http = createServer(app)\n${text}`,
    )

  test('a gateway of Nest', () => {
    assert.deepEqual(gateway(''), [])
    assert.deepEqual(gateway("{ namespace: '/chat' }"), [])
    assert.deepEqual(gateway('80, { cors: true }'), ['any'])
    assert.deepEqual(gateway('{ cors: {} }'), ['any'])
    assert.deepEqual(gateway('{ cors: { origin: true, credentials: true } }'), ['reflected with credentials'])
    assert.deepEqual(gateway("{ cors: { origin: '*' } }"), ['any'])
    assert.deepEqual(gateway('{ cors: { origin: LIST } }'), ['listed'])
    assert.deepEqual(gateway("{ cors: { origin: process.env.ORIGINS?.split(',') } }"), ['listed'])
    assert.deepEqual(gateway('{ cors: { origin: check, credentials: true } }'), ['listed with credentials'])
    assert.deepEqual(gateway('options'), ['unknown'])
    assert.deepEqual(gateway("{ cors: process.env.NODE_ENV === 'production' ? false : { origin: LIST } }"), ['listed'])
  })

  test('an adapter of Nest', () => {
    const adapter = (body: string) =>
      read(
        'nest',
        `${NEST}import { IoAdapter } from '@nestjs/platform-socket.io'\nexport class Adapter extends IoAdapter { createIOServer(port, options) { ${body} } }`,
      )
    assert.deepEqual(adapter("return super.createIOServer(port, { ...options, cors: { origin: '*' } })"), ['any'])
    assert.deepEqual(
      adapter('const cors = { origin: LIST }; return super.createIOServer(port, { ...options, cors })'),
      ['listed'],
    )
    assert.deepEqual(adapter('options.cors = { origin: true }; return super.createIOServer(port, options)'), [
      'reflected',
    ])
    assert.deepEqual(adapter('return super.createIOServer(port, options)'), [])
  })

  test('a server of its own', () => {
    assert.deepEqual(server('new Server(http)'), [])
    assert.deepEqual(server("new Server(http, { cors: { origin: '*' } })"), ['any'])
    assert.deepEqual(server('new Server({ cors: { origin: LIST } })'), ['listed'])
    assert.deepEqual(server('const io = new Server(); io.attach(http)'), [])
    assert.deepEqual(server('new Server(http, { cors: { origin: (o, done) => done(null, true) } })'), ['reflected'])
    assert.deepEqual(server('new Server(http, settings.io)'), ['unknown'])
    assert.deepEqual(server("const io = require('socket.io')(http, { origins: '*:*' })"), ['any'])
    assert.deepEqual(server("import socketio from 'socket.io'\nsocketio(http, { cors: { origin: true } })"), [
      'reflected',
    ])
    assert.deepEqual(
      server("if (process.env.NODE_ENV === 'development') new Server(http, { cors: { origin: '*' } })"),
      [],
    )
    assert.deepEqual(server('new Other(http, { cors: { origin: true } })'), [])
  })

  test('in Python', () => {
    const python = (text: string) => read('express', { 'app.py': `import socketio\n${text}` })
    assert.deepEqual(python("sio = socketio.AsyncServer(async_mode='asgi')"), [])
    assert.deepEqual(python("sio = socketio.AsyncServer(cors_allowed_origins='*')"), ['any'])
    assert.deepEqual(python("sio = socketio.AsyncServer(cors_allowed_origins=['https://a.example'])"), ['listed'])
  })
})

describe('headers that a Python program sets by hand', () => {
  const python = (body: string, head = 'from flask import Flask, request\napp = Flask(__name__)') =>
    everyCors(
      readingOf({
        'app.py': `${head}\nALLOWED = {"https://a.example"}\n@app.after_request\ndef headers(response):\n${body}`,
      }),
      [],
    ).map(({ origins, credentials }) => (credentials ? `${origins} with credentials` : origins))

  test('anybody’s', () => {
    assert.deepEqual(python('    response.headers["Access-Control-Allow-Origin"] = "*"'), ['any'])
    assert.deepEqual(python('    response.headers.add("Access-Control-Allow-Origin", "*")'), ['any'])
    assert.deepEqual(python('    response.headers.setdefault("access-control-allow-origin", "*")'), ['any'])
    assert.deepEqual(python('    response.headers.update({"Access-Control-Allow-Origin": "*"})'), ['any'])
  })

  test('the caller’s, and one that a list was asked for', () => {
    const set = 'response.headers["Access-Control-Allow-Origin"] = origin'
    const origin = '    origin = request.headers.get("Origin")\n'
    assert.deepEqual(python(`${origin}    ${set}`), ['reflected'])
    assert.deepEqual(python(`${origin}    ${set}\n    response.headers["Access-Control-Allow-Credentials"] = "true"`), [
      'reflected with credentials',
    ])
    assert.deepEqual(python(`${origin}    if origin in ALLOWED:\n        ${set}`), ['listed'])
    assert.deepEqual(python(`${origin}    if origin not in ALLOWED:\n        return response\n    ${set}`), ['listed'])
    assert.deepEqual(python(`${origin}    if origin not in ALLOWED:\n        log(origin)\n    ${set}`), ['reflected'])
    assert.deepEqual(python('    response.headers["Vary"] = "Origin"'), [])
  })
})
