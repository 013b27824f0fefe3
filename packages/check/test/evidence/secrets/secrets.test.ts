// biome-ignore-all lint/suspicious/noTemplateCurlyInString: they are the texts of other programs
import assert from 'node:assert/strict'
import { generateKeyPairSync, randomBytes } from 'node:crypto'
import { test } from 'node:test'
import { growth, LINEAR } from '../../../../portcullis/test/growth.ts'
import { saysSecret, secretsIn } from '../../../src/evidence/secrets/index.ts'

const program = (file: string) => ({ file, role: 'program' as const })
const rules = (text: string, file = 'src/a.ts') => secretsIn(text, program(file)).map(({ rule }) => rule)
const values = (text: string, file: string, role: 'program' | 'example' = 'program') =>
  secretsIn(text, { file, role }).map(({ name, value }) => [name, value])

// Put together here, so that nobody's scanner takes this file for a leak.
const letters = 'Zq8Rt2Vb5Nx7Lm4Kc9Hd3Jf6Gs1Wp0Ya8Ue5Io2Tz7Xv4Bq9Mn6Cr3'
const join = (...parts: string[]) => parts.join('')
const token = (header: object) =>
  [header, { sub: '1', name: 'somebody' }].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))

test('known shapes are found wherever they stand', () => {
  const table: readonly (readonly [string, string])[] = [
    ['aws-access-key', join('AKIA', 'Q3EG7RT5VX2LM9KB')],
    ['github-token', join('ghp', '_', letters.slice(0, 36))],
    ['github-token', join('github', '_pat_', letters.slice(0, 22), '_', letters.repeat(2).slice(0, 59))],
    ['stripe-key', join('sk', '_live_', letters.slice(0, 24))],
    ['stripe-key', join('rk', '_live_', letters.slice(0, 24))],
    ['slack-token', join('xox', 'b-', '2718281828-', letters.slice(0, 24))],
    ['slack-webhook', join('https://hooks.slack.com', '/services/T0Q8R2V5N/B7L4K9H3J/', letters.slice(0, 24))],
    ['google-api-key', join('AIza', letters.slice(0, 35))],
    ['sendgrid-key', join('SG', '.', letters.slice(0, 22), '.', letters.slice(0, 43))],
    ['npm-token', join('npm', '_', letters.slice(0, 36))],
    ['openai-key', join('sk', '-proj-', letters.slice(0, 48))],
    ['openai-key', join('sk', '-', letters.slice(0, 48))],
    ['jwt', [...token({ alg: 'HS256' }), letters.slice(0, 43)].join('.')],
    ['url-credentials', join('postgres', '://app:', 'hunter2-Rt2Vb', '@db.internal.net/app')],
  ]
  for (const [rule, text] of table) {
    assert.deepEqual(rules(`const x = '${text}'\n`), [rule], text)
    assert.deepEqual(rules(`KEY: "${text}"`, 'notes.txt'), [rule], text)
  }
})

test('a URL that shows what one looks like has no password in it', () => {
  const table = [
    `throw new Error("Must be in valid uri format like ${join('dotenv://', ':key_1234', '@dotenvx.com/vault')}")`,
    ` * Such as \`${join('amqp://', 'app:Rt2Vb-hunter2', '@mq.internal.net')}\`.`.replace('Such', 'A URL such'),
    ...['key_id:key_secret', 'user:pass', 'username:password', 'name:<password>', 'id:access_key_secret'].map(
      (one) => `const x = '${join('https://', one, '@registry.internal.net/')}'`,
    ),
  ]
  for (const text of table) assert.deepEqual(rules(`${text}\n`), [], text)
  // Without the sentence it is one, in a comment as well: that is where the old one was left.
  for (const text of ['const x = ', '// was: '])
    assert.deepEqual(rules(`${text}'${join('amqp://', 'app:Rt2Vb-hunter2', '@mq.internal.net')}'\n`), [
      'url-credentials',
    ])
})

