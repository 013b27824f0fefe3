import assert from 'node:assert/strict'
import { before, describe, test } from 'node:test'
import type { FrameworkFacts } from '../../../../src/evidence/backend/facts.ts'
import { readFlask } from '../../../../src/evidence/backend/flask/index.ts'
import { Evaluator, Program } from '../../../../src/evidence/source/index.ts'
import { openPython } from '../../../../src/evidence/source/python.ts'
import type { Module } from '../../../../src/evidence/source/tree.ts'

let parse: (file: string, text: string) => Module
before(async () => {
  parse = await openPython()
})

const read = (source: string, others: Readonly<Record<string, string>> = {}): FrameworkFacts => {
  const files = new Set(['app.py', ...Object.keys(others)])
  const program = new Program([parse('app.py', source)], { files, aliases: [], packages: new Map() })
  return readFlask({ program, evaluator: new Evaluator(program), env: new Map() }, { text: (file) => others[file] })
}
const routes = (source: string): string[] =>
  read(source).routes.map(({ method, path, guard }) => `${method} ${path} ${guard}`)

const app = 'from flask import Flask, Blueprint, abort, request, session\napp = Flask(__name__)\n'

describe('routes and guards', () => {
  test('of decorators, blueprints and views', () => {
    const source = `${app}
from flask.views import MethodView
from flask_login import login_required
bp = Blueprint("items", __name__, url_prefix="/items")
@bp.route("/<int:id>", methods=["GET", "DELETE"])
@login_required
def item(id): ...
@app.post("/login")
def login(): ...
class Users(MethodView):
    def get(self): ...
app.add_url_rule("/users", view_func=Users.as_view("users"))
app.register_blueprint(bp)
`
    assert.deepEqual(routes(source), [
      'GET /items/<int:id> own',
      'DELETE /items/<int:id> own',
      'POST /login none',
      'GET /users none',
    ])
  })

  test('of a hook before every request, and its list', () => {
    const source = `${app}
@app.before_request
def require_login():
    if request.path in ["/login"]:
        return
    if "user" not in session:
        abort(401)
    session.get("user")
@app.route("/login")
def login(): ...
@app.route("/items")
def items(): ...
`
    const found = read(source.replace('"user" not in session', 'not session.user'))
    assert.deepEqual(
      found.routes.map((one) => one.guard),
      ['exempt', 'global'],
    )
    assert.deepEqual(found.guards[0]?.faults, [])
  })

  test('of connexion’s document', () => {
    const document = `
paths:
  /login:
    post:
      operationId: app.login
      requestBody:
        content:
          application/json:
            schema:
              type: object
              additionalProperties: false
              properties: { name: { type: string }, age: { type: integer, minimum: 0, maximum: 9 } }
`
    const found = read('import connexion\napp = connexion.App(__name__)\napp.add_api("api.yml")\ndef login(): ...', {
      'specs/api.yml': document,
    })
    const [route] = found.routes
    assert.deepEqual([route?.method, route?.path, route?.handler, route?.at.line], ['POST', '/login', 'login', 4])
    assert.deepEqual(
      route?.inputs.flatMap((one) => one.problems.map(({ what }) => what)),
      ['name: a string without a greatest length'],
    )
    assert.deepEqual(
      found.docs.map((one) => `${one.path} ${one.when}`),
      ['/ui always', '/openapi.json always'],
    )
  })
})

test('inputs that are read as they are', () => {
  const source = `${app}
@app.post("/<name>")
def create(name):
    data = request.get_json()
    return request.args.get("q")
`
  assert.deepEqual(
    read(source).routes.flatMap((one) => one.inputs.flatMap(({ problems }) => problems.map(({ what }) => what))),
    ['name: a string without a greatest length', 'the body is read as it is', 'the query is read as it is'],
  )
})

test('a body that is only taken apart is read as it is; a schema that loads it is one that was not read', () => {
  const inputs = (taken: string) =>
    read(
      `${app}\nimport json\n@app.post("/")\ndef create():\n    data = ${taken}\n    return save(data)\n`,
    ).routes.flatMap((one) => one.inputs.map(({ problems, unread }) => problems[0]?.what ?? unread))
  assert.deepEqual(inputs('json.loads(request.data)'), ['the body is read as it is'])
  assert.deepEqual(inputs('orjson.loads(request.get_data())'), ['the body is read as it is'])
  assert.deepEqual(inputs('NoteSchema().load(request.get_json())'), ['a schema that was not read'])
  assert.deepEqual(inputs('NoteSchema().loads(request.data)'), ['a schema that was not read'])
})

