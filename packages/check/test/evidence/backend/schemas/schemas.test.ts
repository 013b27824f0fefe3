import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  rawInputs,
  schemaProblems,
  validatedBy,
  validatedInline,
} from '../../../../src/evidence/backend/schemas/index.ts'
import { Evaluator, type Node, Program, parseJavaScript } from '../../../../src/evidence/source/index.ts'

const readingOf = (files: Readonly<Record<string, string>>) => {
  const modules = Object.entries(files).map(([file, text]) => parseJavaScript(file, text))
  const program = new Program(modules, { files: new Set(Object.keys(files)), aliases: [], packages: new Map() })
  return { program, evaluator: new Evaluator(program), env: new Map() }
}

/** The value that the last `const subject = …` of a.ts has. */
const subjectOf = (files: Readonly<Record<string, string>>) => {
  const reading = readingOf(files)
  const module = reading.program.modules.get('a.ts')
  assert.ok(module && !module.broken)
  const scope = reading.program.scopes(module).top
  const node: Node = { kind: 'name', name: 'subject', at: { file: 'a.ts', line: 1, start: 0, end: 0 } }
  return { reading, scope, node, value: reading.evaluator.value(node, scope) }
}

const HEADERS: Readonly<Record<string, string>> = {
  zod: "import { z } from 'zod'",
  joi: "import Joi from 'joi'",
  typebox: "import { Type } from '@sinclair/typebox'",
  fluent: "import S from 'fluent-json-schema'",
  yup: "import * as yup from 'yup'",
  valibot: "import * as v from 'valibot'",
  arktype: "import { type } from 'arktype'",
  superstruct: "import { object, string, size, type, number, max } from 'superstruct'",
  'express-validator': "import { body, checkExact, checkSchema } from 'express-validator'",
  json: '',
}

const shown = (library: string, text: string, from: 'body' | 'query' | 'path' = 'body') => {
  const setup = text.includes('const subject') ? text : `const subject = ${text}`
  const { reading, scope, node } = subjectOf({ 'a.ts': `${HEADERS[library]}\n${setup}` })
  const { problems, unread } = schemaProblems(reading, node, scope, from)
  return [...problems.map((one) => one.what), ...(unread === undefined ? [] : [`unread: ${unread}`])]
}

const LONG = (path: string) => `${path}: a string without a maximum length`
const LARGE = (path: string) => `${path}: a number without a maximum`
const MANY = (path: string) => `${path}: an array without a maximum of items`
const ANY = (path: string) => `${path}: anything passes`
const OPEN = (path = 'body') => `${path}: unknown keys pass`

/** A field by its pattern, in each library. */
const BY_PATTERN: readonly (readonly [library: string, schema: (pattern: string) => string])[] = [
  ['zod', (pattern) => `z.strictObject({ a: z.string().regex(${pattern}) })`],
  ['zod', (pattern) => `z.strictObject({ a: z.string().check(z.regex(${pattern})) })`],
  ['joi', (pattern) => `Joi.object({ a: Joi.string().pattern(${pattern}) })`],
  ['yup', (pattern) => `yup.object({ a: yup.string().matches(${pattern}) }).noUnknown()`],
  ['valibot', (pattern) => `v.object({ a: v.pipe(v.string(), v.regex(${pattern})) })`],
  ['fluent', (pattern) => `S.object().additionalProperties(false).prop('a', S.string().pattern(${pattern}))`],
  [
    'typebox',
    (pattern) =>
      `Type.Object({ a: Type.String({ pattern: '${pattern.slice(1, -1)}' }) }, { additionalProperties: false })`,
  ],
  [
    'json',
    (pattern) =>
      `{ type: 'object', additionalProperties: false, properties: { a: { type: 'string', pattern: '${pattern.slice(1, -1)}' } } }`,
  ],
  ['express-validator', (pattern) => `checkExact([body('a').matches(${pattern})])`],
]

