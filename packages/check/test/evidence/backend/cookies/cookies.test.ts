import assert from 'node:assert/strict'
import { test } from 'node:test'
import { cookiesOf } from '../../../../src/evidence/backend/cookies/cookies.ts'
import { readingOf } from '../../sources.ts'

const ALL = 'HttpOnly Secure SameSite'

const table: readonly (readonly [text: string, ...missing: string[]])[] = [
  ["res.cookie('session', id, { httpOnly: true, secure: true, sameSite: 'lax' })", ''],
  ["res.cookie('session', id, { httpOnly: true, secure: true, sameSite: true })", ''],
  ["res.cookie('session', id)", ALL],
  ["res.cookie('session', id, {})", ALL],
  ["res.cookie('session', id, { httpOnly: true })", 'Secure SameSite'],
  ["res.cookie('session', id, { httpOnly: false, secure: false, sameSite: 'none' })", ALL],
  ["res.cookie('session', id, { httpOnly: true, secure: inProduction, sameSite: 'None' })", 'SameSite'],
  ["res.cookie('session', id, { httpOnly: true, secure: x ? true : false, sameSite: 'lax' })", ''],
  ["res.cookie('session', id, options)", ''],
  ["res.cookie('theme', 'dark')"],
  ['res.cookie(name, id)'],
  ["res.cookie('session')"],
  ["const NAME = 'refresh_token'; res.cookie(NAME, id)", ALL],
  ["import { setCookie } from 'hono/cookie'; setCookie(c, 'session', id)", ALL],
  [
    "import { setCookie } from 'hono/cookie'; setCookie(c, 'session', id, { httpOnly: true, secure: true, sameSite: 'Strict' })",
    '',
  ],
  ["reply.setCookie('session', id, { httpOnly: true, secure: true, sameSite: 'lax' })", ''],
  ["reply.setCookie('session', id)", ALL],
  ["import session from 'express-session'; app.use(session({ secret }))", 'Secure SameSite'],
  [
    "import session from 'express-session'; app.use(session({ secret, cookie: { secure: true, sameSite: 'lax' } }))",
    '',
  ],
  [
    "import session from 'express-session'; app.use(session({ secret, cookie: { secure: true, sameSite: 'lax', httpOnly: false } }))",
    'HttpOnly',
  ],
  ["import cookieSession from 'cookie-session'; app.use(cookieSession({ keys, secure: true, sameSite: 'lax' }))", ''],
  ["import session from './session'; app.use(session({ secret }))"],
  [
    "const setCookie = (reply, name, value) => reply.header('set-cookie', safe(name, value)); setCookie(reply, 'session', id)",
  ],
  // What is called production is set where it is run.
  [
    "const settings = { env: process.env.APP_ENV ?? 'local' }; res.cookie('session', id, { httpOnly: true, secure: settings.env !== 'local', sameSite: 'lax' })",
    '',
  ],
  [
    "const env = 'local'; res.cookie('session', id, { httpOnly: true, secure: env !== 'local', sameSite: 'lax' })",
    'Secure',
  ],
]

for (const [text, ...missing] of table)
  test(text, () => {
    assert.deepEqual(
      cookiesOf(readingOf({ 'src/app.ts': text })).map((one) => one.missing.join(' ')),
      missing,
    )
  })

test('of Starlette, which sets SameSite itself', () => {
  const missing = (text: string) => cookiesOf(readingOf({ 'a.py': text })).map((one) => one.missing.join(' '))
  assert.deepEqual(missing('response.set_cookie("session", id)'), ['HttpOnly Secure'])
  assert.deepEqual(missing('response.set_cookie(key="session", value=id, httponly=True, secure=True)'), [''])
  assert.deepEqual(missing('response.set_cookie(key="session", value=id, httponly=True, secure=False)'), ['Secure'])
  assert.deepEqual(missing('response.set_cookie("theme", "dark")'), [])
  assert.deepEqual(missing('response.set_cookie("session", id, 60, 60, "/", None, True, True, "lax")'), [''])
  assert.deepEqual(missing('response.set_cookie("session", id, 60, 60, "/", None, False, True, "none")'), [
    'Secure SameSite',
  ])
  const options = 'options = {"key": "refresh_token", "value": id, "httponly": True, "secure": False}\n'
  assert.deepEqual(missing(`${options}response.set_cookie(**options)`), ['Secure'])
  const settings = `from pydantic_settings import BaseSettings
class Settings(BaseSettings):
    COOKIE_NAME: str = "refresh_token"
    COOKIE_SECURE: bool = False
settings = Settings()
`
  assert.deepEqual(
    missing(`${settings}response.set_cookie(settings.COOKIE_NAME, id, httponly=True, secure=settings.COOKIE_SECURE)`),
    ['Secure'],
  )
})

test('of Starlette, by what the environment is called', () => {
  const missing = (secure: string) =>
    cookiesOf(
      readingOf({
        'a.py': `from pydantic_settings import BaseSettings
class Settings(BaseSettings):
    app_env: str = "local"
    cookie_secure: bool = False
settings = Settings()
response.set_cookie("session", id, httponly=True, secure=${secure})`,
      }),
    ).map((one) => one.missing.join(' '))
  assert.deepEqual(missing('settings.app_env != "local"'), [''])
  assert.deepEqual(missing('settings.app_env == "production"'), [''])
  // A switch of its own is off where nobody sets it.
  assert.deepEqual(missing('settings.cookie_secure'), ['Secure'])
})
