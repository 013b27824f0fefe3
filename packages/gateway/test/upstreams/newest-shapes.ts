/**
 * A document of the shapes that FastAPI 0.142 with Pydantic 2.13 writes (looked at there, written here by hand): OpenAPI 3.1, optional
 * values as `anyOf` with null, discriminated unions, decimals as number or text, tuples, sets, models as forms, uploads by
 * `contentMediaType`, parameters of every place.
 */

const ok = { responses: { 200: { description: 'Successful Response' } } }
const optional = (schema: object): object => ({ anyOf: [schema, { type: 'null' }] })
const text = { type: 'string' }
const file = { type: 'string', contentMediaType: 'application/octet-stream' }
const ref = (name: string): object => ({ $ref: `#/components/schemas/${name}` })
const body = (type: string, schema: object): object => ({
  requestBody: { content: { [type]: { schema } }, required: true },
})
const parameter = (name: string, place: string, schema: object): object => ({
  name,
  in: place,
  required: place === 'path',
  schema,
})
const model = (
  properties: Readonly<Record<string, object>>,
  required: readonly string[],
  more: object = {},
): object => ({
  type: 'object',
  properties,
  required,
  ...more,
})

const schemas = {
  Cat: model({ kind: { type: 'string', const: 'cat' }, lives: { type: 'integer', minimum: 0, maximum: 9 } }, [
    'kind',
    'lives',
  ]),
  Dog: model({ kind: { type: 'string', const: 'dog' }, breed: optional({ type: 'string', maxLength: 40 }) }, ['kind']),
  Color: { type: 'string', enum: ['red', 'blue'] },
  Owner: model(
    {
      name: { type: 'string', minLength: 1, maxLength: 80 },
      email: optional(text),
      born: optional({ type: 'string', format: 'date' }),
    },
    ['name'],
    { additionalProperties: false },
  ),
  Adoption: model(
    {
      pet: {
        oneOf: [ref('Cat'), ref('Dog')],
        discriminator: {
          propertyName: 'kind',
          mapping: { cat: '#/components/schemas/Cat', dog: '#/components/schemas/Dog' },
        },
      },
      owner: ref('Owner'),
      price: {
        anyOf: [
          { type: 'number', exclusiveMinimum: 0 },
          {
            type: 'string',
            pattern: '^(?!^[-+.]*$)[+-]?0*(?:\\d{0,6}|(?=[\\d.]{1,9}0*$)\\d{0,6}\\.\\d{0,2}0*$)',
          },
        ],
      },
      at: { type: 'string', format: 'date-time' },
      color: optional(ref('Color')),
      tags: { type: 'array', items: text, maxItems: 5, default: [] },
      scores: { type: 'object', additionalProperties: { type: 'integer' }, default: {} },
      pair: optional({ type: 'array', prefixItems: [{ type: 'integer' }, text], minItems: 2, maxItems: 2 }),
      notes: { type: 'array', items: text, uniqueItems: true, default: [] },
    },
    ['pet', 'owner', 'price', 'at'],
  ),
  LoginForm: model(
    {
      username: text,
      password: text,
      remember: { type: 'boolean', default: false },
      scopes: { type: 'array', items: text, default: [] },
    },
    ['username', 'password'],
  ),
  Upload: model({ file, note: optional(text) }, ['file']),
  Uploads: model({ files: { type: 'array', items: file }, raw: file }, ['files', 'raw']),
}

/** The document. */
export const newestShapes: object = {
  openapi: '3.1.0',
  info: { title: 'FastAPI', version: '0.1.0' },
  paths: {
    '/adoptions': { post: { ...ok, ...body('application/json', ref('Adoption')) } },
    '/login/access-token': { post: { ...ok, ...body('application/x-www-form-urlencoded', ref('LoginForm')) } },
    '/upload': { post: { ...ok, ...body('multipart/form-data', ref('Upload')) } },
    '/upload-many': { post: { ...ok, ...body('multipart/form-data', ref('Uploads')) } },
    '/search': {
      get: {
        ...ok,
        parameters: [
          parameter('q', 'query', optional({ type: 'string', maxLength: 50 })),
          parameter('tag', 'query', { type: 'array', items: text, default: [] }),
          parameter('size', 'query', { type: 'integer', minimum: 1, maximum: 100, default: 10 }),
          parameter('strict', 'query', { type: 'boolean', default: false }),
          parameter('color', 'query', optional(ref('Color'))),
          parameter('x-token', 'header', optional(text)),
          parameter('ads_id', 'cookie', optional(text)),
        ],
      },
    },
    '/things/{thing_id}/parts/{part}': {
      get: {
        ...ok,
        parameters: [
          parameter('thing_id', 'path', { type: 'string', format: 'uuid' }),
          parameter('part', 'path', { type: 'integer', minimum: 1 }),
        ],
      },
    },
    '/things/{thing_id}': {
      patch: {
        ...ok,
        parameters: [parameter('thing_id', 'path', { type: 'string', format: 'uuid' })],
        ...body('application/json', { type: 'object', additionalProperties: text }),
      },
    },
  },
  components: { schemas },
}