const CASES: readonly (readonly [library: string, text: string, problems: readonly string[]])[] = [
  ['zod', 'z.object({ a: z.string().max(5), b: z.uuid(), c: z.iso.date(), d: z.string().email().trim() })', []],
  [
    'zod',
    'z.strictObject({ a: z.string().min(1), b: z.string().trim().optional() })',
    [LONG('body.a'), LONG('body.b')],
  ],
  ['zod', 'z.object({ a: z.boolean() }).passthrough()', [OPEN()]],
  ['zod', 'z.looseObject({ a: z.enum(["x"]) })', [OPEN()]],
  ['zod', 'z.object({ a: z.boolean() }).catchall(z.never())', []],
  [
    'zod',
    'z.object({ id: z.coerce.number(), authorId: z.number().int(), page: z.coerce.number().min(1) })',
    [LARGE('body.page')],
  ],
  ['zod', 'z.object({ a: z.number().lte(9), b: z.int32(), c: z.number().optional().default(1) })', [LARGE('body.c')]],
  ['zod', 'z.object({ a: z.array(z.string()), b: z.array(z.uuid()).max(3) })', [MANY('body.a'), LONG('body.a[]')]],
  ['zod', 'z.record(z.string(), z.any())', [OPEN(), ANY('body.*')]],
  ['zod', 'z.object({ a: z.any(), b: z.unknown().optional() })', [ANY('body.a'), ANY('body.b')]],
  ['zod', 'z.object({ a: z.union([z.literal("x"), z.string()]) })', [LONG('body.a')]],
  [
    'zod',
    'z.discriminatedUnion("k", [z.object({ k: z.literal(1), t: z.string() }), z.object({ k: z.literal(2) })])',
    [LONG('body.t')],
  ],
  [
    'zod',
    'const base = z.object({ a: z.string() }); const subject = base.extend({ a: z.string().max(1), b: z.string() })',
    [LONG('body.b')],
  ],
  [
    'zod',
    'const base = z.object({ a: z.string(), b: z.boolean() }); const subject = base.omit({ a: true }).partial()',
    [],
  ],
  [
    'zod',
    'const base = z.object({ a: z.string(), b: z.boolean() }); const subject = z.object({ ...base.shape, c: z.date() })',
    [LONG('body.a')],
  ],
  [
    'zod',
    'const a = z.object({ a: z.string() }); const b = z.object({ b: z.string() }); const subject = a.merge(b)',
    [LONG('body.a'), LONG('body.b')],
  ],
  [
    'zod',
    'const node = z.object({ n: z.string().max(9), next: z.lazy(() => node).optional() }); const subject = node',
    [],
  ],
  [
    'zod',
    'z.object({ a: z.string().transform(Number), id: z.string().refine((v) => !isNaN(Number(v))).transform(Number) })',
    [LARGE('body.a')],
  ],
  [
    'zod',
    'z.object({ a: z.string().refine((v) => v.length <= 72), b: z.string().refine((v) => v.length >= 8) })',
    [LONG('body.b')],
  ],
  ['zod', 'z.object({ a: z.preprocess(Number, z.number().max(5)), b: z.string().pipe(z.coerce.number().max(9)) })', []],
  ['zod', 'const named = () => z.string().max(5); const subject = z.object({ a: named() })', []],
  ['zod', 'z.object({ a: mystery })', ['unread: mystery could not be read']],
  [
    'joi',
    'Joi.object().keys({ a: Joi.string().required(), b: Joi.string().email(), c: Joi.string().valid("x") })',
    [LONG('body.a')],
  ],
  [
    'joi',
    'Joi.object({ a: Joi.number().integer(), b: Joi.number().max(5), c: Joi.array().items(Joi.string().max(3)) })',
    [LARGE('body.a'), MANY('body.c')],
  ],
  ['joi', 'Joi.object({ a: Joi.boolean() }).unknown()', [OPEN()]],
  ['joi', 'Joi.object({ a: Joi.boolean() }).unknown(false)', []],
  ['joi', 'Joi.object({ a: Joi.boolean() }).options({ allowUnknown: true })', [OPEN()]],
  ['joi', '({ a: Joi.string(), b: { c: Joi.date() } })', [LONG('body.a')]],
  ['joi', 'Joi.object({ a: Joi.object() })', [OPEN('body.a')]],
  [
    'joi',
    `const objectId = (value, helpers) => (value.match(/^[0-9a-f]{24}$/) ? value : helpers.message('no'))
     const password = (value, helpers) => { if (value.length < 8 || !value.match(/\\d/)) return helpers.message('no'); return value }
     const subject = Joi.object({ id: Joi.string().custom(objectId), any: Joi.required().custom(objectId), pw: Joi.string().custom(password) })`,
    [LONG('body.pw')],
  ],
  [
    'json',
    "({ type: 'object', additionalProperties: false, properties: { a: { type: 'string', maxLength: 5 }, b: { type: 'integer' } } })",
    [LARGE('body.b')],
  ],
  [
    'json',
    "({ type: 'object', properties: { a: { type: ['string', 'null'] }, id: { type: 'integer' } } })",
    [OPEN(), LONG('body.a')],
  ],
  [
    'json',
    "({ type: 'object', additionalProperties: false, properties: { type: { enum: ['a'] }, t: { type: 'array', items: { type: 'string', format: 'uuid' } } } })",
    [MANY('body.t')],
  ],
  [
    'json',
    "app.addSchema({ $id: 'user', type: 'object', additionalProperties: false, properties: { n: { type: 'string' } } }); const subject = { $ref: 'user#' }",
    [LONG('body.n')],
  ],
  ['json', "({ $ref: 'nowhere#' })", ['unread: $ref nowhere#']],
  [
    'json',
    "({ type: 'object', additionalProperties: false, $defs: { n: { type: 'string', maxLength: 3 } }, properties: { n: { $ref: '#/$defs/n' } } })",
    [],
  ],
  [
    'typebox',
    'Type.Object({ a: Type.String({ maxLength: 5 }), b: Type.Integer({ maximum: 3 }) }, { additionalProperties: false })',
    [],
  ],
  [
    'typebox',
    'Type.Object({ a: Type.Optional(Type.String()), t: Type.Union([Type.Literal("a"), Type.Literal("b")]) })',
    [OPEN(), LONG('body.a')],
  ],
  [
    'fluent',
    "S.object().additionalProperties(false).prop('a', S.string().maxLength(5).required()).prop('b', S.string())",
    [LONG('body.b')],
  ],
  ['fluent', "S.object().prop('a', S.string().format('email').required())", [OPEN()]],
  ['yup', 'yup.object({ a: yup.string().max(5), b: yup.number().required() })', [OPEN(), LARGE('body.b')]],
  ['yup', 'yup.object().shape({ a: yup.string() }).noUnknown()', [LONG('body.a')]],
  ['arktype', "type({ '+': 'reject', a: '1 <= string <= 200' })", []],
  ['arktype', "type({ '+': 'delete', a: 'string <= 5', 'b?': '0 <= number.integer <= 5' })", []],
  [
    'arktype',
    "type({ '+': 'reject', a: 'string', b: 'string >= 1', c: 'number > 0' })",
    [LONG('body.a'), LONG('body.b'), LARGE('body.c')],
  ],
  ['arktype', "type({ a: 'string <= 5' })", [OPEN()]],
  ['arktype', "type({ '+': 'ignore', a: 'string <= 5' })", [OPEN()]],
  [
    'arktype',
    "type({ '+': 'reject', a: 'string.email', b: 'string.uuid.v4', c: 'string.alphanumeric', d: 'string.numeric.parse' })",
    [LONG('body.c'), LARGE('body.d')],
  ],
  [
    'arktype',
    `type({ '+': 'reject', a: "'open' | 'do|ne'", b: 'boolean | null', c: '"x"', d: 'string | number' })`,
    [LONG('body.d'), LARGE('body.d')],
  ],
  [
    'arktype',
    "type({ '+': 'reject', a: '(string <= 30)[] <= 10', b: 'string[]', c: 'string.uuid[] < 3' })",
    [MANY('body.b'), LONG('body.b[]')],
  ],
  ['arktype', "type({ '+': 'reject', a: '/^[a-z]{2,5}$/', b: '/[a-z]/', c: /^[a-z]{1,3}$/ })", [LONG('body.b')]],
  [
    'arktype',
    "type({ '+': 'reject', a: 'string.trim & string <= 9', b: \"string <= 3 = 'x'\", c: 'string.trim |> string <= 4' })",
    [],
  ],
  ['arktype', "type({ '+': 'reject', a: { b: 'string <= 5' } })", [OPEN('body.a')]],
  ['arktype', "type({ '+': 'reject', a: ['string', '?'], b: ['string <= 3', '=', 'x'] })", [LONG('body.a')]],
  ['arktype', "type({ a: 'string' }).onUndeclaredKey('reject')", [LONG('body.a')]],
  [
    'arktype',
    "const part = type({ a: 'string <= 3' })\nconst subject = type({ '+': 'reject', '...': part, b: 'number.epoch' })",
    [],
  ],
  [
    'arktype',
    "const part = type('string').atMostLength(4)\nconst subject = type({ '+': 'reject', a: part, b: part.array().atMostLength(2), c: type.enumerated('x', 'y') })",
    [],
  ],
  ['arktype', "type({ '+': 'reject', a: 'ourAlias' })", ["unread: arktype's ourAlias"]],
  ['arktype', "type({ '+': 'reject', a: 'unknown' })", [ANY('body.a')]],
  [
    'valibot',
    'v.object({ a: v.pipe(v.string(), v.maxLength(5)), b: v.string(), c: v.optional(v.picklist(["x"])) })',
    [LONG('body.b')],
  ],
  ['valibot', 'v.looseObject({ a: v.pipe(v.number(), v.maxValue(5)) })', [OPEN()]],
  ['superstruct', 'object({ a: size(string(), 1, 5), b: string(), c: max(number(), 5) })', [LONG('body.b')]],
  ['superstruct', 'type({ a: size(string(), 1, 5) })', [OPEN()]],
  ['express-validator', "body('a').isLength({ max: 5 })", [OPEN()]],
  [
    'express-validator',
    "checkExact([body('a').isString().isLength({ min: 5 }), body('b').isInt({ min: 1, max: 3 })])",
    [LONG('body.a')],
  ],
]