test('limiters', () => {
  const source = `${app}
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
limiter = Limiter(get_remote_address, app=app, default_limits=["200/hour"])
@app.post("/login")
@limiter.limit("5 per minute")
def login(): ...
`
  const found = read(source).limiters.map((one) => `${one.library} ${one.mounted} ${one.perMinute} ${one.key.kind}`)
  assert.deepEqual(found, [`flask-limiter everywhere ${200 / 60} client`, 'flask-limiter somewhere 5 client'])
  const switched = source.replace('app=app,', 'app=app, enabled=os.getenv("LIMITS", "false") == "true",')
  assert.ok(read(`import os\n${switched}`).limiters.every((one) => one.off !== undefined))
})

test('a limit of a blueprint is one of each of its routes', () => {
  const source = `${app}
from flask_limiter import Limiter
limiter = Limiter(get_remote_address, app=app, default_limits=["200 per minute"])
auth = Blueprint("auth", __name__)
other = Blueprint("other", __name__)
limiter.limit("10 per minute")(auth)
@auth.post("/login")
def login(): ...
@other.post("/notes")
def notes(): ...
app.register_blueprint(auth)
app.register_blueprint(other)
`
  assert.deepEqual(
    read(source).routes.map(({ path, limiters }) => `${path} ${limiters.map((one) => one.perMinute)}`),
    ['/login 200,10', '/notes 200'],
  )
})

test('origins, debug mode and proxies', () => {
  const cors = (given: string): string =>
    read(`${app}from flask_cors import CORS\nCORS(${given})`)
      .cors.map((one) => one.origins)
      .join()
  assert.equal(cors('app'), 'any')
  assert.equal(cors('app, origins=["https://example.com"]'), 'listed')
  assert.equal(cors('app, resources={r"/api/*": {"origins": "*"}}'), 'any')
  assert.equal(cors('app, origins=[one.strip() for one in getenv("HOSTS", "*").split(",")]'), 'any')
  assert.equal(cors('app, origins=[]'), 'listed')
  const made = (options: string, start: string): string =>
    read(`${app}from flask_cors import CORS\nshared = CORS(${options})\n${start}`)
      .cors.map((one) => one.origins)
      .join()
  assert.equal(made('', 'shared.init_app(app)'), 'any')
  assert.equal(made('', 'shared.init_app(app, origins=["https://example.com"])'), 'listed')
  assert.equal(made('origins=["https://example.com"]', 'shared.init_app(app)'), 'listed')
  assert.equal(made('', 'for one in (shared,):\n    one.init_app(app)'), 'any')
  assert.equal(made('', 'other.start(app)'), '')
  assert.equal(
    read(`${app}from extensions import cors\ncors.init_app(app, origins=["https://example.com"])`)
      .cors.map((one) => one.origins)
      .join(),
    'listed',
  )
  assert.deepEqual(
    read(`${app}if __name__ == "__main__":\n    app.run(debug=True)`).debug.map((one) => one.what),
    ['app.run(debug=True)'],
  )
  assert.deepEqual(read(`${app}app.run()`).debug, [])
  const fixed = read(
    `${app}from werkzeug.middleware.proxy_fix import ProxyFix\napp.wsgi_app = ProxyFix(app.wsgi_app, x_for=1)`,
  )
  assert.deepEqual(
    fixed.proxies.map((one) => one.trust),
    ['hops'],
  )
})

