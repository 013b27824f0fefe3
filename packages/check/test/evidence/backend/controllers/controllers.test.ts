import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { readControllers, together } from '../../../../src/evidence/backend/controllers/index.ts'
import { readExpress } from '../../../../src/evidence/backend/express/index.ts'
import type { FrameworkFacts } from '../../../../src/evidence/backend/facts.ts'
import type { Deployment, EnvSetting } from '../../../../src/evidence/backend/reading.ts'
import { Evaluator, Program, parseJavaScript } from '../../../../src/evidence/source/index.ts'

interface Around {
  readonly env?: Readonly<Record<string, string>>
  readonly deployment?: Deployment
}

const read = (sources: Readonly<Record<string, string>>, { env = {}, deployment }: Around = {}): FrameworkFacts => {
  const program = new Program(
    Object.entries(sources).map(([file, text]) => parseJavaScript(file, text)),
    { files: new Set(Object.keys(sources)), aliases: [], packages: new Map() },
  )
  const settings = new Map(
    Object.entries(env).map(([name, value]): [string, readonly EnvSetting[]] => [
      name,
      [{ value, at: { file: '.env.example', line: 1, text: `${name}=${value}` }, example: true }],
    ]),
  )
  const reading = {
    program,
    evaluator: new Evaluator(program),
    env: settings,
    ...(deployment === undefined ? {} : { deployment }),
  }
  return together(readExpress(reading), readControllers(reading))
}

const IMPORTS = `
  import express from 'express'
  import { JsonController, Controller, Get, Post, Put, Method, Body, BodyParam, Param, Params, QueryParam, QueryParams, Req,
    Authorized, CurrentUser, UseBefore, Middleware, createExpressServer, useExpressServer } from 'routing-controllers'
  import { IsString, MaxLength, IsInt, Min, Max, IsEmail, IsNotEmpty } from 'class-validator'
  import { rateLimit } from 'express-rate-limit'
  import jwt from 'jsonwebtoken'
  import basicAuth from 'express-basic-auth'
  import swaggerUi from 'swagger-ui-express'
`
const app = (text: string, around?: Around) => read({ 'src/main.ts': `${IMPORTS}${text}` }, around)

const routes = (facts: FrameworkFacts) => facts.routes.map((one) => `${one.method} ${one.path} ${one.guard}`)

const problems = (facts: FrameworkFacts) =>
  facts.routes.flatMap((one) => one.inputs.flatMap((each) => each.problems.map((problem) => problem.what)))

const CHECKER = `const authorizationChecker = async (action) => {
  const user = jwt.verify(action.request.headers.authorization, key)
  return user !== undefined
}
`

describe('routes of routing-controllers', () => {
  test('the prefix, the class and the action make the path', () => {
    const facts = app(`
      @JsonController('/pets') class Pets { @Get() all() {} @Post('/:id/names') name() {} @Method('patch', '/:id') change() {} }
      @Controller() class Home { @Get('/health') health() {} }
      createExpressServer({ routePrefix: '/api', controllers: [Pets, Home] })
    `)
    assert.deepEqual(
      facts.routes.map((one) => `${one.method} ${one.path} ${one.handler}`),
      [
        'GET /api/pets Pets.all',
        'POST /api/pets/:id/names Pets.name',
        'PATCH /api/pets/:id Pets.change',
        'GET /api/health Home.health',
      ],
    )
  })

  test('a prefix from the environment is what the files set', () => {
    const facts = app(
      `@JsonController() class A { @Get('/x') x() {} } createExpressServer({ routePrefix: process.env.PREFIX, controllers: [__dirname + '/*.ts'] })`,
      { env: { PREFIX: '/v1' } },
    )
    assert.deepEqual(routes(facts), ['GET /v1/x none'])
  })

  test('a class that no server has answers nothing', () => {
    const facts = app(
      `@JsonController() class A { @Get('/a') x() {} } @JsonController() class B { @Get('/b') x() {} } createExpressServer({ controllers: [B] })`,
    )
    assert.deepEqual(routes(facts), ['GET /b none'])
  })

  test('actions of a class above are its own', () => {
    const facts = app(`
      class Base { @Get('/all') all() {} }
      @JsonController('/x') class X extends Base {}
      createExpressServer({ controllers: [X] })
    `)
    assert.deepEqual(routes(facts), ['GET /x/all none'])
  })
})

