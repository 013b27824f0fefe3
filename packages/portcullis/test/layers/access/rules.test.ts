import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  allow,
  authenticated,
  decide,
  publicAccess,
  readRule,
  role,
  serviceKey,
} from '../../../src/layers/access/index.ts'

const ada = { id: 'ada', roles: ['admin'], sessionId: 's' }
const bob = { id: 'bob', roles: ['superadmin'], sessionId: 's' }
const request = { method: 'GET', params: { id: '1' }, query: {} }

test('a route that says nothing needs a session', () => {
  assert.equal(readRule(undefined), authenticated)
  assert.equal(readRule('authenticated'), authenticated)
  assert.equal(readRule('public'), publicAccess)
})

test('a rule that is misspelt, or made by hand, stops the start', () => {
  for (const wrong of [
    'Public',
    'none',
    '',
    null,
    true,
    false,
    0,
    {},
    [],
    { kind: 'public', label: 'public' },
    () => true,
    ['public'],
    Object.freeze({ kind: 'open' }),
  ]) {
    assert.throws(
      () => readRule(wrong),
      { name: 'TypeError', message: /^access takes 'public'/ },
      JSON.stringify(wrong),
    )
  }
})

test('a role is the whole name, never a part of it', () => {
  assert.equal(decide(role('admin'), ada, request), 200)
  assert.equal(decide(role('admin'), bob, request), 403)
  assert.equal(decide(role('editor', 'admin'), ada, request), 200)
  assert.equal(decide(role('admin'), { ...ada, roles: [] }, request), 403)
})

test('role() without a role, or with something else, is a mistake', () => {
  assert.throws(() => role(), /role\(\) needs the name/)
  for (const wrong of ['', ' ', 'a ', 'sub admin ', 'a\n', '\u0000', 'x'.repeat(65), 7])
    assert.throws(() => role(wrong as string), TypeError, String(wrong))
})

test('a predicate grants by exactly true', async () => {
  for (const answer of [true, false, undefined, null, 1, 'true', {}, [], 'yes']) {
    const rule = allow('owner', () => answer as boolean)
    assert.equal(decide(rule, ada, request), answer === true ? 200 : 403, String(answer))
    assert.equal(
      await decide(
        allow('owner', async () => answer as boolean),
        ada,
        request,
      ),
      answer === true ? 200 : 403,
      String(answer),
    )
  }
})

test('a predicate that throws passes the throw on, to be a refusal', async () => {
  const fail = (): never => {
    throw new Error('down')
  }
  assert.throws(() => decide(allow('owner', fail), ada, request), /down/)
  await assert.rejects(
    async () =>
      decide(
        allow('owner', async () => fail()),
        ada,
        request,
      ),
    /down/,
  )
})

test('an ownership rule may hide that the thing exists', () => {
  assert.equal(
    decide(
      allow('owner', () => false, { refuseWith: 404 }),
      ada,
      request,
    ),
    404,
  )
})

test("a service key's rule is the other rule for everybody with a session", () => {
  const rule = serviceKey('metrics key', Buffer.alloc(32), role('admin'))
  assert.equal(rule.label, 'metrics key or role admin')
  assert.equal(decide(rule, ada, request), 200)
  assert.equal(decide(rule, bob, request), 403)
  assert.throws(() => serviceKey('k', Buffer.alloc(31), role('admin')), /32 bytes/)
})

test('rules are frozen: nothing changes who may call what after the start', () => {
  const rule = role('admin')
  assert.throws(() => Object.assign(rule, { roles: ['user'] }), TypeError)
  assert.ok(Object.isFrozen(allow('owner', () => true)))
})

test('a rule can take neither the name of another kind nor an option that is none', () => {
  for (const label of ['public', 'authenticated', 'role admin', 'owner '])
    for (const make of [() => allow(label, () => true), () => serviceKey(label, Buffer.alloc(32), role('admin'))])
      assert.throws(make, /a label of its own/, label)
  assert.throws(() => role('a or b'), /several as role\('a', 'b'\)/)
  for (const options of [{ refuseWith: 200 }, { refuseWith: '404' }, { refusewith: 404 }])
    assert.throws(() => allow('owner', () => true, options as { refuseWith?: 404 }), /one option, refuseWith/)
})
