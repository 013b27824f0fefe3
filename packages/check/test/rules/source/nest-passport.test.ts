/** Nest's guards of passport's that make something else of nobody. */
import { type Files, table } from './judged.ts'

type Row = Parameters<typeof table>[1][number]

const guarded = (handleRequest: string): Files => ({
  'src/main.ts':
    "import { NestFactory } from '@nestjs/core'\nimport { AppModule } from './app.module'\nawait (await NestFactory.create(AppModule)).listen(3000)",
  'src/app.module.ts': `import { Module } from '@nestjs/common'
import { APP_GUARD } from '@nestjs/core'
import { JwtGuard, NotesController } from './auth'
@Module({ controllers: [NotesController], providers: [{ provide: APP_GUARD, useClass: JwtGuard }] })
export class AppModule {}`,
  'src/auth.ts': `import { Controller, Get, Injectable, UnauthorizedException } from '@nestjs/common'
import { AuthGuard } from '@nestjs/passport'
@Injectable()
export class JwtGuard extends AuthGuard('jwt') {
  handleRequest(error, user, info) { ${handleRequest} }
  private refuse() { throw new UnauthorizedException() }
}
@Controller('notes')
export class NotesController {
  @Get() list() {}
}`,
})

table('default-deny', [
  ...[
    'return user',
    'if (error) throw error; return user',
    'if (error) { throw new UnauthorizedException() } return user || null',
    'if (error !== null) throw error; return user',
    "if (error instanceof HttpException) throw error; if (!user) console.warn('nobody', info); return user",
    "if (info?.name === 'TokenExpiredError') throw new UnauthorizedException('expired'); return user",
    'if (info && info instanceof TokenExpiredError) throw new UnauthorizedException(); return user',
    'if (user?.banned) throw new ForbiddenException(); return user',
    'return error ? this.refuse() : user',
  ].map((one): Row => [`fails: ${one}`, guarded(one), ['fail src/auth.ts:10: No guard in front of 1 route.']]),
  ...[
    'if (error || !user) throw error || new UnauthorizedException(); return user',
    'if (error) throw error; if (!user) throw new UnauthorizedException(); return user',
    'if (error) { throw error } else if (user === false) { throw new UnauthorizedException() } return user',
    'if (user === null || user === undefined) throw new UnauthorizedException(); return user',
    "if (!user) { if (info?.name === 'TokenExpiredError') throw new GoneException(); throw new UnauthorizedException() } return user",
    'if (user) return user; throw new UnauthorizedException()',
    'if (user) { return user } else { throw new UnauthorizedException() }',
    'if (error || info) throw new UnauthorizedException(); return user',
    'if (info instanceof Error) throw info; return user',
    'if (error) throw error; return user || this.refuse()',
    'if (error) throw error; return this.users.validate(user)',
    'if (info) this.logger.warn(info); return super.handleRequest(error, user, info)',
  ].map((one): Row => [`passes: ${one}`, guarded(one), ['pass src/app.module.ts:4: One guard covers 1 of 1 route.']]),
])
