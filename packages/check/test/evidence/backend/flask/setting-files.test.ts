import { type Files, table } from '../../../rules/source/judged.ts'

const flask = (reads: string, files: Files): Files => ({
  ...files,
  'app/main.py': [
    'from flask import Flask, jsonify',
    'from flask_jwt_extended import create_access_token',
    'from app import settings',
    'app = Flask(__name__)',
    `app.config.${reads}`,
    '@app.post("/login")',
    'def login():',
    '    return jsonify(token=create_access_token(identity=1))',
  ].join('\n'),
})

const SETTINGS = 'from datetime import timedelta\nDEBUG = True\nJWT_ACCESS_TOKEN_EXPIRES = timedelta(hours=12)\n'

const READ = [
  ['from_pyfile("settings.py")', 'app/settings.py'],
  ['from_pyfile("../conf/flask.cfg.py")', 'conf/flask.cfg.py'],
  ['from_object("app.settings")', 'app/settings.py'],
  ['from_object(settings)', 'app/settings.py'],
] as const

table(
  'debug',
  READ.map(([reads, file]) => [
    `fails: ${reads}`,
    flask(reads, { [file]: SETTINGS }),
    [`fail ${file}:2: DEBUG is on.`],
  ]),
)

table(
  'jwt-expiry',
  READ.map(([reads, file]) => [
    `fails: ${reads}`,
    flask(reads, { [file]: SETTINGS }),
    [`fail ${file}:3 app/main.py:8: An access token lives 12 hours.`],
  ]),
)

const CLEAN = (files: number) => [
  `pass (nothing of the kind in ${files} files): No debug mode, and no stack in an answer.`,
]

table('debug', [
  ['passes: a file that nothing reads', flask('from_pyfile("other.py")', { 'app/settings.py': SETTINGS }), CLEAN(2)],
  ['passes: one for development', flask('from_pyfile("dev.py", silent=True)', { 'app/dev.py': SETTINGS }), CLEAN(2)],
  [
    'passes: a constant that is switched on where somebody develops',
    flask('from_pyfile("settings.py")', {
      'app/settings.py': 'import os\nDEBUG = False\nif os.getenv("ENV") == "development":\n    DEBUG = True\n',
    }),
    CLEAN(2),
  ],
])