test('a Twilio key is one beside its account', () => {
  const [key, account] = [join('SK', 'a1b2c3d4'.repeat(4)), join('AC', '0f9e8d7c'.repeat(4))]
  assert.deepEqual(rules(`${account} ${key}`), ['twilio-key'])
  assert.deepEqual(rules(key), [])
})

test('a private key is one with a key in it', () => {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
  assert.deepEqual(rules(pem, 'server.key'), ['private-key'])
  assert.deepEqual(rules(`const key = ${JSON.stringify(pem)}`), ['private-key'])
  assert.deepEqual(rules(`key = '${pem.trim().split('\n').join("\\n' +\n  '")}'`), ['private-key'])
  assert.deepEqual(rules(JSON.stringify({ type: 'service_account', private_key: pem }), 'credentials.json'), [
    'google-service-account',
  ])
  const [begin, end] = ['BEGIN', 'END'].map((word) => `-----${word} PRIVATE KEY-----`)
  for (const text of [
    `if (key.startsWith('${begin}'))`,
    `${begin}\n...\n${end}`,
    `${begin}\n${'A'.repeat(200)}\n${end}`,
    `${begin}\nyour key here\n${end}`,
  ])
    assert.deepEqual(rules(text), [], text)
})

test('what only looks like a shape is none', () => {
  for (const text of [
    'AKIAIOSFODNN7EXAMPLE',
    join('ghp_', 'x'.repeat(36)),
    join('sk_live_', 'X'.repeat(24)),
    'sk-folding-cube sk-spinner-pulse',
    'task-list-of-many-things-that-are-long-enough-to-look-like-a-key',
    'postgres://user:password@host/db',
    'postgres://app:hunter2@localhost:5432/app',
    'postgres://${user}:${password}@${host}/db',
    'f"postgresql://{user}:{password}@{host}"',
    'https://example.com:8080/a@b',
    'eyJhbGciOi.eyJzdWIiOi.short',
    join('eyJ', letters.slice(0, 20), '.eyJ', letters.slice(0, 20), '.', letters.slice(0, 40)),
  ])
    assert.deepEqual(rules(text), [], text)
})

test('in the settings of a program a name that says secret has one', () => {
  const table: readonly (readonly [file: string, text: string, name: string, value: string])[] = [
    ['.env', 'JWT_SECRET=changeme', 'JWT_SECRET', 'changeme'],
    ['.env', 'export DB_PASSWORD="p w#1" # why', 'DB_PASSWORD', 'p w#1'],
    ['.env.production', "API_KEY='abc'", 'API_KEY', 'abc'],
    ['.env', 'PASSWORD=123456', 'PASSWORD', '123456'],
    ['.env', 'DB_PASSWORD=correct.horse.battery', 'DB_PASSWORD', 'correct.horse.battery'],
    ['Dockerfile', 'ENV NODE_ENV=production JWT_SECRET=abc123', 'JWT_SECRET', 'abc123'],
    ['Dockerfile', 'ARG npm_token="abc def"', 'npm_token', 'abc def'],
    ['Dockerfile', 'ENV SECRET_KEY abc', 'SECRET_KEY', 'abc'],
    ['compose.yml', '      JWT_SECRET: supersecret', 'JWT_SECRET', 'supersecret'],
    ['compose.yml', '      - JWT_SECRET=supersecret', 'JWT_SECRET', 'supersecret'],
    ['compose.yml', '      - "JWT_SECRET=supersecret"', 'JWT_SECRET', 'supersecret'],
    ['compose.yml', '      - JWT_SECRET=${JWT_SECRET:-fallen back}', 'JWT_SECRET', 'fallen back'],
    ['.env', 'ADMIN_PASSWORD=!Ch4ng3Th1s!', 'ADMIN_PASSWORD', '!Ch4ng3Th1s!'],
    ['deploy.yaml', '- name: DB_PASSWORD\n  value: "hunter2"', 'DB_PASSWORD', 'hunter2'],
    ['config/default.json', '{"jwt": {"secret": "abc", "expiresIn": "15m"}}', 'secret', 'abc'],
    ['config.toml', 'secret_key = "abc"', 'secret_key', 'abc'],
    ['app.ini', 'admin_password = hunter2 ; old', 'admin_password', 'hunter2 ; old'],
    ['application.properties', 'spring.datasource.password=hunter2', 'spring.datasource.password', 'hunter2'],
    ['.env', `ENCRYPTION_KEY=${'0123456789abcdef'.repeat(2)}`, 'ENCRYPTION_KEY', '0123456789abcdef'.repeat(2)],
  ]
  for (const [file, text, name, value] of table) assert.deepEqual(values(text, file), [[name, value]], text)
})

