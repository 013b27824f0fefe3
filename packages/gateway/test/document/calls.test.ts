import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Problem } from 'portcullis/fastify'
import { targetCheck } from '../../src/document/calls.ts'
import { readOperations } from '../../src/document/operations.ts'
import type { Part } from '../../src/document/pointers.ts'
import { validator } from '../../src/document/validator.ts'
import { documentOf, operation, parameter } from '../rig.ts'

/** What an operation with these parameters answers to a query and to header fields: 200, or the status and the fields that are refused. */
const judge = (parameters: readonly object[]) => {
  const { served } = readOperations(documentOf({ '/a': { get: operation({ parameters }) } }) as Part)
  const check = targetCheck(served[0] as (typeof served)[number], validator())
  return (headers: Readonly<Record<string, string>>, query = ''): string => {
    try {
      check({ params: {}, query, headers })
      return '200'
    } catch (error) {
      assert.ok(error instanceof Problem, String(error))
      return [error.status, ...(error.document.errors ?? []).map(({ field }) => field)].join(' ')
    }
  }
}

test('a text in a header is judged with the blanks that it is sent with; around the items of a list they are none of it', () => {
  const send = judge([
    parameter('x-name', 'header', { type: 'string', pattern: '^[a-z,]{1,9}$' }),
    parameter('x-list', 'header', { type: 'array', maxItems: 3, items: { type: 'string', enum: ['a', 'b'] } }),
  ])
  assert.equal(send({ 'x-name': 'a,b' }), '200')
  for (const value of ['a, b', 'a ,b', `a${' '.repeat(60)},b`, 'a\t,\tb'])
    assert.equal(send({ 'x-name': value }), '422 /x-name')
  for (const value of ['a,b', 'a, b', 'a ,\tb']) assert.equal(send({ 'x-list': value }), '200')
  assert.equal(send({ 'x-list': 'a, a b' }), '422 /x-list/1')
})

test('no member in brackets has a name that leads to a prototype, in an object that takes any name either', () => {
  const any = { type: 'object', additionalProperties: { type: 'string', maxLength: 9 } }
  const send = judge([parameter('filter', 'query', any, { style: 'deepObject' })])
  assert.equal(send({}, 'filter[a]=1&filter[constructors]=x'), '200')
  for (const name of ['__proto__', 'constructor', 'prototype', '%5F_proto__', 'a.__proto__', '+prototype'])
    assert.equal(send({}, `filter[a]=1&filter[${name}]=x`), '422 ', name)
})
