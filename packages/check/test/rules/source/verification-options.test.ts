/** Options of a verification that stand where the library is set up. */
import { express, type Files, table } from './judged.ts'

const fastify = (verify: string): Files => ({
  'src/app.ts': [
    "import Fastify from 'fastify'; import jwt from '@fastify/jwt'",
    `const app = Fastify(); await app.register(jwt, { secret: process.env.KEY, verify: ${verify} })`,
  ].join('\n'),
})

const nest = (verify: string): Files => ({
  'src/auth.ts': [
    "import { Module } from '@nestjs/common'; import { JwtModule, JwtService } from '@nestjs/jwt'",
    `@Module({ imports: [JwtModule.register({ secret: process.env.KEY, verifyOptions: ${verify} })] })`,
    'export class AuthModule {}',
    'export class Guard { constructor(private jwt: JwtService) {}',
    'claims(token: string) { return this.jwt.verify(token) } }',
  ].join('\n'),
})

const hono = (algorithm: string): Files => ({
  'src/app.ts': [
    "import { Hono } from 'hono'; import { decode, verify } from 'hono/jwt'",
    'const app = new Hono()',
    'app.use(async (c, next) => { const token = c.req.header("authorization") ?? ""; const { header } = decode(token)',
    `c.set('claims', await verify(token, key, ${algorithm})); await next() })`,
  ].join('\n'),
})

const expressJwt = (options: string): Files =>
  express("import { expressjwt } from 'express-jwt'", `app.use(expressjwt({ secret: process.env.KEY, ${options} }))`)

table('jwt-verification', [
  [
    'fails: Fastify’s plugin',
    fastify("{ algorithms: ['HS256'], ignoreExpiration: true }"),
    ['fail src/app.ts:2: @fastify/jwt: the expiry is not looked at.'],
  ],
  [
    'passes: Fastify’s plugin',
    fastify("{ algorithms: ['HS256'] }"),
    ['pass src/app.ts:2: @fastify/jwt: verified, with the algorithm pinned.'],
  ],
  [
    'fails: Nest’s module',
    nest("{ algorithms: ['HS256'], ignoreExpiration: true }"),
    ['fail src/auth.ts:5: @nestjs/jwt: the expiry is not looked at.'],
  ],
  [
    'passes: Nest’s module',
    nest("{ algorithms: ['HS256'] }"),
    ['pass src/auth.ts:5: @nestjs/jwt: verified, with the algorithm pinned.'],
  ],
  [
    'fails: express-jwt',
    expressJwt("algorithms: ['HS256'], ignoreExpiration: true"),
    ['fail src/app.ts:4: express-jwt: the expiry is not looked at.'],
  ],
  [
    'fails: Hono, by the token’s own word',
    hono('header.alg'),
    [
      "fail src/app.ts:4: hono/jwt: the token's own header says by which algorithm it is verified.",
      'warn src/app.ts:3: hono/jwt: a token is read without its signature, beside one that is verified.',
    ],
  ],
])
