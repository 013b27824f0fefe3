import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { keysOf, refusedWords } from '../../../../src/evidence/backend/keys/index.ts'
import { tokensOf } from '../../../../src/evidence/backend/tokens/tokens.ts'
import { verificationsOf } from '../../../../src/evidence/backend/tokens/verifications.ts'
import { readingOf, type Sources } from '../../sources.ts'

const keys = (sources: string | Sources) => {
  const reading = readingOf(typeof sources === 'string' ? { 'src/app.ts': sources } : sources)
  return keysOf(reading, tokensOf(reading), verificationsOf(reading), refusedWords(reading))
}

const shown = (sources: string | Sources): readonly string[] =>
  keys(sources).map(
    (one) =>
      `${one.at.file}:${one.at.line} ${one.value}${one.fallbackOf === undefined ? '' : ` behind ${one.fallbackOf}`}`,
  )

const JWT = "import jwt from 'jsonwebtoken'\n"

describe('where secrets are used', () => {
  const table: readonly (readonly [text: string, ...expected: string[]])[] = [
    [`${JWT}jwt.sign({}, 'k3y')`, 'src/app.ts:2 k3y'],
    [`${JWT}jwt.verify(t, 'k3y')`, 'src/app.ts:2 k3y'],
    [`${JWT}jwt.sign({}, process.env.KEY)`],
    [`${JWT}jwt.sign({}, process.env.KEY ?? 'k3y')`, 'src/app.ts:2 k3y behind KEY'],
    [`${JWT}jwt.sign({}, process.env.KEY ?? (process.env.NODE_ENV === 'development' ? 'k3y' : undefined))`],
    [
      `${JWT}jwt.sign({}, process.env.NODE_ENV !== 'production' ? 'k3y' : process.env.KEY)`,
      'src/app.ts:2 k3y behind KEY',
    ],
    [`${JWT}const key = () => { if (process.env.NODE_ENV === 'test') return 'k3y'; throw 1 }\njwt.sign({}, key())`],
    [`${JWT}jwt.sign({}, { key: 'k3y', passphrase: 'x' })`, 'src/app.ts:2 k3y'],
    [`${JWT}const read = (t) => jwt.verify(t, '-----BEGIN PUBLIC KEY-----')`],
    [`${JWT}const KEYS = ['one1', 'two2']\njwt.verify(t, KEYS)`, 'src/app.ts:2 one1', 'src/app.ts:2 two2'],
    [`${JWT}jwt.sign({}, '')`],
    ["import session from 'express-session'\napp.use(session({ secret: 'k3y' }))", 'src/app.ts:2 k3y'],
    ["import session from './sessions'\napp.use(session({ secret: 'k3y' }))"],
    ["import cookieParser from 'cookie-parser'\napp.use(cookieParser('k3y'))", 'src/app.ts:2 k3y'],
    ["import { createHmac } from 'node:crypto'\ncreateHmac('sha256', 'k3y')", 'src/app.ts:2 k3y'],
    ["import { createHmac } from 'node:crypto'\ncreateHmac('sha256', key)"],
    ["import { setSignedCookie } from 'hono/cookie'\nsetSignedCookie(c, 'a', 'b', 'k3y')", 'src/app.ts:2 k3y'],
    ["import Koa from 'koa'\nconst app = new Koa()\napp.keys = ['k3y']", 'src/app.ts:3 k3y'],
    ["import cookie from '@fastify/cookie'\napp.register(cookie, { secret: 'k3y' })", 'src/app.ts:2 k3y'],
    ["import { getIronSession } from 'iron-session'\ngetIronSession(a, b, { password: 'k3y' })", 'src/app.ts:2 k3y'],
    ["import { doubleCsrf } from 'csrf-csrf'\ndoubleCsrf({ getSecret: () => 'k3y' })", 'src/app.ts:2 k3y'],
    [
      "import { JwtModule } from '@nestjs/jwt'\nJwtModule.registerAsync({ useFactory: () => ({ secret: 'k3y' }) })",
      'src/app.ts:2 k3y',
    ],
    ["import basicAuth from 'express-basic-auth'\napp.use(basicAuth({ users: { admin: 'k3y' } }))", 'src/app.ts:2 k3y'],
    [
      "import { Strategy as Google } from 'passport-google-oauth20'\nnew Google({ clientID: 'a', clientSecret: 'k3y' })",
      'src/app.ts:2 k3y',
    ],
    ["import { importJWK } from 'jose'\nimportJWK({ kty: 'oct', k: 'k3y' })", 'src/app.ts:2 k3y'],
    ["import { Pool } from 'pg'\nnew Pool({ host: 'db', user: 'app', password: 'k3y' })", 'src/app.ts:2 k3y'],
    ["import { Pool } from 'pg'\nnew Pool({ host: 'db', user: 'app', password: process.env.DB_PASSWORD })"],
    ["import { Pool } from 'pg'\nconst options = { password: 'k3y' }\nnew Pool(options)", 'src/app.ts:2 k3y'],
    ["import { Pool } from 'pg'\nnew Pool({ host: 'localhost', user: 'app', password: 'k3y' })"],
    ["import knex from 'knex'\nknex({ connection: { password: 'k3y' } })", 'src/app.ts:2 k3y'],
    ["import { Sequelize } from 'sequelize'\nnew Sequelize('app', 'postgres', 'k3y')", 'src/app.ts:2 k3y'],
    ["import mongoose from 'mongoose'\nnew mongoose.Schema({ password: 'k3y' })"],
    ["import { Pool } from './pool'\nnew Pool({ password: 'k3y' })"],
    ["import { Pool } from 'pg'\nif (process.env.NODE_ENV === 'development') new Pool({ password: 'k3y' })"],
    [
      "import { Pool } from 'pg'\nif (process.env.NODE_ENV !== 'production') new Pool({ password: 'k3y' })",
      'src/app.ts:2 k3y',
    ],
    ["import mail from 'nodemailer'\nmail.createTransport({ auth: { user: 'a', pass: 'k3y' } })", 'src/app.ts:2 k3y'],
    ["import express from 'express'\nconst app = express()\napp.set('jwtSecret', 'k3y')", 'src/app.ts:3 k3y'],
    ["import express from 'express'\nconst app = express()\napp.set('views', 'k3y')"],
  ]
  for (const [text, ...expected] of table)
    test(text, () => {
      assert.deepEqual(shown(text), expected)
    })
})

