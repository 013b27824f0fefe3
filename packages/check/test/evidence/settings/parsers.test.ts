// biome-ignore-all lint/suspicious/noTemplateCurlyInString: they are the texts of other programs
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { elapsedMs } from '../../../../portcullis/test/growth.ts'
import { compose, kubernetes, workflow } from '../../../src/evidence/settings/compose.ts'
import { dockerfile } from '../../../src/evidence/settings/dockerfile.ts'
import { envLines } from '../../../src/evidence/settings/env-file.ts'
import type { Found } from '../../../src/evidence/settings/facts.ts'
import { proxySigns } from '../../../src/evidence/settings/proxies.ts'
import { runs, startsServer } from '../../../src/evidence/settings/shell.ts'
import { npmScripts, procfile, shellScript, systemdUnit } from '../../../src/evidence/settings/starts.ts'

const place = { file: 'a', role: 'program' as const, development: false }
const env = (found: Found) => (found.env ?? []).map(({ name, value, line }) => `${line} ${name}=${value}`)
const commands = (found: Found) => (found.commands ?? []).map(({ argv, line }) => `${line} ${argv.join(' ')}`)

test('.env files', () => {
  const text =
    'A=1\nexport B = two # why\n# C=3\nD="a # b"\nE=\'x\'y\nF="one\ntwo"\nG=\nH="never closed\nI=9\r\nJ: yaml\nnot a pair\nK=a#b\n'
  assert.deepEqual(
    envLines(text).map(({ name, value, line }) => `${line} ${name}=${value}`),
    [
      '1 A=1',
      '2 B=two',
      '4 D=a # b',
      '5 E=x',
      '6 F=one\ntwo',
      '8 G=',
      '9 H="never closed',
      '10 I=9',
      '11 J=yaml',
      '13 K=a#b',
    ],
  )
})

test('shell lines', () => {
  const table: readonly (readonly [string, ...string[]])[] = [
    ['alembic upgrade head && uvicorn app:app --reload', 'alembic upgrade head', 'uvicorn app:app --reload'],
    [`sh -c "exec gunicorn -b ':80' app"`, 'gunicorn -b :80 app'],
    ['NODE_ENV=production cross-env A=b node "dist/a b.js"', 'node dist/a b.js'],
    ['poetry run uvicorn a:b', 'uvicorn a:b'],
    ['uv run -- fastapi dev', 'fastapi dev'],
    ['node a.js > out.log 2>&1 &', 'node a.js'],
    ['# nothing'],
    ['concurrently "tsx app.ts" "vite"', 'tsx app.ts', 'concurrently tsx app.ts vite'],
  ]
  for (const [line, ...expected] of table)
    assert.deepEqual(
      runs(line).argvs.map((argv) => argv.join(' ')),
      expected,
      line,
    )
  assert.deepEqual(runs('NODE_ENV=production cross-env A=b node x').set, [
    ['NODE_ENV', 'production'],
    ['A', 'b'],
  ])
  for (const line of [
    'uvicorn a:b',
    'python -m uvicorn a:b',
    'python3 main.py',
    'npm run start:prod',
    '/usr/bin/node a.js',
    'flask run',
  ])
    assert.equal(startsServer(line.split(' ')), true, line)
  for (const line of ['npm ci', 'python -m pip install x', 'flask db upgrade', 'echo node', 'yarn test'])
    assert.equal(startsServer(line.split(' ')), false, line)
})

