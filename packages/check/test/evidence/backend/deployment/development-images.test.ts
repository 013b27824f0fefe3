import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { withDevelopmentImages } from '../../../../src/evidence/backend/deployment/development-images.ts'
import { reloaders } from '../../../../src/evidence/backend/deployment/reloaders.ts'
import { settingsOf } from '../../../../src/evidence/settings/index.ts'

type Files = Readonly<Record<string, string>>

/** The images that start a reloader where nobody develops. */
const found = (files: Files): readonly string[] => {
  const settings = settingsOf({
    files: Object.keys(files).map((path) => ({
      path,
      size: 1,
      tracked: true,
      role: 'program' as const,
      kind: 'settings' as const,
    })),
    read: (path) => files[path],
  })
  return reloaders(withDevelopmentImages(settings)).map((one) => one.at.file)
}

const PACKAGE = JSON.stringify({ scripts: { dev: 'ts-node-dev src/main.ts', start: 'node dist/main.js' } })
const image = (script: string) => `FROM node\nCMD ["npm", "run", "${script}"]`
const compose = (service: string) => `services:\n  api:\n    build: .\n${service}  cache:\n    image: redis\n`
const MOUNTED = '    volumes:\n      - ./:/app\n      - /app/node_modules\n'
const base = { 'package.json': PACKAGE, Dockerfile: image('dev') }
const other = { 'ci/Dockerfile': image('start') }

describe('an image with a reloader is there to develop in', () => {
  test('where Compose mounts the source or says so, and another image of the program has none', () => {
    assert.deepEqual(found({ ...base, ...other, 'compose.yml': compose(MOUNTED) }), [])
    for (const service of [
      '    environment:\n      NODE_ENV: development\n',
      '    environment:\n      - NODE_ENV=development\n',
      '    env_file:\n      - .env.docker\n',
      '    volumes:\n      - type: bind\n        source: ./src\n        target: /app/src\n',
    ])
      assert.deepEqual(
        found({ ...base, ...other, '.env.docker': 'NODE_ENV="development"\n', 'compose.yml': compose(service) }),
        [],
        service,
      )
    const named = { 'Dockerfile.production': image('start'), 'compose.yml': compose(MOUNTED) }
    assert.deepEqual(found({ ...base, ...named }), [])
    const dev = compose('').replace('build: .', 'build: { context: .., dockerfile: Dockerfile }')
    assert.deepEqual(found({ ...base, ...other, 'docker/compose.dev.yml': dev }), [])
  })

  test('and is what production starts otherwise', () => {
    const fails: readonly (readonly [why: string, files: Files])[] = [
      ['no other image', { 'compose.yml': compose(MOUNTED) }],
      ['nothing says what it is for', { ...other }],
      ['Compose builds it, and says nothing', { ...other, 'compose.yml': compose('') }],
      [
        'only data is mounted',
        { ...other, 'compose.yml': compose('    volumes:\n      - ./data/:/data\n      - ./.env:/app/.env\n') },
      ],
      [
        'another service runs it as it is',
        { ...other, 'compose.yml': compose(MOUNTED), 'compose.stage.yml': compose('') },
      ],
      [
        'the other one restarts too',
        { 'ci/Dockerfile': image('dev').replace('npm", "run", "dev', 'nodemon'), 'compose.yml': compose(MOUNTED) },
      ],
      ['the other one runs tests', { 'Dockerfile.test': image('start'), 'compose.yml': compose(MOUNTED) }],
      [
        "the other one is another service's",
        {
          ...other,
          'compose.yml': compose(`${MOUNTED}  web:\n    build:\n      context: .\n      dockerfile: ci/Dockerfile\n`),
        },
      ],
      [
        'the other one has a manifest of its own',
        { 'web/Dockerfile': image('start'), 'web/package.json': PACKAGE, 'compose.yml': compose(MOUNTED) },
      ],
    ]
    for (const [why, files] of fails) assert.ok(found({ ...base, ...files }).includes('Dockerfile'), why)
  })
})