describe('what is called a secret', () => {
  const table: readonly (readonly [title: string, sources: Sources, ...expected: string[]])[] = [
    ['a constant in capitals', { 'src/a.ts': "const JWT_SECRET = 'k3y'" }, 'src/a.ts:1 k3y'],
    [
      'a fallback, wherever it stands',
      { 'src/a.ts': "f(process.env.DB_PASSWORD || 'k3y')" },
      'src/a.ts:1 k3y behind DB_PASSWORD',
    ],
    ['what is said where one is wrong', { 'src/a.ts': "const WRONG_PASSWORD = 'E1003'" }],
    [
      "node-config's names of variables",
      { 'config/custom-environment-variables.ts': "export default { dbPassword: 'APP_DB_PASSWORD' }" },
    ],
    ['a fallback of no secret', { 'src/a.ts': "f(process.env.DB_HOST || 'localhost')" }],
    [
      'a setting in a file of settings',
      { 'src/config.ts': "export default { jwtSecret: 'k3y' }" },
      'src/config.ts:1 k3y',
    ],
    [
      'the name of a variable that a helper is told to read',
      {
        'src/config.ts':
          "const from = { env: (key) => ({ source: 'env', key }) }\nexport default { secret: from.env('JWT_SECRET') }",
      },
    ],
    [
      'a literal that a helper is given',
      { 'src/config.ts': "const kept = (key) => ({ key })\nexport default { secret: kept('k3y') }" },
      'src/config.ts:2 k3y',
    ],
    ['the same in a file of something else', { 'src/labels.ts': "export default { jwtSecret: 'k3y' }" }],
    ['a field of settings', { 'a.py': 'class S(BaseSettings):\n  SECRET_KEY: str = "k3y"' }, 'a.py:2 k3y'],
    ["Python's getenv", { 'a.py': 'import os\nx = os.getenv("SECRET_KEY", "k3y")' }, 'a.py:2 k3y behind SECRET_KEY'],
    [
      "documentation's example",
      {
        'auth/schemas.py': `class Login(BaseModel):
  password: str = Field(examples=[{"password": "s3cret-pass"}])
  model_config = {"json_schema_extra": {"example": {"password": "s3cret-pass"}}}
OTHER = {"password": "k3y"}`,
      },
      'auth/schemas.py:4 k3y',
    ],
    ['a list of names', { 'a.py': 'import os\nx = os.getenv("SECRET_KEYS", "JWT_SECRET,DB_PASSWORD")' }],
    ["Flask's settings", { 'a.py': 'app.config["SECRET_KEY"] = "k3y"' }, 'a.py:1 k3y'],
    ['several at once', { 'a.py': 'app.config.update(SECRET_KEY="k3y", DEBUG=False)' }, 'a.py:1 k3y'],
    ['a mapping of them', { 'a.py': 'def make(app):\n  app.config.from_mapping({"SECRET_KEY": "k3y"})' }, 'a.py:2 k3y'],
    ["Flask's own", { 'a.py': 'from flask import Flask\napp = Flask("a")\napp.secret_key = "k3y"' }, 'a.py:3 k3y'],
    ['the same in a factory', { 'a.py': 'def init(app):\n  app.secret_key = "k3y"' }, 'a.py:2 k3y'],
    ["another's update", { 'a.py': 'record.update(SECRET_KEY="k3y")' }],
    ['a name that is no application', { 'a.py': 'row.secret_key = "k3y"' }],
    ['a database', { 'a.py': 'import psycopg2\npsycopg2.connect(user="app", password="k3y")' }, 'a.py:2 k3y'],
    ['a name of a thing', { 'src/a.ts': "const RESET_PASSWORD = 'resetPassword'" }],
    ['a rule about passwords', { 'src/a.ts': "const MIN_PASSWORD_LENGTH = '12'\nconst PASSWORD_REGEX = 'a+'" }],
    ['a sentence', { 'src/a.ts': "const WRONG_PASSWORD = 'The password is wrong'" }],
    ['an address', { 'src/a.ts': "const AUTH_TOKEN = 'https://auth.example.com'" }],
    ['what is put in later', { 'src/a.ts': "const JWT_SECRET = '<your secret>'" }],
    ['a local of a function', { 'src/a.ts': "const f = () => { const SECRET = 'k3y' }" }],
  ]
  for (const [title, sources, ...expected] of table)
    test(title, () => {
      assert.deepEqual(shown(sources), expected)
    })
})

describe('words that the program refuses are none', () => {
  const key = `${JWT}const KEY = process.env.KEY ?? 'changeme'\njwt.sign({}, KEY)\n`

  test('compared with, before it stops', () => {
    assert.deepEqual(shown(`${key}if (KEY === 'changeme') throw new Error('no')`), [])
    assert.deepEqual(shown(`${key}if (KEY === 'changeme') { process.exit(1) }`), [])
    assert.deepEqual(shown(`${key}if (['changeme', 'secret'].includes(KEY)) throw new Error('no')`), [])
    assert.deepEqual(shown(`${key}const WEAK_KEYS = ['changeme']`), [])
  })

  test('compared with, and let go on', () => {
    assert.equal(shown(`${key}if (KEY === 'changeme') console.warn('no')`).length, 1)
    assert.equal(shown(`${key}if (KEY === 'other') throw new Error('no')`).length, 1)
  })
})

test('each place once, though two sinks meet there', () => {
  assert.deepEqual(shown(`${JWT}const JWT_SECRET = 'k3y'\njwt.sign({}, JWT_SECRET)\njwt.verify(t, JWT_SECRET)`), [
    'src/app.ts:2 k3y',
  ])
})
