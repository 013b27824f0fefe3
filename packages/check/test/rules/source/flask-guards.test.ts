/** Guards of Flask that answer by what they give back, and what they let through by the names of endpoints. */
import { type Files, table } from './judged.ts'

const guarded = (...body: readonly string[]): Files => ({
  'app/main.py': [
    'import jwt',
    'from flask import Blueprint, Flask, g, redirect, request, url_for',
    'from flask.views import MethodView',
    'from flask_jwt_extended import verify_jwt_in_request',
    'from flask_login import current_user',
    'PUBLIC = {"auth.login", "notes.index"}',
    'app = Flask(__name__)',
    'notes = Blueprint("notes", __name__, url_prefix="/notes")',
    '@app.before_request',
    'def guard():',
    ...body.map((one) => `    ${one}`),
    '@notes.get("/")',
    'def index():',
    '    return []',
    '@notes.post("/")',
    'def create():',
    '    return []',
    'class Tags(MethodView):',
    '    def put(self):',
    '        return []',
    'app.add_url_rule("/tags", view_func=Tags.as_view("tags"))',
    'app.register_blueprint(notes)',
  ].join('\n'),
})

const TOKEN = [
  'try:',
  '    g.user = jwt.decode(header[7:], KEY, algorithms=["HS256"])["sub"]',
  'except jwt.InvalidTokenError:',
  '    return {"message": "Unauthorized"}, 401',
]
const HEADER = 'header = request.headers.get("Authorization", "")'

const covered = ['pass app/main.py:9: One guard covers 3 of 3 routes.']
const marked = ['pass app/main.py:9: One guard covers 2 of 3 routes; the others are marked public.']
const nothing = (line: number) => [
  `fail app/main.py:${line} app/main.py:${line + 3} app/main.py:${line + 9}: No guard in front of 3 routes.`,
]
const opened = (line: number, what: string) => [
  `fail app/main.py:${line}: ${what} can be called by anybody: opened beside the guard.`,
]

table('default-deny', [
  [
    'passes: what a hook gives back is the answer',
    guarded(HEADER, 'if not header.startswith("Bearer "):', '    return {"message": "Unauthorized"}, 401', ...TOKEN),
    covered,
  ],
  [
    'fails: it gives nothing to whoever sends no token',
    guarded(HEADER, 'if not header:', '    return None', ...TOKEN),
    nothing(18),
  ],
  [
    'fails: it gives nothing where the check failed',
    guarded(
      HEADER,
      'try:',
      '    g.user = jwt.decode(header, KEY, algorithms=["HS256"])',
      'except jwt.InvalidTokenError:',
      '    return None',
    ),
    nothing(16),
  ],
  [
    'passes: whoever is nobody is led to the login',
    guarded('if not current_user.is_authenticated:', '    return redirect(url_for("auth.login"))'),
    covered,
  ],
  [
    'fails: whoever is nobody is led elsewhere, and nothing says that it is a login',
    guarded('if not current_user.is_authenticated:', '    return redirect(url_for("main.welcome"))'),
    nothing(13),
  ],
])

const verified = (test: string) => guarded(`if ${test}:`, '    return', 'verify_jwt_in_request()')

table('default-deny', [
  ['passes: a reading endpoint is listed', verified('request.endpoint in PUBLIC'), marked],
  ['passes: an endpoint of nobody', verified('request.endpoint in {"auth.login", "static"}'), covered],
  ['passes: a list that can’t be read', verified('request.endpoint in app.config["PUBLIC_ENDPOINTS"]'), covered],
  ['fails: a writing endpoint is listed', verified('request.endpoint in {"notes.create"}'), opened(17, 'POST /notes/')],
  [
    'fails: it is one of two',
    verified('request.endpoint == "static" or request.endpoint == "notes.create"'),
    opened(17, 'POST /notes/'),
  ],
  ['fails: the endpoint of a view', verified('request.endpoint == "tags"'), opened(23, 'PUT /tags')],
  ['fails: how an endpoint begins', verified('request.endpoint.startswith("notes.")'), opened(17, 'POST /notes/')],
  ['fails: a whole blueprint', verified('request.blueprint == "notes"'), opened(17, 'POST /notes/')],
  ['passes: the name alone is of another blueprint', verified('request.endpoint == "create"'), covered],
  [
    'fails: only what is listed is looked at',
    guarded('if request.endpoint in {"notes.create", "tags"}:', '    verify_jwt_in_request()'),
    [
      'fail app/main.py:11 app/main.py:9: The guard does not hold: it guards only the paths that it lists: what is added tomorrow is open.',
    ],
  ],
])
