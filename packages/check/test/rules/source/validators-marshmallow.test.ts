/** Inputs of Flask that marshmallow checks. */
import { type Files, table } from './judged.ts'

type Row = Parameters<typeof table>[1][number]

const flask = (fields: readonly string[], read = 'NoteSchema().load(request.get_json())'): Files => ({
  'app/main.py': [
    'from flask import Flask, request',
    'from marshmallow import EXCLUDE, INCLUDE, Schema, fields, validate, validates, ValidationError',
    'app = Flask(__name__)',
    '@app.post("/notes")',
    'def add():',
    `    return ${read}`,
    'class TagSchema(Schema):',
    '    name = fields.Str(validate=validate.Length(max=20))',
    'class NoteSchema(Schema):',
    ...fields.map((one) => `    ${one}`),
  ].join('\n'),
})

const BOUNDED = [
  'title = fields.String(required=True, validate=validate.Length(min=1, max=120))',
  'title = fields.Str(validate=[validate.Length(min=1), validate.Length(max=120)])',
  'title = fields.Str(validate=validate.And(validate.Length(1, 120), validate.NoneOf(["x"])))',
  'kind = fields.Str(validate=validate.OneOf(["a", "b"]))',
  'slug = fields.Str(validate=validate.Regexp(r"[a-z]{1,20}$"))',
  'mail = fields.Email(required=True)',
  'count = fields.Int(validate=validate.Range(min=0, max=100))',
  'note_id = fields.Integer()',
  'done = fields.Boolean()',
  'tags = fields.List(fields.Str(validate=validate.Length(max=20)), validate=validate.Length(max=10))',
  'tag = fields.Nested(TagSchema)',
  'tag = fields.Nested(lambda: TagSchema())',
  'made = fields.Str(dump_only=True)',
]

const OPEN: readonly (readonly [field: string, what: string])[] = [
  ['title = fields.String(required=True)', 'body.title: a string without a maximum length'],
  ['title = fields.Str(validate=validate.Length(min=1))', 'body.title: a string without a maximum length'],
  ['slug = fields.Str(validate=validate.Regexp(r"[a-z]"))', 'body.slug: a string without a maximum length'],
  ['count = fields.Int(validate=validate.Range(min=0))', 'body.count: a number without a maximum'],
  [
    'tags = fields.List(fields.Str(validate=validate.Length(max=20)))',
    'body.tags: an array without a maximum of items',
  ],
  [
    'tags = fields.List(fields.Str(), validate=validate.Length(max=9))',
    'body.tags[]: a string without a maximum length',
  ],
  ['tags = fields.Nested(TagSchema, many=True)', 'body.tags: an array without a maximum of items'],
  ['more = fields.Dict()', 'body.more: anything passes'],
]

const PASS = ['pass app/main.py:6: 1 input of 1 route bounded and closed.']

table('validators', [
  ...BOUNDED.map((one): Row => [`passes: ${one}`, flask([one]), PASS]),
  ...OPEN.map(
    ([one, what]): Row => [`fails: ${one}`, flask([one]), [`fail app/main.py:10: POST /notes, body: ${what}.`]],
  ),
  [
    'passes: what nobody named is left out',
    flask(['class Meta:', '    unknown = EXCLUDE', 'done = fields.Bool()']),
    PASS,
  ],
  [
    'fails: what nobody named comes through',
    flask(['class Meta:', '    unknown = INCLUDE', 'done = fields.Bool()']),
    ['fail app/main.py:9: POST /notes, body: body: unknown keys pass.'],
  ],
  [
    'fails: what nobody named comes through here',
    flask(['done = fields.Bool()'], 'NoteSchema().load(request.get_json(), unknown=INCLUDE)'),
    ['fail app/main.py:9: POST /notes, body: body: unknown keys pass.'],
  ],
  [
    'passes: a method looks at the length',
    flask([
      'title = fields.Str()',
      '@validates("title")',
      'def short(self, value):',
      '    if len(value) > 9: raise ValidationError("x")',
    ]),
    PASS,
  ],
  [
    'not proven: a check of its own',
    flask(['title = fields.Str(validate=is_short)']),
    ['not-proven app/main.py:6: POST /notes, body: a check of a field that was not read.'],
  ],
  [
    'fails: a query',
    flask(['text = fields.Str()'], 'NoteSchema().load(request.args)'),
    ['fail app/main.py:10: POST /notes, query: query.text: a string without a maximum length.'],
  ],
])

const before = (decorator: string): Files => ({
  'app/main.py': [
    'from flask import Flask',
    'from marshmallow import Schema, fields',
    'from webargs.flaskparser import use_args',
    'app = Flask(__name__)',
    'class NoteSchema(Schema):',
    '    title = fields.Str()',
    '@app.post("/notes")',
    decorator,
    'def add(data):',
    '    return data',
  ].join('\n'),
})

table('validators', [
  [
    'fails: webargs, a schema',
    before('@use_args(NoteSchema)'),
    ['fail app/main.py:6: POST /notes, body: body.title: a string without a maximum length.'],
  ],
  [
    'fails: webargs, a dict of fields for the query',
    before('@use_kwargs({"q": fields.Str()}, location="query")'),
    ['fail app/main.py:8: POST /notes, query: query.q: a string without a maximum length.'],
  ],
])

const validated = (...after: readonly string[]): Files => ({
  'app/main.py': [
    'from flask import Flask, abort, jsonify, request',
    'from marshmallow import Schema, fields',
    'app = Flask(__name__)',
    'schema = NoteSchema()',
    '@app.post("/notes")',
    'def add():',
    '    data = request.get_json()',
    ...after.map((one) => `    ${one}`),
    '    return store(data)',
    'class NoteSchema(Schema):',
    '    done = fields.Bool()',
  ].join('\n'),
})

const RAW = ['fail app/main.py:7: POST /notes, body: the body is read as it is.']

table('validators', [
  ...[
    ['schema.validate(data)'],
    ['errors = schema.validate(data)'],
    ['errors = schema.validate(data)', 'if errors:', '    print(errors)'],
    ['errors = schema.validate(data)', 'if errors:', '    jsonify(errors=errors), 422'],
    ['if schema.validate(data):', '    app.logger.warning("invalid")'],
  ].map((lines): Row => [`fails: ${lines.join(' ')}`, validated(...lines), RAW]),
  ...[
    ['errors = schema.validate(data)', 'if errors:', '    return jsonify(errors=errors), 422'],
    ['errors = schema.validate(data)', 'if errors is not None and len(errors) > 0:', '    abort(422)'],
    ['if schema.validate(data):', '    abort(422)'],
    ['refuse_if(schema.validate(data))'],
    ['abort(422) if schema.validate(data) else None'],
  ].map(
    (lines): Row => [
      `passes: ${lines.join(' ')}`,
      validated(...lines),
      ['pass app/main.py:8: 1 input of 1 route bounded and closed.'],
    ],
  ),
])
