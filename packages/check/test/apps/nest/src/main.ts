import 'reflect-metadata'
import { ValidationPipe } from '@nestjs/common'
import { ConfigService } from '@nestjs/config'
import { NestFactory } from '@nestjs/core'
import type { NestExpressApplication } from '@nestjs/platform-express'
import { AppModule } from './app.module.js'
import type { Configuration } from './config/configuration.js'

async function bootstrap() {
  const app = await NestFactory.create<NestExpressApplication>(AppModule, { logger: ['error', 'warn'] })
  const config = app.get<ConfigService<Configuration, true>>(ConfigService)

  app.disable('x-powered-by')
  // Only these networks may say who the client is: the limits count it.
  app.set('trust proxy', config.get('trustedProxies'))
  app.enableCors({ origin: config.get<string[]>('corsOrigins'), methods: ['GET', 'POST'] })
  app.useGlobalPipes(new ValidationPipe({ whitelist: true, forbidNonWhitelisted: true, transform: true }))

  await app.listen(config.get<number>('port'), config.get<string>('host'))
}

bootstrap()