test('what a Makefile, a shell script or Render sets counts where it looks like a secret', () => {
  const random = join('9f8a7b6c5d4e3f2a', '1b0c9d8e7f6a5b4c')
  for (const [file, text] of [
    ['Makefile', `JWT_SECRET ?= ${random}`],
    ['Makefile', `export JWT_SECRET:=${random}`],
    ['ops/build.mk', `run:\n\tJWT_SECRET=${random} uvicorn app:app`],
    ['justfile', `run:\n    docker run -e JWT_SECRET=${random} api`],
    ['deploy.sh', `docker run -e JWT_SECRET=${random} api`],
    ['render.yaml', `      - key: JWT_SECRET\n        value: ${random}`],
  ] as const)
    assert.deepEqual(values(text, file), [['JWT_SECRET', random]], text)
  for (const [file, text] of [
    ['Makefile', 'DB_PASSWORD = postgres'],
    ['Makefile', 'db:\n\tdocker run -e POSTGRES_PASSWORD=postgres postgres:17'],
    ['Makefile', `token: build\n\tTOKEN=$(shell cat token) ./deploy\nsecret-scan: deps\nCHECKSUM = ${random}`],
    ['Makefile', '# JWT_SECRET = old\nX_TOKEN := $(shell pass show token)'],
    ['deploy.sh', 'docker run -e "JWT_SECRET=$JWT_SECRET" -e DB_PASSWORD=postgres api'],
    [
      'render.yaml',
      '      - key: JWT_SECRET\n        generateValue: true\n      - key: TOKEN_ISSUER\n        value: api',
    ],
    ['affinity.yaml', `      - key: secret-node\n        value: ${random}`],
  ] as const)
    assert.deepEqual(values(text, file), [], text)
})

test('a password in the URL of a neighbour is one that production starts with', () => {
  const url = join('postgresql://', 'postgres:postgres', '@db/app')
  const line = `    environment:\n      DATABASE_URL: "${url}"\n`
  const severities = (text: string, file: string, role: 'program' | 'example' = 'program') =>
    secretsIn(text, { file, role }).map(({ rule, severity }) => `${rule} ${severity}`)
  for (const file of ['compose.yml', 'docker-compose.prod.yml', 'k8s/api.yaml', '.env', '.env.local', 'Dockerfile'])
    assert.deepEqual(
      severities(file.includes('env') ? `DATABASE_URL=${url}` : line, file),
      ['url-credentials high'],
      file,
    )
  for (const file of [
    'docker-compose.dev.yml',
    'compose.test.yaml',
    'compose.override.yml',
    '.devcontainer/compose.yml',
    '.github/workflows/ci.yml',
    'workflow-templates/ci.yml',
  ])
    assert.deepEqual(severities(line, file), ['url-credentials low'], file)
  assert.deepEqual(severities(line, '.env.example', 'example'), [])
  assert.deepEqual(severities(`      # DATABASE_URL: ${url}`, 'compose.yml'), ['url-credentials low'])
  assert.deepEqual(severities(`      URL: '' # ${url}`, 'compose.yml'), ['url-credentials low'])
  assert.deepEqual(severities(line.replace('@db', '@localhost'), 'compose.yml'), [])
  assert.deepEqual(severities(line.replace('postgres:postgres', 'app:$PASSWORD'), 'compose.yml'), [])
  // In a program's text it may be a sentence about URLs.
  assert.deepEqual(severities(`connect('postgres://app:${letters.slice(0, 12)}@db/app')`, 'src/db.ts'), [
    'url-credentials low',
  ])
})

