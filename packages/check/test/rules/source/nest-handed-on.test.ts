/** Nest's guards that give back what another method says. */
import { type Files, table } from './judged.ts'

const nest = (method: string): Files => ({
  'src/main.ts': `import { NestFactory } from '@nestjs/core'
import { AppModule } from './app.module'
const app = await NestFactory.create(AppModule)
await app.listen(3000)`,
  'src/app.module.ts': `import { Module } from '@nestjs/common'
import { APP_GUARD } from '@nestjs/core'
import { AuthGuard, NotesController } from './auth'
@Module({ controllers: [NotesController], providers: [{ provide: APP_GUARD, useClass: AuthGuard }] })
export class AppModule {}`,
  'src/auth.ts': `import { Body, CanActivate, Controller, Injectable, Post, UnauthorizedException } from '@nestjs/common'
import { JwtService } from '@nestjs/jwt'
import { IsString, MaxLength } from 'class-validator'
@Injectable()
export class AuthGuard implements CanActivate {
  constructor(private readonly jwt: JwtService) {}
  async canActivate(context) {
    const request = context.switchToHttp().getRequest()
    return await this.check(request, request.headers.authorization)
  }
  private async check(request, token) {
    ${method}
    return true
  }
}
export class Note { @IsString() @MaxLength(100) text: string }
@Controller('notes')
export class NotesController {
  @Post() add(@Body() note: Note) {}
}`,
})

const THROWS = 'try { request.user = await this.jwt.verifyAsync(token) } catch { throw new UnauthorizedException() }'

table('default-deny', [
  ['passes: the other method throws', nest(THROWS), ['pass src/app.module.ts:4: One guard covers 1 of 1 route.']],
  [
    'fails: the other method catches, and says true',
    nest('try { request.user = await this.jwt.verifyAsync(token) } catch { request.user = undefined }'),
    ['fail src/auth.ts:19: No guard in front of 1 route.'],
  ],
])
