/** Session cookies whose names are settings. */
import { express, table } from './judged.ts'

const cookie = (name: string) =>
  express(
    `app.post('/login', (req, res) => { res.cookie(${name}, id, { httpOnly: true, secure: true, sameSite: 'none' }) })`,
  )

const FAIL = ['fail src/app.ts:3: A session cookie without SameSite.']
const NONE = ['not-applicable (none in 1 file): The program sets no session cookie.']

table('cookie-flags', [
  ['fails: a variable’s name says what it is', cookie('process.env.REFRESH_TOKEN_COOKIE_NAME'), FAIL],
  ['fails: also where its default says nothing', cookie("process.env.SESSION_COOKIE ?? 'jid'"), FAIL],
  ['is not applicable: another setting', cookie('process.env.THEME_COOKIE_NAME'), NONE],
])
