import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { tokensOf } from '../../../../src/evidence/backend/tokens/tokens.ts'
import { envOf, readingOf, type Sources } from '../../sources.ts'

const lives = (sources: Sources, env: Readonly<Record<string, string>> = {}) =>
  tokensOf(readingOf(sources, { env: envOf(env) })).flatMap((one) => one.lives.map((life) => life.seconds ?? life.why))

const JWT = "import jwt from 'jsonwebtoken'\n"
const made = (life: string) => ({
  'app.ts': `${JWT}const make = (user) => jwt.sign({ sub: user.id }, key, { expiresIn: ${life} })`,
})
const moment = (exp: string) => ({
  'app.ts': `${JWT}const make = (user) => jwt.sign({ sub: user.id, exp: ${exp} }, key)`,
})

describe('a setting that is multiplied', () => {
  const now = 'Math.floor(Date.now() / 1000)'
  const table: readonly (readonly [sources: Sources, expected: number | string])[] = [
    [made('60 * process.env.MINUTES'), 4320 * 60],
    [made('process.env.MINUTES * 60'), 4320 * 60],
    [made('Number(process.env.MINUTES) * 60 * 2'), 4320 * 120],
    [moment(`${now} + 60 * process.env.MINUTES`), 4320 * 60],
  ]
  for (const [sources, expected] of table)
    test(sources['app.ts']?.split('\n')[1] ?? '', () => {
      assert.deepEqual(lives(sources, { MINUTES: '4320' }), [expected])
    })
  test('one that nothing sets is not known', () => {
    assert.deepEqual(lives(made('60 * process.env.MINUTES')), ['MINUTES is set by no file of the project'])
  })
})

describe('a setting by the custom of its name', () => {
  const CONFIG =
    'class Tokens { constructor(config) { this.config = config } make(user) { return jwt.sign({ sub: user.id }, key, { expiresIn: this.config.TOKEN_LIFE }) } }'
  const SCHEMA =
    "import { Type } from '@sinclair/typebox'\nexport const schema = Type.Object({ TOKEN_LIFE: Type.String({ default: '15m' }) })"

  test('is what the files or the schema of the environment say', () => {
    assert.deepEqual(lives({ 'app.ts': `${JWT}${CONFIG}` }, { TOKEN_LIFE: '2h' }), [7200])
    assert.deepEqual(lives({ 'app.ts': `${JWT}${CONFIG}`, 'schema.ts': SCHEMA }), [900])
  })
  test('is looked up where a model of the settings only says its type', () => {
    const python = {
      'a.py': `import jwt
from datetime import datetime, timedelta
class Tokens(BaseModel):
    TOKEN_LIFE_MINUTES: int
class Config(BaseModel):
    tokens: Tokens
config = Config()
def make(user):
    return jwt.encode({"sub": user.id, "exp": datetime.utcnow() + timedelta(minutes=config.tokens.TOKEN_LIFE_MINUTES)}, KEY)`,
    }
    assert.deepEqual(lives(python, { TOKEN_LIFE_MINUTES: '15' }), [900])
  })
  test("in Nest's own style, from a file that dotenv parsed, through a conditional spread", () => {
    const nest = (initial: string): Sources => ({
      'config.ts': `import { parse } from 'dotenv'
        export class ConfigService {
          constructor(path) { this.all = ConfigService.check(parse(readFileSync(path))) }
          static check(given) { const { error, value } = joi.object({ TOKEN_SECONDS: joi.number()${initial} }).validate(given); return value }
          get(key) { return this.all[key] }
        }`,
      'auth.ts': `import { JwtModule, JwtService } from '@nestjs/jwt'
        import { ConfigService } from './config'
        JwtModule.registerAsync({ useFactory: async (config: ConfigService) => ({
          signOptions: { ...(config.get('TOKEN_SECONDS') ? { expiresIn: Number(config.get('TOKEN_SECONDS')) } : {}) } }) })
        class Auth { constructor(private readonly jwt: JwtService) {} token(user) { return this.jwt.sign({ sub: user.id }) } }`,
    })
    assert.deepEqual(lives(nest('.default(1800)')), [1800])
    assert.deepEqual(lives(nest(''), { TOKEN_SECONDS: '7200' }), [7200])
    assert.deepEqual(lives(nest('')), ['TOKEN_SECONDS is set by no file of the project'])
  })
})

