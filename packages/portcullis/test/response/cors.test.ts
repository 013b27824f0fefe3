import assert from 'node:assert/strict'
import { test } from 'node:test'
import { cors } from '../../src/response/index.ts'

const app = 'https://app.example.com'

test('only a listed origin, letter by letter, is let in', () => {
  const listed = cors({ origins: [app] })
  assert.equal(listed.fields(app)['access-control-allow-origin'], app)
  assert.equal(listed.fields(app)['vary'], 'Origin')
  for (const other of [
    undefined,
    'null',
    '',
    '*',
    'http://app.example.com',
    'https://app.example.com.evil.test',
    'https://evilapp.example.com',
    'https://app.example.com:8443',
    'https://APP.example.com',
    'https://app.example.com/',
    'https://app.example.com, https://app.example.com',
    'https://app.example.com\u0000',
    '__proto__',
    'constructor',
  ]) {
    assert.equal(listed.fields(other)['access-control-allow-origin'], undefined, String(other))
    assert.equal(listed.fields(other)['vary'], 'Origin', String(other))
    assert.equal(listed.knows(other), false, String(other))
    assert.equal(listed.preflight(other), undefined, String(other))
  }
})

test('a preflight from a listed origin is answered alike for every path', () => {
  const fields = cors({ origins: [app] }).preflight(app)
  assert.equal(fields?.['access-control-allow-methods'], 'GET, HEAD, POST, PUT, PATCH, DELETE')
  assert.equal(fields?.['access-control-allow-headers'], 'Authorization, Content-Type')
})

test("fields that are listed may be sent and read besides the door's own, from a known origin and no other", () => {
  for (const options of [{ origins: [app] }, { unsafeAllowAnyOrigin: true }]) {
    const asked = cors({ ...options, allowedHeaders: ['Idempotency-Key', 'x-csrf'], exposedHeaders: ['X-Total-Count'] })
    assert.equal(
      asked.preflight(app)?.['access-control-allow-headers'],
      'Authorization, Content-Type, Idempotency-Key, x-csrf',
    )
    assert.equal(
      asked.fields(app)['access-control-expose-headers'],
      'RateLimit, RateLimit-Policy, Retry-After, X-Total-Count',
    )
  }
  const listed = cors({ origins: [app], allowedHeaders: ['X-A'], exposedHeaders: ['X-B'] })
  assert.equal(listed.preflight('https://other.test'), undefined)
  assert.deepEqual(listed.fields('https://other.test'), { vary: 'Origin' })
})

test('what is no name of a header field is refused, each by its place', () => {
  const wrong = ['*', 'a b', 'a, b', 'a\r\nset-cookie: x', '', 'é', 7]
  for (const option of ['allowedHeaders', 'exposedHeaders']) {
    assert.throws(
      () => cors({ origins: [app], [option]: wrong }),
      (error: Error & { faults: string[] }) => {
        assert.equal(error.faults.length, wrong.length)
        assert.match(error.faults[0] ?? '', new RegExp(`^cors\\.${option}\\[0\\]: .* a wildcard would never match$`))
        return true
      },
    )
    assert.throws(() => cors({ origins: [app], [option]: 'X-A' }), {
      message: `cors.${option} takes a list, such as ['X-Request-Id']`,
    })
  }
})

test('an entry that is no origin is refused, each by its place', () => {
  const wrong = [
    '*',
    'app.example.com',
    'https://app.example.com/',
    'https://App.example.com',
    'https://*.example.com/x',
    'https://*.example.com',
    'https://app.*:8443',
    'ftp://x',
    'null',
    '',
    7,
    'https://a.test:443',
    'https://u:p@a.test',
  ]
  assert.throws(
    () => cors({ origins: wrong as string[] }),
    (error: Error & { faults: string[] }) => {
      assert.equal(error.faults.length, wrong.length)
      assert.match(error.faults[0] ?? '', /^cors\.origins\[0\]: '\*' would let every page/)
      for (const index of [5, 6])
        assert.match(error.faults[index] ?? '', /an origin is one host; a wildcard would never match$/)
      return true
    },
  )
})

test('no list means no page of another origin', () => {
  assert.deepEqual(cors({}).fields(app), {})
  assert.equal(cors({}).preflight(app), undefined)
})

test('any origin, asked for by its ugly name, never comes with credentials', () => {
  const fields = cors({ unsafeAllowAnyOrigin: true }).fields('https://who.test')
  assert.equal(fields['access-control-allow-origin'], '*')
  assert.equal(fields['access-control-allow-credentials'], undefined)
})