for (const [library, text, problems] of CASES)
  test(`${library}: ${text.replace(/\s+/g, ' ').slice(0, 90)}`, () => assert.deepEqual(shown(library, text), problems))

for (const [library, schema] of BY_PATTERN)
  test(`${library}: a pattern bounds a text, and not one that lets any text through: ${schema('/…/')}`, () => {
    assert.deepEqual(shown(library, schema('/^[a-z]{1,20}$/')), [])
    for (const open of ['/^.*$/', '/[a-z]/', '/^[a-z]+/'])
      assert.deepEqual(shown(library, schema(open)), [LONG('body.a')])
  })

test('the keys of a path are those of the route', () => {
  assert.deepEqual(shown('typebox', 'Type.Object({ id: Type.Number() })', 'path'), [])
  assert.deepEqual(shown('typebox', 'Type.Object({ file: Type.String() })', 'path'), [LONG('path.file')])
})

test('a table of drizzle bounds what its columns bound, and what is overridden', () => {
  const table = `import { createInsertSchema } from 'drizzle-zod'
import { integer, sqliteTable, text } from 'drizzle-orm/sqlite-core'
const tasks = sqliteTable('tasks', { id: integer().primaryKey(), name: text().notNull(), note: text({ length: 9 }) })
`
  assert.deepEqual(shown('json', `${table}const subject = createInsertSchema(tasks)`), [LONG('body.name')])
  assert.deepEqual(
    shown(
      'json',
      `${table}const subject = createInsertSchema(tasks, { name: (field) => field.min(1).max(5) }).omit({ id: true })`,
    ),
    [],
  )
})

