import assert from 'node:assert/strict'
import { test } from 'node:test'
import { tokensOf } from '../../../../src/evidence/backend/tokens/tokens.ts'
import { verificationsOf } from '../../../../src/evidence/backend/tokens/verifications.ts'
import { envOf, readingOf, shownValue } from '../../sources.ts'

const JWT = "import jwt, { sign, verify } from 'jsonwebtoken'\nimport util, { promisify } from 'node:util'\n"

const tokens = (text: string, env: Readonly<Record<string, string>> = {}) =>
  tokensOf(readingOf({ 'src/app.ts': JWT + text }, { env: envOf(env) })).map((one) => {
    const lives = one.lives.map((life) => life.seconds ?? `? ${life.why}`).join('|')
    return `${one.purpose} ${lives || 'for ever'} ${shownValue(one.claims)}`
  })

test('a token is made by whatever name the call goes', () => {
  const claims = "{ sub: 'a' }, key, { expiresIn: '15m' }"
  for (const text of [
    `promisify(sign)(${claims})`,
    `util.promisify(jwt.sign)(${claims})`,
    `promisify(jwt.sign.bind(jwt))(${claims})`,
    `import pify from 'pify'\npify(sign)(${claims})`,
    `import Promise from 'bluebird'\nPromise.promisify(jwt.sign)(${claims})`,
    `const make = promisify(jwt.sign)\nmake(${claims})`,
    `const make = jwt.sign.bind(jwt)\nmake(${claims})`,
    `const make = jwt.sign\nmake(${claims})`,
    `const { sign: make } = jwt\nmake(${claims})`,
  ])
    assert.deepEqual(tokens(text), ['access 900 {sub: "a"}'], text)
})

test('what is called like that and is of another package makes none', () => {
  for (const text of [
    "import { sign as other } from 'tweetnacl'\npromisify(other)({}, key)",
    "import crypto from 'node:crypto'\npromisify(crypto.sign)('sha256', text, key)",
    'const make = wallet.sign\nmake({}, key)',
    'promisify(jwt.decode)(token)',
  ])
    assert.deepEqual(tokens(text), [], text)
})

test('a token is read by whatever name the call goes', () => {
  const found = (text: string) =>
    verificationsOf(readingOf({ 'src/app.ts': JWT + text })).map((one) => `${one.library} ${one.expiryIgnored}`)
  for (const text of [
    'promisify(verify)(token, key)',
    'util.promisify(jwt.verify)(token, key)',
    'const read = promisify(jwt.verify)\nread(token, key)',
  ])
    assert.deepEqual(found(text), ['jsonwebtoken false'], text)
  assert.deepEqual(found('promisify(verify)(token, key, { ignoreExpiration: true })'), ['jsonwebtoken true'])
})

const CLAIMS = `class Claims {
  sub: string
  iat: number
  exp: number
  constructor(subject: string, life: number) {
    this.sub = subject
    this.iat = Math.floor(Date.now() / 1000)
    this.exp = this.iat + life
  }
}
`

test('claims that a constructor put together are those, with what it was given', () => {
  const made = (life: string) => `${CLAIMS}jwt.sign({ ...new Claims('a', ${life}) }, key)`
  assert.deepEqual(tokens(made('900')), ['access 900 {sub: "a", iat: now+0s as s, exp: now+900s as s}'])
  const claims = '{sub: "a", iat: now+0s as s, exp: ?timedelta.1.LIFE}'
  assert.deepEqual(tokens(made('Number(process.env.LIFE)'), { LIFE: '7200' }), [`access 7200 ${claims}`])
  assert.deepEqual(tokens(made('Number(process.env.LIFE)')), [
    `access ? LIFE is set by no file of the project ${claims}`,
  ])
  assert.deepEqual(tokens(`${CLAIMS}jwt.sign(Object.assign({}, new Claims('a', 60)), key)`), [
    'access 60 {sub: "a", iat: now+0s as s, exp: now+60s as s}',
  ])
})

test('through the functions that hand them on', () => {
  const text = `${CLAIMS}const encode = async (payload: Claims) => promisify(sign)({ ...payload }, key)
export default { encode }
export const login = async () => {
  const accessToken = await encode(new Claims('a', 900))
  const refreshToken = await encode(new Claims('a', 86400))
}`
  const claims = (life: number) => `{sub: "a", iat: now+0s as s, exp: now+${life}s as s}`
  assert.deepEqual(tokens(text), [`access 900 ${claims(900)}`, `refresh 86400 ${claims(86400)}`])
})

test('a parameter that is a field is one', () => {
  const text = 'class Claims { constructor(readonly sub: string, public exp: number, other: string) {} }\n'
  assert.deepEqual(tokens(`${text}jwt.sign({ ...new Claims('a', Math.floor(Date.now() / 1000) + 60, 'b') }, key)`), [
    'access 60 {sub: "a", exp: now+60s as s}',
  ])
})

test('an expiry of a constructor that nobody is seen to call is not known, and is one', () => {
  assert.deepEqual(tokens(`${CLAIMS}export const encode = (payload: Claims) => jwt.sign({ ...payload }, key)`), [
    'access ? its claims come from somewhere else {...a Claims}',
  ])
})
