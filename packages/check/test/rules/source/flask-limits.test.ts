/** flask-limiter: whether it has its application, and what it counts. */
import { type Files, table } from './judged.ts'

/** The limiter stands in line 3, the login in line 7. */
const flask = (given: string, start: string, more = ''): Files => ({
  'app.py': [
    'from flask import Flask',
    'from flask_limiter import Limiter; from flask_sqlalchemy import SQLAlchemy',
    `limiter = Limiter(${given})`,
    'def create_app():',
    '    app = Flask(__name__)',
    `    ${start}`,
    '    @app.route("/login", methods=["GET", "POST"])',
    `    @limiter.limit("5 per minute"${more})`,
    '    def login():',
    '        return check()',
    '    return app',
  ].join('\n'),
})

const limited = ['pass app.py:7 app.py:8: POST /login is limited to 5 a minute.']
const uncounted = ['fail app.py:3 app.py:7: The limiter of POST /login never counts.']

table('auth-rate-limit', [
  ['passes: by init_app', flask('key_func=who', 'limiter.init_app(app)'), limited],
  ['passes: given', flask('who, app=application', 'pass'), limited],
  ['passes: given first, as before version 3', flask('server, key_func=who', 'pass'), limited],
  ['passes: given second', flask('who, server', 'pass'), limited],
  [
    'passes: in a loop over what could be anything',
    flask('key_func=who', 'for one in EXTENSIONS: one.init_app(app)'),
    limited,
  ],
  [
    'passes: made first, and named above the route',
    {
      'app.py':
        flask('who, app=application', 'auth = limiter.shared_limit("5 per minute", scope="auth")')['app.py']?.replace(
          '@limiter.limit("5 per minute")',
          '@auth',
        ) ?? '',
    },
    ['pass app.py:7 app.py:6: POST /login is limited to 5 a minute.'],
  ],
  ['fails: nothing gives it one', flask('key_func=who', 'pass'), uncounted],
  ['fails: another is given one', flask('who); db = SQLAlchemy(', 'db.init_app(app)'), uncounted],
  ['passes: what is sent counts', flask('key_func=who', 'limiter.init_app(app)', ', methods=["POST"]'), limited],
  [
    'fails: only what is read counts',
    flask('key_func=who', 'limiter.init_app(app)', ', methods=["GET"]'),
    ['fail app.py:7: POST /login is not rate limited.'],
  ],
])
