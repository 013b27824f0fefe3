import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readExpress } from '../../../../src/evidence/backend/express/index.ts'
import { passwordChecksOf } from '../../../../src/evidence/backend/guards/password-checks.ts'
import { isLogin } from '../../../../src/rules/source/routes.ts'
import { readingOf } from '../../sources.ts'

const read = (...lines: readonly string[]) =>
  readExpress(
    readingOf({ 'src/app.ts': ["import express from 'express'", 'const app = express()', ...lines].join('\n') }),
  )

test('a handler is called what it is, not what it is wrapped in', () => {
  const table: readonly (readonly [handler: string, name: string])[] = [
    ['login', 'login'],
    ['auth.login', 'auth.login'],
    ['asyncHandler(login)', 'login'],
    ['toCallback(async (req, res) => { res.end() })', ''],
    ['toCallback(async function login(req, res) { res.end() })', 'login'],
    ['catchErrors(wrap(auth.login))', 'auth.login'],
    ['auth.login.bind(auth)', 'auth.login'],
    ['asyncHandler(auth.login.bind(auth))', 'auth.login'],
    ['measured(known)', 'known'],
    // What a factory is given is not what answers.
    ['makeLogin(users)', 'makeLogin'],
    ["passport.authenticate('local', (error, user) => user)", 'passport.authenticate'],
  ]
  for (const [handler, name] of table) {
    const [route] = read('const known = (req, res) => res.end()', `app.post('/x', ${handler})`).routes
    assert.equal(route?.handler, name, handler)
  }
})

test('a wrapper does not say what a route is for', () => {
  const [route] = read("app.post('/login', toCallback(async (req, res) => { res.end() }))").routes
  assert.equal(route !== undefined && isLogin(route), true)
})

test('a way to log in may have a path of its own', () => {
  const login = (path: string) => {
    const [route] = read(
      'const router = express.Router()',
      `router.post('${path}', asyncHandler(async (req, res) => res.end()))`,
      "app.use('/login', router)",
    ).routes
    return route !== undefined && isLogin(route)
  }
  for (const path of ['/basic', '/password', '/email', '/otp', '/:provider']) assert.equal(login(path), true, path)
  for (const path of ['/history', '/:id', '/logout', '/callback']) assert.equal(login(path), false, path)
})

test('passwords are compared where a library of hashes does it', () => {
  const checks = (from: string, call: string) =>
    passwordChecksOf(readingOf({ 'src/app.ts': `import lib from '${from}'\nawait ${call}` })).length
  for (const [from, call] of [
    ['bcrypt', 'lib.compare(given, user.password)'],
    ['bcryptjs', 'lib.compare(given, user.password)'],
    ['argon2', 'lib.verify(user.hash, given)'],
  ] as const)
    assert.equal(checks(from, call), 1, from)
  assert.equal(checks('semver', 'lib.compare(one, other)'), 0)
  assert.equal(checks('jsonwebtoken', 'lib.verify(token, key)'), 0)
})
