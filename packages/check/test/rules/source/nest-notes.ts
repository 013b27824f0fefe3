import type { Files } from './judged.ts'

/** A check that refuses. */
export const THROWS =
  'try { request.user = await this.jwt.verifyAsync(token) } catch { throw new UnauthorizedException() }'

/** One guard that hands the request to a method of its own, and one body. What stands before the start, and in that method, is the test's. */
export const nestNotes = ({
  start = '',
  check = THROWS,
}: {
  readonly start?: string
  readonly check?: string
}): Files => ({
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
    ${check}
    return true
  }
}
export class Note { @IsString() @MaxLength(100) text: string }
@Controller('notes')
export class NotesController {
  @Post() add(@Body() note: Note) {}
}`,
})
