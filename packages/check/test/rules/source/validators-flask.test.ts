/** What Flask's handlers take by way of a helper, a form, or a framework on top of Flask. */
import { type Files, table } from './judged.ts'

const flask = (...lines: readonly string[]): Files => ({
  'requirements.txt': 'flask',
  'app.py': ['from flask import Flask, request', 'app = Flask(__name__)', ...lines].join('\n'),
})

const passes = (line: number) => [`pass app.py:${line}: 1 input of 1 route bounded and closed.`]

const helped = (field: string, argument = 'Note()') =>
  flask(
    'from marshmallow import Schema, fields, validate',
    'class Note(Schema):',
    `    title = fields.Str(${field})`,
    'def parsed(schema):',
    '    return schema.load(request.get_json())',
    '@app.post("/notes")',
    'def create():',
    `    return save(parsed(${argument}))`,
  )

table('validators', [
  ['passes: a helper loads the schema that it is given', helped('validate=validate.Length(max=80)'), passes(7)],
  [
    'fails: the schema that it is given leaves a field open',
    helped(''),
    ['fail app.py:5: POST /notes, body: body.title: a string without a maximum length.'],
  ],
  [
    'not proven: what it is given could not be followed',
    helped('', 'made()'),
    ['not-proven app.py:10: POST /notes, body: a schema that was not read.'],
  ],
  [
    'fails: a helper that looks at nothing',
    flask(
      'def sent():',
      '    return request.get_json()',
      '@app.post("/notes")',
      'def create():',
      '    return save(sent())',
    ),
    ['fail app.py:7: POST /notes, body: the body is read as it is.'],
  ],
])

const form = (field: string) =>
  flask(
    'from flask_wtf import FlaskForm',
    'from wtforms import BooleanField, IntegerField, StringField',
    'from wtforms.validators import DataRequired, Length, NumberRange',
    'class NoteForm(FlaskForm):',
    `    field = ${field}`,
    '    done = BooleanField()',
    '@app.post("/notes")',
    'def create():',
    '    form = NoteForm()',
    '    return save(form.data) if form.validate_on_submit() else ("", 400)',
  )
const open = (what: string) => [`fail app.py:7: POST /notes, body: NoteForm.field: ${what}.`]

table('validators', [
  [
    'passes: a form with its length',
    form('StringField("Title", validators=[DataRequired(), Length(max=80)])'),
    passes(11),
  ],
  ['passes: a number with both ends', form('IntegerField("Stars", [NumberRange(1, 5)])'), passes(11)],
  ['passes: a validator that nobody knows', form('StringField("Title", validators=[OneLine()])'), passes(11)],
  [
    'fails: only asked for',
    form('StringField("Title", validators=[DataRequired()])'),
    open('a string without a greatest length'),
  ],
  [
    'fails: only a least length',
    form('StringField(validators=[Length(min=1)])'),
    open('a string without a greatest length'),
  ],
  [
    'fails: a number without an end',
    form('IntegerField(validators=[NumberRange(min=1)])'),
    open('a number without bounds'),
  ],
])

const restx = (options: string, expect: string) =>
  flask(
    'from flask_restx import Api, Resource, fields',
    `api = Api(app, doc=False${options})`,
    'ns = api.namespace("notes")',
    'note = ns.model("Note", {"title": fields.String(max_length=80)})',
    '@ns.route("/")',
    'class Notes(Resource):',
    `    @ns.expect(note${expect})`,
    '    def post(self):',
    '        return save(ns.payload)',
  )

table('validators', [
  [
    'not proven: a model of flask-restx that is checked',
    restx('', ', validate=True'),
    ['not-proven app.py:11: POST /notes/, body: a model of flask-restx.'],
  ],
  [
    'not proven: all are',
    restx(', validate=True', ''),
    ['not-proven app.py:11: POST /notes/, body: a model of flask-restx.'],
  ],
  [
    'fails: it is in the document alone',
    restx('', ''),
    ['fail app.py:11: POST /notes/, body: the body is read as it is.'],
  ],
  [
    'not proven: what reqparse takes',
    flask('@app.post("/notes")', 'def create():', '    return save(parser.parse_args())'),
    ['not-proven app.py:5: POST /notes, body: what reqparse takes.'],
  ],
])

const apiflask = (field: string, options = ''): Files => ({
  'app.py': [
    'from apiflask import APIFlask, Schema',
    'from apiflask.fields import String',
    'from apiflask.validators import Length',
    `app = APIFlask(__name__${options})`,
    'class Note(Schema):',
    `    title = String(${field})`,
    '@app.post("/notes")',
    '@app.input(Note)',
    'def create(json_data):',
    '    return save(json_data)',
  ].join('\n'),
})

table('validators', [
  ['passes: what APIFlask checks before', apiflask('validate=Length(1, 80)'), passes(8)],
  [
    'fails: a field is open',
    apiflask('required=True'),
    ['fail app.py:6: POST /notes, body: body.title: a string without a maximum length.'],
  ],
])

table('docs-exposed', [
  ['fails: APIFlask as it comes', apiflask(''), ["fail app.py:4: /docs shows the API's documentation to anybody."]],
  [
    'passes: without a document',
    apiflask('', ', enable_openapi=False'),
    ['pass (none in 1 file): The program serves no documentation.'],
  ],
])
