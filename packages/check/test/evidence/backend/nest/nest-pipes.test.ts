/** Pipes of a project's own: the schema that they check by is theirs, their class's, or what they are made with. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { readNest } from '../../../../src/evidence/backend/nest/index.ts'
import { readingOf } from '../../sources.ts'

const COMMON = `import { Body, Controller, Post, BadRequestException, PipeTransform } from '@nestjs/common'
import * as Joi from 'joi'
import { z } from 'zod'
import { object, string } from 'yup'
class Limits { static readonly NAME = 50 }
class Names { name: string }
const NAMES = Joi.object({ name: Joi.string().max(50) })
const OPEN = Joi.object({ name: Joi.string() })
`

/** What the only input of a route is said to lack, `unread` for what could not be followed. */
const body = (pipe: string, use = 'NamesPipe'): readonly string[] => {
  const facts = readNest(
    readingOf({
      'src/main.ts': `${COMMON}${pipe}\n@Controller('names') class C { @Post() add(@Body(${use}) input: Names) { return input } }`,
    }),
  )
  return facts.routes.flatMap(({ inputs }) =>
    inputs.flatMap((one) => [...one.problems.map((problem) => problem.what), ...(one.unread ? ['unread'] : [])]),
  )
}

const BASE = `abstract class SchemaPipe implements PipeTransform {
  transform(value) { const result = this.buildSchema().validate(value); if (result.error) throw new BadRequestException(); return result.value }
  abstract buildSchema(): Joi.Schema
}
`
const OPEN_NAME = ['body.name: a string without a maximum length']

describe('a schema that the class has', () => {
  test('by a method that an abstract pipe asks for', () => {
    const pipe = (schema: string) => `${BASE}class NamesPipe extends SchemaPipe { buildSchema() { return ${schema} } }`
    assert.deepEqual(body(pipe('Joi.object({ name: Joi.string().required().max(Limits.NAME) })')), [])
    assert.deepEqual(body(pipe('OPEN')), OPEN_NAME)
    assert.deepEqual(body(pipe('NAMES.unknown()')).length, 1)
    assert.deepEqual(body(pipe('load()')), ['unread'])
  })

  test('as a field, a getter, or a constant', () => {
    const pipe = (members: string, check: string) =>
      `class NamesPipe { ${members} transform(value) { const { error } = ${check}; if (error) { throw new BadRequestException() } return value } }`
    assert.deepEqual(body(pipe('private readonly schema = NAMES;', 'this.schema.validate(value)')), [])
    assert.deepEqual(body(pipe('private readonly schema = OPEN;', 'this.schema.validate(value)')), OPEN_NAME)
    assert.deepEqual(body(pipe('get schema() { return NAMES }', 'this.schema.validate(value)')), [])
    assert.deepEqual(body(pipe('', 'NAMES.validate(value)')), [])
    assert.deepEqual(body(pipe('', 'NAMES.validate(value, { allowUnknown: true })')).length, 1)
  })

  test('of other libraries, whose checks throw by themselves', () => {
    const pipe = (check: string) => `class NamesPipe { async transform(value) { return ${check} } }`
    assert.deepEqual(body(pipe('z.object({ name: z.string().max(50) }).parse(value)')), [])
    assert.deepEqual(body(pipe('z.object({ name: z.string() }).parse(value)')), OPEN_NAME)
    assert.deepEqual(body(pipe('await NAMES.validateAsync(value)')), [])
  })

  test('is no check where nobody throws what it found', () => {
    assert.deepEqual(body('class NamesPipe { transform(value) { NAMES.validate(value); return value } }'), ['unread'])
  })
})

test('a schema that it is made with, by the name that the check has', () => {
  const pipe = `class NamesPipe { constructor(private readonly options, private readonly schema: Joi.ObjectSchema) {}
    transform(value) { const { error } = this.schema.validate(value); if (error) throw new BadRequestException(); return value } }`
  assert.deepEqual(body(pipe, 'new NamesPipe({ strict: true }, NAMES)'), [])
  assert.deepEqual(body(pipe, 'new NamesPipe({ strict: true }, OPEN)'), OPEN_NAME)
  const only = `class JoiPipe { constructor(private readonly schema: Joi.ObjectSchema) {}
    transform(value) { const { error } = this.schema.validate(value); if (error) throw new BadRequestException(); return value } }`
  assert.deepEqual(body(only, 'new JoiPipe(NAMES)'), [])
  assert.deepEqual(body(only, 'new JoiPipe(OPEN)'), OPEN_NAME)
})
