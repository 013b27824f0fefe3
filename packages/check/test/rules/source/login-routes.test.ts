/** Which routes check a credential, by their path and what their handler is called. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Route } from '../../../src/evidence/backend/index.ts'
import { isLogin } from '../../../src/rules/source/routes.ts'

const login = (line: string): boolean => {
  const [method = '', path = '', handler = ''] = line.split(' ')
  const at = { file: 'app.ts', line: 1, text: '' }
  const route: Route = { framework: 'express', method, path, handler, at, guard: 'none', limiters: [], inputs: [] }
  return isLogin(route)
}

test('is a login by its path, whatever its handler does besides', () => {
  const lines = [
    'POST /login loginAndUpdateLastSeen',
    'POST /login exchangeCredentials',
    'POST /auth/sign-in changeSession',
    'POST /sign_in/ resetTries',
    'POST /auth exchangeCredentials',
    'POST /token exchange',
    'POST /auth/login/swagger login_swagger',
  ]
  for (const line of lines) assert.equal(login(line), true, line)
})

test('is none: what is done with a session or a password that is there', () => {
  const lines = [
    'POST /login/history list',
    'POST /auth/token refreshtoken',
    'POST /auth/token tokenrefresh',
    'POST /auth changePassword',
    'POST /auth update_profile',
    'POST /session deleteSession',
    'POST /auth/logout logout',
    'POST /auth/login-callback done',
    'POST /auth/session/me me',
    'GET /login form',
  ]
  for (const line of lines) assert.equal(login(line), false, line)
})