test('Dockerfiles', () => {
  const text = [
    'FROM node:24 AS development', // 1
    'ENV NODE_ENV=development', // 2
    'CMD ["npm", "run", "dev"]', // 3
    'FROM node:24', // 4
    'ARG PORT=3000', // 5
    'ENV A="b c" \\', // 6
    '# a comment in between', // 7
    "    D='e' F=g", // 8
    'ENV OLD style value', // 9
    'CMD ["replaced"]', // 10
    'ENTRYPOINT ["sh", "-c"]', // 11
    'CMD ["uvicorn a:b --reload"]', // 12
  ].join('\n')
  const found = dockerfile(text, place)
  assert.deepEqual(env(found), [
    '2 NODE_ENV=development',
    '5 PORT=3000',
    '6 A=b c',
    '6 D=e',
    '6 F=g',
    '9 OLD=style value',
  ])
  assert.deepEqual(commands(found), ['3 npm run dev', '12 uvicorn a:b --reload'])
  assert.deepEqual(
    found.commands?.map(({ development }) => development),
    [true, false],
  )
  assert.deepEqual(commands(dockerfile('FROM x\nCMD uvicorn a:b \\\n  --reload', place)), ['2 uvicorn a:b --reload'])
  assert.deepEqual(commands(dockerfile('FROM x\nCMD [broken', place)), ['2 [broken'])
})

test('compose: both forms of environment, commands, anchors, proxies', () => {
  const text = `x-shared: &shared
  SHARED: "1"
services:
  api:
    image: api
    env_file:
      - ./config/api.txt
      - path: ../outside
    environment:
      <<: *shared
      JWT_SECRET: \${JWT_SECRET:-x}
      PORT: 3000
      PASSED_ON:
    command: uvicorn a:b --reload
  worker:
    environment:
      - A=b=c
      - PASSED_ON
    entrypoint: ["sh", "-c"]
    command: ["node", "$$HOME/a.js"]
  edge:
    image: docker.io/library/traefik:3
    labels: ["traefik.enable=true"]
`
  const found = compose(text, { ...place, file: 'deploy/compose.yml' })
  assert.deepEqual(env(found), ['11 JWT_SECRET=${JWT_SECRET:-x}', '12 PORT=3000', '2 SHARED=1', '17 A=b=c'])
  assert.deepEqual(
    found.commands?.map(({ argv, name }) => [name, ...argv]),
    [
      ['api', 'uvicorn', 'a:b', '--reload'],
      ['worker', 'sh', '-c'],
      ['worker', 'node', '$HOME/a.js'],
    ],
  )
  assert.deepEqual(found.environmentFiles, ['deploy/config/api.txt', 'outside'])
  assert.deepEqual(
    found.proxies?.map(({ kind, line }) => [kind, line]),
    [
      ['traefik', 22],
      ['traefik', 23],
    ],
  )
})

test('broken and hostile YAML is a note, and soon', () => {
  const services = Array.from({ length: 500 }, (_, n) => `  s${n}:\n    environment: {A: b}\n`).join('')
  const plain = elapsedMs(() => compose(`services:\n${services}`, place))
  const bomb = `a: &a [x,x,x,x,x,x,x,x,x]\n${'bcdefghij'.replaceAll(/./g, (name, at) => `${name}: &${name} [${`*${String.fromCharCode(96 + at + 1)},`.repeat(9)}]\n`)}services:\n  x:\n    environment: *j\n`
  const merges = `x0: &x0 {A: b}\n${Array.from({ length: 30 }, (_, n) => `x${n + 1}: &x${n + 1}\n  <<: [*x${n}, *x${n}, *x${n}]\n`).join('')}services:\n  x:\n    environment: *x30\n`
  const self = 'services: &s\n  x:\n    environment:\n      <<: *s\n    command: *s\n'
  for (const text of [
    bomb,
    merges,
    self,
    '['.repeat(100_000),
    '{a: '.repeat(50_000),
    'a: b: c: d',
    '\t- x',
    '&a '.repeat(9_999),
    '',
    'services: 1',
    'services: [1, null]',
    'services:\n  x:\n    environment: *none\n',
    '- '.repeat(20_000),
  ]) {
    const took = elapsedMs(() => {
      for (const read of [compose, workflow, kubernetes]) read(text, place)
    })
    assert.ok(took < 50 * plain, `${took} ms, one of five hundred services ${plain} ms: ${text.slice(0, 30)}`)
  }
  assert.ok(compose('a: b: c', place).note)
  assert.deepEqual(env(compose(bomb, place)), [])
})

