// biome-ignore-all lint/suspicious/noTemplateCurlyInString: they are the texts of other programs
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { tokensOf } from '../../../../src/evidence/backend/tokens/tokens.ts'
import { envOf, readingOf, type Sources, shownValue } from '../../sources.ts'

interface Around {
  readonly env?: Readonly<Record<string, string>>
}

const tokens = (sources: string | Sources, { env = {} }: Around = {}) =>
  tokensOf(readingOf(typeof sources === 'string' ? { 'src/app.ts': sources } : sources, { env: envOf(env) }))

/** `access 900 jsonwebtoken`: what it is for, its lives, the library. */
const shown = (sources: string | Sources, around?: Around): readonly string[] =>
  tokens(sources, around).map(
    (one) =>
      `${one.purpose} ${one.lives.map((life) => life.seconds ?? `? ${life.why}`).join('|') || 'for ever'} ${one.library}`,
  )

const JWT = "import jwt from 'jsonwebtoken'\n"
const sign = (options: string) => `${JWT}const make = (user) => jwt.sign({ sub: user.id }, key${options})`

describe('the life of a token of jsonwebtoken', () => {
  const table: readonly (readonly [options: string, life: string, env?: Readonly<Record<string, string>>])[] = [
    [", { expiresIn: '15m' }", '900'],
    [', { expiresIn: 900 }', '900'],
    // The ms package takes a text of digits for milliseconds.
    [", { expiresIn: '900' }", '0.9'],
    [', { expiresIn: 60 * 15 }', '900'],
    [", { expiresIn: long ? '30d' : '15m' }", '2592000|900'],
    [", { expiresIn: process.env.LIFE || '2d' }", '172800'],
    [", { expiresIn: process.env.LIFE || '2d' }", '3600|172800', { LIFE: '1h' }],
    [', { expiresIn: process.env.LIFE }', '3600', { LIFE: '1h' }],
    [', { expiresIn: process.env.LIFE }', '? LIFE is set by no file of the project'],
    [', { expiresIn: process.env.LIFE }', '? LIFE is no span of time there', { LIFE: 'long' }],
    // A number, and the unit behind it.
    [', { expiresIn: `${process.env.MINUTES}m` }', '7200', { MINUTES: '120' }],
    [', { expiresIn: `${process.env.MINUTES || 90}m` }', '5400'],
    [', { expiresIn: `${Number(process.env.HOURS ?? 2)}h` }', '7200'],
    [', { expiresIn: `${process.env.MINUTES}m` }', '? MINUTES is set by no file of the project'],
    [', { expiresIn: `${process.env.MINUTES} of them` }', '? it could not be followed'],
    [", { expiresIn: 'soon' }", '? "soon" is no span of time'],
    [", { expiresIn: 'constructor' }", '? "constructor" is no span of time'],
    [', { expiresIn: undefined }', 'for ever'],
    ['', 'for ever'],
    [', {}', 'for ever'],
    [", { notBefore: '15m' }", 'for ever'],
    [', { expiresIn: life() }', '? it could not be followed'],
  ]
  for (const [options, life, env] of table)
    test(`sign(claims, key${options})${env === undefined ? '' : ` with ${JSON.stringify(env)}`}`, () => {
      assert.deepEqual(shown(sign(options), env === undefined ? {} : { env }), [`access ${life} jsonwebtoken`])
    })

  test('its own exp, in the seconds of the standard', () => {
    const claims = (exp: string) => shown(`${JWT}const make = (user) => jwt.sign({ sub: user.id, exp: ${exp} }, key)`)
    assert.deepEqual(claims('Math.floor(Date.now() / 1000) + 900'), ['access 900 jsonwebtoken'])
    assert.deepEqual(claims('Date.now() + 900'), ['access Infinity jsonwebtoken'])
    assert.deepEqual(claims('1999999999'), ['access Infinity jsonwebtoken'])
    assert.deepEqual(claims('900'), ['access Infinity jsonwebtoken'])
  })

  test('an option that says nothing leaves the word to exp', () => {
    assert.deepEqual(
      shown(
        `${JWT}const make = (user) => jwt.sign({ exp: Math.floor(Date.now() / 1000) + 900 }, key, { expiresIn: undefined })`,
      ),
      ['access 900 jsonwebtoken'],
    )
  })

  test('the mend of fast-jwt is in its milliseconds', () => {
    const [token] = tokens(
      "import { createSigner } from 'fast-jwt'\nconst issue = createSigner({ key, expiresIn: 86400000 })\nissue({ sub: 1 })",
    )
    const [life] = token?.lives ?? []
    assert.ok(life?.seconds !== undefined && life.fix)
    assert.deepEqual([life.seconds, life.fix.to], [86_400, '900000'])
    assert.equal(shownValue(token?.claims ?? assert.fail()), '{sub: 1}')
  })

  test('the mend is where the literal stands', () => {
    const text = `${JWT}const LIFE = '30d'\nconst make = (user) => jwt.sign({}, key, { expiresIn: LIFE })`
    const [life] = tokens(text)[0]?.lives ?? []
    assert.ok(life?.seconds !== undefined && life.fix)
    assert.equal(text.slice(life.fix.start, life.fix.end), "'30d'")
    assert.equal(life.at.line, 2)
  })
})

