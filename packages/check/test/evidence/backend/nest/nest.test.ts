import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { FrameworkFacts, Route } from '../../../../src/evidence/backend/facts.ts'
import { readNest } from '../../../../src/evidence/backend/nest/index.ts'
import type { EnvSetting } from '../../../../src/evidence/backend/reading.ts'
import { Evaluator, Program, parseJavaScript } from '../../../../src/evidence/source/index.ts'

const read = (
  sources: Readonly<Record<string, string>>,
  env: ReadonlyMap<string, readonly EnvSetting[]> = new Map(),
): FrameworkFacts => {
  const program = new Program(
    Object.entries(sources).map(([file, text]) => parseJavaScript(file, text)),
    { files: new Set(Object.keys(sources)), aliases: [], packages: new Map() },
  )
  return readNest({ program, evaluator: new Evaluator(program), env })
}

const COMMON = `
  import { Controller, Get, Post, Body, Query, Param, Module, UseGuards, UsePipes, SetMetadata, applyDecorators, ValidationPipe,
    ParseIntPipe, ParseUUIDPipe, UnauthorizedException, Catch, HttpException } from '@nestjs/common'
  import { NestFactory, APP_GUARD, APP_PIPE, Reflector } from '@nestjs/core'
  import { AuthGuard } from '@nestjs/passport'
  import { ThrottlerModule, ThrottlerGuard, Throttle, SkipThrottle, minutes } from '@nestjs/throttler'
  import { SwaggerModule } from '@nestjs/swagger'
  import { IsString, Length, IsByteLength, MaxLength, IsInt, Min, Max, IsArray, ArrayMaxSize, ValidateNested, IsEmail, IsNotEmpty } from 'class-validator'
  import { Type } from 'class-transformer'
`

const app = (text: string) => read({ 'src/main.ts': `${COMMON}${text}` })

const routes = (facts: FrameworkFacts) => facts.routes.map((one) => `${one.method} ${one.path} ${one.guard}`)

const problems = (facts: FrameworkFacts, handler?: string) =>
  facts.routes
    .filter((one) => handler === undefined || one.handler === handler)
    .flatMap((one: Route) => one.inputs.flatMap((each) => each.problems.map((problem) => problem.what)))

describe('paths', () => {
  test('prefixes of the application, the controller and the version', () => {
    const facts = app(`
      @Controller({ path: 'cats', version: '2' }) class Cats { @Get() all() {} @Post(['a', 'b/:id']) make() {} }
      @Controller(['x', 'y']) class Two { @Get('z') z() {} }
      const start = async () => {
        const app = await NestFactory.create(Root)
        app.setGlobalPrefix('api')
        app.enableVersioning()
      }
      @Module({ controllers: [Cats, Two] }) class Root {}
    `)
    assert.deepEqual(
      facts.routes.map((one) => `${one.method} ${one.path}`),
      ['GET /api/v2/cats', 'POST /api/v2/cats/a', 'POST /api/v2/cats/b/:id', 'GET /api/x/z', 'GET /api/y/z'],
    )
    assert.equal(facts.routes[0]?.handler, 'Cats.all')
  })

  test('a controller that no module has answers nothing', () => {
    const facts = app(
      `@Controller('left') class Left { @Get() x() {} } @Module({ controllers: [] }) class Root {} NestFactory.create(Root)`,
    )
    assert.deepEqual(facts.routes, [])
  })

  test('GraphQL fields are routes', () => {
    const facts = read({
      'a.ts': `import { Resolver, Query, Mutation, Args } from '@nestjs/graphql'
        import { UseGuards } from '@nestjs/common'
        import { AuthGuard } from '@nestjs/passport'
        class G extends AuthGuard('jwt') {}
        @Resolver() export class R {
          @Query(() => String) hello(@Args('name') name: string) {}
          @UseGuards(G) @Mutation(() => Boolean, { name: 'save' }) store(@Args('id') id: number) {}
        }`,
    })
    assert.deepEqual(routes(facts), ['QUERY hello none', 'MUTATION save own'])
    assert.deepEqual(problems(facts), ['body.name: a string without a maximum length'])
  })
})

