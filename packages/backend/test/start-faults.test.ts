import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { test } from 'node:test'
import { generateSecret } from 'portcullis/sessions'
import { failedStart, folder, production } from './backend.ts'

test('a missing JWT_SECRET is said with how to make one, in plain text', async (t) => {
  const { code, printed } = await failedStart({ PATH: process.env['PATH'] ?? '' }, [], folder(t))
  assert.equal(code, 1)
  assert.match(
    printed,
    /can't be used:\n {2}- JWT_SECRET is missing: set it, or JWT_SECRET_FILE\. Make one: npx portcullis keys\. \(To try it out: npm run dev\.\)\n$/,
  )
})

test('a secret that npm has put its own lines before is said to be so, and not shown', async (t) => {
  const key = generateSecret()
  const given = `\n> shop@1.0.0 keys\n> portcullis keys\n\n${key}`
  for (const name of ['JWT_SECRET', 'PASSWORD_PEPPER', 'METRICS_TOKEN']) {
    const { code, printed } = await failedStart(production(folder(t), { [name]: given }))
    assert.equal(code, 1)
    assert.match(printed, new RegExp(`${name}: holds white space: if it comes from npm run keys, add --silent`))
    assert.ok(!printed.includes(key) && !printed.includes('shop@'), printed)
  }
})

test('an address that can not be listened on names the setting, without a stack', async (t) => {
  const elsewhere = await failedStart(production(folder(t), { HOST: '203.0.113.7' }))
  assert.equal(elsewhere.code, 1)
  assert.match(elsewhere.printed, /^HOST "203\.0\.113\.7" is no address of this machine: set it to 127\.0\.0\.1/m)
  assert.doesNotMatch(elsewhere.printed, / at .*\d+:\d+/)
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.after(() => server.close())
  const { port } = server.address() as { port: number }
  const taken = await failedStart(production(folder(t), { PORT: String(port) }))
  assert.match(taken.printed, /^The port is taken: end what listens there, or set PORT to another one\.\n$/m)
})

test('an option that is none is said with what there is instead, and --help says the same', async (t) => {
  const env = { PATH: process.env['PATH'] ?? '' }
  for (const [args, said] of [
    [['--development', '--port', '3001'], "Unknown option '--port'; settings are variables: PORT=3001 npm run dev\n"],
    [['--developmnet'], "Unknown option '--developmnet'; did you mean --development?\n"],
  ] as const) {
    const { code, printed } = await failedStart(env, args, folder(t))
    assert.deepEqual([code, printed], [1, said], args.join(' '))
  }
  const { code, printed } = await failedStart(env, ['--help'], folder(t))
  assert.equal(code, 0)
  assert.match(printed, /^npm start .*\n[\s\S]*Settings are variables: PORT=3001 npm run dev\./)
})

test('a JWT_SECRET_FILE that is not there is named, with how to make it', async (t) => {
  const path = folder(t)
  const { JWT_SECRET: _, ...env } = production(path)
  const { code, printed } = await failedStart({ ...env, JWT_SECRET_FILE: `${path}/keys` })
  assert.equal(code, 1)
  assert.ok(
    printed.includes(
      `  - JWT_SECRET_FILE can't be read: ENOENT: "${path}/keys". Make it with its first key: (umask 077; npx portcullis keys > FILE).\n`,
    ),
    printed,
  )
})
