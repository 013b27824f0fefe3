import assert from 'node:assert/strict'
import { test } from 'node:test'
import { field } from '../../../src/layers/validation/index.ts'

const TAKEN = [
  'https://example.com',
  'HTTP://Example.com:8080/a/b?c=d&e=@f#g@h',
  'https://example.com?next=https://a@b',
  'https://bücher.example/a',
  'http://127.0.0.1/',
  'http://[::1]:3000/a',
  'https://example.com/a\\b',
  'https://example.com#a',
]

/** Two readers find two hosts in it, or one of them none; or there are credentials. */
const REFUSED = [
  'https://a.example\\@b.example',
  'https://a.example\\.b.example',
  'https:\\\\a.example',
  'https:a.example',
  'https:/a.example',
  'https:///a.example',
  'https://\\a.example',
  'https://@a.example',
  'https://:@a.example',
  'https://ada@a.example',
  'https://ada:pass@a.example',
  'https://a.example:80@b.example',
  'https://a%40b.example',
  'https://',
  'https://?a',
  'https://:80',
  'https://a.example:99999',
  'https://a b.example',
  'ftp://a.example',
  'javascript:alert(1)',
  '//a.example',
]

test('a URL has one host, whoever reads it, and no credentials', () => {
  for (const url of TAKEN) assert.ok(field.url.safeParse(url).success, url)
  for (const url of REFUSED) assert.ok(!field.url.safeParse(url).success, url)
})
