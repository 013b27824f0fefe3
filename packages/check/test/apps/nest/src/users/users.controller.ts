import { Controller, Get, NotFoundException } from '@nestjs/common'
import { CurrentSession } from '../auth/current-session.decorator.js'
import type { Session } from '../auth/sessions.service.js'
import { UserView } from './user.view.js'
import { UsersService } from './users.service.js'

@Controller('users')
export class UsersController {
  constructor(private readonly users: UsersService) {}

  @Get('me')
  me(@CurrentSession() session: Session): UserView {
    const user = this.users.find(session.userId)
    if (!user) throw new NotFoundException()
    return UserView.of(user)
  }
}