describe('what a token is for', () => {
  const table: readonly (readonly [text: string, purpose: string])[] = [
    ['const make = (user) => jwt.sign({}, key)', 'access'],
    ['const accessToken = jwt.sign({}, key)', 'access'],
    ['const refreshToken = jwt.sign({}, key)', 'refresh'],
    ['const t = jwt.sign({}, process.env.REFRESH_SECRET)', 'refresh'],
    ["const t = jwt.sign({ type: 'refresh' }, key)", 'refresh'],
    ["const t = jwt.sign({ type: 'access' }, process.env.REFRESH_SECRET)", 'access'],
    ["const t = jwt.sign({ purpose: 'password-reset' }, key)", 'other'],
    ['const oauthState = jwt.sign({ provider }, key)', 'other'],
    ['const create_oauth_state = (provider) => jwt.sign({ provider }, key)', 'other'],
    ["const t = jwt.sign({ iss: keyId, aud: 'https://api.other.example' }, key)", 'other'],
    ["const t = jwt.sign({ iss: 'us', uid: user.id }, key)", 'access'],
    ["const image = '/screenshots/' + jwt.sign({ id }, key)", 'other'],
    [`const image = \`/screenshots/\${jwt.sign({ id }, key)}.png\``, 'other'],
    ["const link = '/welcome?token=' + jwt.sign({ id }, key)", 'access'],
    ["const t = jwt.sign({ iss: 'us', ...claims }, key)", 'access'],
    ['const verificationToken = jwt.sign({}, key)', 'other'],
    ['const generateRefreshToken = (user) => jwt.sign({}, key)', 'refresh'],
    ['const generateAccessToken = (user) => jwt.sign({}, key)', 'access'],
    ['const sendResetMail = (user) => jwt.sign({}, key)', 'other'],
    ['const refreshAccessToken = (user) => { const newRefreshToken = jwt.sign({}, key) }', 'refresh'],
    ['const refreshAccessToken = (user) => { const token = jwt.sign({}, key) }', 'access'],
  ]
  for (const [text, purpose] of table)
    test(text, () => {
      assert.deepEqual(
        tokens(JWT + text).map((one) => one.purpose),
        [purpose],
      )
    })

  test('of each call of the function that makes both', () => {
    assert.deepEqual(
      shown(`${JWT}const make = (id, life) => jwt.sign({ sub: id }, key, { expiresIn: life })
        const accessToken = make(1, '15m')
        const refreshToken = make(1, '30d')`),
      ['access 900 jsonwebtoken', 'refresh 2592000 jsonwebtoken'],
    )
  })

  test('with the place that it is called from', () => {
    const [token] = tokens({
      'src/a.ts': `${JWT}export const make = (life) => jwt.sign({}, key, { expiresIn: life })`,
      'src/b.ts': "import { make } from './a'\n\nmake('15m')",
    })
    assert.deepEqual(
      token?.through.map((one) => `${one.file}:${one.line}`),
      ['src/b.ts:3'],
    )
  })
})

