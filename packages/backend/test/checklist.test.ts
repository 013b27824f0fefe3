import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { test } from 'node:test'
import { generateSecret } from 'portcullis/sessions'
import { itemOf } from 'portcullis-check/items'
import { backend, failedStart, folder, production } from './backend.ts'

const root = join(import.meta.dirname, '../../..')

const refused = [
  ['jwt-expiry', 'ACCESS_TOKEN_MINUTES', '60'],
  ['jwt-expiry', 'ACCESS_TOKEN_MINUTES', '1440'],
  ['cors', 'CORS_ORIGINS', '*'],
  ['cors', 'CORS_ORIGINS', 'https://*.example.com'],
  ['debug', 'LOG_LEVEL', 'debug'],
  ['debug', 'NODE_OPTIONS', '--inspect', 'Node was started in an unsafe way: the inspector'],
  ['debug', 'NODE_DEBUG', 'http'],
  ['weak-key', 'JWT_SECRET', 'secret'],
  ['forwarded-for', 'TRUSTED_PROXIES', '0.0.0.0/0'],
  ['auth-rate-limit', 'LIMIT_CREDENTIALS', 'none'],
] as const

test('a production start is refused by the checklist, in its ids and words', async (t) => {
  for (const [id, name, value, begin = name] of refused) {
    const { code, printed } = await failedStart(production(folder(t), { [name]: value }))
    assert.equal(code, 1, `${name}=${value}`)
    const line = printed.split('\n').find((one) => one.includes(`- ${begin}`))
    assert.ok(line?.endsWith(`[${id}: ${itemOf(id).title}]`), printed)
  }
})

test('a setting that is missing is not called a failure of the checklist', async (t) => {
  const { JWT_SECRET: _, ...env } = production(folder(t))
  const { printed } = await failedStart(env)
  assert.match(printed, /JWT_SECRET is missing/)
  assert.doesNotMatch(printed, /weak-key/)
})

test('a limit that is hardly one is said at the start, by its id', async (t) => {
  const { output } = await backend(t, { LIMIT_CREDENTIALS: '6000/hour', LIMIT_ACCOUNT: '101/minute' })
  assert.match(output(), /LIMIT_ACCOUNT lets 101 tries a minute through; 100 is the most \[auth-rate-limit: /)
  assert.doesNotMatch(output(), /LIMIT_CREDENTIALS lets/)
})

test('portcullis check on this repository and its running backend: all ten pass', { timeout: 120_000 }, async (t) => {
  const { address } = await backend(t, { CORS_ORIGINS: 'https://app.example.com' })
  const account = { email: 'checked@example.com', password: generateSecret() }
  const registered = await fetch(`${address}/auth/register`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ ...account, username: 'checked' }),
  })
  assert.equal(registered.status, 201)

  const command = [join(root, 'packages/portcullis/src/cli/main.ts'), 'check', root, '--json', '--quiet']
  const live = ['--url', address, '--login', JSON.stringify(account), '--origin', 'https://app.example.com']
  const ran = spawnSync(process.execPath, ['--conditions=source', ...command, ...live], {
    encoding: 'utf8',
    timeout: 60_000,
    maxBuffer: 64 * 1024 * 1024,
  })
  assert.equal(ran.stderr, '')
  const { items } = JSON.parse(ran.stdout) as {
    items: readonly { id: string; outcome: string; theTen?: boolean; evidence: readonly unknown[] }[]
  }
  const ten = items.slice(0, 10)
  assert.deepEqual(
    ten.map(({ id, outcome }) => `${id}: ${outcome}`).sort(),
    [
      'auth-rate-limit: pass',
      'cors: pass',
      'debug: pass',
      'default-deny: pass',
      'docs-exposed: pass',
      'forwarded-for: pass',
      'hardcoded-secret: pass',
      'jwt-expiry: pass',
      'jwt-payload: pass',
      'validators: pass',
    ],
    ran.stdout.slice(0, 4_000),
  )
  assert.deepEqual(
    items.filter(({ outcome }) => outcome === 'fail' || outcome === 'warn').map(({ id }) => id),
    [],
  )
})
