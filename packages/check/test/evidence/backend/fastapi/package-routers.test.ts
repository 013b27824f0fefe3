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

const factsOf = (source: string) => {
  const files = new Set(['main.py'])
  const program = new Program([parse('main.py', `from fastapi import FastAPI\napp = FastAPI()\n${source}`)], {
    files,
    aliases: [],
    packages: new Map(),
  })
  const { routes, unreadRoutes = [] } = readFastapi({ program, evaluator: new Evaluator(program), env: new Map() }, [])
  return [routes.map(({ method, path }) => `${method} ${path}`), unreadRoutes.map(({ text }) => text)]
}

test('a router of a package’s own class is one', () => {
  const source = `
from fastapi_error_map import ErrorAwareRouter
router = ErrorAwareRouter(prefix="/notes")
@router.post("/")
def create(): ...
app.include_router(router)
`
  assert.deepEqual(factsOf(source), [['POST /notes/'], []])
})

test('where a package makes the routes too, they are not read', () => {
  for (const source of [
    'from fastapi_crudrouter import MemoryCRUDRouter\napp.include_router(MemoryCRUDRouter(schema=Note))',
    'from strawberry.fastapi import GraphQLRouter\napp.include_router(GraphQLRouter(schema))',
    'from fastcrud import crud_router\napp.include_router(crud_router(model=Note))',
  ])
    assert.deepEqual(factsOf(source), [[], [source.split('\n')[1]]], source)
  const users = 'from fastapi_users import FastAPIUsers\nusers = FastAPIUsers(manager, [])\n'
  assert.deepEqual(factsOf(`${users}app.include_router(users.get_register_router(A, B))`), [[], []])
  assert.deepEqual(factsOf('from fastapi import APIRouter\napp.include_router(APIRouter())'), [[], []])
})
