import { Module } from '@nestjs/common'
import { ConfigModule } from '@nestjs/config'
import { APP_FILTER, APP_GUARD } from '@nestjs/core'
import { ThrottlerGuard, ThrottlerModule } from '@nestjs/throttler'
import { AuthModule } from './auth/auth.module.js'
import { JwtAuthGuard } from './auth/jwt-auth.guard.js'
import configuration from './config/configuration.js'
import { AllExceptionsFilter } from './errors/all-exceptions.filter.js'
import { FallbackModule } from './fallback/fallback.module.js'
import { HealthModule } from './health/health.module.js'
import { NotesModule } from './notes/notes.module.js'
import { UsersModule } from './users/users.module.js'

@Module({
  imports: [
    ConfigModule.forRoot({ isGlobal: true, load: [configuration] }),
    ThrottlerModule.forRoot([{ ttl: 60_000, limit: 200 }]),
    HealthModule,
    AuthModule,
    UsersModule,
    NotesModule,
    // Last: it takes every path that the others left.
    FallbackModule,
  ],
  providers: [
    { provide: APP_GUARD, useClass: ThrottlerGuard },
    { provide: APP_GUARD, useClass: JwtAuthGuard },
    { provide: APP_FILTER, useClass: AllExceptionsFilter },
  ],
})
export class AppModule {}
