/** Applications with a guard, all of whose routes are open so far: what is added tomorrow decides. */
import { type Files, table } from './judged.ts'

const app = (...lines: readonly string[]): Files => ({
  'src/app.ts': [
    "import Fastify from 'fastify'",
    "import { portcullis } from 'portcullis/fastify'",
    'const app = Fastify()',
    ...lines,
  ].join('\n'),
})

const PORTCULLIS = 'await app.register(portcullis, { sessions: { secret: process.env.JWT_SECRET } })'
const PUBLIC = "app.get('/numbers', { config: { access: 'public' } }, async () => 1)"

const hook = (...exceptions: readonly string[]): Files =>
  app(
    "app.addHook('onRequest', async (request, reply) => {",
    ...exceptions,
    'await request.jwtVerify()',
    '})',
    "app.get('/api/numbers', { config: { public: true } }, async () => 1)",
  )

const nest = (guard: string): Files => ({
  'src/app.ts': [
    "import { Controller, Get, Injectable, Module, SetMetadata, UnauthorizedException } from '@nestjs/common'",
    "import { APP_GUARD, NestFactory, Reflector } from '@nestjs/core'",
    "const Public = () => SetMetadata('isPublic', true)",
    '@Injectable() export class JwtAuthGuard {',
    'constructor(private readonly reflector: Reflector, private readonly jwt: JwtService) {}',
    guard,
    '}',
    "@Controller('numbers') export class NumbersController { @Public() @Get() list() { return [] } }",
    '@Module({ controllers: [NumbersController], providers: [{ provide: APP_GUARD, useClass: JwtAuthGuard }] })',
    'export class AppModule {}',
    'NestFactory.create(AppModule)',
  ].join('\n'),
})

const fastapi = (exception: string): Files => ({
  'app/main.py': [
    'from fastapi import FastAPI, Request',
    'from fastapi.responses import JSONResponse',
    'import jwt',
    'app = FastAPI()',
    '@app.middleware("http")',
    'async def require_token(request: Request, call_next):',
    `    if ${exception}:`,
    '        return await call_next(request)',
    '    try:',
    '        jwt.decode(request.headers["authorization"], KEY, algorithms=["HS256"])',
    '    except jwt.InvalidTokenError:',
    '        return JSONResponse(status_code=401, content={})',
    '    return await call_next(request)',
    '@app.get("/api/numbers")',
    'async def numbers():',
    '    return []',
  ].join('\n'),
})

const flask = (exception: string): Files => ({
  'app/main.py': [
    'from flask import Flask, request, abort',
    'import jwt',
    'app = Flask(__name__)',
    '@app.before_request',
    'def require_token():',
    `    if ${exception}:`,
    '        return',
    '    try:',
    '        jwt.decode(request.headers["authorization"], KEY, algorithms=["HS256"])',
    '    except jwt.InvalidTokenError:',
    '        abort(401)',
    '@app.get("/api/numbers")',
    'def numbers():',
    '    return []',
  ].join('\n'),
})

const closed = (at: string, routes = '1 route') =>
  `pass ${at}: One guard closes whatever is not marked public; all there is so far is: ${routes}.`
const none = (at: string, routes = '1 route') => `fail ${at}: No guard in front of ${routes}.`

table('default-deny', [
  ['Portcullis, one public route', app(PORTCULLIS, PUBLIC), [closed('src/app.ts:4')]],
  [
    'Portcullis, public routes only, a login among them',
    app(PORTCULLIS, PUBLIC, "app.post('/login', { config: { access: 'public' } }, async () => 1)"),
    [closed('src/app.ts:4', '2 routes')],
  ],
  [
    'Portcullis, and a closed route: as before',
    app(PORTCULLIS, PUBLIC, "app.get('/orders', async () => 1)"),
    ['pass src/app.ts:4: One guard covers 1 of 2 routes; the others are marked public.'],
  ],
  [
    'Portcullis, and a public route that writes',
    app(PORTCULLIS, "app.delete('/orders/:id', { config: { access: 'public' } }, async () => 1)"),
    ['fail src/app.ts:5: DELETE /orders/:id can be called by anybody: opened beside the guard.'],
  ],
  ['no guard: a mark that nobody reads', app(PUBLIC), [none('src/app.ts:4')]],
  [
    'Portcullis in a part of the application',
    app(`app.register(async (part) => { ${PORTCULLIS.replace('app.', 'part.')} })`, PUBLIC),
    [none('src/app.ts:5')],
  ],
  [
    'Portcullis while it is developed only',
    app(`if (process.env.NODE_ENV !== 'production') ${PORTCULLIS}`, PUBLIC),
    [none('src/app.ts:5')],
  ],
  [
    'Portcullis in one application, and another without it',
    app(PORTCULLIS, PUBLIC, 'const other = Fastify()', "other.get('/numbers', async () => 1)"),
    [none('src/app.ts:5 src/app.ts:7', '2 routes')],
  ],
  [
    'something of the project that is called portcullis',
    {
      ...app('await app.register(own)', PUBLIC),
      'src/app.ts': [
        "import Fastify from 'fastify'",
        'const portcullis = async (app) => {}',
        'const app = Fastify()',
        'await app.register(portcullis)',
        PUBLIC,
      ].join('\n'),
    },
    [none('src/app.ts:5')],
  ],
  ['a hook that reads a mark', hook('if (request.routeOptions.config.public) return'), [closed('src/app.ts:4')]],
  ['a hook that lists paths', hook("if (['/api/numbers'].includes(request.url)) return"), [closed('src/app.ts:4')]],
  ['a hook that lets everybody through', hook('if (true) return'), [none('src/app.ts:8')]],
  [
    'a hook that lets through all that the application has',
    hook("if (request.url.startsWith('/api/')) return"),
    [none('src/app.ts:8')],
  ],
  [
    'Nest: a guard that reads a mark',
    nest(
      "canActivate(context) { if (this.reflector.get('isPublic', context.getHandler())) return true; if (!this.jwt.verify(context.switchToHttp().getRequest().headers.authorization)) throw new UnauthorizedException(); return true }",
    ),
    [closed('src/app.ts:9')],
  ],
  ['Nest: a guard that always agrees', nest('canActivate(context) { return true }'), [none('src/app.ts:8')]],
  ['FastAPI: a list of paths', fastapi('request.url.path in ["/api/numbers"]'), [closed('app/main.py:5')]],
  ['FastAPI: everything below a path', fastapi('request.url.path.startswith("/api/")'), [none('app/main.py:14')]],
  ['Flask: a list of paths', flask('request.path in ["/api/numbers"]'), [closed('app/main.py:4')]],
  ['Flask: everything below a path', flask('request.path.startswith("/api/")'), [none('app/main.py:12')]],
])
