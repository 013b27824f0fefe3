import assert from 'node:assert/strict'
import { once } from 'node:events'
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
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

test('what tokens are issued by and for is looked at with the other settings, and under its name', async (t) => {
  const long = 'a'.repeat(501)
  const { printed } = await failedStart(
    production(folder(t), { JWT_ISSUER: long, JWT_AUDIENCE: long, PORT: 'xx', DATABASE_POOL: '0' }),
  )
  for (const fault of [
    'JWT_ISSUER: must be a text of 1 to 500 characters',
    'JWT_AUDIENCE: must be',
    'PORT:',
    'DATABASE_POOL:',
  ])
    assert.ok(printed.includes(`\n  - ${fault}`), printed)
  assert.ok(!printed.includes(long))
})

test('a key that stands twice has two purposes nowhere', async (t) => {
  const key = generateSecret()
  const { printed } = await failedStart(production(folder(t), { JWT_SECRET: `${key},${key}` }))
  assert.match(printed, /secret 2 is the same as secret 1: take one of them out/)
  assert.doesNotMatch(printed, /one purpose a key/)
  const both = { PASSWORD_PEPPER: key, METRICS_TOKEN: key }
  assert.match((await failedStart(production(folder(t), both))).printed, /must all be different: one purpose a key/)
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

test('development lists every fault at once too, and has made nothing by then', async (t) => {
  const cwd = folder(t)
  const env = { PATH: process.env['PATH'] ?? '', DATABASE_URL: 'mysql://x', PORT: 'http', CORS_ORIGINS: '*' }
  const { code, printed } = await failedStart(env, ['--development'], cwd)
  assert.equal(code, 1)
  for (const name of ['DATABASE_URL', 'PORT', 'CORS_ORIGINS']) assert.match(printed, new RegExp(`^ {2}- ${name}`, 'm'))
  assert.deepEqual(readdirSync(cwd), [])
})

test('in development a database whose folder can not be made ends the start with a sentence', async (t) => {
  const env = { PATH: process.env['PATH'] ?? '', PORT: '0', DATABASE_URL: 'sqlite:/proc/none/here/portcullis.db' }
  const { code, printed } = await failedStart(env, ['--development'], folder(t))
  assert.deepEqual(
    [code, printed],
    [1, 'The database /proc/none/here/portcullis.db is in a folder that cannot be made: name another path.\n'],
  )
})

test('a development secret that can not be used is named, and not shown, with what to do', async (t) => {
  for (const [text, why] of [
    ['', 'it holds none'],
    ['hunter2', 'it holds none'],
    [undefined, 'EISDIR'],
  ] as const) {
    const cwd = folder(t)
    const path = join(cwd, 'data', 'development-secret')
    mkdirSync(text === undefined ? path : join(cwd, 'data'), { recursive: true })
    if (text !== undefined) writeFileSync(path, text)
    const { code, printed } = await failedStart({ PATH: process.env['PATH'] ?? '' }, ['--development'], cwd)
    assert.deepEqual(
      [code, printed],
      [
        1,
        `The development secret in ${path} can't be used (${why}): remove it, and another one is made; or set JWT_SECRET.\n`,
      ],
    )
  }
})

test('a migration that fails ends the start with why', async (t) => {
  const cwd = folder(t)
  const others = new DatabaseSync(join(cwd, 'portcullis.db'))
  others.exec('create table notes (somebody text)')
  others.close()
  const { code, printed } = await failedStart(production(cwd))
  assert.equal(code, 1)
  assert.match(printed, /^The migration notes\/\S+ failed, .+ was left as it was\.\ntable "?notes"? already exists\n$/)
})

test('an older Node is told which one is needed, beside what else is wrong, and not by a stack', async (t) => {
  const before = `--import=${join(import.meta.dirname, 'older-node.ts')}`
  const { code, printed } = await failedStart({ ...production(folder(t)), JWT_SECRET: 'short', NODE_OPTIONS: before })
  assert.equal(code, 1)
  assert.match(printed, /Node v22\.12\.0 is not safe to serve from: use 24\.19 or newer/)
  assert.match(printed, /JWT_SECRET: secret 1 of 1/)
  assert.doesNotMatch(printed, /\n\s+at /)
})
