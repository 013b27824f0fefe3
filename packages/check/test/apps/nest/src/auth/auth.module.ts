import { Module } from '@nestjs/common'
import { ConfigService } from '@nestjs/config'
import { JwtModule } from '@nestjs/jwt'
import type { Configuration } from '../config/configuration.js'
import { UsersModule } from '../users/users.module.js'
import { AuthController } from './auth.controller.js'
import { AuthService } from './auth.service.js'
import { PasswordsService } from './passwords.service.js'
import { SessionsService } from './sessions.service.js'

@Module({
  imports: [
    UsersModule,
    JwtModule.registerAsync({
      inject: [ConfigService],
      useFactory: (config: ConfigService<Configuration, true>) => ({
        secret: config.get('jwt.secret', { infer: true }),
        signOptions: { algorithm: 'HS256', expiresIn: config.get('jwt.expiresIn', { infer: true }) },
        verifyOptions: { algorithms: ['HS256'] },
      }),
    }),
  ],
  controllers: [AuthController],
  providers: [AuthService, PasswordsService, SessionsService],
  exports: [JwtModule, SessionsService],
})
export class AuthModule {}
