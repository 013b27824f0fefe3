/**
 * NestJS on Fastify: a guard with @nestjs/jwt, @nestjs/throttler, ValidationPipe with class-validator, helmet and CORS. Decorators are
 * called as functions, see nest-order.ts.
 */
import 'reflect-metadata'
import helmet from '@fastify/helmet'
import {
  Body,
  type CanActivate,
  Controller,
  type ExecutionContext,
  Get,
  Module,
  Param,
  Post,
  Req,
  UnauthorizedException,
  ValidationPipe,
} from '@nestjs/common'
import { APP_GUARD, NestFactory } from '@nestjs/core'
import { JwtModule, JwtService } from '@nestjs/jwt'
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify'
import { ThrottlerGuard, ThrottlerModule } from '@nestjs/throttler'
import { HOST, listening, PORT } from './listen.ts'
import { CreateOrder } from './nest-order.ts'
import { created, LIMIT, LIMIT_WINDOW_MS, type NewOrder, ORIGIN, orderOf, SECRET, type User, users } from './work.ts'

interface Asked {
  readonly headers: { readonly authorization?: string }
  user: User
}

class HealthController {
  health() {
    return { status: 'ok' }
  }
}

class OrdersController {
  one(id: string, request: Asked) {
    return orderOf(id, request.user.id)
  }
  create(body: NewOrder, request: Asked) {
    return created(body, request.user.id)
  }
}

class AuthGuard implements CanActivate {
  readonly jwt: JwtService
  constructor(jwt: JwtService) {
    this.jwt = jwt
  }
  async canActivate(context: ExecutionContext): Promise<boolean> {
    if (context.getClass() === HealthController) return true
    const request = context.switchToHttp().getRequest<Asked>()
    const [type, token = ''] = request.headers.authorization?.split(' ') ?? []
    const claims = await this.jwt.verifyAsync<{ sub: string }>(token).catch(() => undefined)
    const user = type === 'Bearer' && claims !== undefined ? users.get(claims.sub) : undefined
    if (user === undefined) throw new UnauthorizedException()
    request.user = user
    return true
  }
}

class AppModule {}

const method = (prototype: object, name: string, decorators: readonly MethodDecorator[], types: readonly unknown[]) => {
  const descriptor = Object.getOwnPropertyDescriptor(prototype, name) as PropertyDescriptor
  for (const decorate of decorators) decorate(prototype, name, descriptor)
  Reflect.defineMetadata('design:paramtypes', types, prototype, name)
}

Controller('health')(HealthController)
method(HealthController.prototype, 'health', [Get()], [])
Controller('orders')(OrdersController)
const orders = OrdersController.prototype
method(orders, 'one', [Get(':id')], [String, Object])
Param('id')(orders, 'one', 0)
Req()(orders, 'one', 1)
method(orders, 'create', [Post()], [CreateOrder, Object])
Body()(orders, 'create', 0)
Req()(orders, 'create', 1)
Reflect.defineMetadata('design:paramtypes', [JwtService], AuthGuard)
Module({
  imports: [
    ThrottlerModule.forRoot([{ ttl: LIMIT_WINDOW_MS, limit: LIMIT }]),
    JwtModule.register({ secret: SECRET, verifyOptions: { algorithms: ['HS256'] } }),
  ],
  controllers: [HealthController, OrdersController],
  providers: [
    { provide: APP_GUARD, useClass: ThrottlerGuard },
    { provide: APP_GUARD, useClass: AuthGuard },
  ],
})(AppModule)

const app = await NestFactory.create<NestFastifyApplication>(AppModule, new FastifyAdapter(), { logger: false })
await app.register(helmet)
app.enableCors({ origin: [ORIGIN] })
app.useGlobalPipes(new ValidationPipe({ whitelist: true, forbidNonWhitelisted: true, transform: true }))
await app.listen(PORT, HOST)
listening(app.getHttpServer().address())