describe('guards', () => {
  const GUARD = `
    class JwtGuard extends AuthGuard('jwt') {
      constructor(private reflector: Reflector) { super() }
      canActivate(context) {
        const open = this.reflector.getAllAndOverride('isPublic', [context.getHandler(), context.getClass()])
        return open ? true : super.canActivate(context)
      }
    }
    const Public = () => SetMetadata('isPublic', true)
  `
  const ROUTES = `
    @Controller('a') class A { @Get() list() {} @Public() @Post('login') login() {} }
    @Public() @Controller('b') class B { @Get() open() {} }
  `

  test('APP_GUARD covers what nobody marked', () => {
    const facts = app(
      `${GUARD}${ROUTES}@Module({ controllers: [A, B], providers: [{ provide: APP_GUARD, useClass: JwtGuard }] }) class Root {} NestFactory.create(Root)`,
    )
    assert.deepEqual(routes(facts), ['GET /a global', 'POST /a/login exempt', 'GET /b exempt'])
    assert.deepEqual(
      facts.guards.map((one) => [one.what, one.faults]),
      [['JwtGuard', []]],
    )
  })

  test('so do useGlobalGuards and a factory; in development only neither', () => {
    const global = app(
      `${GUARD}${ROUTES}const start = async () => { const app = await NestFactory.create(Root); app.useGlobalGuards(new JwtGuard(app.get(Reflector))) }`,
    )
    assert.deepEqual(routes(global)[0], 'GET /a global')
    const made = app(
      `${GUARD}${ROUTES}@Module({ controllers: [A, B], providers: [{ provide: APP_GUARD, useFactory: (r) => new JwtGuard(r) }] }) class Root {} NestFactory.create(Root)`,
    )
    assert.deepEqual(routes(made)[0], 'GET /a global')
    const development = app(
      `${GUARD}${ROUTES}const start = async () => { const app = await NestFactory.create(Root); if (process.env.NODE_ENV === 'development') app.useGlobalGuards(new JwtGuard(x)) }`,
    )
    assert.deepEqual(routes(development)[0], 'GET /a none')
  })

  test('a guard of requests or of roles is no authentication', () => {
    const facts = app(`
      class RolesGuard { canActivate(context) {
        const roles = this.reflector.get('roles', context.getHandler())
        if (!roles) return true
        return roles.includes(context.switchToHttp().getRequest().user.role)
      } }
      @Controller('a') class A { @Get() list() {} }
      @Module({ controllers: [A], providers: [{ provide: APP_GUARD, useClass: ThrottlerGuard }, { provide: APP_GUARD, useClass: RolesGuard }] }) class Root {}
      NestFactory.create(Root)
    `)
    assert.deepEqual(routes(facts), ['GET /a none'])
    assert.deepEqual(facts.guards, [])
  })

  test('a guard that waits for a mark covers only what carries it', () => {
    const facts = app(`
      class TokenGuard { canActivate(context) {
        const wanted = this.reflector.get('protected', context.getHandler())
        if (!wanted) return true
        const request = context.switchToHttp().getRequest()
        if (!request.headers.authorization) throw new UnauthorizedException()
        return this.jwt.verify(request.headers.authorization)
      } }
      const Protected = () => SetMetadata('protected', true)
      @Controller('a') class A { @Get() list() {} @Protected() @Get('mine') mine() {} }
      @Module({ controllers: [A], providers: [{ provide: APP_GUARD, useClass: TokenGuard }] }) class Root {}
      NestFactory.create(Root)
    `)
    assert.deepEqual(routes(facts), ['GET /a none', 'GET /a/mine own'])
    assert.deepEqual(facts.guards, [])
  })

  test('a mark that the guard never reads opens nothing', () => {
    const facts = app(`
      class Plain extends AuthGuard('jwt') {}
      const Public = () => SetMetadata('isPublic', true)
      @Controller('a') class A { @Public() @Get() list() {} }
      @Module({ controllers: [A], providers: [{ provide: APP_GUARD, useClass: Plain }] }) class Root {}
      NestFactory.create(Root)
    `)
    assert.deepEqual(routes(facts), ['GET /a global'])
  })

  test('marks by a decorator of the reflector, and by a kind of authentication', () => {
    const made = app(`
      const Open = Reflector.createDecorator()
      class JwtGuard extends AuthGuard('jwt') { canActivate(context) {
        if (this.reflector.get(Open, context.getHandler())) return true
        return super.canActivate(context)
      } }
      @Controller('a') class A { @Get() list() {} @Open() @Post('login') login() {} }
      @Module({ controllers: [A], providers: [{ provide: APP_GUARD, useClass: JwtGuard }] }) class Root {}
      NestFactory.create(Root)
    `)
    assert.deepEqual(routes(made), ['GET /a global', 'POST /a/login exempt'])
    const kinds = app(`
      enum AuthType { Bearer, None }
      const Auth = (...types: AuthType[]) => SetMetadata('authType', types)
      class AuthenticationGuard { async canActivate(context) {
        const types = this.reflector.getAllAndOverride('authType', [context.getHandler(), context.getClass()]) ?? [0]
        for (const guard of types.map((type) => this.guards[type])) if (await guard.canActivate(context)) return true
        throw new UnauthorizedException()
      } }
      @Controller('a') class A { @Get() list() {} @Auth(AuthType.None) @Post('login') login() {} @Auth(AuthType.Bearer) @Get('b') b() {} }
      @Module({ controllers: [A], providers: [{ provide: APP_GUARD, useClass: AuthenticationGuard }] }) class Root {}
      NestFactory.create(Root)
    `)
    assert.deepEqual(routes(kinds), ['GET /a global', 'POST /a/login exempt', 'GET /a/b global'])
  })

  test('by class, by method, composed; a local strategy checks a credential', () => {
    const facts = app(`
      const Auth = (roles) => applyDecorators(SetMetadata('roles', roles), UseGuards(AuthGuard('jwt')))
      @UseGuards(AuthGuard('jwt')) @Controller('a') class A { @Get() list() {} }
      @Controller('b') class B {
        @Auth(['admin']) @Get() list() {}
        @UseGuards(AuthGuard('local')) @Post('login') login() {}
        @UseGuards(AuthGuard(['jwt', 'anonymous'])) @Get('maybe') maybe() {}
      }
    `)
    assert.deepEqual(routes(facts), ['GET /a group', 'GET /b own', 'POST /b/login none', 'GET /b/maybe none'])
  })

  test('middleware for everything and for a list', () => {
    const middleware = `class AuthMiddleware { use(req, res, next) { const [, token] = req.headers.authorization.split(' '); if (!token) throw new UnauthorizedException(); jwt.verify(token, key); next() } }
      @Controller('a') class A { @Get() list() {} @Post('login') login() {} }`
    const all = app(
      `${middleware}@Module({ controllers: [A] }) class Root { configure(consumer) { consumer.apply(AuthMiddleware).exclude('a/login').forRoutes('*') } } NestFactory.create(Root)`,
    )
    assert.deepEqual(routes(all), ['GET /a global', 'POST /a/login exempt'])
    const listed = app(
      `${middleware}@Module({ controllers: [A] }) class Root { configure(consumer) { consumer.apply(AuthMiddleware).forRoutes({ path: 'a', method: RequestMethod.GET }) } } NestFactory.create(Root)`,
    )
    assert.deepEqual(routes(listed), ['GET /a own', 'POST /a/login none'])
  })

  test('exceptions by a part of the path, and a check that fails open', () => {
    const facts = app(`
      class AuthTokenGuard { async canActivate(context) {
        const request = context.switchToHttp().getRequest()
        if (request.url.includes('/auth')) return true
        try { await this.jwt.verifyAsync(request.headers.authorization) } catch { return true }
        if (!request.user) throw new UnauthorizedException()
        return true
      } }
      @Controller('a') class A { @Get() list() {} }
      @Module({ controllers: [A], providers: [{ provide: APP_GUARD, useClass: AuthTokenGuard }] }) class Root {}
      NestFactory.create(Root)
    `)
    assert.deepEqual(
      facts.guards[0]?.faults.map((one) => one.what),
      ['an exception by a part of the path: includes', 'it lets through when its check fails'],
    )
  })

  test('a check that throws, after which everybody is let through', () => {
    const guarded = (body: string) =>
      routes(
        app(`
      const storage = new AsyncLocalStorage()
      const currentUser = () => { const user = storage.getStore(); if (!user) throw new UnauthorizedException(); return user }
      const userOrNobody = () => storage.getStore()
      class AuthTokenGuard { async canActivate(context) { ${body} return true } }
      @Controller('a') class A { @Get() list() {} }
      @Module({ controllers: [A], providers: [{ provide: APP_GUARD, useClass: AuthTokenGuard }] }) class Root {}
      NestFactory.create(Root)
    `),
      )
    assert.deepEqual(guarded('currentUser();'), ['GET /a global'])
    assert.deepEqual(guarded('await this.jwtService.verifyAsync(tokenOf(context));'), ['GET /a global'])
    assert.deepEqual(guarded('userOrNobody();'), ['GET /a none'])
    assert.deepEqual(guarded(''), ['GET /a none'])
  })

  test('a check whose failure is swallowed', () => {
    const guarded = (rest: string) =>
      routes(
        app(`
      class AuthTokenGuard { async canActivate(context) {
        const request = context.switchToHttp().getRequest()
        const [type, token] = request.headers.authorization?.split(' ') ?? []
        if (type !== 'Bearer' || !token) throw new UnauthorizedException()
        try { request.user = await this.jwt.verifyAsync(token) } ${rest}
      } }
      @Controller('a') class A { @Get() list() {} }
      @Module({ controllers: [A], providers: [{ provide: APP_GUARD, useClass: AuthTokenGuard }] }) class Root {}
      NestFactory.create(Root)
    `),
      )
    assert.deepEqual(guarded('catch {} return true'), ['GET /a none'])
    assert.deepEqual(guarded("catch (error) { this.logger.warn('bad token') } return true"), ['GET /a none'])
    assert.deepEqual(guarded('catch { request.user = null } return !!request.user'), ['GET /a global'])
    assert.deepEqual(guarded('catch {} if (!request.user) throw new UnauthorizedException(); return true'), [
      'GET /a global',
    ])
    assert.deepEqual(guarded('catch { throw new UnauthorizedException() } return true'), ['GET /a global'])
  })
})

