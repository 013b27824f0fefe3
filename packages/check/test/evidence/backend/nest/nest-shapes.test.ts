import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { readNest } from '../../../../src/evidence/backend/nest/index.ts'
import { readingOf } from '../../sources.ts'

const COMMON = `
  import { Body, Controller, Module, Post, ValidationPipe } from '@nestjs/common'
  import { NestFactory } from '@nestjs/core'
  import { MaxLength, IsString, registerDecorator } from 'class-validator'
  import limit from '@fastify/rate-limit'
`
const app = (text: string) => readNest(readingOf({ 'src/main.ts': `${COMMON}${text}` }))

describe('a limiter on the adapter below', () => {
  const limiters = (register: string) => {
    const facts = app(`
      @Controller('auth') class Auth { @Post('login') login(@Body() body: unknown) {} }
      @Module({ controllers: [Auth] }) class App {}
      const app = await NestFactory.create(App)
      ${register}`)
    return [facts.routes[0]?.limiters.map((one) => one.perMinute), facts.limiters.map((one) => one.mounted)]
  }

  test('covers every route', () => {
    assert.deepEqual(limiters("app.register(limit, { max: 20, timeWindow: '1 minute' })"), [[20], ['everywhere']])
  })
  test('covers none that does not ask for it where it is not global, nor outside development', () => {
    const none = [[], []]
    assert.deepEqual(limiters('app.register(limit, { global: false })'), none)
    assert.deepEqual(limiters("if (process.env.NODE_ENV === 'development') app.register(limit, { max: 20 })"), none)
    assert.deepEqual(limiters('app.register(helmet)'), none)
  })
})

describe('a check of the project that two fields are the same', () => {
  const problems = (again: string, first = '@IsString() @MaxLength(20)') =>
    app(`
      const Match = (other) => (object, key) => registerDecorator({ target: object.constructor, propertyName: key, constraints: [other],
        validator: { validate: (value, args) => value === args.object[args.constraints[0]] } })
      class NewUser { ${first} password: string
        ${again} confirm: string }
      @Controller('users') class Users { @Post() add(@Body() body: NewUser) {} }
      @Module({ controllers: [Users] }) class App {}
      const app = await NestFactory.create(App)
      app.useGlobalPipes(new ValidationPipe({ whitelist: true }))`)
      .routes.flatMap((one) => one.inputs)
      .flatMap((one) => one.problems.map(({ what }) => what))

  test('bounds the one as the other is', () => {
    assert.deepEqual(problems("@Match('password')"), [])
    assert.equal(problems("@Match('password')", '@IsString()').length, 2)
  })
  test('bounds nothing by a field that is not there', () => {
    assert.equal(problems("@Match('other')").length, 1)
  })
})