const MIDDLEWARE: readonly (readonly [what: string, text: string, parts: readonly string[] | undefined])[] = [
  [
    'a part of the request for each key, picked out of it',
    `import Joi from 'joi'
const pick = (object, keys) => keys.reduce((all, key) => ({ ...all, [key]: object[key] }), {})
const validate = (schema) => (req, res, next) => {
  const chosen = pick(schema, ['params', 'body'])
  const { error } = Joi.compile(chosen).validate(pick(req, Object.keys(chosen)))
  return error ? next(error) : next()
}
const login = { body: Joi.object({ a: Joi.string() }), params: Joi.object({ id: Joi.number() }) }
const subject = validate(login)`,
    [`body: ${LONG('body.a')}`, 'path:'],
  ],
  [
    'one schema of the whole request',
    `import { z } from 'zod'
const validate = (schema) => async (req, res, next) => {
  await schema.parseAsync({ body: req.body, query: req.query, params: req.params })
  next()
}
const subject = validate(z.object({ query: z.object({ q: z.string() }) }))`,
    [`query: ${LONG('query.q')}`],
  ],
  [
    'the source as an argument',
    `import { z } from 'zod'
const validate = (schema, source = 'body') => (req, res, next) => { req[source] = schema.parse(req[source]); next() }
const subject = validate(z.object({ q: z.string() }), 'query')`,
    [`query: ${LONG('query.q')}`],
  ],
  [
    'a loop over the parts',
    `import { z } from 'zod'
const validate = (schemas) => (req, res, next) => {
  for (const part of ['query', 'body']) res.locals[part] = schemas[part]?.safeParse(req[part])
  next()
}
const subject = validate({ query: z.object({ q: z.string().max(5) }) })`,
    ['query:'],
  ],
  [
    "Hono's validator",
    `import { zValidator } from '@hono/zod-validator'
import { z } from 'zod'
const validate = (target, schema) => zValidator(target, schema, () => {})
const subject = validate('json', z.object({ a: z.string() }))`,
    [`body: ${LONG('body.a')}`],
  ],
  [
    'celebrate with segments',
    `import { celebrate, Joi, Segments } from 'celebrate'
const subject = celebrate({ [Segments.BODY]: Joi.object({ a: Joi.string() }), [Segments.PARAMS]: { id: Joi.number() } })`,
    [`body: ${LONG('body.a')}`, 'path:'],
  ],
  [
    'chains of express-validator',
    `import { body, param } from 'express-validator'
const subject = [body('a').isEmail(), param('id').isInt({ max: 5 })]`,
    [`body: ${OPEN()}`, 'path:'],
  ],
  [
    'unknown keys by an option of the call',
    `import Joi from 'joi'
const schema = Joi.object({ a: Joi.boolean() })
const subject = (req, res, next) => { schema.validate(req.body, { allowUnknown: true }); next() }`,
    [`body: ${OPEN()}`],
  ],
  [
    'one value of the path only',
    `import { z } from 'zod'
const subject = (req, res, next) => { z.string().parse(req.params.id); next() }`,
    [`path: ${LONG('path.id')}`],
  ],
  [
    "Ajv's own validate",
    `import Ajv from 'ajv'
const ajv = new Ajv()
const schema = { type: 'object', additionalProperties: false, properties: { a: { type: 'string' } } }
const subject = (req, res, next) => (ajv.validate(schema, req.body) ? next() : res.status(400).end())`,
    [`body: ${LONG('body.a')}`],
  ],
  [
    'a handler inside a wrapper',
    `import { z } from 'zod'
const wrapped = (handler) => (req, res, next) => Promise.resolve(handler(req, res)).catch(next)
const schema = z.object({ a: z.string() })
const subject = wrapped(async ({ body }, res) => res.json(schema.parse(body)))`,
    [`body: ${LONG('body.a')}`],
  ],
  ['no validator', "import helmet from 'helmet'\nconst subject = helmet()", undefined],
  ['a parser of something else', 'const subject = (req, res, next) => { JSON.parse(req.body); next() }', undefined],
]

