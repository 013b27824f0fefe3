/** Fastify's compilers of validators, which may validate nothing. */
import { type Files, table } from './judged.ts'

const fastify = (compiler: string): Files => ({
  'src/app.ts': [
    "import Fastify from 'fastify'",
    "import Ajv from 'ajv'",
    'const app = Fastify()',
    `app.setValidatorCompiler(${compiler})`,
    "const body = { type: 'object', additionalProperties: false, properties: { title: { type: 'string', maxLength: 9 } } }",
    "app.post('/notes', { schema: { body } }, async (request) => save(request.body))",
  ].join('\n'),
})
const PASS = ['pass src/app.ts:5: 1 input of 1 route bounded and closed.']
const IDLE = ['fail src/app.ts:4: POST /notes, body: the validator compiler lets everything through.']

table('validators', [
  ['fails: always true', fastify('() => () => true'), IDLE],
  ['fails: the value as it came', fastify('({ schema }) => (data) => ({ value: data })'), IDLE],
  [
    'fails: nothing at all',
    fastify('({ schema }) => { return function validate(data) { return { value: data } } }'),
    IDLE,
  ],
  ['passes: Ajv’s', fastify('({ schema }) => new Ajv().compile(schema)'), PASS],
  [
    'passes: one that gives back what is wrong',
    fastify('({ schema }) => (data) => { const { error, value } = schema.safeParse(data); return { error, value } }'),
    PASS,
  ],
])
