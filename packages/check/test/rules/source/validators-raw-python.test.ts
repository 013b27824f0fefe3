/** Starlette's request read by hand, and the model of pydantic that looks at what was read. */
import { table } from './judged.ts'

const HEAD = `from fastapi import FastAPI, Request
from pydantic import BaseModel, Field, TypeAdapter, ValidationError
class Note(BaseModel):
    title: str = Field(max_length=80)
class Row(BaseModel):
    title: str = Field(max_length=80)
notes = TypeAdapter(Note)
app = FastAPI()
@app.post("/notes")
async def create(request: Request):
`
/** The handler's body begins on line 11. */
const handler = (...lines: readonly string[]) => ({ 'main.py': HEAD + lines.map((one) => `    ${one}\n`).join('') })
const pass = (line: number) => [`pass main.py:${line}: 1 input of 1 route bounded and closed.`]
const fail = (what: string, from = 'body', line = 11) => [`fail main.py:${line}: POST /notes, ${from}: ${what}.`]

table('validators', [
  ['passes: the model at once', handler('return save(Note.model_validate(await request.json()))'), pass(11)],
  [
    'passes: the model, and what it refuses answered',
    handler(
      'try:',
      '    note = Note.model_validate_json(await request.body())',
      'except ValidationError:',
      '    raise Bad()',
    ),
    pass(12),
  ],
  ['passes: its keys', handler('data = await request.json()', 'return save(Note(**data))'), pass(12)],
  ['passes: one by one', handler('form = await request.form()', 'return save(Note(title=form["title"]))'), pass(12)],
  ['passes: an adapter', handler('return save(notes.validate_python(await request.json()))'), pass(11)],
  [
    'passes: what was read and taken apart before',
    handler('raw = await request.body()', 'data = json.loads(raw)', 'return save(Note.model_validate(data))'),
    pass(13),
  ],
  [
    'passes: read again for its signature',
    handler('raw = await request.body()', 'verify(raw)', 'return save(Note.model_validate(await request.json()))'),
    pass(13),
  ],
  [
    'passes: a stream that is put together',
    handler(
      'raw = b""',
      'async for chunk in request.stream():',
      '    raw += chunk',
      'return save(Note.model_validate_json(raw))',
    ),
    pass(14),
  ],
  ['passes: a model of the query', handler('return find(Note.model_validate(dict(request.query_params)))'), pass(11)],
  [
    'fails: a list of models without an end',
    handler('return save(TypeAdapter(list[Note]).validate_json(await request.body()))'),
    fail('body: a list of any length'),
  ],
  ['fails: no model at all', handler('data = await request.json()'), fail('the body is read as it is: json()')],
  [
    'fails: a model of something else',
    handler('data = await request.json()', 'row = save(data)', 'stored = load(1)', 'return Row(**stored)'),
    fail('the body is read as it is: json()'),
  ],
  [
    'fails: the model has one key of the query, and another is read as it is',
    handler('q = Note(title=request.query_params["q"])', 'return find(q, request.query_params["sort"])'),
    fail('the query is read as it is', 'query', 12),
  ],
])
