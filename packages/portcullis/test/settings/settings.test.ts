import assert from 'node:assert/strict'
import inspector from 'node:inspector'
import { test } from 'node:test'
import {
  choice,
  integer,
  list,
  nodeFaults,
  optional,
  readEnvironment,
  SettingsError,
  text,
  unknownKeys,
} from '../../src/settings/index.ts'

const table = {
  PORT: integer({ what: 'The port.', unit: 'port', min: 0, max: 65_535, default: 3000 }),
  JWT_SECRET: text({ what: 'The secret.', bounds: 'text', required: true, secret: true }),
  CORS_ORIGINS: list({ what: 'Origins.', bounds: 'list', default: '' }),
  LOG_LEVEL: choice({ what: 'Level.', of: ['info', 'warn'], default: 'info' }),
  JWT_ISSUER: optional(text({ what: 'Issuer.', bounds: 'text' })),
} as const

test('defaults fill what was not given; an empty variable was not given', () => {
  const settings = readEnvironment(table, {
    JWT_SECRET: 'x',
    PORT: '',
    CORS_ORIGINS: 'https://a.test, https://b.test,',
  })
  assert.deepEqual(settings, {
    PORT: 3000,
    JWT_SECRET: 'x',
    CORS_ORIGINS: ['https://a.test', 'https://b.test'],
    LOG_LEVEL: 'info',
    JWT_ISSUER: undefined,
  })
  assert.ok(Object.isFrozen(settings))
})

test('every fault is listed at once', () => {
  assert.throws(
    () => readEnvironment(table, { PORT: '70000', LOG_LEVEL: 'loud', CORS_ORIGIN: 'https://a.test', JWT_ISSUE: 'x' }),
    (error: SettingsError) => {
      assert.ok(error instanceof SettingsError)
      assert.deepEqual(error.faults, [
        'PORT: takes a whole number from 0 to 65535 (port)',
        'JWT_SECRET is missing: The secret.',
        'LOG_LEVEL: takes one of info, warn',
        'CORS_ORIGIN is not a setting; did you mean CORS_ORIGINS?',
        'JWT_ISSUE is not a setting; did you mean JWT_ISSUER?',
      ])
      return true
    },
  )
})

test('a line end of Windows is named, and is no part of a value', () => {
  assert.throws(
    () => readEnvironment(table, { PORT: '3000\r', JWT_SECRET: 'x\r', CORS_ORIGINS: '\r', JWT_ISSUER: 'a\r' }),
    (error: SettingsError) => {
      const said = 'ends with a carriage return: the file that it comes from has the line ends of Windows (CRLF)'
      assert.deepEqual(
        error.faults.map((fault) => fault.split(';')[0]),
        ['PORT', 'CORS_ORIGINS', 'JWT_ISSUER'].map((name) => `${name} ${said}`),
      )
      return true
    },
  )
})

test('a number is digits and nothing else', () => {
  for (const wrong of ['1e3', '0x10', ' 1', '1 ', '-1', '+1', '1.0', 'NaN', 'Infinity', '१', '99999999999999999999']) {
    assert.throws(() => readEnvironment(table, { JWT_SECRET: 'x', PORT: wrong }), /PORT: takes a whole number/, wrong)
  }
})

test('an option that is not known is named, with what was probably meant', () => {
  assert.deepEqual(unknownKeys({ trustedProxy: [], identify: 1, x: 1 }, ['trustedProxies', 'identify'], ''), [
    'trustedProxy is not an option; did you mean trustedProxies?',
    'x is not an option; there are trustedProxies, identify',
  ])
  assert.deepEqual(unknownKeys({ origin: [] }, ['origins'], 'cors.'), [
    'cors.origin is not an option; did you mean cors.origins?',
  ])
})

test('an unsafe Node is named', () => {
  const safe = { version: 'v24.21.0', execArgv: [] as string[], env: {} }
  assert.deepEqual(nodeFaults(safe), [])
  assert.deepEqual(nodeFaults({ ...safe, version: 'v26.10.0' }), [])
  for (const version of ['v20.20.2', 'v22.22.0', 'v24.18.9', 'v25.9.0', 'v26.2.0'])
    assert.equal(nodeFaults({ ...safe, version }).length, 1, version)
  for (const flag of [
    '--inspect',
    '--inspect=0.0.0.0:9229',
    '--inspect-brk',
    '--insecure-http-parser',
    '--tls-min-v1.0',
  ]) {
    assert.equal(nodeFaults({ ...safe, execArgv: [flag] }).length, 1, flag)
    assert.equal(nodeFaults({ ...safe, env: { NODE_OPTIONS: flag } }).length, 1, flag)
  }
  assert.equal(nodeFaults({ ...safe, env: { NODE_TLS_REJECT_UNAUTHORIZED: '0' } }).length, 1)
  assert.equal(nodeFaults({ ...safe, env: { NODE_DEBUG: 'http' } }).length, 1)
})

test('an unsafe flag is found in every spelling that Node reads', () => {
  const safe = { version: 'v24.21.0', execArgv: [] as string[], env: {} }
  for (const flag of [
    '--insecure_http_parser',
    '--insecure-http-parser=false',
    '--insecure_http-parser=',
    '--inspect_brk=127.0.0.1:9335',
    '--inspect_wait',
    '--inspect-brk-node',
    '--tls_min_v1.1',
    '--tls-min-v1.0=x',
  ]) {
    assert.equal(nodeFaults({ ...safe, execArgv: [flag] }).length, 1, flag)
    assert.equal(nodeFaults({ ...safe, env: { NODE_OPTIONS: flag } }).length, 1, flag)
  }
  for (const options of [
    '"--insecure-http-parser"',
    '"--inspect=127.0.0.1:9335"',
    '--title=a  "--insecure_http_parser"',
    '--ins"pect"',
    '""--inspect',
    '"--in\\spect"',
    // Outside of quotes a backslash is a character like others.
    '--title=a\\ --inspect',
    '--title="a \\" b" --inspect',
  ])
    assert.equal(nodeFaults({ ...safe, env: { NODE_OPTIONS: options } }).length, 1, options)
  for (const options of [
    '"--title=a --inspect"',
    '--title="a \\" --inspect"',
    '--title=--inspect',
    '--inspect-port=9335 --debug_port=9335',
    '--no-insecure-http-parser',
    '--tls-min-v1.2',
    '--max_http_header_size=8192',
  ])
    assert.deepEqual(nodeFaults({ ...safe, env: { NODE_OPTIONS: options } }), [], options)
})

test('an inspector that is open is found in this process, and looked for in no other', () => {
  const { version, execArgv } = process
  assert.deepEqual(nodeFaults({ version, execArgv, env: {} }), [])
  inspector.open(0, '127.0.0.1')
  try {
    const [fault, ...others] = nodeFaults({ version, execArgv, env: { NODE_OPTIONS: '--inspect' } })
    assert.match(fault ?? '', /^Node was started in an unsafe way: the inspector/)
    assert.deepEqual(others, [])
    assert.deepEqual(nodeFaults({ version, execArgv, env: {} }), [fault])
    assert.deepEqual(nodeFaults({ version, execArgv: [...execArgv], env: {} }), [])
  } finally {
    inspector.close()
  }
})
