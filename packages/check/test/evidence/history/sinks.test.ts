// biome-ignore-all lint/suspicious/noTemplateCurlyInString: they are the texts of other programs
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { growth, LINEAR } from '../../../../portcullis/test/growth.ts'
import { sinkSecrets } from '../../../src/evidence/history/index.ts'

const values = (line: string) => sinkSecrets(line).map(({ value }) => value)

test('a literal that signs, or that is fallen back to', () => {
  for (const [line, value] of [
    ["return jwt.sign({ id: user.id, role: 'x' }, 'hunter2', { expiresIn: '1d' })", 'hunter2'],
    ["sign(payload, 'hunter2')", 'hunter2'],
    ["jwt.verify(token, 'hunter2', cb)", 'hunter2'],
    ["jwt.verify(token, '123456')", '123456'],
    ["verify(token, '123456')", '123456'],
    ['token = jwt.encode({"sub": user}, "hunter2", algorithm="HS256")', 'hunter2'],
    ["super({ jwtFromRequest: x, secretOrKey: 'hunter2' })", 'hunter2'],
    ["app.use(session({ secret: 'keyboard cat' }))", 'keyboard cat'],
    ["app.use(cookieParser('hunter2'))", 'hunter2'],
    ['SECRET_KEY = "hunter2"', 'hunter2'],
    ['SECRET_KEY: str = "hunter2"', 'hunter2'],
    ["app.config['SECRET_KEY'] = 'hunter2'", 'hunter2'],
    ["export const JWT_SECRET = 'hunter2'", 'hunter2'],
    ["const secret = process.env.JWT_SECRET || 'hunter2'", 'hunter2'],
    ["const secret = process.env['JWT_SECRET'] ?? `hunter2`", 'hunter2'],
    ["config.get('JWT_SECRET') || 'hunter2'", 'hunter2'],
    ['os.getenv("SECRET_KEY", "hunter2")', 'hunter2'],
    ['os.environ.get("SECRET_KEY") or "hunter2"', 'hunter2'],
    ['SECRET_KEY = config("SECRET_KEY", default="hunter2")', 'hunter2'],
    ["JWT_SECRET: z.string().default('hunter2'),", 'hunter2'],
    ['secret_key: SecretStr = Field(default="hunter2")', 'hunter2'],
    ["apiKey: '6EwQsWNDR4AoSvFCHAsFUhmxkuALN13F'", '6EwQsWNDR4AoSvFCHAsFUhmxkuALN13F'],
  ] as const)
    assert.deepEqual([...new Set(values(line))], [value], line)
})

test('every name that says secret is looked at, though most lines are not', () => {
  const random = '6EwQsWNDR4AoSvFCHAsFUhmxkuALN13F'
  for (const name of `secret DB_PASSWD db_pwd userPass API_TOKEN credentials passphrase apiKey private_key awsAccessKey userSalt basicAuth
    dbCred hmacSignature appHmac user_pepper app_seed SENTRY_DSN slackWebhook appCipher app_jwt`.split(/\s+/))
    assert.deepEqual(values(`const ${name} = '${random}'`), [random], name)
})

test('an example of an API has none, and what comes after it has', () => {
  const random = '6EwQsWNDR4AoSvFCHAsFUhmxkuALN13F'
  const example = `"example": {\n  "email": "a@example.com",\n  "token": "${random}",\n}\nAPI_TOKEN = "${random}"`
  assert.deepEqual(
    sinkSecrets(example).map(({ line }) => line),
    [5],
  )
  assert.deepEqual(values(`Body(example={"token": "${random}"})`), [])
})

test('what names, compares or describes a secret has none', () => {
  for (const line of [
    'SECRET_HELP = "this is what the secret is for"',
    'print("JWT_SECRET_KEY:", app.config.get("JWT_SECRET_KEY"))',
    'jwt.sign(payload, process.env.JWT_SECRET)',
    "export type SecretOrigin = 'sdkfjhQWE98723hjsdf' | 'entropy'",
    "jwt.sign(payload, key, { algorithm: 'HS256' })",
    "crypto.sign('sha256', data, 'hunter2')",
    "bcrypt.verify(hash, 'hunter2')",
    'is_valid = handler.verify(secret, "123456")',
    "INVALID_EMAIL_PASSWORD: 'Invalid email or password',",
    "Buffer.from(x).toString('base64')",
    "text.encode('utf-8')",
    "if (secret === 'changeme') throw new Error('weak')",
    'if secret_key == "changeme":',
    "const weakSecrets = ['changeme', 'secret']",
    "config.get('JWT_SECRET')",
    "secret: config.get('auth.secret')",
    "secretKey: 'auth.secret'",
    "JWT_SECRET: 'JWT_SECRET'",
    'secret: `${x}`',
    "// secret: 'hunter2'",
    "password: 'Enter your password'",
    "secretMessage: 'a b c d e f'",
    "passwordPlaceholder = 'Password'",
    "secret: ''",
    "import secret from 'secret'",
  ])
    assert.deepEqual(values(line), [], line)
})

test('the cost of a hostile line grows with its length, not with the square of it', () => {
  for (const piece of [
    'a',
    '=',
    '"',
    "'",
    'secret=',
    "secret:'",
    'sign(',
    'sign(a,',
    'env.a||',
    'get("a","',
    'a=default=',
    'x:str=',
  ])
    for (const end of ['', '\n']) {
      const line = (length: number) => piece.repeat(Math.floor(length / piece.length)) + end
      const times = growth((length) => void sinkSecrets(line(length).repeat(600)), 240)
      assert.ok(times < LINEAR, `${times} times as long: ${piece}`)
    }
})