test('a script that sets a database up gives its user a password', () => {
  const severities = (text: string, file = 'docker/init.sql') =>
    secretsIn(text, program(file)).map(({ rule, severity, value }) => `${rule} ${severity} ${value}`)
  for (const text of [
    "CREATE USER app WITH PASSWORD 'hunter2';",
    "create role app login encrypted password 'hunter2'",
    "ALTER USER postgres\n  PASSWORD 'hunter2';",
    "CREATE USER 'app'@'%' IDENTIFIED BY 'hunter2';",
    "CREATE USER app IDENTIFIED WITH mysql_native_password BY 'hunter2';",
    "CREATE LOGIN app WITH PASSWORD = 'hunter2'",
  ])
    assert.deepEqual(severities(text), ['sql-password high hunter2'], text)
  assert.deepEqual(severities("await client.query(`CREATE USER app PASSWORD 'hunter2'`)", 'src/db.ts'), [
    'sql-password high hunter2',
  ])
  for (const text of ["-- CREATE USER app WITH PASSWORD 'hunter2'", "# CREATE USER app IDENTIFIED BY 'hunter2'"])
    assert.deepEqual(severities(text), ['sql-password low hunter2'], text)
  assert.deepEqual(severities("CREATE USER app PASSWORD 'hunter2'", 'docker/init.test.sql'), [
    'sql-password low hunter2',
  ])
  for (const text of [
    "CREATE USER app WITH PASSWORD '${DB_PASSWORD}';",
    "CREATE USER app WITH PASSWORD :'password';",
    "CREATE USER app WITH PASSWORD '%(password)s'",
    "CREATE USER app WITH PASSWORD 'md5a1b2c3d4a1b2c3d4a1b2c3d4a1b2c3d4'",
    "CREATE USER app; COMMENT ON COLUMN users.password IS 'hunter2'",
    "CREATE TABLE users (password text DEFAULT 'hunter2')",
  ])
    assert.deepEqual(severities(text), [], text)
})

test('what Redis is started with is its password', () => {
  const severities = (text: string, file: string) =>
    secretsIn(text, program(file)).map(({ rule, severity, value }) => `${rule} ${severity} ${value}`)
  for (const [file, text] of [
    ['compose.yml', '    command: redis-server --requirepass hunter2 --appendonly yes'],
    ['compose.yml', '    command: ["redis-server", "--requirepass", "hunter2"]'],
    ['compose.yml', "    command:\n      - '--requirepass hunter2'"],
    ['start.sh', 'exec redis-server --requirepass="hunter2"'],
    ['redis.conf', 'port 6379\nrequirepass hunter2\n'],
  ] as const)
    assert.deepEqual(severities(text, file), ['redis-password high hunter2'], text)
  assert.deepEqual(severities('    command: redis-server --requirepass hunter2', 'compose.dev.yml'), [
    'redis-password low hunter2',
  ])
  for (const [file, text] of [
    ['compose.yml', '    command: redis-server --requirepass ${REDIS_PASSWORD}'],
    ['compose.yml', '    command: sh -c "redis-server --requirepass $$REDIS_PASSWORD"'],
    ['redis.conf', '# requirepass foobared'],
    ['redis.conf', 'requirepass ""'],
    ['src/redis.ts', "spawn('redis-server --requirepass hunter2')"],
  ] as const)
    assert.deepEqual(severities(text, file), [], text)
})

test('a password beside the host of whoever develops is none', () => {
  const json = (host: string) => `{\n  "type": "mysql",\n  "host": "${host}",\n  "port": 3306,\n  "password": "root"\n}`
  const yaml = (host: string) =>
    `db:\n  password: root\n  pool:\n    max: 5\n  host: ${host}\nmail:\n  host: localhost\n`
  assert.deepEqual(values(json('localhost'), 'ormconfig.json'), [])
  assert.deepEqual(values(yaml('127.0.0.1'), 'config/db.yml'), [])
  assert.deepEqual(values(json('db'), 'ormconfig.json'), [['password', 'root']])
  assert.deepEqual(values(yaml('db'), 'config/db.yml'), [['password', 'root']])
})