describe('a text of digits', () => {
  const life = (value: string, schema = '') =>
    lives(
      { 'app.ts': `${JWT}${schema}const make = (user) => jwt.sign({ sub: user.id }, key, { expiresIn: ${value} })` },
      { TOKEN_LIFE: '3600' },
    )

  test('is milliseconds to the ms package', () => {
    assert.deepEqual(life('process.env.TOKEN_LIFE'), [3.6])
  })
  test('and seconds once something made a number of it', () => {
    assert.deepEqual(life('Number(process.env.TOKEN_LIFE)'), [3600])
    assert.deepEqual(life('+process.env.TOKEN_LIFE'), [3600])
    assert.deepEqual(life('parseInt(process.env.TOKEN_LIFE, 10)'), [3600])
  })
  test('as a schema of the environment does', () => {
    const parsed = (field: string) =>
      life(
        'env.TOKEN_LIFE',
        `import { z } from 'zod'\nconst env = z.object({ TOKEN_LIFE: ${field} }).parse(process.env)\n`,
      )
    assert.deepEqual(parsed('z.coerce.number().int()'), [3600])
    assert.deepEqual(parsed('z.string().transform(Number)'), [3600])
    assert.deepEqual(parsed('z.string().max(5)'), [3.6])
  })
})

describe('a span of pydantic settings that is handed to a typed parameter', () => {
  const sources = (settings: string): Sources => ({
    'config.py': `from functools import lru_cache
from pydantic_settings import BaseSettings
class Settings(BaseSettings):
    token_minutes: int
@lru_cache
def get_settings() -> Settings:
    return Settings()`,
    'auth.py': `import jwt
from datetime import datetime, timedelta, timezone
from typing import Annotated
from config import Settings, get_settings
def make(data: dict, delta: timedelta | None = None) -> str:
    claims = data.copy()
    if delta:
        expire = datetime.now(tz=timezone.utc) + delta
    else:
        expire = datetime.now(tz=timezone.utc) + timedelta(minutes=15)
    claims.update({"exp": expire})
    return jwt.encode(claims, KEY)
@router.post("/token")
async def login(settings: ${settings}):
    life = timedelta(minutes=settings.token_minutes)
    return make(data={"sub": "x"}, delta=life)`,
  })
  for (const settings of ['Annotated[Settings, Depends(get_settings)]', 'Settings = Depends(get_settings)'])
    test(settings, () => {
      assert.deepEqual(lives(sources(settings), { TOKEN_MINUTES: '30' }), [900, 1800])
      assert.deepEqual(lives(sources(settings), { TOKEN_MINUTES: '90' }), [900, 5400])
    })
})

describe('a setting that a plugin decorated the application with', () => {
  const sources = (initial: string, instance: string): Sources => ({
    'schema.ts': `export default { type: 'object', properties: { TOKEN_LIFE: { type: 'string'${initial} } } }`,
    'config.ts': `import fp from 'fastify-plugin'
      export default fp(async (fastify) => {
        await fastify.register(fastifyEnv, { confKey: 'secrets', schema: fastify.getSchema('env') })
        fastify.decorate('settings', { jwt: { life: fastify.secrets.TOKEN_LIFE } })
      })`,
    'auth.ts': `import fp from 'fastify-plugin'
      import jwt from '@fastify/jwt'
      import { FastifyInstance } from 'fastify'
      export default fp(async (${instance}) => {
        fastify.register(jwt, { secret: fastify.settings.jwt.secret })
        fastify.decorateRequest('makeAccessToken', async function () {
          return fastify.jwt.sign({ id: this.user.id }, { expiresIn: fastify.settings.jwt.life })
        })
      })`,
  })
  for (const instance of ['fastify', 'fastify: FastifyInstance'])
    test(instance, () => {
      assert.deepEqual(lives(sources(", default: '1h'", instance)), [3600])
      assert.deepEqual(lives(sources(", default: '1h'", instance), { TOKEN_LIFE: '10m' }), [3600, 600].reverse())
      assert.deepEqual(lives(sources('', instance)), ['TOKEN_LIFE is set by no file of the project'])
    })
  test('of two of that name neither is taken', () => {
    const twice = { ...sources(", default: '1h'", 'fastify'), 'other.ts': "app.decorate('settings', { jwt: {} })" }
    assert.deepEqual(lives(twice), ['fastify.settings.jwt.life could not be followed'])
  })
})
