/** Passwords and keys that a caller's are compared with, as literals. */
import { redacted } from '../../../src/items/index.ts'
import { express, type Files, table } from './judged.ts'

const WORD = 'hunter2-and-more'
const found = (name: string, line = 3, file = 'src/app.ts', word = WORD) => [
  `fail ${file}:${line}: ${redacted(word)} is in the source: what ${name} is compared with.`,
]
const clean = (files = 1) => [
  `pass (${files} source file${files === 1 ? '' : 's'} read): No secret in the files; there is no git history.`,
]
const route = (...lines: readonly string[]): Files =>
  express(`app.post('/x', (req, res) => { const { password, token } = req.body; ${lines.join('; ')} })`)
const python = (...lines: readonly string[]): Files => ({
  'main.py': `import os, secrets\nfrom fastapi import FastAPI, Request\napp = FastAPI()\n@app.post("/x")\nasync def x(request: Request, password: str, token: str):\n${lines.map((one) => `    ${one}\n`).join('')}`,
})

const kept = (...lines: readonly string[]): Files => ({
  'main.py': `USERS = {"ada": "${WORD}"}; RECORDS = {"ada": {"password": "${WORD}", "hash": "x"}}\n${python(...lines)['main.py']}`,
})

type Row = Parameters<typeof table>[1][number]