test('where the value is, to the character', () => {
  const text = '# a\nNAME=x\n  - "JWT_SECRET=supersecret"\n'
  const [found] = secretsIn(text, program('compose.yml'))
  assert.equal(found?.line, 3)
  assert.equal(text.slice(found?.start, (found?.start ?? 0) + 11), 'supersecret')
  const [docker] = secretsIn('FROM x\nENV A=b SECRET=hunter2', program('Dockerfile'))
  assert.equal('FROM x\nENV A=b SECRET=hunter2'.slice(docker?.start), 'hunter2')
})

test('a reference, an empty place or a value about a secret is none', () => {
  for (const [file, text] of [
    ...[
      '',
      '""',
      '$OTHER',
      '${OTHER}',
      '${OTHER:?set it}',
      '${OTHER:-}',
      '<your secret>',
      '{{ secret }}',
      'true',
      'null',
      '/run/secrets/jwt',
      './key.pem',
      'https://auth.example.com',
      '$(openssl rand 32)',
      '****',
      'xxxxx',
      '%SECRET%',
      'arn:aws:secretsmanager:x',
      'db-1.cluster.example.com',
      '!vault |',
      '!Ref Secret',
    ].map((value) => ['.env', `JWT_SECRET=${value}`] as const),
    ...[
      'PASSWORD_MIN_LENGTH=12',
      'TOKEN_URL=/auth/token',
      'token_expiry=15m',
      'JWT_SECRET_FILE=/x',
      'ACCESS_TOKEN_EXPIRE_MINUTES=30',
      'JWT_ACCESS_TOKEN_EXPIRATION_TIME=900',
      'TOKEN_ISSUER=api',
      'NEXT_PUBLIC_TOKEN=abc',
      'WEAK_SECRETS=changeme,secret',
      'FORBIDDEN_PASSWORDS=password,123456',
      'RESET_PASSWORD_TOKEN_TTL=10',
      'TOKENIZER=gpt',
      'PUBLIC_KEY=abc',
      'REFRESH_TOKEN_COOKIE_SAMESITE=lax',
      'TOKEN_COOKIE_DOMAIN=example.com',
      'SECRETS_BACKEND=ssm',
      'PASSWORD_HASH_SCHEME=bcrypt',
      'CACHE_KEY=node-modules-cache-v1-linux-x64',
      '# JWT_SECRET=old',
    ].map((text) => ['.env', text] as const),
    ['compose.yml', '      - JWT_SECRET'],
    ['.env', 'TRACING_SECRET_REGION=eu-west-2'],
    ['k8s/api.yaml', 'kind: ExternalSecret\nspec:\n  data:\n    - secretKey: api-password'],
    ['quota.yml', 'hard:\n  secrets: "15"'],
    ['pytest.ini', 'markers =\n    refresh_token: marks tests that renew a session'],
    ['start.sh', 'password = parsed.password'],
    [
      '.github/workflows/ci.yml',
      '  token: ${{ secrets.GITHUB_TOKEN }}\n  id-token: write\n  secrets: inherit\n  persist-credentials: false',
    ],
    ['package.json', '{"dependencies": {"token": "1.0.0", "password-hash": "^2"}}'],
    ['package.json', '{"scripts": {"start": "JWT_SECRET=$JWT_SECRET NODE_ENV=production node app.js"}}'],
    ['package.json', '{"scripts": {"test": "JWT_SECRET=only-for-tests node --test"}}'],
    ['pyproject.toml', 'password-strength = "^1.0"'],
    ['locales/en.json', '{"password": "Mot de passe"}'],
    ['config/messages.json', '{"password": "The password is wrong"}'],
    ['openapi.yml', 'password: hunter2'],
    ['config/custom-environment-variables.json', '{"db": {"password": "APP_DB_PASSWORD"}}'],
    ['compose.yml', '      - AWS_SECRET_ACCESS_KEY=AWS_SECRET_ACCESS_KEY'],
    ['config/errors.yml', 'INVALID_PASSWORD: E1003'],
    ['src/a.ts', "const JWT_SECRET = 'hunter2'"],
    ['src/weak.ts', "const weak = ['changeme', 'secret', 'password']"],
  ] as const)
    assert.deepEqual(values(text, file), [], text)
})