describe('limiters', () => {
  const limited = (module: string, controller: string, provider = '{ provide: APP_GUARD, useClass: ThrottlerGuard }') =>
    app(
      `${controller}@Module({ imports: [${module}], controllers: [A], providers: [${provider}] }) class Root {} NestFactory.create(Root)`,
    )
  const A = `@Controller('a') class A { @Post('login') login() {} }`

  test('everywhere with APP_GUARD, in milliseconds, seconds and helpers', () => {
    const rate = (module: string) => limited(module, A).routes[0]?.limiters.map((one) => [one.mounted, one.perMinute])
    assert.deepEqual(rate('ThrottlerModule.forRoot([{ ttl: 60000, limit: 10 }])'), [['everywhere', 10]])
    assert.deepEqual(rate('ThrottlerModule.forRoot({ ttl: 60, limit: 20 })'), [['everywhere', 20]])
    assert.deepEqual(
      rate('ThrottlerModule.forRootAsync({ useFactory: () => ({ throttlers: [{ ttl: minutes(1), limit: 30 }] }) })'),
      [['everywhere', 30]],
    )
  })

  test('an empty list limits nothing, whatever stands beside it', () => {
    for (const options of ['{ ttl: 60, limit: 5, throttlers: [] }', '{ throttlers: [] }', '[]']) {
      for (const module of [
        `ThrottlerModule.forRoot(${options})`,
        `ThrottlerModule.forRootAsync({ useFactory: () => (${options}) })`,
      ]) {
        const [limiter] = limited(module, A).routes[0]?.limiters ?? []
        assert.match(limiter?.off?.text ?? '', /\[\]/)
        assert.equal(limiter?.perMinute, undefined)
      }
    }
    const filled = limited('ThrottlerModule.forRoot({ ttl: 1, limit: 500, throttlers: [{ ttl: 60000, limit: 5 }] })', A)
    assert.deepEqual(
      filled.routes[0]?.limiters.map((one) => [one.off, one.perMinute]),
      [[undefined, 5]],
    )
  })

  test('nowhere with the module alone; somewhere with UseGuards', () => {
    const nowhere = limited('ThrottlerModule.forRoot([{ ttl: 60000, limit: 10 }])', A, '')
    assert.deepEqual([nowhere.limiters[0]?.mounted, nowhere.routes[0]?.limiters], ['nowhere', []])
    const some = limited(
      'ThrottlerModule.forRoot([{ ttl: 60000, limit: 10 }])',
      `@Controller('a') class A { @UseGuards(ThrottlerGuard) @Post('login') login() {} @Get() b() {} }`,
      '',
    )
    assert.deepEqual(
      some.routes.map((one) => one.limiters.map((each) => each.mounted)),
      [['somewhere'], []],
    )
  })

  test('Throttle says more, SkipThrottle takes away, the method has the last word', () => {
    const facts = limited(
      'ThrottlerModule.forRoot([{ ttl: 60000, limit: 10 }])',
      `@SkipThrottle() @Controller('a') class A { @Throttle({ default: { limit: 3, ttl: 60000 } }) @Post('login') login() {} @SkipThrottle({ default: false }) @Get() b() {} }`,
    )
    assert.deepEqual(
      facts.routes.map((one) => one.limiters.map((each) => each.perMinute)),
      [[], [10]],
    )
    const own = limited(
      'ThrottlerModule.forRoot([{ ttl: 60000, limit: 10 }])',
      `@Controller('a') class A { @Throttle({ default: { limit: 3, ttl: 60000 } }) @Post('login') login() {} }`,
    )
    assert.deepEqual(own.routes[0]?.limiters[0]?.perMinute, 3)
  })

  test('a guard of its own is off where it asks nobody', () => {
    const off = (body: string) =>
      limited(
        '',
        `class RateLimitGuard { async canActivate(context) { ${body} } }
        @Controller('a') class A { @UseGuards(RateLimitGuard) @Post('login') login() {} }`,
        '',
      ).routes[0]?.limiters.map((one) => one.off !== undefined)
    assert.deepEqual(off('return true'), [true])
    assert.deepEqual(off("this.logger.debug('asked'); return true"), [true])
    assert.deepEqual(off('await this.limiter.consume(context.ip); return true'), [false])
    assert.deepEqual(off('if (full) throw new HttpException(); return true'), [false])
  })

  test('a tracker of its own reads a header', () => {
    const guard = `class ProxyGuard extends ThrottlerGuard { async getTracker(req) { return req.headers['x-forwarded-for'] ?? req.ip } }`
    const facts = limited(
      'ThrottlerModule.forRoot([{ ttl: 60000, limit: 10 }])',
      `${guard}${A}`,
      '{ provide: APP_GUARD, useClass: ProxyGuard }',
    )
    assert.equal(facts.limiters[0]?.key.kind, 'header')
  })

  test('express-rate-limit on the application', () => {
    const facts = app(`import rateLimit from 'express-rate-limit'
      ${A} const start = async () => { const app = await NestFactory.create(Root); app.use(rateLimit({ windowMs: 60000, max: 50 })) }`)
    assert.deepEqual(
      facts.routes[0]?.limiters.map((one) => [one.library, one.mounted, one.perMinute]),
      [['express-rate-limit', 'everywhere', 50]],
    )
  })
})