describe('guards', () => {
  test('Authorized on the class, on the action, and CurrentUser that must be there', () => {
    const facts = app(`${CHECKER}
      @Authorized() @JsonController('/a') class A { @Get() x() {} }
      @JsonController('/b') class B { @Authorized('admin') @Get() x() {} @Get('/open') y() {}
        @Get('/me') me(@CurrentUser({ required: true }) user) {} @Get('/maybe') maybe(@CurrentUser() user) {} }
      createExpressServer({ controllers: [A, B], authorizationChecker })
    `)
    assert.deepEqual(routes(facts), [
      'GET /a group',
      'GET /b own',
      'GET /b/open none',
      'GET /b/me own',
      'GET /b/maybe none',
    ])
    assert.deepEqual(facts.guards, [])
  })

  test('a checker that says yes to everybody is none', () => {
    const facts = app(
      `@Authorized() @JsonController('/a') class A { @Get() x() {} } createExpressServer({ authorizationChecker: () => true })`,
    )
    assert.deepEqual(routes(facts), ['GET /a none'])
  })

  test('UseBefore with a guard as a function or a class; other middleware is none', () => {
    const facts = app(`
      const auth = (req, res, next) => { if (!jwt.verify(req.headers.authorization, key)) return res.sendStatus(401); next() }
      class AuthMiddleware { use(req, res, next) { if (!jwt.verify(req.headers.authorization, key)) return res.sendStatus(401); next() } }
      class Logs { use(req, res, next) { next() } }
      @JsonController() class A { @Get('/f') @UseBefore(auth) f() {} @Get('/c') @UseBefore(AuthMiddleware) c() {} @Get('/l') @UseBefore(Logs) l() {} }
      createExpressServer({ controllers: [A] })
    `)
    assert.deepEqual(routes(facts), ['GET /f own', 'GET /c own', 'GET /l none'])
  })

  test('a middleware class that runs before everything is one guard of all, with the faults of its exceptions', () => {
    const guard = (exception: string) => `
      @Middleware({ type: 'before' }) class AuthGuard { use(req, res, next) {
        ${exception}
        if (!jwt.verify(req.headers.authorization, key)) return res.sendStatus(401)
        next()
      } }
      @JsonController() class A { @Get('/a') x() {} }`
    const sound = app(`${guard('')} createExpressServer({ controllers: [A], middlewares: [AuthGuard] })`)
    assert.deepEqual(routes(sound), ['GET /a global'])
    assert.equal(sound.guards[0]?.faults.length, 0)
    const weak = app(
      `${guard("if (req.path.includes('/auth')) return next()")} createExpressServer({ controllers: [A], middlewares: [AuthGuard] })`,
    )
    assert.equal(weak.guards[0]?.faults.length, 1)
    const left = app(`${guard('')} class Other {} createExpressServer({ controllers: [A], middlewares: [Other] })`)
    assert.deepEqual(routes(left), ['GET /a none'])
  })

  test('what the application had before the controllers stands before them; what it gets later does not', () => {
    const setUp = (before: string, after: string) =>
      app(`
        const auth = (req, res, next) => { if (!jwt.verify(req.headers.authorization, key)) return res.sendStatus(401); next() }
        @JsonController() class A { @Get('/a') x() {} }
        const server = express()
        ${before}
        useExpressServer(server, { controllers: [A] })
        ${after}
      `)
    assert.deepEqual(routes(setUp('server.use(auth)', '')), ['GET /a global'])
    assert.deepEqual(routes(setUp('', 'server.use(auth)')), ['GET /a none'])
  })
})

describe('limiters', () => {
  test('one in UseBefore covers its action, and is not one that nothing mounts', () => {
    const facts = app(`
      const limiter = rateLimit({ windowMs: 60000, max: 5 })
      @JsonController() class A { @Post('/login') @UseBefore(limiter) login() {} @Get('/x') x() {} }
      createExpressServer({ controllers: [A] })
    `)
    assert.deepEqual(
      facts.routes.map((one) => one.limiters.map((each) => each.perMinute)),
      [[5], []],
    )
    assert.deepEqual(
      facts.limiters.map((one) => one.mounted),
      ['somewhere'],
    )
  })

  test('one on the application covers every action, and is counted once', () => {
    const facts = app(`
      @JsonController() class A { @Post('/login') login() {} }
      const server = express()
      server.use(rateLimit({ windowMs: 60000, max: 5 }))
      useExpressServer(server, { controllers: [A] })
    `)
    assert.equal(facts.routes[0]?.limiters.length, 1)
    assert.deepEqual(
      facts.limiters.map((one) => one.mounted),
      ['everywhere'],
    )
  })
})

