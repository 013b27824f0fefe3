import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { generateSecret } from 'portcullis/sessions'
import { faultsOf } from '../../portcullis/test/settings/faults-of.ts'
import { parseAccess, readAccess } from '../src/access.ts'
import { readCommandLine } from '../src/command-line.ts'
import { openGateway } from '../src/gateway.ts'
import { readSettings } from '../src/settings.ts'
import { documentOf, folder, operation, startGateway, startUpstream } from './rig.ts'

const GOOD = {
  UPSTREAM: 'http://127.0.0.1:8000',
  JWT_SECRET: generateSecret(),
  IDENTITY_SECRET: generateSecret(),
}

test('everything that is wrong with the settings is said at once, without the value of a secret', () => {
  const env = {
    UPSTREAM: 'ftp://x',
    JWT_SECRET: 'hunter2',
    IDENTITY_SECRET: 'hunter3',
    PORT: '70000',
    UPLOAD_LIMIT: '1G',
    TRUSTED_PROXIES: '0.0.0.0/0',
    CORS_ORIGINS: '*',
    LOG_LEVEL: 'debug',
    AUDIENCE: 'x',
    UPSTREAM_TIMEOUT_SECOND: '5',
  }
  const faults = faultsOf(() => readSettings(env, false))
  for (const name of [
    'UPSTREAM:',
    'JWT_SECRET',
    'IDENTITY_SECRET',
    'PORT',
    'UPLOAD_LIMIT',
    'TRUSTED_PROXIES',
    'LOG_LEVEL',
    'AUDIENCE',
  ])
    assert.ok(
      faults.some((fault) => fault.startsWith(name)),
      `${name} in ${faults.join('\n')}`,
    )
  assert.ok(faults.some((fault) => fault.includes('did you mean UPSTREAM_TIMEOUT_SECONDS?')))
  assert.ok(faults.some((fault) => fault.includes('cors')))
  assert.ok(!faults.join('\n').includes('hunter'), faults.join('\n'))
})

test('what is unsafe is refused outside development', () => {
  const cases: readonly [Record<string, string>, RegExp][] = [
    [{ ...GOOD, IDENTITY_SECRET: '' }, /IDENTITY_SECRET is missing/],
    [{ ...GOOD, JWT_SECRET: '' }, /JWT_SECRET is missing/],
    [{ ...GOOD, IDENTITY_SECRET: GOOD.JWT_SECRET }, /must be different/],
    [{ ...GOOD, ISSUER: 'https://id.example.com' }, /AUDIENCE is missing/],
    [{ ...GOOD, UPSTREAM: 'http://backend.example.com' }, /in the clear/],
    [{ ...GOOD, UPSTREAM: 'http://user:pw@127.0.0.1' }, /without credentials/],
    [{ ...GOOD, NODE_TLS_REJECT_UNAUTHORIZED: '0' }, /any certificate/],
  ]
  for (const [env, expected] of cases) assert.match(faultsOf(() => readSettings(env, false)).join('\n'), expected)
  for (const UPSTREAM of [
    'http://127.0.0.1:8000/v1',
    'http://10.1.2.3',
    'http://backend:8000',
    'https://backend.example.com',
    'http://[::1]:8000',
  ])
    assert.deepEqual(
      faultsOf(() => readSettings({ ...GOOD, UPSTREAM }, false)),
      [],
      UPSTREAM,
    )
  assert.equal(
    readSettings({ ...GOOD, ISSUER: 'https://id.example.com', AUDIENCE: 'x', JWT_SECRET: '' }, false).AUDIENCE,
    'x',
  )
})

test('plain http goes to this machine or a private network, however the address is written and whatever its name begins with', () => {
  for (const UPSTREAM of [
    'HTTP://backend.example.com',
    ' http://backend.example.com',
    'http://10.example.com',
    'http://127.0.0.1.nip.io',
    'http://192.168.evil.com',
    'http://172.16.evil.com',
    'http://100.64.evil.com',
  ])
    assert.match(faultsOf(() => readSettings({ ...GOOD, UPSTREAM }, false)).join('\n'), /in the clear/, UPSTREAM)
  for (const UPSTREAM of ['HTTP://10.1.2.3', 'http://172.31.0.1', 'http://100.127.0.1', 'http://db.internal'])
    assert.deepEqual(
      faultsOf(() => readSettings({ ...GOOD, UPSTREAM }, false)),
      [],
      UPSTREAM,
    )
})

test('an option goes before the variable, and one that is not there is refused', () => {
  const line = readCommandLine(['--upstream', 'http://b', '--port=1', '--development'], {
    UPSTREAM: 'http://a',
    HOST: 'h',
  })
  assert.deepEqual(
    [line.command, line.development, line.env],
    ['serve', true, { UPSTREAM: 'http://b', PORT: '1', HOST: 'h' }],
  )
  for (const args of [['--upstrem', 'x'], ['serve', 'me'], ['routes', '--write', '--check'], ['--write'], ['--port']])
    assert.ok(faultsOf(() => readCommandLine(args, {})).length > 0, args.join(' '))
})

