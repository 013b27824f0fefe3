import { type CanActivate, type ExecutionContext, Injectable, UnauthorizedException } from '@nestjs/common'
import { Reflector } from '@nestjs/core'
import { JwtService } from '@nestjs/jwt'
import type { AuthenticatedRequest } from './current-session.decorator.js'
import { IS_PUBLIC } from './public.decorator.js'
import { type Session, SessionsService } from './sessions.service.js'

@Injectable()
export class JwtAuthGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly jwt: JwtService,
    private readonly sessions: SessionsService,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const isPublic = this.reflector.getAllAndOverride<boolean>(IS_PUBLIC, [context.getHandler(), context.getClass()])
    if (isPublic) return true
    const request = context.switchToHttp().getRequest<AuthenticatedRequest>()
    const [type, token] = request.headers.authorization?.split(' ') ?? []
    if (type !== 'Bearer' || !token) throw new UnauthorizedException()
    request.session = await this.sessionOf(token)
    return true
  }

  private async sessionOf(token: string): Promise<Session> {
    const claims = await this.jwt.verifyAsync<{ sub: string; jti: string }>(token).catch(() => undefined)
    const session = claims && this.sessions.find(claims.jti)
    if (!session || session.userId !== claims.sub) throw new UnauthorizedException()
    return session
  }
}
