import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import { readFlask } from '../../../../src/evidence/backend/flask/index.ts'
import { Evaluator, Program } from '../../../../src/evidence/source/index.ts'
import { openPython } from '../../../../src/evidence/source/python.ts'
import type { Module } from '../../../../src/evidence/source/tree.ts'

let parse: (file: string, text: string) => Module
before(async () => {
  parse = await openPython()
})

const inputsOf = (handler: string): readonly string[] => {
  const text = `
from flask import Flask
from flask_accepts import accepts, responds
from flask_pydantic import validate
from marshmallow import Schema, fields
from pydantic import BaseModel, Field
from spectree import SpecTree
app = Flask(__name__)
spec = SpecTree("flask")
class Note(BaseModel):
    title: str
class Short(BaseModel):
    title: str = Field(max_length=100)
class NoteSchema(Schema):
    title = fields.String()
@app.post("/notes")
${handler}
`
  const program = new Program([parse('app.py', text)], { files: new Set(['app.py']), aliases: [], packages: new Map() })
  return readFlask(
    { program, evaluator: new Evaluator(program), env: new Map() },
    { text: () => undefined },
  ).routes.flatMap(({ inputs }) =>
    inputs.map(({ from, problems }) => [from, ...problems.map(({ what }) => what)].join(': ')),
  )
}

test('what an extension checks before the handler runs is an input, as its model says', () => {
  const open = 'Note.title: a string without a greatest length'
  assert.deepEqual(inputsOf('@validate()\ndef create(body: Note): ...'), [`body: ${open}`])
  assert.deepEqual(inputsOf('@validate()\ndef create(query: Short): ...'), ['query'])
  assert.deepEqual(inputsOf('def create(body: Note): ...'), [`body: ${open}`])
  assert.deepEqual(inputsOf('@spec.validate(json=Note)\ndef create(): ...'), [`body: ${open}`])
  assert.deepEqual(inputsOf('@spec.validate(json=Short)\ndef create(): ...'), ['body'])
  assert.deepEqual(inputsOf('@accepts(schema=NoteSchema)\n@responds(schema=NoteSchema)\ndef create(): ...'), [
    'body: body.title: a string without a maximum length',
  ])
  assert.deepEqual(inputsOf('@responds(schema=NoteSchema)\ndef create(): ...'), [])
})
