import { createParamDecorator, type ExecutionContext } from '@nestjs/common'
import type { Request } from 'express'
import type { Session } from './sessions.service.js'

export type AuthenticatedRequest = Request & { session: Session }

export const CurrentSession = createParamDecorator(
  (_: unknown, context: ExecutionContext): Session => context.switchToHttp().getRequest<AuthenticatedRequest>().session,
)