test('an option that is spelt badly is called by the name that was meant', () => {
  assert.deepEqual(
    faultsOf(() => readCommandLine(['--upstrem', 'http://b'], {})),
    ["Unknown option '--upstrem'; did you mean --upstream?"],
  )
  assert.deepEqual(
    faultsOf(() => readCommandLine(['--tls'], {})),
    ["Unknown option '--tls'; see --help"],
  )
})

test('the file that opens routes takes these words and no others', () => {
  const read = parseAccess({
    access: { 'GET /a': 'public', 'GET /b': 'role admin or editor' },
    limits: { 'GET /a': ['5/minute', 'credentials'] },
    hide: ['GET /c'],
    websockets: ['/ws'],
  })
  assert.equal(read.rules.get('GET /b')?.label, 'role admin or editor')
  assert.deepEqual(read.limits.get('GET /a'), ['5/minute', 'credentials'])
  for (const [given, expected] of [
    [{ acess: {} }, /did you mean access\?/],
    [{ access: { 'GET /a': 'open' } }, /access "GET \/a": takes "public"/],
    [{ access: { 'GET /a': true } }, /takes "public"/],
    [{ access: ['GET /a'] }, /takes an object/],
    [{ access: { 'GET /a': 'role ' } }, /takes "public"|names/],
    [{ access: { 'GET /a': 'role admin, editor' } }, /takes "public".*"role admin or editor"$/],
    [{ limits: { 'GET /a': 'often' } }, /limits "GET \/a"/],
    [
      { limits: { 'GET /a': 'credential' } },
      /"GET \/a": takes a quota, "credentials" or "refresh": a quota is a number/,
    ],
    [{ limits: { 'GET /a': 5 } }, /takes a quota/],
    [{ hide: 'GET /a' }, /hide takes a list/],
    [{ docs: 'yes' }, /docs takes true or false/],
    [{ websockets: ['ws'] }, /websockets "ws": has a path that does not begin with \//],
    [{ websockets: ['/rooms/{id}'] }, /websockets "\/rooms\/\{id\}": has a value/],
    [{ websockets: ['/ws', '/ws'] }, /websockets "\/ws": stands twice/],
  ] as const)
    assert.match(faultsOf(() => parseAccess(given)).join('\n'), expected, JSON.stringify(given))
})

test('a settings file that is not there, or is no JSON, is said by its path', (t) => {
  const path = join(folder(t), 'gateway.json')
  assert.match(faultsOf(() => readAccess(path)).join(), /gateway\.json: can't be read/)
  writeFileSync(path, '{ access: }')
  assert.match(faultsOf(() => readAccess(path)).join(), /gateway\.json/)
})

test('a rule that stands twice is said by its name: the first one would be lost', (t) => {
  const path = join(folder(t), 'gateway.json')
  for (const [text, ...names] of [
    ['{"access": {"DELETE /a": "role admin", "GET /a": "public", "DELETE /a": "public"}}', 'DELETE /a'],
    ['{"access": {"DELETE /a": "role admin", "DELETE \\u002fa": "public"}}', 'DELETE /a'],
    ['{"access": {"DELETE /a": "role admin"}, "hide": [], "access": {}}', 'access'],
    [
      '{"limits": {"GET /a" : "5/minute", "GET /b": ["5/minute"], "GET /b" : "7/minute"}, "limits": {}}',
      'GET /b',
      'limits',
    ],
  ] as const) {
    writeFileSync(path, text)
    const expected = names.map((name) => `${path}: "${name}" stands twice: only the last would count`)
    assert.deepEqual(
      faultsOf(() => readAccess(path)),
      expected,
    )
  }
  writeFileSync(
    path,
    '{"access": {"GET /a": "public"}, "limits": {"GET /a": "5/minute"}, "hide": ["GET /b", "GET /b"]}',
  )
  readAccess(path)
})

test('a name that matches no operation stops the start, with the one that was meant', async (t) => {
  const upstream = await startUpstream(t)
  const start = (settings: object, paths: object = {}, development = false) =>
    startGateway(t, {
      development,
      upstream: upstream.address,
      document: documentOf({
        '/users/{id}': {
          get: { ...operation(), parameters: [{ name: 'id', in: 'path', required: true, schema: {} }] },
        },
        ...paths,
      }),
      settings,
    })
  await assert.rejects(start({ access: { 'GET /user/{id}': 'public' } }), /did you mean "GET \/users\/\{id\}"\?/)
  await assert.rejects(start({ limits: { 'POST /users/{id}': '5/minute' } }), /no such operation/)
  await assert.rejects(start({ hide: ['/users/{id}'] }), /no such operation; did you mean "GET \/users\/\{id\}"\?/)
  for (const name of ['GET /users/{user_account_id}', 'GET /users/:user', 'GET /users/{}'])
    await assert.rejects(start({ access: { [name]: 'public' } }), /did you mean "GET \/users\/\{id\}"\?/, name)
  for (const one of ['Admin', 'admin editor'])
    await assert.rejects(
      start({ access: { 'GET /users/{id}': `role ${one}` } }),
      new RegExp(`no account can have the role "${one}": a role is one lower-case word`),
    )
  for (const path of ['/-/metrics', '/auth/login'])
    await assert.rejects(start({ websockets: [path] }), new RegExp(`websockets: "${path}" is a path that the gateway`))
  await assert.rejects(start({ docs: true }), /development only/)
  const clash = { '/auth/login': { post: operation() } }
  await assert.rejects(start({}, clash), /POST \/auth\/login is in the document, and the gateway answers there itself/)
  await start({ hide: ['POST /auth/login'] }, clash)
  const own = { '/openapi.json': { get: operation() } }
  const docs = (settings: object) => start({ docs: true, ...settings }, own, true)
  await assert.rejects(docs({}), /docs: true serves the document at \/openapi\.json, where the backend answers already/)
  await docs({ hide: ['GET /openapi.json'] })
})

test('a name of an operation that the document has and the gateway does not serve is told why', async (t) => {
  const upstream = await startUpstream(t)
  const id = { name: 'id', in: 'path', required: true, schema: {} }
  const document = documentOf({
    '/a/{id}': { get: operation({ parameters: [{ ...id, style: 'matrix' }] }), options: operation() },
    '/a/{id}.json': { get: operation({ parameters: [id] }) },
  })
  for (const [name, why] of [
    ['GET /a/{id}', 'it takes id in the style matrix, which is not served'],
    ['GET /a/{id}.json', 'it has a path segment that is neither plain text nor one value'],
    ['OPTIONS /a/{id}', 'it is not forwarded'],
  ] as const)
    for (const settings of [{ access: { [name]: 'public' } }, { limits: { [name]: '5/minute' } }, { hide: [name] }])
      await assert.rejects(startGateway(t, { upstream: upstream.address, document, settings }), ({ message }: Error) =>
        message.includes(`"${name}": it is in the document, and is not served: ${why}`),
      )
})

test('a document that can not be had stops the start with a sentence', async () => {
  const settings = readSettings({ ...GOOD, UPSTREAM: 'http://127.0.0.1:9', LOG_LEVEL: 'fatal' }, false)
  await assert.rejects(
    openGateway(settings),
    /The OpenAPI document can't be used \(http:\/\/127\.0\.0\.1:9\/openapi\.json\).*ECONNREFUSED/,
  )
})

test('what is said of an issuer is looked at with the other settings, and under its name', () => {
  const long = 'a'.repeat(501)
  const text = 'must be a text of 1 to 500 characters'
  const own = { ...GOOD, JWT_SECRET: '', PORT: 'xx' }
  const port = 'PORT: takes a whole number from 0 to 65535 (port)'
  for (const [env, faults] of [
    [{ ISSUER: `https://${long}`, AUDIENCE: long }, [port, `ISSUER: ${text}`, `AUDIENCE: ${text}`]],
    [{ ISSUER: 'http://id.example.com', AUDIENCE: 'a' }, [port, 'ISSUER must be https: (http: only on this machine)']],
    [{ ISSUER: 'id', AUDIENCE: 'a', JWKS_URL: 'x' }, [port, 'JWKS_URL must be an address: https://…']],
    [{ ISSUER: 'id', AUDIENCE: 'a', JWKS_URL: 'https://id.example.com/keys' }, [port]],
    [
      { ISSUER: 'https://id.example.com', AUDIENCE: 'a', ROLES_CLAIM: long },
      [port, 'ROLES_CLAIM: must be a text of 1 to 256 characters'],
    ],
  ] as const)
    assert.deepEqual(
      faultsOf(() => readSettings({ ...own, ...env }, false)),
      faults,
    )
})

test('one purpose a key: the bearer of the metrics signs nothing', () => {
  const secret = generateSecret()
  for (const more of [{ IDENTITY_SECRET: secret }, { JWT_SECRET: `${generateSecret()},${secret}` }])
    assert.deepEqual(
      faultsOf(() => readSettings({ ...GOOD, ...more, METRICS_TOKEN: secret }, false)),
      ['METRICS_TOKEN must be another than JWT_SECRET and IDENTITY_SECRET: one purpose a key'],
    )
  assert.equal(readSettings({ ...GOOD, METRICS_TOKEN: secret }, false).METRICS_TOKEN, secret)
})

test('a limit that lists no quota is none, and is said to be', () => {
  const faults = faultsOf(() => parseAccess({ limits: { 'GET /a': [], 'GET /b': ['5/minute'] } }))
  assert.deepEqual(faults, ['limits "GET /a": lists no quota: take it out, or say how many'])
})