describe('inputs', () => {
  const PIPE =
    'const start = async () => { const app = await NestFactory.create(Root); app.useGlobalPipes(new ValidationPipe({ whitelist: true })) }\n'
  const body = (dto: string, pipe = PIPE) =>
    problems(app(`${pipe}${dto}@Controller('a') class A { @Post() make(@Body() body: Dto) {} }`))

  test('a class with types and bounds', () => {
    const dto = `class Tag { @IsString() @MaxLength(9) name: string }
      class Dto { @IsEmail() email: string; @IsString() @MaxLength(9) a: string; @IsInt() @Min(1) @Max(9) n: number
        @IsArray() @ArrayMaxSize(3) @MaxLength(9, { each: true }) list: string[]
        @ValidateNested({ each: true }) @ArrayMaxSize(3) @Type(() => Tag) tags: Tag[] }`
    assert.deepEqual(body(dto), [])
    assert.deepEqual(body(dto, PIPE.replace('{ whitelist: true }', '')).slice(0, 1), ['body: unknown keys pass'])
    assert.deepEqual(body(dto, ''), ['body: no ValidationPipe looks at it'])
    assert.deepEqual(body(dto, PIPE.replace('whitelist: true', 'forbidNonWhitelisted: true')).slice(0, 1), [
      'body: unknown keys pass',
    ])
  })

  test('each missing bound', () => {
    assert.deepEqual(
      body(`class Tag { @IsString() name: string }
        class Dto { @IsString() a: string; @IsInt() n: number; @IsNotEmpty() any: string; @IsArray() @IsString({ each: true }) l: string[]
          @ValidateNested() @Type(() => Tag) tag: Tag; @ValidateNested() other: Tag }`),
      [
        'body.a: a string without a maximum length',
        'body.n: a number without a maximum',
        'body.any: anything passes',
        'body.l: an array without a maximum of items',
        'body.l[]: a string without a maximum length',
        'body.tag.name: a string without a maximum length',
        'body.other: anything passes',
      ],
    )
  })

  test('a length with a minimum alone is no maximum', () => {
    const dto = (bounds: string) => body(`class Dto { @${bounds} a: string }`)
    const long = ['body.a: a string without a maximum length']
    for (const one of ['Length(1)', 'Length(1, undefined)', "Length(1, { message: 'no' })", 'IsByteLength(1)'])
      assert.deepEqual(dto(one), long, one)
    for (const one of ['Length(1, 9)', "Length(1, 9, { message: 'no' })", 'IsByteLength(1, 9)', 'Length(MIN, MAX)'])
      assert.deepEqual(dto(one), [], one)
  })

  test('inherited, partial and picked classes', () => {
    const base = `import { PartialType, PickType, OmitType } from '@nestjs/mapped-types'
      class Base { @IsString() a: string; @IsString() @MaxLength(9) b: string }`
    assert.deepEqual(body(`${base} class Dto extends PartialType(Base) {}`), [
      'body.a: a string without a maximum length',
    ])
    assert.deepEqual(body(`${base} class Dto extends PickType(Base, ['b'] as const) {}`), [])
    assert.deepEqual(body(`${base} class Dto extends OmitType(Base, ['a'] as const) {}`), [])
    assert.deepEqual(body(`${base} class Dto extends Base { @MaxLength(3) a: string }`), [])
  })

  test('composed decorators, by what their options say', () => {
    const field = `function StringField(options: { maxLength?: number } = {}) {
        const decorators = [IsString()]
        if (options.maxLength) { decorators.push(MaxLength(options.maxLength)) }
        return applyDecorators(...decorators)
      }`
    assert.deepEqual(
      body(`${field} class Dto { @StringField({ maxLength: 5 }) a: string; @StringField() b: string }`),
      ['body.b: a string without a maximum length'],
    )
  })

  test('what has no class at run time', () => {
    assert.deepEqual(body('interface Dto { a: string }'), [
      'body: its type is not there at run time, so nothing checks it',
    ])
    const facts = app(
      `${PIPE}@Controller('a') class A { @Post() make(@Body() body: any) {} @Get() raw(@Req() req) { return req.body.x } }`.replace(
        '@Controller',
        "import { Req } from '@nestjs/common'\n@Controller",
      ),
    )
    assert.deepEqual(problems(facts), [
      'body: it has no type that can be checked',
      'body: read from the request by hand, past every pipe',
    ])
    const typed = read({
      'dto.ts':
        "import { IsInt, Max, Min } from 'class-validator'\nexport class Dto { @IsInt() @Min(1) @Max(2) n: number }",
      'main.ts': `${COMMON}import type { Dto } from './dto'\n${PIPE}@Controller('a') class A { @Post() make(@Body() body: Dto) {} }`,
    })
    assert.match(problems(typed)[0] ?? '', /imported as a type only/)
  })

  test('single values', () => {
    const facts = app(`${PIPE}@Controller('a') class A {
      @Get(':id') one(@Param('id', ParseUUIDPipe) id: string) {}
      @Get('n/:id') two(@Param('id', new ParseIntPipe()) id: number) {}
      @Get('s/:slug') three(@Param('slug') slug: string) {}
      @Get('p') four(@Query('page', ParseIntPipe) page: number) {}
    }`)
    assert.deepEqual(problems(facts, 'A.one'), [])
    assert.deepEqual(problems(facts, 'A.two'), [])
    assert.deepEqual(problems(facts, 'A.three'), ['path.slug: a string without a maximum length'])
    assert.deepEqual(problems(facts, 'A.four'), ['query.page: a number without a maximum'])
  })

  test('zod DTOs by their schema', () => {
    const facts = app(`import { createZodDto, ZodValidationPipe } from 'nestjs-zod'
      import { z } from 'zod'
      const start = async () => { const app = await NestFactory.create(Root); app.useGlobalPipes(new ZodValidationPipe()) }
      class Dto extends createZodDto(z.object({ a: z.string(), b: z.string().max(3) })) {}
      @Controller('a') class A { @Post() make(@Body() body: Dto) {} }`)
    assert.deepEqual(problems(facts), ['body.a: a string without a maximum length'])
  })

  test('zod DTOs that no pipe asks', () => {
    const withPipes = (pipes: string) =>
      problems(
        app(`import { createZodDto, createZodValidationPipe, ZodValidationPipe } from 'nestjs-zod'
      import { z } from 'zod'
      import { ourPipe } from 'elsewhere'
      const start = async () => { const app = await NestFactory.create(Root); ${pipes} }
      class Dto extends createZodDto(z.object({ a: z.string().max(3) })) {}
      @Controller('a') class A { @Post() make(@Body() body: Dto) {} }`),
      )
    const unasked = ['body: no pipe asks the schema that its class is made of']
    assert.deepEqual(withPipes(''), unasked)
    assert.deepEqual(withPipes('app.useGlobalPipes(new ValidationPipe({ whitelist: true }))'), unasked)
    assert.deepEqual(withPipes('app.useGlobalPipes(new ZodValidationPipe())'), [])
    assert.deepEqual(withPipes('const P = createZodValidationPipe(); app.useGlobalPipes(new P())'), [])
    assert.deepEqual(withPipes('app.useGlobalPipes(ourPipe)'), [])
  })
})

