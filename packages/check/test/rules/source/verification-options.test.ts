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
    'fails: Fastify’s plugin takes a token for a day more, in milliseconds',
    fastify("{ algorithms: ['HS256'], clockTolerance: 86_400_000 }"),
    ['fail src/app.ts:2: @fastify/jwt: a token is taken for another 1440 minutes after its expiry.'],
  ],
  [
    'passes: five seconds',
    fastify("{ algorithms: ['HS256'], clockTolerance: 5_000 }"),
    ['pass src/app.ts:2: @fastify/jwt: verified, with the algorithm pinned.'],
  ],
  [
    'fails: Nest’s module takes one for a day more',
    nest("{ algorithms: ['HS256'], clockTolerance: 24 * 60 * 60 }"),
    ['fail src/auth.ts:5: @nestjs/jwt: a token is taken for another 1440 minutes after its expiry.'],
  ],
  [
    'fails: express-jwt for a day more',
    expressJwt("algorithms: ['HS256'], clockTolerance: 86400"),
    ['fail src/app.ts:4: express-jwt: a token is taken for another 1440 minutes after its expiry.'],
  ],
  ...[
    ["'7 days'", 'fail src/app.ts:4: jose: a token is taken for another 10080 minutes after its expiry.'],
    ["'5 seconds'", 'pass src/app.ts:4: jose: verified, with the algorithm pinned.'],
  ].map(
    ([tolerance = '', expected = '']) =>
      [
        `jose: clockTolerance ${tolerance}`,
        express(
          "import { jwtVerify } from 'jose'",
          `app.use(async (req, res, next) => { await jwtVerify(req.headers.authorization, key, { algorithms: ['HS256'], clockTolerance: ${tolerance} }); next() })`,
        ),
        [expected],
      ] as const,
  ),
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