const DTO = `class Pet { @IsString() @MaxLength(40) name: string; @IsInt() @Min(0) @Max(40) age: number }
  class Loose { @IsNotEmpty() name: string; @IsInt() age: number }
`
const action = (parameters: string, options = '') =>
  app(
    `${DTO} interface Shape { a: string } @JsonController() class A { @Post('/x/:id') x(${parameters}) {} } createExpressServer({ controllers: [A], ${options} })`,
  )

describe('inputs', () => {
  test('a class with bounds, closed by whitelist, is sound', () => {
    assert.deepEqual(problems(action('@Body() pet: Pet', 'validation: { whitelist: true }')), [])
    assert.deepEqual(problems(action('@QueryParams({ validate: { whitelist: true } }) pet: Pet')), [])
  })

  test('without whitelist unknown keys pass, although validation is on', () => {
    assert.deepEqual(problems(action('@Body() pet: Pet')), ['body: unknown keys pass'])
  })

  test('validation or class-transformer off leaves nothing checked', () => {
    for (const options of ['validation: false', 'classTransformer: false'])
      assert.deepEqual(problems(action('@Body() pet: Pet', options)), ['pet: validation is switched off'])
    assert.deepEqual(problems(action('@Body({ validate: false }) pet: Pet', 'validation: { whitelist: true }')), [
      'pet: validation is switched off',
    ])
  })

  test('fields without bounds', () => {
    assert.deepEqual(problems(action('@Body() pet: Loose', 'validation: { whitelist: true }')), [
      'body.name: anything passes',
      'body.age: a number without a maximum',
    ])
  })

  test('an interface, any and arrays are not looked into', () => {
    assert.match(problems(action('@Body() pet: Shape'))[0] ?? '', /not there at run time/)
    assert.match(problems(action('@Body() pet: any'))[0] ?? '', /no type/)
    assert.match(problems(action('@Body({ type: Pet }) pets: Pet[]'))[0] ?? '', /array/)
  })

  test('single values', () => {
    assert.deepEqual(
      problems(
        action(
          "@Param('id') id: number, @QueryParam('all') all: boolean, @QueryParam('page') page: number, @QueryParam('q') q: string, @BodyParam('x') x: string",
        ),
      ),
      [
        'query.page: a number without a maximum',
        'query.q: a string without a maximum length',
        'body.x: anything passes',
      ],
    )
  })

  test('the request read by hand', () => {
    const facts = app(
      `@JsonController() class A { @Post('/x') x(@Req() request) { return save(request.body) } } createExpressServer({ controllers: [A] })`,
    )
    assert.match(problems(facts)[0] ?? '', /by hand/)
  })

  test('a validator in UseBefore that checks the class, closed or not', () => {
    const validated = (options: string) =>
      app(`
        import { plainToInstance } from 'class-transformer'
        import { validateOrReject } from 'class-validator'
        ${DTO}
        interface Shape { a: string }
        const validate = (type) => (req, res, next) => {
          const dto = plainToInstance(type, req.body)
          validateOrReject(dto, ${options}).then(() => { req.body = dto; next() })
        }
        @JsonController() class A { @Post('/x') @UseBefore(validate(Pet)) x(@Body() pet: Shape) {} }
        createExpressServer({ controllers: [A] })
      `)
    assert.deepEqual(problems(validated('{ whitelist: true }')), [])
    assert.deepEqual(problems(validated('{}')), ['body: unknown keys pass'])
  })
})

describe('cors', () => {
  const cors = (setting: string) =>
    app(
      `@JsonController() class A { @Get('/x') x() {} } createExpressServer({ ${setting} controllers: [A] })`,
    ).cors.map((one) => one.origins)

  test('true is any; a list is a list; nothing is nothing', () => {
    assert.deepEqual(cors('cors: true,'), ['any'])
    assert.deepEqual(cors('cors: { credentials: true },'), ['any'])
    assert.deepEqual(cors('cors: { origin: true },'), ['reflected'])
    assert.deepEqual(cors("cors: { origin: ['https://app.example.com'] },"), ['listed'])
    assert.deepEqual(cors('cors: false,'), [])
    assert.deepEqual(cors(''), [])
  })
})