describe('the application', () => {
  const start = (text: string, options = '') =>
    app(`const start = async () => { const app = await NestFactory.create(Root${options}); ${text} }`)

  test('CORS', () => {
    const origins = (text: string, options = '') => start(text, options).cors.map((one) => one.origins)
    assert.deepEqual(origins('app.enableCors()'), ['any'])
    assert.deepEqual(origins('', ', { cors: true }'), ['any'])
    assert.deepEqual(origins('app.enableCors({ origin: true, credentials: true })'), ['reflected'])
    assert.deepEqual(origins("app.enableCors({ origin: process.env.ORIGIN || '*' })"), ['any'])
    assert.deepEqual(origins('app.enableCors({ origin: process.env.ORIGINS.split(",") })'), ['listed'])
    assert.deepEqual(origins("app.enableCors({ origin: ['https://app.example.com'] })"), ['listed'])
    assert.deepEqual(origins('app.enableCors({ origin: /example\\.com/ })'), ['loose'])
    assert.deepEqual(origins("app.enableCors({ origin: (origin, cb) => cb(null, origin.endsWith('example.com')) })"), [
      'loose',
    ])
    assert.deepEqual(origins('app.enableCors({ origin: (o, cb) => cb(null, true) })'), ['reflected'])
    const production = "process.env.NODE_ENV === 'production' ? 'https://app.example.com' : '*'"
    assert.deepEqual(origins(`app.enableCors({ origin: ${production} })`), ['listed'])
    assert.deepEqual(origins(''), [])
  })

  test('documents', () => {
    const when = (text: string) => start(text).docs.map((one) => `${one.path} ${one.when}`)
    assert.deepEqual(when("SwaggerModule.setup('docs', app, document)"), ['/docs always'])
    assert.deepEqual(when("if (process.env.NODE_ENV !== 'production') SwaggerModule.setup('docs', app, document)"), [
      '/docs development',
    ])
    const guarded = app(`import basicAuth from 'express-basic-auth'
      const start = async () => {
        const app = await NestFactory.create(Root)
        app.use(['/docs', '/docs-json', '/docs-yaml'], basicAuth({ challenge: true, users: { docs: process.env.DOCS } }))
        SwaggerModule.setup('docs', app, document)
      }`)
    assert.deepEqual(
      guarded.docs.map((one) => one.when),
      ['guarded'],
    )
    const called = app(`const setup = (app) => { SwaggerModule.setup('docs', app, document) }
      const start = async () => { const app = await NestFactory.create(Root); if (process.env.NODE_ENV === 'development') setup(app) }`)
    assert.deepEqual(
      called.docs.map((one) => one.when),
      ['development'],
    )
  })

  test('proxies', () => {
    const trust = (text: string, options = '') => start(text, options).proxies.map((one) => one.trust)
    assert.deepEqual(trust("app.set('trust proxy', true)"), ['any'])
    assert.deepEqual(trust("app.enable('trust proxy')"), ['any'])
    assert.deepEqual(trust("app.set('trust proxy', 1)"), ['hops'])
    assert.deepEqual(trust("app.getHttpAdapter().getInstance().set('trust proxy', 'loopback')"), ['listed'])
    const fastify = app(
      "import { FastifyAdapter } from '@nestjs/platform-fastify'\nNestFactory.create(Root, new FastifyAdapter({ trustProxy: true }))",
    )
    assert.deepEqual(
      fastify.proxies.map((one) => one.trust),
      ['any'],
    )
  })

  test('exception filters', () => {
    const filter = (text: string, of = '') =>
      app(
        `@Catch(${of}) class All { catch(exception, host) { const response = host.getResponse(); ${text} } } app.useGlobalFilters(new All())`,
      ).debug.map((one) => one.what)
    assert.deepEqual(filter('response.status(500).json({ stack: exception.stack })'), ['the stack in the answer'])
    assert.deepEqual(
      filter(
        "response.status(500).json({ message: exception instanceof HttpException ? exception.message : 'error' })",
      ),
      [],
    )
    assert.deepEqual(filter('response.status(500).json({ message: exception.message })'), [])
    assert.deepEqual(filter('response.status(500).json({ error: exception })'), ['the raw exception in the answer'])
    assert.deepEqual(filter('response.status(500).json({ error: exception })', 'HttpException'), [])
    assert.deepEqual(
      filter('const known = exception instanceof HttpException; response.json({ error: known ? exception : 0 })'),
      [],
    )
    assert.deepEqual(filter("response.status(500).json({ error: 'x', location: __filename })"), [
      "a source file's path in the answer",
    ])
    assert.deepEqual(
      filter(
        "const body: any = { a: 1 }; if (process.env.NODE_ENV === 'development') { body.stack = exception.stack } response.json(body)",
      ),
      [],
    )
    assert.deepEqual(
      filter(
        "const body: any = { a: 1 }; if (process.env.NODE_ENV !== 'prod') { body.stack = exception.stack } response.json(body)",
      ),
      ['the stack in the answer'],
    )
  })

  test('GraphQL: playground, introspection and debug', () => {
    const facts = read({
      'a.ts': `import { GraphQLModule } from '@nestjs/graphql'
        import { Module } from '@nestjs/common'
        @Module({ imports: [GraphQLModule.forRoot({ playground: true, introspection: process.env.NODE_ENV !== 'production', debug: true })] }) class Root {}`,
    })
    assert.deepEqual(
      facts.docs.map((one) => `${one.path} ${one.when}`),
      ['/graphql (playground) always', '/graphql (introspection) development'],
    )
    assert.deepEqual(
      facts.debug.map((one) => one.what),
      ['GraphQL debug: true'],
    )
  })

  test('what is no Nest has no facts', () => {
    assert.deepEqual(read({ 'a.js': "const app = require('express')(); app.use(require('cors')())" }).cors, [])
  })
})
