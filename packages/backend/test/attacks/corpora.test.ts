import assert from 'node:assert/strict'
import { test } from 'node:test'
import { corpus } from '../../../portcullis/test/cases.ts'
import { backend, call, newClient, person, UNLIMITED } from '../backend.ts'

const isProblem = (
  answer: { status: number; headers: Headers; body: { type?: string; status?: number } | undefined },
  what: string,
): void => {
  assert.ok(answer.status < 500, `${what}: ${answer.status}`)
  if (answer.status < 400) return
  assert.equal(answer.headers.get('content-type'), 'application/problem+json', what)
  assert.equal(answer.body?.status, answer.status, what)
  assert.equal(typeof answer.body?.type, 'string', what)
}

test('naughty strings through every field of every route: a 4xx problem or an exact round trip, never a 5xx', async (t) => {
  const data = corpus<{ strings: string[] }>(t, 'naughty-strings.json')
  if (data === undefined) return
  const { address } = await backend(t, UNLIMITED)
  const { token, email } = await person(address)
  const password = 'correct horse battery'
  const note = (await call(address, 'POST', '/notes', { token, body: { title: 'x', body: 'x' } })).body.id
  let stored = 0
  for (const text of data.strings) {
    const path = encodeURIComponent(text)
    const requests: readonly (readonly [string, string, unknown?])[] = [
      ['POST', '/auth/register', { email: text, username: 'someone', password }],
      ['POST', '/auth/register', { email, username: text, password }],
      ['POST', '/auth/register', { email, username: 'someone', password: text }],
      ['POST', '/auth/login', { email: text, password }],
      ['POST', '/auth/login', { username: text, password }],
      ['POST', '/auth/login', { email: 'x@y.example', password: text.slice(0, 9) }],
      ['POST', '/auth/refresh', { refresh_token: text }],
      ['POST', '/auth/password', { current_password: text.slice(0, 9), new_password: text }],
      ['PATCH', '/users/me', { username: text.includes('admin') ? '!' : text.length < 3 ? text : `${text}!` }],
      ['PATCH', '/users/me', { email: text, current_password: text }],
      ['DELETE', `/auth/sessions/${path}`],
      ['GET', `/users?limit=${path}`],
      ['GET', `/users?after=${path}`],
      ['PUT', `/users/${path}/roles`, { roles: [text] }],
      ['POST', `/users/${path}/disable`, {}],
      ['GET', `/notes?limit=${path}&after=${path}`],
      ['GET', `/notes?${path}=1`],
      ['GET', `/notes/${path}`],
      ['PUT', `/notes/${path}`, { title: text, body: text }],
      ['DELETE', `/notes/${path}`],
      ['POST', '/notes', { [text]: 'x', title: 'x', body: 'x' }],
      ['GET', `/${path}`],
      ['GET', `/health?${path}`],
    ]
    for (const [method, target, body] of requests) {
      const answer = await call(address, method, target, { token, body })
      isProblem(answer, `${method} ${target} ${JSON.stringify(body)}`)
    }
    const answer = await call(address, 'PUT', `/notes/${note}`, { token, body: { title: 'x', body: text } })
    isProblem(answer, `PUT /notes ${JSON.stringify(text)}`)
    if (answer.status === 200) {
      stored += 1
      assert.equal(
        (await call(address, 'GET', `/notes/${note}`, { token })).body.body,
        text,
        'not the round trip of the same text',
      )
    } else if (text.length > 12) {
      assert.ok(!answer.text.includes(text), 'the refused value was echoed')
    }
  }
  t.diagnostic(`${data.strings.length} strings through 23 fields; ${stored} kept and read back to the letter`)
  assert.ok(stored > data.strings.length / 2)
})

test('naughty strings as header fields: never a 5xx', async (t) => {
  const data = corpus<{ strings: string[] }>(t, 'naughty-strings.json')
  if (data === undefined) return
  const { address } = await backend(t, UNLIMITED)
  for (const text of data.strings) {
    const value = Buffer.from(text.replace(/[\0\r\n]/g, '').trim()).toString('latin1')
    for (const name of [
      'authorization',
      'origin',
      'cookie',
      'x-forwarded-for',
      'user-agent',
      'content-type',
      'accept',
      'x-http-method-override',
    ]) {
      let answer: Awaited<ReturnType<typeof call>>
      try {
        answer = await call(address, 'GET', '/users/me', { headers: { [name]: value } })
      } catch (error) {
        // The client itself refuses to send some of them.
        assert.match(String((error as Error).message), /fetch failed|invalid|Headers/i)
        continue
      }
      isProblem(answer, `${name}: ${JSON.stringify(text)}`)
      assert.ok(answer.status >= 400, 'a protected route was reached')
    }
  }
})

interface JsonText {
  readonly name: string
  readonly base64?: string
  readonly repeat?: readonly [string, number]
}

const bytesOf = ({ base64, repeat }: JsonText): Buffer =>
  repeat === undefined ? Buffer.from(base64 ?? '', 'base64') : Buffer.from(repeat[0].repeat(repeat[1]))

test('JSON texts of the parsing suite as bodies: reject answers 400, nothing answers 5xx', async (t) => {
  const data = corpus<{ parsing: (JsonText & { expect: 'accept' | 'reject' | 'either' })[]; transform: JsonText[] }>(
    t,
    'json-parsing.json',
  )
  if (data === undefined) return
  const { address } = await backend(t, UNLIMITED)
  const { token } = await person(address)
  const send = async (body: Buffer) => {
    const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}`, ...newClient() }
    const response = await fetch(`${address}/notes`, { method: 'POST', headers, body })
    const text = await response.text()
    return { status: response.status, headers: response.headers, body: JSON.parse(text), text }
  }
  let rejected = 0
  for (const one of data.parsing) {
    const bytes = bytesOf(one)
    const answer = await send(bytes)
    isProblem(answer, one.name)
    if (one.expect !== 'reject') continue
    rejected += 1
    assert.equal(answer.status, bytes.length > 65_536 ? 413 : 400, one.name)
  }
  assert.ok(rejected > 150)
  for (const one of data.transform) {
    const answer = await send(bytesOf(one))
    isProblem(answer, one.name)
    const broken = /same_key|invalid_codepoint/.test(one.name)
    assert.equal(answer.status, broken ? 400 : 422, one.name)
  }
})