for (const [what, text, parts] of MIDDLEWARE)
  test(`middleware: ${what}`, () => {
    const { reading, scope, node, value } = subjectOf({ 'a.ts': text })
    const found = validatedBy(reading, value, node, scope)?.map((one) => {
      const from = one.from === 'all' ? 'body' : one.from
      const { problems, unread } = schemaProblems(reading, one.schema, one.scope, from, one.frame)
      return [`${one.from}:`, ...problems.map((each) => each.what), ...(unread ? [unread] : [])].join(' ')
    })
    assert.deepEqual(found, parts)
  })

const HANDLERS: readonly (readonly [text: string, raw: readonly string[], validated: readonly string[]])[] = [
  ['(req, res) => { const { a, b } = req.body; res.json(req.params.id) }', ['body a,b', 'path id'], []],
  ['async ({ body: { a }, query }, reply) => reply.send(query.page)', ['body a', 'query page'], []],
  ['(req, res) => { const data = req.body; save(data) }', ['body'], []],
  ['async (c) => c.json(await c.req.json(), c.req.query("q"))', ['body', 'query q'], []],
  ['(c) => { const { id } = c.req.valid("param"); return c.body(null) }', [], []],
  ['(req, res) => create(req)', ['body a'], []],
  ['(req, res) => { const data = schema.parse(req.body); res.json(data) }', [], ['body']],
  [
    'async (c) => { const sent = await c.req.json(); const data = await schema.parseAsync(sent); return c.json(data) }',
    [],
    ['body'],
  ],
  ['async (req, res) => { const data = check(req.query); res.json(data) }', [], ['query']],
  ['async (req, res) => { schema.parse(req.query); save(req.body) }', ['body'], ['query']],
  ['(req, res) => { console.log(req.body); res.end() }', [], []],
]

for (const [text, raw, validated] of HANDLERS)
  test(`handler: ${text.slice(0, 100)}`, () => {
    const setup = `import { z } from 'zod'
const schema = z.object({ a: z.string() })
const create = (request) => { store(request.body.a) }
const check = (given) => schema.parse(given)
const subject = ${text}`
    const { reading, value } = subjectOf({ 'a.ts': setup })
    assert.ok(value.kind === 'function')
    const reads = rawInputs(reading, value.node, value.scope)
    assert.deepEqual(
      reads.map((one) => `${one.from} ${one.keys.join()}`.trim()),
      raw,
    )
    assert.deepEqual(
      validatedInline(reading, value.node, value.scope).map((one) => one.from),
      validated,
    )
  })