test('what the scripts of a package.json set', () => {
  const key = letters.slice(0, 24)
  for (const script of [
    `JWT_SECRET=${key} node app.js`,
    `cross-env NODE_ENV=production JWT_SECRET=${key} node app.js`,
    `JWT_SECRET='${key}' node app.js`,
    `JWT_SECRET=\\"${key}\\" node app.js`,
    `set JWT_SECRET=${key}&& node app.js`,
  ]) {
    const text = `{"scripts": {"start": "${script}"}}`
    const [found, ...more] = secretsIn(text, program('package.json'))
    assert.deepEqual([found?.name, found?.value, more], ['JWT_SECRET', key, []], script)
    assert.equal(text.slice(found?.start, (found?.start ?? 0) + key.length), key)
  }
  assert.deepEqual(values('{"scripts": {"start": "DB_PASSWORD=hunter2 node app.js"}}', 'package.json'), [
    ['DB_PASSWORD', 'hunter2'],
  ])
})

test('an example has a secret only where it is a real one', () => {
  const real = randomBytes(48).toString('hex')
  assert.deepEqual(
    values(
      `JWT_SECRET=changeme\nDB_PASSWORD=postgres\nAPI_KEY=your-api-key-goes-in-this-place\nTOKEN=x`,
      '.env.example',
      'example',
    ),
    [],
  )
  assert.deepEqual(
    values(`JWT_SECRET=${real}`, '.env.example', 'example').length,
    /test|1234|abc|key|dev|foo|bar/.test(real) ? 0 : 1,
  )
})

test('names', () => {
  for (const name of [
    'JWT_SECRET',
    'jwtSecretKey',
    'dbPassword',
    'API_KEY',
    'apikey',
    'clientSecret',
    'privateKey',
    'AUTH_TOKEN',
    'MYSQL_PWD',
    'DB_PASS',
    'spring.password',
  ])
    assert.equal(saysSecret(name), 'strict', name)
  for (const name of ['ENCRYPTION_KEY', 'signing_key', 'SENTRY_DSN', 'PASSWORDLESS_SALT'])
    assert.notEqual(saysSecret(name), undefined, name)
  for (const name of [
    'tokenUrl',
    'secretName',
    'passwordMinLength',
    'KEY',
    'monkey',
    'BYPASS',
    'compass',
    'accessTokenLifespan',
    'keyboard',
    'password_encryption',
    'RATE_LIMIT_PASSWORD_RESET_WINDOW',
    'LOGIN_TOKEN_WINDOW_MS',
    'passwordMaxAttempts',
  ])
    assert.equal(saysSecret(name), undefined, name)
})

test('the cost of a hostile file grows with its length, not with the square of it', () => {
  const pieces = [
    'a',
    '=',
    '=\n',
    'a=\n',
    '"',
    '":"',
    '://',
    '://a:',
    'a://b:c',
    'eyJ',
    'eyJ.',
    'sk-',
    'key-',
    'SECRET=',
    '-----BEGIN PRIVATE KEY-----',
    'password: ',
    '- name: a\n',
    '{{',
    'ENV A=',
    '\\',
    ' ',
    '\n',
    'x@',
    'SG.',
    ':AA',
    "'",
    'a1',
    'ab://b:c@d ',
    'CREATE USER ',
    "CREATE USER a PASSWORD '",
  ]
  for (const piece of pieces)
    for (const file of ['a.ts', '.env', 'compose.yml', 'config/a.json', 'Dockerfile', 'a.sh']) {
      const read = (length: number) => void secretsIn(piece.repeat(Math.ceil(length / piece.length)), program(file))
      const times = growth(read, 32_768)
      assert.ok(times < LINEAR, `${times} times as long: ${JSON.stringify(piece)} in ${file}`)
    }
})