describe('libraries', () => {
  const table: readonly (readonly [title: string, sources: Sources, expected: readonly string[]])[] = [
    [
      'jose',
      {
        'a.ts':
          "import { SignJWT } from 'jose'\nconst t = await new SignJWT({ sub: 1 }).setProtectedHeader({ alg: 'HS256' }).setExpirationTime('15m').sign(key)",
      },
      ['access 900 jose'],
    ],
    [
      'jose, in steps',
      {
        'a.ts':
          "import { SignJWT } from 'jose'\nconst t = await new SignJWT({ sub: 1 }).setProtectedHeader({ alg: 'HS256' }).sign(key)",
      },
      ['access for ever jose'],
    ],
    [
      'jose: a number is a moment',
      { 'a.ts': "import { SignJWT } from 'jose'\nconst t = await new SignJWT({}).setExpirationTime(900).sign(key)" },
      ['access 900 jose'],
    ],
    [
      'hono/jwt',
      {
        'a.ts':
          "import { sign } from 'hono/jwt'\nconst t = await sign({ exp: Math.floor(Date.now() / 1000) + 900 }, key)",
      },
      ['access 900 hono/jwt'],
    ],
    [
      'jwt-simple',
      { 'a.ts': "import jwt from 'jwt-simple'\nconst t = jwt.encode({ sub: 1 }, key)" },
      ['access for ever jwt-simple'],
    ],
    [
      'PyJWT',
      {
        'a.py':
          'import jwt\nfrom datetime import datetime, timedelta\ndef make(user):\n  return jwt.encode({"sub": user.id, "exp": datetime.utcnow() + timedelta(minutes=15)}, KEY, algorithm="HS256")',
      },
      ['access 900 PyJWT'],
    ],
    [
      'PyJWT, by a class of its own',
      { 'a.py': 'import jwt\ntoken = jwt.PyJWT().encode({"sub": 1}, KEY)' },
      ['access for ever PyJWT'],
    ],
    [
      'a text that stood in a token',
      { 'a.py': 'import jwt\nclaims = jwt.decode(token, KEY)\nhashed = sha256(claims["jti"].encode())' },
      [],
    ],
    [
      'PyJWT, in steps, with a default',
      {
        'a.py':
          'import jwt\nfrom datetime import datetime, timedelta\ndef make(data, delta=None):\n  claims = data.copy()\n  expire = datetime.utcnow() + (delta or timedelta(minutes=15))\n  claims.update({"exp": expire})\n  return jwt.encode(claims, KEY)\nmake({"sub": 1}, timedelta(days=8))',
      },
      ['access 691200|900 PyJWT'],
    ],
    [
      'python-jose',
      { 'a.py': 'from jose import jwt\ndef make(user):\n  return jwt.encode({"sub": user.id}, KEY)' },
      ['access for ever jose'],
    ],
    [
      'joserfc, whose first argument is the header',
      {
        'a.py':
          'import time\nfrom joserfc import jwt\ndef make(user):\n  return jwt.encode({"alg": "HS256"}, {"sub": user.id, "exp": time.time() + 900}, KEY)\ndef other(user):\n  return jwt.encode({"alg": "HS256"}, {"sub": user.id}, KEY)',
      },
      ['access 900 joserfc', 'access for ever joserfc'],
    ],
    [
      'flask-jwt-extended has a default',
      { 'a.py': 'from flask_jwt_extended import create_access_token\nt = create_access_token(identity=1)' },
      ['access 900 flask_jwt_extended'],
    ],
    [
      'flask-jwt-extended’s two in one line',
      {
        'config.py': 'JWT = 1\nclass Config:\n  JWT_REFRESH_TOKEN_EXPIRES = 1209600',
        'a.py': [
          'from flask_jwt_extended import create_access_token, create_refresh_token',
          'def login(user):',
          '  return jsonify(access_token=create_access_token(identity=user.id), refresh_token=create_refresh_token(identity=user.id))',
        ].join('\n'),
      },
      ['access 900 flask_jwt_extended', 'refresh 1209600 flask_jwt_extended'],
    ],
    ...(
      [
        ['app.config["JWT_ACCESS_TOKEN_EXPIRES"] = timedelta(days=7)', '604800'],
        ['app.config["JWT_ACCESS_TOKEN_EXPIRES"] = False', 'for ever'],
        ['app.config["JWT_ACCESS_TOKEN_EXPIRES"] = 3600', '3600'],
        ['app.config["JWT_ACCESS_TOKEN_EXPIRES"] = os.environ["LIFE"]', '? LIFE is set by no file of the project'],
        ['app.config["JWT_REFRESH_TOKEN_EXPIRES"] = timedelta(days=7)', '900'],
        ['app.config.update(JWT_ACCESS_TOKEN_EXPIRES=timedelta(days=1))', '86400'],
        ['app.config.from_mapping({"JWT_ACCESS_TOKEN_EXPIRES": timedelta(minutes=5)})', '300'],
        ['class Config:\n  JWT_ACCESS_TOKEN_EXPIRES = timedelta(hours=2)\napp.config.from_object(Config)', '7200'],
        ['class Settings(BaseModel):\n  authjwt_access_token_expires: int = 60 * 60 * 24', '86400'],
        [
          'app.config["JWT_ACCESS_TOKEN_EXPIRES"] = timedelta(hours=app.config["HOURS"])',
          '? the length of its timedelta is not known',
        ],
        ['class DevConfig:\n  JWT_ACCESS_TOKEN_EXPIRES = timedelta(hours=2)', '900'],
      ] as const
    ).map(
      ([setting, life]) =>
        [
          `flask-jwt-extended: ${setting}`,
          {
            'a.py': `import os\nfrom datetime import timedelta\n${setting}`,
            'b.py': 'from flask_jwt_extended import create_access_token\nt = create_access_token(identity=1)',
          },
          [`access ${life} flask_jwt_extended`],
        ] as const,
    ),
    ...(
      [
        ['False', 'for ever'],
        ['None', '604800'],
        ['timedelta(minutes=5)', '300'],
      ] as const
    ).map(
      ([delta, life]) =>
        [
          `flask-jwt-extended: expires_delta=${delta} goes before the setting`,
          {
            'a.py': 'from datetime import timedelta\napp.config["JWT_ACCESS_TOKEN_EXPIRES"] = timedelta(days=7)',
            'b.py': `from datetime import timedelta\nfrom flask_jwt_extended import create_access_token\nt = create_access_token(identity=1, expires_delta=${delta})`,
          },
          [`access ${life} flask_jwt_extended`],
        ] as const,
    ),
    [
      "@nestjs/jwt: the module's options",
      {
        'a.ts':
          "import { JwtModule } from '@nestjs/jwt'\nJwtModule.register({ secret: key, signOptions: { expiresIn: '15m' } })",
        'b.ts':
          "import { JwtService } from '@nestjs/jwt'\nclass A { constructor(private jwt: JwtService) {} make(user) { return this.jwt.sign({ sub: user.id }) } }",
      },
      ['access 900 @nestjs/jwt'],
    ],
    [
      '@nestjs/jwt: the call has the last word',
      {
        'a.ts':
          "import { JwtModule } from '@nestjs/jwt'\nJwtModule.register({ secret: key, signOptions: { expiresIn: '15m' } })",
        'b.ts':
          "import { JwtService } from '@nestjs/jwt'\nclass A { constructor(private jwt: JwtService) {} make(user) { return this.jwt.signAsync({ sub: user.id }, { expiresIn: '30d' }) } }",
      },
      ['access 2592000 @nestjs/jwt'],
    ],
    [
      '@fastify/jwt',
      {
        'a.ts':
          "import jwt from '@fastify/jwt'\napp.register(jwt, { secret: key, sign: { expiresIn: '15m' } })\napp.post('/login', (request, reply) => reply.jwtSign({ sub: 1 }))",
      },
      ['access 900 @fastify/jwt'],
    ],
    [
      '@fastify/jwt: expiresIn beside sign is not read',
      {
        'a.ts':
          "import jwt from '@fastify/jwt'\napp.register(jwt, { secret: key, expiresIn: '15m' })\napp.post('/login', (request, reply) => reply.jwtSign({ sub: 1 }))",
      },
      ['access for ever @fastify/jwt'],
    ],
    ...(
      [
        ["expiresIn: '15m'", '900'],
        ['expiresIn: 15 * 60 * 1000', '900'],
        // Seconds to every other library, milliseconds to this one.
        ['expiresIn: 900', '0.9'],
        ["expiresIn: '7d'", '604800'],
        ["algorithm: 'HS256'", 'for ever'],
      ] as const
    ).map(
      ([option, life]) =>
        [
          `fast-jwt: ${option}, given to what makes the signer`,
          {
            'a.ts': `import { createSigner } from 'fast-jwt'\nexport const issue = createSigner({ key: process.env.KEY, ${option} })`,
            'b.ts': "import { issue } from './a'\nexport const login = (user) => issue({ sub: user.id })",
          },
          [`access ${life} fast-jwt`],
        ] as const,
    ),
    [
      'fast-jwt: a signer that nothing is seen to call',
      { 'a.ts': "import { createSigner } from 'fast-jwt'\nexport default createSigner({ key, expiresIn: '2h' })" },
      ['access 7200 fast-jwt'],
    ],
    [
      'a sign of something else',
      {
        'a.ts':
          "import { sign } from './maths'\nsign(-5)\nimport crypto from 'node:crypto'\ncrypto.sign('sha256', data, key)",
      },
      [],
    ],
  ]
  for (const [title, sources, expected] of table)
    test(title, () => {
      assert.deepEqual(shown(sources), expected)
    })
})

test('its claims and its key are what they come to', () => {
  const [token] = tokens(
    `${JWT}const base = { sub: 1 }\nconst t = jwt.sign({ ...base, role: 'admin' }, process.env.KEY || 'k')`,
  )
  assert.ok(token)
  assert.equal(shownValue(token.claims), '{sub: 1, role: "admin"}')
  assert.equal(shownValue(token.key), '$KEY | "k"')
})

test('what a text, or a method that takes more, encodes is no token of a manager of that name', () => {
  const manager = (...calls: readonly string[]) => ({
    'src/tokens.py': [
      'import jwt',
      'class Manager:',
      '    def encode(self, payload):',
      '        return jwt.encode(payload, KEY)',
    ].join('\n'),
    'src/app.py': calls.join('\n'),
  })
  const given = 'manager().encode({"sub": user.id, "exp": now() + timedelta(minutes=5)})'
  for (const other of ['password.encode()', 'name.encode("utf-8")', 'str.encode(name)', 'super().encode(a, b, c)'])
    assert.deepEqual(
      tokens(manager(given, other)).map((one) => one.through.map(({ line }) => line)),
      [[1]],
      other,
    )
})