test('workflows', () => {
  const text = `env:
  A: "1"
jobs:
  test:
    env: { B: "2" }
    services:
      db:
        env:
          POSTGRES_PASSWORD: postgres
    steps:
      - run: npm ci
        env:
          C: \${{ secrets.C }}
      - run: |
          echo hello
          uvicorn a:b &
`
  const found = workflow(text, place)
  assert.deepEqual(env(found), ['2 A=1', '5 B=2', '9 POSTGRES_PASSWORD=postgres', '13 C=${{ secrets.C }}'])
  assert.deepEqual(commands(found), ['14 uvicorn a:b'])
})

test('Kubernetes', () => {
  const text = `apiVersion: v1
kind: Deployment
spec:
  template:
    spec:
      containers:
        - name: api
          env:
            - name: A
              value: "1"
            - name: B
              valueFrom: { secretKeyRef: { name: x, key: y } }
          command: ["uvicorn"]
          args: ["a:b", "--forwarded-allow-ips=*"]
---
apiVersion: v1
kind: ConfigMap
data:
  C: "3"
`
  const found = kubernetes(text, place)
  assert.deepEqual(env(found), ['10 A=1', '19 C=3'])
  assert.deepEqual(commands(found), ['13 uvicorn a:b --forwarded-allow-ips=*'])
})

test('Procfile, npm scripts, systemd, shell scripts', () => {
  assert.deepEqual(commands(procfile('web: PORT=1 gunicorn app\nrelease: alembic upgrade head\n', place)), [
    '1 gunicorn app',
    '2 alembic upgrade head',
  ])
  const scripts = npmScripts(
    '{\n  "scripts": {\n    "build": "tsc",\n    "start": "node a.js",\n    "start:dev": "NODE_ENV=development tsx watch a.ts"\n  }\n}',
    place,
  )
  assert.deepEqual(commands(scripts), ['4 node a.js', '5 tsx watch a.ts'])
  assert.deepEqual(
    scripts.commands?.map(({ development }) => development),
    [false, true],
  )
  assert.deepEqual(env(scripts), ['5 NODE_ENV=development'])
  assert.equal(npmScripts('{', place).note, 'no JSON')
  assert.deepEqual(npmScripts('null', place).commands, [])
  const unit = systemdUnit('[Service]\nEnvironment="A=b" C=d\nExecStart=-/usr/bin/uvicorn a:b --reload\n', place)
  assert.deepEqual([env(unit), commands(unit)], [['2 A=b', '2 C=d'], ['3 /usr/bin/uvicorn a:b --reload']])
  const script = shellScript('#!/bin/sh\nset -e\necho node\nexec uvicorn \\\n  a:b --reload\n', {
    ...place,
    file: 'start.sh',
  })
  assert.deepEqual(commands(script), ['4 uvicorn a:b --reload'])
})

test('signs of a proxy', () => {
  for (const [file, text, expected] of [
    ['deploy/nginx.conf', 'server {\n  proxy_pass http://api;\n  proxy_pass http://b;\n}', ['nginx 2']],
    ['nginx.conf', 'server { root /x; }', []],
    ['Caddyfile', 'a.com {\n\treverse_proxy api:80\n}', ['caddy 2']],
    ['Procfile', 'web: x', ['heroku 1']],
    ['app.json', '{"expo": {}}', []],
    ['app.json', '{"buildpacks": []}', ['heroku 1']],
    ['fly.toml', '', ['fly 1']],
    ['wrangler.toml', '', ['cloudflare 1']],
    ['chart/templates/ingress.yaml', '{{- if .x }}\nkind: Ingress\n', ['kubernetes 2']],
    ['infra/main.tf', 'resource "aws_lb" "x" {}', ['alb 1']],
  ] as const)
    assert.deepEqual(
      proxySigns(text, file).map(({ kind, line }) => `${kind} ${line}`),
      expected,
      file + text,
    )
})
