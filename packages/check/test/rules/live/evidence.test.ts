import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { test } from 'node:test'
import type { LiveFacts } from '../../../src/evidence/live/index.ts'
import { excerpt, quoter, shown, visible } from '../../../src/rules/live/evidence.ts'

const said = (word: string): string =>
  execFileSync('sh', ['-c', `printf %s ${word}`], {
    env: { PATH: process.env['PATH'], TOKEN: 'tok', HOME: '/home/x' },
  }).toString()

test('a word for the shell is what it was, with our placeholders in it and nothing else expanded', () => {
  const quoted = quoter([{ value: 'hunter2', shell: '$TOKEN' }])
  for (const text of [
    "it's",
    '$(touch /tmp/x)',
    '`id`',
    '$HOME',
    '"; rm -rf ~ #',
    'a\\',
    '!!',
    '*',
    '',
    '-n',
    "'$TOKEN'",
    '{a,b}',
  ]) {
    assert.equal(said(quoted(text)), text)
  }
  assert.equal(said(quoted('Bearer hunter2')), 'Bearer tok')
  assert.equal(said(quoted(`{"a":"hunter2","b":"'$TOKEN"}`)), `{"a":"tok","b":"'$TOKEN"}`)
})

test('a token that nobody knew of is the placeholder as well, and one that the shell fills in', () => {
  const quoted = quoter([])
  const token = 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl'
  assert.equal(quoted(`authorization: Bearer ${token}`), `'authorization: Bearer '"$TOKEN"`)
  assert.equal(said(quoted(`authorization: Bearer ${token}`)), 'authorization: Bearer tok')
  assert.equal(said(quoted(token)), 'tok')
})

test('nothing that a server says moves the cursor or turns the text', () => {
  assert.equal(visible('a\u001b[31mb\r\nc\u202ed\u0000'), 'a [31mb c d ')
})

test('a password is hidden in every dress it is sent in', () => {
  const password = 'p@ss "word"+ä&1'
  const facts = {
    base: 'http://127.0.0.1:1',
    stands: [{ value: password, shell: '$PASSWORD' }],
  } as unknown as LiveFacts
  for (const body of [
    JSON.stringify({ password }),
    new URLSearchParams({ password }).toString(),
    `password=${encodeURIComponent(password)}`,
  ]) {
    const exchange = {
      method: 'POST',
      path: '/login',
      headers: {},
      body,
      status: 200,
      answered: {},
      cookies: [],
      text: '',
      ms: 1,
    }
    const { curl, request } = shown(facts, exchange, { request: body })
    assert.match(curl, /"\$PASSWORD"/)
    assert.doesNotMatch(curl + request, /"word|%22word/)
  }
})

test('nothing of a secret is left where an excerpt cuts it', () => {
  const password = 'correct horse battery staple'
  const facts = { stands: [{ value: password, shell: '$PASSWORD' }] } as unknown as LiveFacts
  const token = `eyJhbGciOiJIUzI1NiJ9.${'c3ViamVjdA'.repeat(30)}.${'c2lnbmF0dXJl'.repeat(4)}`
  for (let before = 0; before < 180; before += 1) {
    const filled = 'x '.repeat(before)
    for (const text of [
      excerpt(facts, `${filled}${token}`),
      excerpt(facts, `${filled}${password}`),
      excerpt(facts, `${token}${' x'.repeat(before % 15)} here`, 'here'),
      excerpt(facts, `${password}${' x'.repeat(before % 15)} here`, /here/),
    ]) {
      assert.doesNotMatch(text, /c3ViamVjdA|c2lnbmF0dXJl|horse|staple/)
      assert.ok(text.length <= 151)
    }
  }
  assert.equal(
    excerpt(facts, `${'y'.repeat(40)} here ${'z'.repeat(200)}`, 'here'),
    `…${'y'.repeat(29)} here ${'z'.repeat(115)}`,
  )
  assert.equal(excerpt(facts, 'as it is', 'elsewhere'), 'as it is')
})

test('a password that is a syllable or a name is hidden where it was sent, and garbles nothing else', () => {
  const account = 'a1@in.pw'
  for (const password of ['a', '1', 'in', 'pw', 'password', 'admin', 'test']) {
    const facts = { base: 'http://127.0.0.1:1', stands: [{ value: password, shell: '$PASSWORD' }] }
    for (const [body, sent] of [
      [JSON.stringify({ account, password }), `'{"account":"a1@in.pw","password":"'"$PASSWORD"'"}'`],
      [new URLSearchParams({ account, password }).toString(), `'account=a1%40in.pw&password='"$PASSWORD"`],
    ] as const) {
      const exchange = {
        method: 'POST',
        path: '/admin/login/test',
        headers: { 'content-type': 'a/in' },
        body,
        status: 1,
      }
      const seen = shown(facts as unknown as LiveFacts, exchange as never, {
        request: 'in a wrong password of a known account',
        response: `{"sent":"${password}","is":"a wrong password of a test in 1"}`,
      })
      assert.equal(seen.request, 'POST /admin/login/test, in a wrong password of a known account')
      assert.match(seen.response, /^1, \{"sent":"\S*… \(sha256:\w{12}\)","is":"a wrong password of a test in 1"\}$/)
      assert.equal(
        seen.curl,
        `curl -i -X POST http://127.0.0.1:1/admin/login/test -H 'content-type: a/in' --data-raw ${sent}`,
      )
    }
  }
})
