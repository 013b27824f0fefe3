import { ConflictException, Injectable, UnauthorizedException } from '@nestjs/common'
import { JwtService } from '@nestjs/jwt'
import { type User, UsersService } from '../users/users.service.js'
import type { LoginDto } from './dto/login.dto.js'
import type { RegisterDto } from './dto/register.dto.js'
import { PasswordsService } from './passwords.service.js'
import { type Session, SessionsService } from './sessions.service.js'

@Injectable()
export class AuthService {
  constructor(
    private readonly users: UsersService,
    private readonly passwords: PasswordsService,
    private readonly sessions: SessionsService,
    private readonly jwt: JwtService,
  ) {}

  async register({ email, name, password }: RegisterDto): Promise<User> {
    const passwordHash = await this.passwords.hash(password)
    if (this.users.findByEmail(email)) throw new ConflictException()
    return this.users.add(email, name, passwordHash)
  }

  async login({ email, password }: LoginDto): Promise<{ access_token: string }> {
    const user = this.users.findByEmail(email)
    const matches = await this.passwords.matches(password, user?.passwordHash)
    if (!user || !matches) throw new UnauthorizedException()
    return { access_token: await this.tokenFor(user, this.sessions.open(user.id)) }
  }

  logout(session: Session): void {
    this.sessions.close(session.id)
  }

  private tokenFor(user: User, session: Session): Promise<string> {
    const payload = { sub: user.id, jti: session.id }
    return this.jwt.signAsync(payload)
  }
}
