/** Nest's guards that wait for nothing or believe an id, and its throttlers that never count. */
import { type Files, table } from './judged.ts'

type Row = Parameters<typeof table>[1][number]

const nest = (check: string, throttler = 'ttl: 60_000, limit: 10'): Files => ({
  'src/main.ts':
    "import { NestFactory } from '@nestjs/core'\nimport { AppModule } from './app.module'\nawait (await NestFactory.create(AppModule)).listen(3000)",
  'src/app.module.ts': `import { Module } from '@nestjs/common'
import { APP_GUARD } from '@nestjs/core'
import { ThrottlerGuard, ThrottlerModule } from '@nestjs/throttler'
import { AuthController, AuthGuard } from './auth'
@Module({
  imports: [ThrottlerModule.forRoot([{ ${throttler} }])],
  controllers: [AuthController],
  providers: [{ provide: APP_GUARD, useClass: ThrottlerGuard }, { provide: APP_GUARD, useClass: AuthGuard }],
})
export class AppModule {}`,
  'src/auth.ts': `import { CanActivate, Controller, Injectable, Post, UnauthorizedException } from '@nestjs/common'
import { JwtService } from '@nestjs/jwt'
@Injectable()
export class AuthGuard implements CanActivate {
  constructor(private readonly jwt: JwtService) {}
  async canActivate(context) {
    const request = context.switchToHttp().getRequest()
    ${check}
    return true
  }
}
@Controller('auth')
export class AuthController {
  @Post('login') login() {}
}`,
})
const awaiting = (word: string) =>
  `try { request.user = ${word} this.jwt.verifyAsync(request.headers.authorization) } catch { throw new UnauthorizedException() }`
const VERIFIED = 'request.user = await this.jwt.verifyAsync(request.headers.authorization)'
const TOKEN = 'const token = request.headers.authorization;'
const CHECKED = awaiting('await')
const NONE = ['fail src/auth.ts:14: No guard in front of 1 route.']
const ONE = ['pass src/app.module.ts:8: One guard covers 1 of 1 route.']

table('default-deny', [
  ['passes: the check is waited for', nest(awaiting('await')), ONE],
  ['fails: its promise is kept as the user', nest(awaiting('')), NONE],
  ['passes: the promise is waited for afterwards', nest(`${awaiting('')}; request.user = await request.user`), ONE],
  [
    'fails: an id in a header',
    nest(
      "const user = await this.users.byId(request.headers['x-user-id']); if (!user) throw new UnauthorizedException()",
    ),
    NONE,
  ],
  ...[
    'catch { return new UnauthorizedException() }',
    'catch (error) { return new ForbiddenException(error.message) as any }',
    'catch { new UnauthorizedException() }',
  ].map((one): Row => [`fails: an exception that nobody throws, ${one}`, nest(`try { ${VERIFIED} } ${one}`), NONE]),
  ...[
    `if (!token) return new UnauthorizedException(); ${CHECKED}`,
    'const session = await this.sessions.find(token); if (!session) return new UnauthorizedException()',
    'const session = await this.sessions.find(token); if (!session) { new UnauthorizedException() }',
    'const session = await this.sessions.find(token); return session ? true : new UnauthorizedException()',
  ].map((one): Row => [`fails: an exception that nobody throws, ${one}`, nest(`${TOKEN} ${one}`), NONE]),
  ...[
    `if (!token) throw new UnauthorizedException(); ${CHECKED}`,
    `if (!token) return false; ${CHECKED}`,
    `const refusal = new UnauthorizedException(); if (!token) throw refusal; ${CHECKED}`,
    'const session = await this.sessions.find(token); if (!session) { const refusal = new UnauthorizedException(); throw refusal }',
    'const session = await this.sessions.find(token); if (!session) return Promise.reject(new UnauthorizedException())',
  ].map((one): Row => [`passes: ${one}`, nest(`${TOKEN} ${one}`), ONE]),
])

const NEVER = ['fail src/app.module.ts:6 src/auth.ts:14: The limiter of POST /auth/login never counts.']
table('auth-rate-limit', [
  [
    'fails: skipped in production',
    nest(CHECKED, "ttl: 60_000, limit: 10, skipIf: () => process.env.NODE_ENV === 'production'"),
    NEVER,
  ],
  [
    'fails: a tracker that is new each time',
    nest(CHECKED, 'ttl: 60_000, limit: 10, getTracker: () => randomUUID()'),
    NEVER,
  ],
  [
    'passes: skipped in tests',
    nest(CHECKED, "ttl: 60_000, limit: 10, skipIf: () => process.env.NODE_ENV === 'test'"),
    ['pass src/auth.ts:14 src/app.module.ts:6: POST /auth/login is limited to 10 a minute.'],
  ],
])