describe('debug', () => {
  const server = (options: string, around?: Around) =>
    app(
      `@JsonController() class A { @Get('/x') x() {} } createExpressServer({ ${options} controllers: [A] })`,
      around,
    ).debug.map((one) => one.what)
  const image = { file: 'Dockerfile', line: 9, text: 'CMD node dist/main.js' }

  test('development: true answers stacks; without it NODE_ENV decides', () => {
    assert.match(server('development: true,')[0] ?? '', /development: true/)
    assert.deepEqual(server('development: false,', { deployment: { start: image, production: false } }), [])
    assert.match(server('', { deployment: { start: image, production: false } })[0] ?? '', /NODE_ENV/)
    assert.deepEqual(server('', { deployment: { start: image, production: true } }), [])
    assert.deepEqual(server('defaultErrorHandler: false,', { deployment: { start: image, production: false } }), [])
  })

  test('an error middleware that answers the stack', () => {
    const facts = app(`
      @Middleware({ type: 'after' }) class Errors { error(error, req, res, next) { res.json({ message: error.message, stack: error.stack }) } }
      @JsonController() class A { @Get('/x') x() {} }
      createExpressServer({ controllers: [A], defaultErrorHandler: false })
    `)
    assert.equal(facts.debug.length, 1)
  })
})

describe('documentation', () => {
  const docs = (guard: string, server = 'express()') =>
    app(`
      const app = ${server}
      app.use('/docs', ${guard} swaggerUi.serve, swaggerUi.setup({}))
    `).docs.map((one) => `${one.path} ${one.when}`)

  test('express-basic-auth guards, unless its credentials stand in the source', () => {
    for (const server of ['express()', 'createExpressServer({})', "container.get('app')"]) {
      assert.deepEqual(docs('', server), ['/docs always'], server)
      assert.deepEqual(docs('basicAuth({ users: { admin: process.env.DOCS_PASSWORD } }),', server), ['/docs guarded'])
      assert.deepEqual(docs("basicAuth({ users: { admin: 'admin' } }),", server), ['/docs always'])
      assert.deepEqual(docs("basicAuth({ users: { admin: process.env.DOCS_PASSWORD || 'admin' } }),", server), [
        '/docs always',
      ])
    }
  })
})

describe('tsoa', () => {
  const tsoa = (text: string) =>
    read({
      'src/main.ts': `
        import { Route, Get, Post, Security, NoSecurity, Middlewares, Body, Query, Path, Controller } from 'tsoa'
        import { rateLimit } from 'express-rate-limit'
        ${text}`,
    })

  test('routes with their guards and limiters', () => {
    const facts = tsoa(`
      @Route('users') @Security('jwt') export class Users extends Controller {
        @Get('{id}') public one(@Path() id: number) {}
        @Post('login') @NoSecurity() @Middlewares(rateLimit({ windowMs: 60000, max: 5 })) public login() {}
      }
      @Route('open') export class Open extends Controller { @Get() public all() {} @Security('jwt') @Get('own') public own() {} }
    `)
    assert.deepEqual(routes(facts), [
      'GET /users/{id} group',
      'POST /users/login none',
      'GET /open none',
      'GET /open/own own',
    ])
    assert.equal(facts.routes[1]?.limiters[0]?.perMinute, 5)
  })

  test('types with the bounds that their comments give', () => {
    const facts = tsoa(`
      interface Pet {
        /** @maxLength 40 */
        name: string
        note: string
        kind: 'cat' | 'dog'
        /** @maximum 40 */
        age: number
      }
      @Route('pets') export class Pets extends Controller {
        /**
         * Finds some.
         * @maxLength q 40
         */
        @Get() public find(@Query() q: string, @Query() other: string) {}
        @Post() public add(@Body() pet: Pet) {}
      }
    `)
    assert.deepEqual(problems(facts), [
      'query.other: a string without a maximum length',
      'body.note: a string without a maximum length',
    ])
  })
})
