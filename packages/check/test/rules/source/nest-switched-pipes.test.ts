/** Nest's pipes that are put on all routes only where somebody asks for it. */
import { type Files, table } from './judged.ts'

const THROWS = 'try { request.user = await this.jwt.verifyAsync(token) } catch { throw new UnauthorizedException() }'

const nest = (start: string): Files => ({
  'src/main.ts': `import { NestFactory } from '@nestjs/core'
import { ValidationPipe } from '@nestjs/common'
import { AppModule } from './app.module'
const app = await NestFactory.create(AppModule)
${start}
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
    ${THROWS}
    return true
  }
}
export class Note { @IsString() @MaxLength(100) text: string }
@Controller('notes')
export class NotesController {
  @Post() add(@Body() note: Note) {}
}`,
})

const PIPE = 'app.useGlobalPipes(new ValidationPipe({ whitelist: true }))'

table('validators', [
  ['passes: a pipe for all', nest(PIPE), ['pass src/auth.ts:19: 1 input of 1 route bounded and closed.']],
  [
    'fails: a pipe that somebody has to switch on',
    nest(`if (process.env.VALIDATE === 'true') ${PIPE}`),
    ['fail src/auth.ts:19: POST /notes, body: note: no ValidationPipe looks at it.'],
  ],
])
