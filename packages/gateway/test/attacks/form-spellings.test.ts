import assert from 'node:assert/strict'
import { after, beforeEach, test } from 'node:test'
import { call, documentOf, operation, startGateway } from '../rig.ts'
import { recordingUpstream } from '../upstreams/recording.ts'

const FORM = 'application/x-www-form-urlencoded'
const text = { type: 'string', maxLength: 20 }
const fixed = { ...text, readOnly: true }
const body = (schema: object) => operation({ requestBody: { required: true, content: { [FORM]: { schema } } } })
const open = {
  type: 'object',
  properties: { name: { type: 'string', enum: ['a'] }, role: fixed, is_admin: fixed, 'tags[]': text, 'a.b': text },
  additionalProperties: true,
}
const dotted = { ...open, properties: { ...open.properties, 'user.role': fixed, user_name: text, is_ad_min: fixed } }
const upstream = await recordingUpstream({ after })
beforeEach(() => upstream.clear())
const paths = {
  '/open': { post: body(open) },
  '/either': { post: body({ anyOf: [open, { type: 'object' }] }) },
}
const { address } = await startGateway({ after } as never, {
  upstream: upstream.origin,
  document: documentOf({ ...paths, '/dotted': { post: body(dotted) } }),
  settings: {
    access: Object.fromEntries([...Object.keys(paths), '/dotted'].map((path) => [`POST ${path}`, 'public'])),
  },
})
const send = (path: string, form: string) =>
  call(address, 'POST', path, { body: form, headers: { 'content-type': FORM } })

/** qs, PHP, Spring or ASP.NET reads each of them as one that the document describes. */
const SPELLINGS = [
  ...[
    'role',
    'role[]',
    'role%5B%5D',
    'role[0]',
    'role[x][y]',
    '[role]',
    '[role][0]',
    'role.',
    'role.x',
    'role]',
    'role[',
  ],
  ...['+role', 'role+', '%20role', 'role%20[]', '%09role', 'ROLE', 'Role[]', 'role%00', 'role%00x', 'rol%2565'],
  ...['is.admin', 'is+admin', 'is.admin[]', 'is_admin[]', 'name[]', 'name[1]', 'name.x', 'NAME', 'tags', 'tags[0]'],
]
for (const path of Object.keys(paths))
  test(`an open form takes no name that is a described one in another spelling: ${path}`, async () => {
    for (const name of SPELLINGS) {
      const { status } = await send(path, `name=a&${name}=admin`)
      // NUL is no part of a form at all.
      assert.equal(status, name.includes('%00') ? 400 : 422, name)
    }
    assert.deepEqual(upstream.requests, [])
    for (const form of ['name=a&roles=x&admin=y&user[role]=z&tags[]=x&a.b=c&nam=d', 'name=a'])
      assert.equal((await send(path, form)).status, 200, form)
  })

test('nor one that PHP, Rack, Spring or ASP.NET alone reads as such', async () => {
  // PHP takes brackets that are not closed for underscores, Rack no notice of those in front, Spring what stands behind `!` for what is not sent,
  // and behind `_` for what is empty, ASP.NET brackets for dots.
  for (const name of [
    ...['is[admin', 'is%5Badmin', 'is[ad[min', ']role', '[]role', '][role]', ']is_admin'],
    ...['!role', '!ROLE', '!is_admin', '_role', '_is_admin', 'user[role]', 'USER[role]'],
  ])
    assert.equal((await send('/dotted', `name=a&${name}=admin`)).status, 422, name)
  assert.deepEqual(upstream.requests, [])
  for (const name of ['user[name]', 'user[id]', '!', 'is[ad]min', 'is', 'is[a[dmin', '_', '_roles'])
    assert.equal((await send('/dotted', `name=a&${name}=admin`)).status, 200, name)
})

test('nor one that Go reads as such by its letters', async () => {
  for (const name of ['i%C5%BF_admin', 'I%C5%BF_ADMIN[]', 'u%C5%BFer.role', 'u%C5%BFer[role]'])
    assert.equal((await send('/dotted', `name=a&${name}=admin`)).status, 422, name)
  assert.deepEqual(upstream.requests, [])
})