test('documentation, under any name', () => {
  const docs = (rest: string): string =>
    read(`${app}${rest}`)
      .docs.map(({ path, when }) => `${path} ${when}`)
      .join()
  const restx = 'from flask_restx import Api\n'
  assert.equal(docs(`${restx}Api(app, doc="/docs")`), '/docs always')
  assert.equal(docs(`${restx}Api(app, doc=False)`), '')
  assert.equal(docs('from flask_restx import Api as Rest\nRest(app)'), '/ always')
  assert.equal(docs(`${restx}class Own(Api):\n    pass\nOwn(app)`), '/ always')
  assert.equal(docs('from flask_restx.swagger import Swagger\nSwagger(app)'), '')
  assert.equal(docs('from flask_restful import Api\nclass Own(Api):\n    pass\nOwn(app)'), '')
  const apispec = 'from flask_apispec import FlaskApiSpec\nFlaskApiSpec(app)\n'
  assert.equal(docs(apispec), '/swagger/ always,/swagger-ui/ always')
  const settings = 'app.config.update({"APISPEC_SWAGGER_URL": "/spec", "APISPEC_SWAGGER_UI_URL": None})'
  assert.equal(docs(`${apispec}${settings}`), '/spec always')
})

test('a limiter of the program’s own before every request', () => {
  const limited = (first: string, target = 'app'): readonly string[] =>
    read(`${app}api = Blueprint("api", __name__)
@${target}.before_request
def limit():
    ${first}
    if len(hits[request.remote_addr]) >= 10:
        abort(429)
@app.post("/login")
def login(): ...
app.register_blueprint(api)
`).routes.flatMap(({ limiters }) => limiters.map(({ key, unsure }) => (unsure ? 'unsure' : key.kind)))
  assert.deepEqual(limited('count()'), ['client'])
  assert.deepEqual(limited('if request.method == "OPTIONS": return'), ['client'])
  assert.deepEqual(limited('count()', 'api'), [])
  assert.deepEqual(limited('if request.path in ("/login", "/health"): return'), [])
  assert.deepEqual(limited('if not request.path.startswith("/search"): return'), [])
  for (const open of [
    'not ENABLED',
    'request.headers.get("X-Skip")',
    'request.path == "/a" or request.args.get("x")',
    'request.method == "POST"',
  ])
    assert.deepEqual(limited(`if ${open}: return`), ['unsure'], open)
})

test('a decorator of the program’s own that is made with its role', () => {
  const guarded = (check: string): readonly string[] =>
    routes(`${app}from flask_jwt_extended import verify_jwt_in_request
def role_required(role):
    def decorator(func):
        def wrapper(*args, **kwargs):
            ${check}
            return func(*args, **kwargs)
        return wrapper
    return decorator
@app.get("/notes")
@role_required("admin")
def notes(): ...
`)
  assert.deepEqual(guarded('verify_jwt_in_request()'), ['GET /notes own'])
  assert.deepEqual(guarded('verify_jwt_in_request(optional=True)'), ['GET /notes none'])
})

test('a limiter of the program’s own that wraps the handler', () => {
  const limited = (refused: string): readonly string[] =>
    read(`${app}from flask import jsonify
from functools import wraps
def rate_limit(limit=50, interval=60):
    def decorator(func):
        @wraps(func)
        def wrapper(*args, **kwargs):
            if count(request.remote_addr) > limit:
                ${refused}
            return func(*args, **kwargs)
        return wrapper
    return decorator
@app.post("/login")
@rate_limit(limit=10)
def login(): ...
`).routes.flatMap(({ limiters }) => limiters.map(({ key, perMinute }) => `${perMinute} by ${key.kind}`))
  for (const refused of ['return jsonify(error="slow down"), 429', 'abort(429)'])
    assert.deepEqual(limited(refused), ['10 by client'], refused)
  assert.deepEqual(limited('log("slow down")'), [])
})

test('the origins of quart-cors', () => {
  const cors = (given: string): string =>
    read(`from quart import Quart\nfrom quart_cors import cors, route_cors\napp = Quart(__name__)\n${given}`)
      .cors.map((one) => one.origins)
      .join()
  assert.equal(cors('app = cors(app)'), 'any')
  assert.equal(cors('app = cors(app, allow_origin="*")'), 'any')
  assert.equal(cors('app = cors(app, allow_origin=["https://example.com"])'), 'listed')
  assert.equal(cors('@route_cors(allow_origin="*")\nasync def notes(): ...'), 'any')
  assert.equal(cors('app.config["QUART_CORS_ALLOW_ORIGIN"] = "https://example.com"\napp = cors(app)'), 'listed')
  assert.equal(cors(''), '')
})
