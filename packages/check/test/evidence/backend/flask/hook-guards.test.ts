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

const guardOf = (hook: string): string | undefined => {
  const text = `
import os
import jwt
from flask import Flask, abort, g, jsonify, make_response, redirect, request, session, url_for
from werkzeug.exceptions import Unauthorized
app = Flask(__name__)
@app.before_request
def require_login():
${hook}
@app.get("/notes")
def notes(): ...
`
  const files = new Set(['app.py'])
  const program = new Program([parse('app.py', text)], { files, aliases: [], packages: new Map() })
  return readFlask({ program, evaluator: new Evaluator(program), env: new Map() }, { text: () => undefined }).routes[0]
    ?.guard
}

const logged = (failed: string): string => `    if "user_id" not in session:\n        ${failed}`
const decoded = (failed: string): string => `    try:
        g.user = jwt.decode(request.headers["Authorization"], os.environ["K"], algorithms=["HS256"])
    except (jwt.PyJWTError, Unauthorized):
        ${failed}`

test('an answer that a hook makes and does not return refuses nobody', () => {
  for (const failed of ['jsonify(error="no"), 401', 'make_response(jsonify(error="no"), 401)', 'Unauthorized()']) {
    assert.equal(guardOf(logged(failed)), 'none', failed)
    assert.equal(guardOf(decoded(failed)), 'none', failed)
  }
  assert.equal(guardOf(logged('redirect(url_for("login"))')), 'none')
})

test('one that it returns, raises or aborts with does', () => {
  for (const failed of [
    'return jsonify(error="no"), 401',
    'return make_response(jsonify(error="no"), 401)',
    'raise Unauthorized()',
    'abort(401)',
  ]) {
    assert.equal(guardOf(logged(failed)), 'global', failed)
    assert.equal(guardOf(decoded(failed)), 'global', failed)
  }
})

test('a hook looks at who is calling where it asks what is in the session, or in g', () => {
  assert.equal(guardOf('    if g.user is None:\n        abort(401)'), 'global')
  assert.equal(guardOf('    if "user_id" in session:\n        return None\n    abort(401)'), 'global')
  assert.equal(guardOf('    if "beta" in request.args:\n        abort(403)'), 'none')
})
