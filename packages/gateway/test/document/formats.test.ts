import assert from 'node:assert/strict'
import { test } from 'node:test'
import { within } from '../../src/document/patterns.ts'
import { schemaCloser } from '../../src/document/schemas.ts'
import { validator } from '../../src/document/validator.ts'

const passes = (format: string): ((value: string) => boolean) => {
  const check = validator().compile(schemaCloser({}).close({ type: 'string', format, maxLength: 99 }))
  // A url is judged under the clock, which on a busy machine is over soon.
  return (value) => within({ leftMs: 10_000 }, () => check(value).length === 0)
}

/** What each format takes. Those of `regex` and of JSON pointers may hold any character, a line break too. */
const HONEST: Readonly<Record<string, readonly string[]>> = {
  byte: ['', 'aGk=', 'aA==', 'aGVs', '+/+/'],
  date: ['2020-02-29'],
  time: ['10:00:00Z', '10:00:00.5+01:00', '10:00:00', '10:00:00.123456'],
  'date-time': [
    '2020-02-29T10:00:00Z',
    '2020-02-29t10:00:00.123456z',
    '2020-02-29 10:00:00-08:30',
    '1990-12-31T23:59:60Z',
  ],
  'iso-time': ['10:00:00'],
  'iso-date-time': ['2020-02-29T10:00:00', '2020-02-29T10:00:00+0100', '2020-02-29 10:00:00Z'],
  duration: ['P1DT2H', 'P3W', 'P1Y2M10DT2H30M', 'PT0.5S', '-P1DT1.25S', 'PT0S'],
  email: ['ada@example.com'],
  hostname: ['example.com'],
  ipv4: ['127.0.0.1'],
  ipv6: ['2001:db8::1'],
  uuid: ['123e4567-e89b-12d3-a456-426614174000'],
  uri: ['https://example.com/a?b#c'],
  'uri-reference': ['/a/b?c'],
  'uri-template': ['/a/{b}'],
  url: ['https://example.com/a'],
  'json-pointer-uri-fragment': ['#/a'],
}

/** These take letters beyond ASCII, and what Unicode has of blanks with them (RFC 6570 §1.5). */
const WIDE = new Set(['uri-template', 'url'])

for (const [format, texts] of Object.entries(HONEST))
  test(`no line break nor tab stands in, before or behind a text of the format ${format}`, () => {
    const taken = passes(format)
    for (const text of texts) {
      assert.ok(taken(text), text)
      for (const odd of ['\n', '\r\n', '\r', '\t', '\v', ...(WIDE.has(format) ? [] : ['\u2028', '\u00a0', '\ufeff'])])
        for (const at of [0, Math.ceil(text.length / 2), 10, text.length])
          assert.ok(!taken(text.slice(0, at) + odd + text.slice(at)), JSON.stringify([text, odd, at]))
      // In the place of a character too: of the T of a time.
      for (let at = 0; at < text.length; at += 1)
        assert.ok(!taken(`${text.slice(0, at)}\n${text.slice(at + 1)}`), JSON.stringify([text, at]))
    }
  })

test('a text that has a line of base64 is none, nor is one without its padding or in the alphabet of URLs', () => {
  const taken = passes('byte')
  for (const text of [
    '<script>\n',
    '<script>\naGk=',
    'aGk=\n<script>',
    'aGk',
    'aGk==',
    'a',
    'aG==k',
    '-_-_',
    'aGk= ',
    '====',
  ])
    assert.ok(!taken(text), JSON.stringify(text))
})

test('a time is one of RFC 3339: a day that there is, and hours and minutes of the offset', () => {
  const taken = passes('date-time')
  for (const text of [
    ...['2020-01-01\n00:00:00Z', '2020-01-01T00:00:00', '2021-02-29T00:00:00Z', '2020-01-01T24:00:00Z'],
    ...['2020-01-01T00:00:00+01', '2020-01-01T00:00:00+0100', '2020-01-01  00:00:00Z', '2020-01-01T00:00Z', ''],
    ...['2020-01-01T00:00:60Z', '٢٠٢٠-01-01T00:00:00Z'],
  ])
    assert.ok(!taken(text), JSON.stringify(text))
})

test('a time of day has seconds, and an offset that is hours and minutes or none', () => {
  const taken = passes('time')
  for (const text of [
    ...['10:00', '10:00Z', '24:00:00', '10:60:00', '10:00:60', '1:00:00', '10:00:00+01', '10:00:00+0100', ''],
    ...['10:00:00+25:00', '10:00:00.', '2020-01-01T10:00:00', '10:00:00 Z', '10', '100000'],
  ])
    assert.ok(!taken(text), JSON.stringify(text))
})

test('a duration has each unit once, in their order, and parts of seconds alone', () => {
  const taken = passes('duration')
  for (const text of [
    ...['', 'P', 'PT', 'P1DT', '1D', 'P1', 'P1H', 'PT1D', 'P1D1Y', 'P1W1D', 'PT1S1M', 'P-1D', '+P1D', '--P1D', 'p1d'],
    ...['PT.5S', 'PT1.S', 'PT1.5M', 'P1.5D', 'PT1,5S', '1 day', '10:00:00'],
  ])
    assert.ok(!taken(text), JSON.stringify(text))
})

test('a url may lead to this machine, to a private address, or to a name beyond ASCII in either spelling', () => {
  const taken = passes('url')
  for (const text of [
    ...['http://localhost:3000/callback?a=b', 'http://127.0.0.1:8000', 'https://10.0.0.5/hook', 'http://[::1]:80/a'],
    ...[
      'http://backend:8080/a',
      'https://xn--bcher-kva.example/',
      'https://b\u00fccher.example/\u00fc',
      'HTTPS://A.b/c',
    ],
  ])
    assert.ok(taken(text), text)
  for (const text of [
    ...['', 'localhost', '//localhost/', 'http:localhost', 'http://', 'javascript:alert(1)', 'file:///etc/passwd'],
    ...[
      'http://local host/',
      'http://localhost/<script>',
      'http://localhost/\\a',
      'data:text/html,a',
      ' http://localhost/',
    ],
  ])
    assert.ok(!taken(text), text)
})
