import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import { readFastapi } from '../../../../src/evidence/backend/fastapi/index.ts'
import { Evaluator, Program } from '../../../../src/evidence/source/index.ts'
import { openPython } from '../../../../src/evidence/source/python.ts'
import type { Module } from '../../../../src/evidence/source/tree.ts'

let parse: (file: string, text: string) => Module
before(async () => {
  parse = await openPython()
})

const problemsOf = (model: string): string[] => {
  const text = `
from fastapi import FastAPI
from sqlmodel import Field, SQLModel
class HeroBase(SQLModel):
    name: str = Field(max_length=10)
class Hero(HeroBase, table=True):
    id: int | None = Field(default=None, primary_key=True)
class HeroCreate(HeroBase):
    pass
app = FastAPI()
@app.post("/heroes")
def create(hero: ${model}): ...
`
  const program = new Program([parse('main.py', text)], {
    files: new Set(['main.py']),
    aliases: [],
    packages: new Map(),
  })
  return readFastapi({ program, evaluator: new Evaluator(program), env: new Map() }, []).routes.flatMap(({ inputs }) =>
    inputs.flatMap(({ problems }) => problems.map(({ what }) => what)),
  )
}

test('a table of SQLModel checks nothing of what it is made of; the model that it extends does', () => {
  assert.deepEqual(problemsOf('Hero'), ['Hero: a table of SQLModel, which checks nothing'])
  assert.deepEqual(problemsOf('list[Hero]'), [
    'hero: a list of any length',
    'Hero: a table of SQLModel, which checks nothing',
  ])
  assert.deepEqual(problemsOf('HeroCreate'), [])
})
