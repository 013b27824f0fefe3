import { Body, Controller, HttpCode, Post } from '@nestjs/common'
import { Throttle } from '@nestjs/throttler'
import { UserView } from '../users/user.view.js'
import { AuthService } from './auth.service.js'
import { CurrentSession } from './current-session.decorator.js'
import { LoginDto } from './dto/login.dto.js'
import { RegisterDto } from './dto/register.dto.js'
import { Public } from './public.decorator.js'
import type { Session } from './sessions.service.js'

@Controller('auth')
export class AuthController {
  constructor(private readonly auth: AuthService) {}

  @Public()
  @Throttle({ default: { limit: 10, ttl: 60_000 } })
  @Post('register')
  async register(@Body() body: RegisterDto): Promise<UserView> {
    return UserView.of(await this.auth.register(body))
  }

  @Public()
  @Throttle({ default: { limit: 10, ttl: 60_000 } })
  @HttpCode(200)
  @Post('login')
  login(@Body() body: LoginDto): Promise<{ access_token: string }> {
    return this.auth.login(body)
  }

  @HttpCode(204)
  @Post('logout')
  logout(@CurrentSession() session: Session): void {
    this.auth.logout(session)
  }
}