table('hardcoded-secret', [
  ['fails: it lets in', route(`if (password === '${WORD}') res.json({ token: sign() })`), found('password')],
  [
    'fails: the other is refused',
    route(`if (password !== '${WORD}') return res.status(401).end()`, 'res.json(secrets)'),
    found('password'),
  ],
  ['fails: and thrown', route(`if (password !== '${WORD}') throw new Unauthorized()`), found('password')],
  [
    'fails: beside a name',
    route(`if (req.body.user !== 'ada' || req.body.password !== '${WORD}') return res.sendStatus(401)`),
    found('password'),
  ],
  [
    'fails: a token',
    route("if (token === 'letmein-123') return res.json(all())"),
    found('token', 3, 'src/app.ts', 'letmein-123'),
  ],
  ['fails: a key in a header', route(`if (req.get('X-API-Key') === '${WORD}') return next()`), found('X-API-Key')],
  [
    'fails: a bearer',
    route("if (req.headers.authorization !== 'Bearer s3cr3t-abc') return res.sendStatus(401)"),
    found('authorization', 3, 'src/app.ts', 's3cr3t-abc'),
  ],
  ['fails: what is answered', route(`const isAdmin = req.query.secret === '${WORD}'`), found('secret')],
  [
    'fails: by a constant, at its place',
    express(
      `const master = '${WORD}'`,
      "app.post('/x', (req, res) => { if (req.body.password === master) res.json(all()) })",
    ),
    found('password'),
  ],
  [
    'fails: in constant time',
    route(`if (timingSafeEqual(Buffer.from(password), Buffer.from('${WORD}'))) res.json(all())`),
    found('password'),
  ],
  [
    'fails: a list of keys',
    express(
      `const KEYS = ['${WORD}']`,
      "app.use((req, res, next) => KEYS.includes(req.get('x-api-key')) ? next() : res.status(401).end())",
    ),
    found('x-api-key'),
  ],
  [
    'fails: a set of keys, and who has none is refused',
    express(
      `const KEYS = new Set(['${WORD}'])`,
      "app.use((req, res, next) => { if (!KEYS.has(req.get('x-api-key'))) return res.status(401).end(); next() })",
    ),
    found('x-api-key'),
  ],
  [
    'passes: a list of passwords that are refused',
    express(
      `const KNOWN = ['${WORD}']`,
      "app.post('/x', (req, res) => { if (KNOWN.includes(req.body.password)) return res.status(400).end(); save() })",
    ),
    clean(),
  ],
  ['passes: what a key is made of', route("if (token.includes('-----BEGIN-1')) return res.json(all())"), clean()],
  [
    'passes: a list of names',
    express(
      "app.post('/x', (req, res) => res.json(Object.keys(req.body).filter((key) => ['password'].includes(key))))",
    ),
    clean(),
  ],
  [
    'fails: accounts in a list',
    express(
      `const users = [{ name: 'ada', password: '${WORD}' }]`,
      "app.post('/x', ({ body }, res) => res.json(users.find((one) => one.name === body.name && one.password === body.password)))",
    ),
    found('password'),
  ],
  [
    'passes: accounts of somewhere else',
    express(
      'const users = load()',
      "app.post('/x', ({ body }, res) => res.json(users.find((one) => one.name === body.name && one.password === body.password)))",
    ),
    clean(),
  ],
  [
    'fails: one of several, in Python',
    python(`if password in ["${WORD}"]:`, '    return everything()'),
    found('password', 6, 'main.py'),
  ],
  [
    'fails: of Python, what is not it is refused',
    python(`if not secrets.compare_digest(password, "${WORD}"):`, '    raise HTTPException(401)'),
    found('password', 6, 'main.py'),
  ],
  [
    'fails: of Python, what is not among them is refused',
    python(`if password not in ["${WORD}"]:`, '    raise HTTPException(401)'),
    found('password', 6, 'main.py'),
  ],
  ...[
    ['if USERS.get(name) != password:', '    raise HTTPException(401)'],
    ['if name not in USERS or USERS[name] != password:', '    raise HTTPException(401)'],
    ['kept = USERS.get(name)', 'if kept == password:', '    return everything()'],
    [
      'record = RECORDS.get(name)',
      'if record is None or record["password"] != password:',
      '    raise HTTPException(401)',
    ],
    ['if RECORDS[name]["password"] == password:', '    return everything()'],
  ].map((lines): Row => [`fails: of Python, ${lines.join(' ')}`, kept(...lines), found('password', 1, 'main.py')]),
  [
    'passes: of Python, a hash of it',
    kept('if RECORDS[name]["hash"] != hash_of(password):', '    raise HTTPException(401)'),
    clean(),
  ],
  ['fails: of Python', python(`if password == "${WORD}":`, '    return everything()'), found('password', 6, 'main.py')],
  [
    "fails: the bytes of FastAPI's own example",
    python(
      'given_password_bytes = password.encode()',
      `right = b"${WORD}"`,
      'return secrets.compare_digest(given_password_bytes, right)',
    ),
    found('given_password_bytes', 7, 'main.py'),
  ],
  ['passes: a word that is refused', route("if (password === 'password123') return res.status(400).end()"), clean()],
  ['passes: a word that is called weak', route("if (password === 'password123') score.push('weak')"), clean()],
  ['fails: whether it is right', route(`const isValid = password === '${WORD}'`), found('password')],
  ['passes: how good it is', route("const isWeak = password === 'letmein-1' || password.length < 8"), clean()],
  [
    'passes: how good it is, by a function',
    express(
      "const isStrong = (password) => password !== 'letmein-1' && password === 'x-letmein-1'",
      "app.get('/x', x)",
    ),
    clean(),
  ],
  ['passes: one that has to be changed', route("if (password === 'letmein-1') user.mustChange = true"), clean()],
  ['passes: a folder', route("if (req.body.pwd === '/srv/app') res.end()"), clean()],
  ['passes: another is compared', route('if (password === req.body.confirmPassword) return next()'), clean()],
  ['passes: from the environment', route('if (token !== process.env.ADMIN_TOKEN) return res.sendStatus(401)'), clean()],
  [
    'passes: a type',
    route("if (typeof password === 'string') return next()", "if (req.body.tokenType === 'bearer1234') next()"),
    clean(),
  ],
  [
    'passes: tokens of a language',
    route("if (token === 'return') return node()", "if (token === '--level1') return node()"),
    clean(),
  ],
  ['passes: a mask', route("if (password !== '********') user.password = hash(password)"), clean()],
  ['passes: a mask in words', route("if (password !== 'unchanged') user.password = hash(password)"), clean()],
  [
    'passes: a default that is warned of',
    express("if (process.env.JWT_SECRET === 'changeme-now') console.log('Set JWT_SECRET')", "app.get('/x', x)"),
    clean(),
  ],
  [
    'passes: by a setting',
    python(
      'if token == os.environ["TOKEN"]:',
      '    return 1',
      'if settings.secret == "changethis":',
      '    print("Set it")',
    ),
    clean(),
  ],
  [
    'passes: of a test',
    { ...express("app.get('/x', x)"), 'test/login.test.ts': `if (password === '${WORD}') ok()` },
    clean(),
  ],
])
