import type { Variant } from '../variant.ts'

export const variants: readonly Variant[] = [
  {
    item: 'jwt-expiry',
    name: 'a week in the configuration',
    kind: 'obvious',
    edits: [
      {
        file: 'src/config/configuration.ts',
        find: '// In seconds\n    expiresIn: 15 * 60,',
        replace: "expiresIn: '7d' as const,",
      },
    ],
    live: true,
  },
  {
    // jsonwebtoken reads a number as seconds: ten days.
    item: 'jwt-expiry',
    name: 'milliseconds where seconds are read',
    kind: 'overlooked',
    edits: [
      {
        file: 'src/config/configuration.ts',
        find: '// In seconds\n    expiresIn: 15 * 60,',
        replace: '// 15 minutes\n    expiresIn: 15 * 60 * 1000,',
      },
    ],
    live: true,
  },
  {
    item: 'auth-rate-limit',
    name: 'the module without its guard',
    kind: 'obvious',
    edits: [
      {
        file: 'src/app.module.ts',
        find: 'import { ThrottlerGuard, ThrottlerModule }',
        replace: 'import { ThrottlerModule }',
      },
      { file: 'src/app.module.ts', find: '    { provide: APP_GUARD, useClass: ThrottlerGuard },\n', replace: '' },
    ],
    live: true,
  },
  {
    // It wins over the @Throttle of each method.
    item: 'auth-rate-limit',
    name: 'the controller skips the throttler',
    kind: 'overlooked',
    edits: [
      {
        file: 'src/auth/auth.controller.ts',
        find: "import { Throttle } from '@nestjs/throttler'",
        replace: "import { SkipThrottle, Throttle } from '@nestjs/throttler'",
      },
      {
        file: 'src/auth/auth.controller.ts',
        find: "@Controller('auth')",
        replace: "@SkipThrottle()\n@Controller('auth')",
      },
    ],
    live: true,
  },
  {
    item: 'validators',
    name: 'a body of type any',
    kind: 'obvious',
    edits: [
      {
        file: 'src/notes/notes.controller.ts',
        find: "import { CreateNoteDto } from './dto/create-note.dto.js'\n",
        replace: '',
      },
      { file: 'src/notes/notes.controller.ts', find: '@Body() body: CreateNoteDto', replace: '@Body() body: any' },
    ],
    live: true,
  },
  {
    item: 'validators',
    name: 'a pipe that lets unknown keys through',
    kind: 'overlooked',
    edits: [
      {
        file: 'src/main.ts',
        find: '{ whitelist: true, forbidNonWhitelisted: true, transform: true }',
        replace: '{ transform: true }',
      },
    ],
    live: true,
  },
  {
    item: 'default-deny',
    name: 'each controller uses the guard itself',
    kind: 'obvious',
    edits: [
      { file: 'src/app.module.ts', find: "import { JwtAuthGuard } from './auth/jwt-auth.guard.js'\n", replace: '' },
      { file: 'src/app.module.ts', find: '    { provide: APP_GUARD, useClass: JwtAuthGuard },\n', replace: '' },
      {
        file: 'src/auth/auth.module.ts',
        find: "import { Module } from '@nestjs/common'",
        replace: "import { Global, Module } from '@nestjs/common'",
      },
      { file: 'src/auth/auth.module.ts', find: '@Module({', replace: '@Global()\n@Module({' },
      {
        file: 'src/auth/auth.controller.ts',
        find: "import { Body, Controller, HttpCode, Post } from '@nestjs/common'",
        replace: "import { Body, Controller, HttpCode, Post, UseGuards } from '@nestjs/common'",
      },
      {
        file: 'src/auth/auth.controller.ts',
        find: "import { Public } from './public.decorator.js'",
        replace: "import { JwtAuthGuard } from './jwt-auth.guard.js'\nimport { Public } from './public.decorator.js'",
      },
      {
        file: 'src/auth/auth.controller.ts',
        find: '@HttpCode(204)',
        replace: '@UseGuards(JwtAuthGuard)\n  @HttpCode(204)',
      },
      {
        file: 'src/users/users.controller.ts',
        find: "import { Controller, Get, NotFoundException } from '@nestjs/common'\n",
        replace:
          "import { Controller, Get, NotFoundException, UseGuards } from '@nestjs/common'\n" +
          "import { JwtAuthGuard } from '../auth/jwt-auth.guard.js'\n",
      },
      {
        file: 'src/users/users.controller.ts',
        find: "@Controller('users')",
        replace: "@UseGuards(JwtAuthGuard)\n@Controller('users')",
      },
      {
        file: 'src/notes/notes.controller.ts',
        find: "ParseUUIDPipe, Post, Query } from '@nestjs/common'\n",
        replace:
          "ParseUUIDPipe, Post, Query, UseGuards } from '@nestjs/common'\n" +
          "import { JwtAuthGuard } from '../auth/jwt-auth.guard.js'\n",
      },
      {
        file: 'src/notes/notes.controller.ts',
        find: "@Controller('notes')",
        replace: "@UseGuards(JwtAuthGuard)\n@Controller('notes')",
      },
    ],
    live: true,
  },
  {
    // APP_GUARD and @Public() are all there, but the guard asks for a mark on what is private.
    item: 'default-deny',
    name: 'a global guard that waits for a mark',
    kind: 'overlooked',
    edits: [
      {
        file: 'src/auth/public.decorator.ts',
        find: "export const IS_PUBLIC = 'isPublic'\n",
        replace:
          "export const IS_PUBLIC = 'isPublic'\nexport const IS_PROTECTED = 'isProtected'\n\n" +
          'export const Protected = () => SetMetadata(IS_PROTECTED, true)\n',
      },
      {
        file: 'src/auth/jwt-auth.guard.ts',
        find: "import { IS_PUBLIC } from './public.decorator.js'",
        replace: "import { IS_PROTECTED } from './public.decorator.js'",
      },
      {
        file: 'src/auth/jwt-auth.guard.ts',
        find:
          'const isPublic = this.reflector.getAllAndOverride<boolean>(IS_PUBLIC, [context.getHandler(), context.getClass()])\n' +
          '    if (isPublic) return true',
        replace:
          'const targets = [context.getHandler(), context.getClass()]\n' +
          '    const isProtected = this.reflector.getAllAndOverride<boolean>(IS_PROTECTED, targets)\n' +
          '    if (!isProtected) return true',
      },
      {
        file: 'src/auth/auth.controller.ts',
        find: "import { Public } from './public.decorator.js'",
        replace: "import { Protected, Public } from './public.decorator.js'",
      },
      { file: 'src/auth/auth.controller.ts', find: '@HttpCode(204)', replace: '@Protected()\n  @HttpCode(204)' },
      {
        file: 'src/users/users.controller.ts',
        find: "import type { Session } from '../auth/sessions.service.js'",
        replace:
          "import { Protected } from '../auth/public.decorator.js'\nimport type { Session } from '../auth/sessions.service.js'",
      },
      {
        file: 'src/users/users.controller.ts',
        find: "@Controller('users')",
        replace: "@Protected()\n@Controller('users')",
      },
      {
        file: 'src/notes/notes.controller.ts',
        find: "import type { Session } from '../auth/sessions.service.js'",
        replace:
          "import { Protected } from '../auth/public.decorator.js'\nimport type { Session } from '../auth/sessions.service.js'",
      },
      {
        file: 'src/notes/notes.controller.ts',
        find: "@Controller('notes')",
        replace: "@Protected()\n@Controller('notes')",
      },
    ],
    live: true,
  },
  {
    item: 'cors',
    name: 'the defaults of enableCors',
    kind: 'obvious',
    edits: [
      {
        file: 'src/main.ts',
        find: "app.enableCors({ origin: config.get<string[]>('corsOrigins'), methods: ['GET', 'POST'] })",
        replace: 'app.enableCors()',
      },
    ],
    live: true,
  },
  {
    // Nothing ends the pattern: https://app.example.com.evil.example
    item: 'cors',
    name: 'a pattern without an end',
    kind: 'overlooked',
    edits: [
      {
        file: 'src/main.ts',
        find: "origin: config.get<string[]>('corsOrigins')",
        replace: 'origin: /^https:\\/\\/app\\.example\\.com/',
      },
    ],
    live: true,
  },
  {
    item: 'debug',
    name: 'the stack in every error',
    kind: 'obvious',
    edits: [
      {
        file: 'src/errors/all-exceptions.filter.ts',
        find: "error: REASONS[status] ?? 'Error',\n",
        replace:
          "error: REASONS[status] ?? 'Error',\n      stack: exception instanceof Error ? exception.stack : undefined,\n",
      },
    ],
    live: true,
  },
  {
    // util.inspect prints the stack, and every property of the error.
    item: 'debug',
    name: 'an inspected exception in the answer of a 500',
    kind: 'overlooked',
    edits: [
      {
        file: 'src/errors/all-exceptions.filter.ts',
        find: 'import { type ArgumentsHost',
        replace: "import { inspect } from 'node:util'\nimport { type ArgumentsHost",
      },
      {
        file: 'src/errors/all-exceptions.filter.ts',
        find: "error: REASONS[status] ?? 'Error',",
        replace: 'error: REASONS[status] ?? inspect(exception),',
      },
    ],
    live: false,
  },
  {
    item: 'hardcoded-secret',
    name: 'a fallback for the key',
    kind: 'obvious',
    edits: [
      {
        file: 'src/config/configuration.ts',
        find: "secret: secretFrom('JWT_SECRET'),",
        replace: "secret: process.env.JWT_SECRET || 'q8Hs2LmVx7TzR4cWnKp0YdBf5JgAu9EiQo3X6tNv1Mr',",
      },
    ],
    live: false,
  },
  {
    item: 'hardcoded-secret',
    name: 'a default for the key in the compose file',
    kind: 'overlooked',
    edits: [],
    adds: [
      {
        file: 'docker-compose.yml',
        text: [
          'services:',
          '  api:',
          '    build: .',
          '    restart: unless-stopped',
          '    environment:',
          '      HOST: 0.0.0.0',
          '      PORT: 3000',
          // biome-ignore lint/suspicious/noTemplateCurlyInString: Compose's own syntax
          '      JWT_SECRET: ${JWT_SECRET:-Wc5rQ1xNz8KvTb3MpLs7YdHf0GjEu6RaXo2Ui9StDq4}',
          '    ports:',
          "      - '3000:3000'",
          '',
        ].join('\n'),
      },
    ],
    live: false,
  },
  {
    // From source only: @nestjs/swagger isn't among what these tests install.
    item: 'docs-exposed',
    name: 'Swagger set up wherever it runs',
    kind: 'obvious',
    edits: [
      {
        file: 'package.json',
        find: '    "@nestjs/throttler": "^6.7.1",\n',
        replace: '    "@nestjs/swagger": "^12.0.2",\n    "@nestjs/throttler": "^6.7.1",\n',
      },
      {
        file: 'src/main.ts',
        find: "import { AppModule } from './app.module.js'",
        replace:
          "import { DocumentBuilder, SwaggerModule } from '@nestjs/swagger'\nimport { AppModule } from './app.module.js'",
      },
      {
        file: 'src/main.ts',
        find: '  await app.listen(',
        replace:
          "  const document = new DocumentBuilder().setTitle('Notes').addBearerAuth().build()\n" +
          "  SwaggerModule.setup('docs', app, SwaggerModule.createDocument(app, document))\n\n" +
          '  await app.listen(',
      },
    ],
    live: false,
  },
  {
    item: 'docs-exposed',
    name: 'a public route that answers the document',
    kind: 'overlooked',
    edits: [
      {
        file: 'src/health/health.controller.ts',
        find: "import { Controller, Get } from '@nestjs/common'",
        replace:
          "import { readFileSync } from 'node:fs'\nimport { Controller, Get, Header, StreamableFile } from '@nestjs/common'",
      },
      {
        file: 'src/health/health.controller.ts',
        find: "@Controller('health')",
        replace: '@Controller()',
      },
      { file: 'src/health/health.controller.ts', find: '@Get()', replace: "@Get('health')" },
      {
        file: 'src/health/health.controller.ts',
        find: "    return { status: 'ok' }\n  }\n",
        replace:
          "    return { status: 'ok' }\n  }\n\n" +
          "  // The client is generated from it.\n  @Public()\n  @Header('Content-Type', 'application/json')\n" +
          "  @Get('openapi.json')\n  contract() {\n    return new StreamableFile(readFileSync('openapi.json'))\n  }\n",
      },
      {
        file: 'Dockerfile',
        find: 'COPY --from=build /app/dist ./dist\n',
        replace: 'COPY --from=build /app/dist ./dist\nCOPY openapi.json ./\n',
      },
    ],
    live: true,
  },
  {
    item: 'jwt-payload',
    name: 'e-mail address and role as claims',
    kind: 'obvious',
    edits: [
      {
        file: 'src/auth/auth.service.ts',
        find: 'const payload = { sub: user.id, jti: session.id }',
        replace: 'const payload = { sub: user.id, email: user.email, role: user.role, jti: session.id }',
      },
    ],
    live: true,
  },
  {
    item: 'jwt-payload',
    name: 'what is left of the account without its password',
    kind: 'overlooked',
    edits: [
      {
        file: 'src/auth/auth.service.ts',
        find: 'const payload = { sub: user.id, jti: session.id }',
        replace:
          'const { id: sub, passwordHash, ...profile } = user\n' +
          '    const payload = { ...profile, sub, jti: session.id }',
      },
    ],
    live: true,
  },
  {
    item: 'forwarded-for',
    name: 'every proxy is trusted',
    kind: 'obvious',
    edits: [
      {
        file: 'src/main.ts',
        find:
          '  // Only these networks may say who the client is: the limits count it.\n' +
          "  app.set('trust proxy', config.get('trustedProxies'))",
        replace: "  app.set('trust proxy', true)",
      },
    ],
    live: true,
  },
  {
    // The setting stays, nobody reads it: behind a proxy everybody shares one count.
    item: 'forwarded-for',
    name: 'the trusted proxies are never given to Express',
    kind: 'overlooked',
    edits: [
      {
        file: 'src/main.ts',
        find:
          '  // Only these networks may say who the client is: the limits count it.\n' +
          "  app.set('trust proxy', config.get('trustedProxies'))\n",
        replace: '',
      },
    ],
    live: false,
  },
]
