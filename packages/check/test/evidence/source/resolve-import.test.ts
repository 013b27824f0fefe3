import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { exportsOf } from '../../../src/evidence/source/package-exports.ts'
import { type Layout, resolveImport } from '../../../src/evidence/source/resolve-import.ts'

/** The file that `from`, written in a file, means in a project of these files. */
const resolved = (file: string, from: string, files: readonly string[], layout: Partial<Layout> = {}) =>
  resolveImport(
    { file, language: file.endsWith('.py') ? 'python' : 'javascript', text: '', body: [], broken: false },
    from,
    { files: new Set([file, ...files]), aliases: [], packages: new Map(), ...layout },
  )

type Row = readonly [file: string, from: string, files: readonly string[], expected: string | undefined]

const rows = (title: string, table: readonly Row[], layout?: Partial<Layout>) =>
  test(title, () => {
    for (const [file, from, files, expected] of table)
      assert.equal(resolved(file, from, files, layout), expected, `${from} in ${file}`)
  })

describe('TypeScript and JavaScript', () => {
  rows('a path beside the file', [
    ['src/a.ts', './b', ['src/b.ts'], 'src/b.ts'],
    ['src/a.ts', './b.ts', ['src/b.ts'], 'src/b.ts'],
    ['src/a.ts', './b.js', ['src/b.ts'], 'src/b.ts'],
    ['src/a.ts', './b.mjs', ['src/b.mts'], 'src/b.mts'],
    ['src/a.ts', './b.jsx', ['src/b.tsx'], 'src/b.tsx'],
    ['src/a.ts', './b.js', ['src/b.js', 'src/b.ts'], 'src/b.js'],
    ['src/a.ts', './b', ['src/b/index.ts'], 'src/b/index.ts'],
    ['src/a.ts', './b/', ['src/b/index.ts'], 'src/b/index.ts'],
    ['src/a.ts', './b', ['src/b.ts', 'src/b/index.ts'], 'src/b.ts'],
    ['src/x/a.ts', '../b', ['src/b.ts'], 'src/b.ts'],
    ['src/x/a.ts', '..', ['src/index.ts'], 'src/index.ts'],
    ['src/a.ts', './config', ['src/config.json'], 'src/config.json'],
    ['src/a.ts', './b.service', ['src/b.service.ts'], 'src/b.service.ts'],
    ['src/a.ts', './b', ['b.ts'], undefined],
    ['src/a.ts', '../../../etc/b', ['etc/b.ts'], undefined],
  ])

  rows("somebody else's package", [
    ['src/a.ts', 'express', ['src/express.ts'], undefined],
    ['src/a.ts', '@nestjs/common', ['src/common.ts'], undefined],
    ['src/a.ts', 'node:crypto', ['src/crypto.ts'], undefined],
  ])

  rows('a custom without a tsconfig that could be read', [
    ['src/x/a.ts', '@/b', ['src/b.ts'], 'src/b.ts'],
    ['src/x/a.ts', '~/b', ['src/b.ts'], 'src/b.ts'],
    ['src/x/a.ts', '#b', ['src/b.ts'], 'src/b.ts'],
    ['src/x/a.ts', 'src/b', ['src/b.ts'], 'src/b.ts'],
    ['api/src/x/a.ts', '@/b', ['api/src/b.ts', 'src/b.ts'], 'api/src/b.ts'],
    ['src/x/a.ts', 'config.json', ['config.json'], 'config.json'],
  ])

  rows(
    "a tsconfig's paths",
    [
      ['src/x/a.ts', '@app/b', ['src/app/b.ts'], 'src/app/b.ts'],
      ['src/x/a.ts', '@config', ['src/settings/index.ts'], 'src/settings/index.ts'],
      ['src/x/a.ts', 'lib/b', ['src/lib/b.ts'], 'src/lib/b.ts'],
      ['src/x/a.ts', '@app/missing', [], undefined],
      ['src/x/a.ts', '@config/x', ['src/settings/x.ts'], undefined],
      ['src/x/a.ts', '@app/$&', ['src/app/$&.ts'], 'src/app/$&.ts'],
    ],
    { aliases: [{ folder: '', baseUrl: 'src', paths: { '@app/*': ['app/*'], '@config': ['settings'] } }] },
  )

  rows(
    'the nearest tsconfig has the first word',
    [
      ['api/src/a.ts', '@/b', ['api/src/b.ts', 'web/b.ts'], 'api/src/b.ts'],
      ['other/a.ts', '@/b', ['api/src/b.ts', 'web/b.ts'], 'web/b.ts'],
      ['apiary/a.ts', '@/b', ['api/src/b.ts', 'web/b.ts'], 'web/b.ts'],
    ],
    {
      aliases: [
        { folder: '', baseUrl: undefined, paths: { '@/*': ['web/*'] } },
        { folder: 'api', baseUrl: undefined, paths: { '@/*': ['src/*'] } },
      ],
    },
  )

  rows(
    'a package of the workspace',
    [
      ['api/a.ts', '@org/lib', ['packages/lib/src/index.ts'], 'packages/lib/src/index.ts'],
      ['api/a.ts', '@org/lib/b', ['packages/lib/src/b.ts'], 'packages/lib/src/b.ts'],
      [
        'api/a.ts',
        '@org/lib/fastify',
        ['packages/lib/src/adapters/fastify/index.ts'],
        'packages/lib/src/adapters/fastify/index.ts',
      ],
      ['api/a.ts', '@org/library', ['packages/lib/src/index.ts'], undefined],
    ],
    { packages: new Map([['@org/lib', 'packages/lib']]) },
  )
})

describe("a package's exports", () => {
  const given = (manifest: object) => ({ exports: [exportsOf('packages/auth', { name: '@org/auth', ...manifest })] })

  rows(
    'are what its manifest says, by the name that others import',
    [
      ['api/a.ts', '@org/auth/server', ['packages/auth/src/better.ts'], 'packages/auth/src/better.ts'],
      ['api/a.ts', '@org/auth', ['packages/auth/src/entry.ts'], 'packages/auth/src/entry.ts'],
      ['api/a.ts', '@org/auth/lib/b', ['packages/auth/code/b.ts'], 'packages/auth/code/b.ts'],
      ['api/a.ts', '@org/auth/hidden', ['packages/auth/src/better.ts'], undefined],
      ['api/a.ts', '@org/authors/server', ['packages/auth/src/better.ts'], undefined],
    ],
    given({
      exports: {
        '.': { types: './dist/entry.d.ts', import: './dist/entry.js' },
        './server': './src/better.ts',
        './lib/*': './code/*.ts',
      },
    }),
  )

  const conditions = { import: './src/entry.ts' }
  for (const manifest of [{ main: 'src/entry.ts' }, { exports: './src/entry.ts' }, { exports: conditions }])
    rows(
      `one for all of it: ${JSON.stringify(manifest)}`,
      [['api/a.ts', '@org/auth', ['packages/auth/src/entry.ts'], 'packages/auth/src/entry.ts']],
      given(manifest),
    )
})

describe('Python', () => {
  rows('leading dots', [
    ['app/a.py', '.b', ['app/b.py'], 'app/b.py'],
    ['app/a.py', '.b', ['app/b/__init__.py'], 'app/b/__init__.py'],
    ['app/core/a.py', '..b', ['app/b.py'], 'app/b.py'],
    ['app/core/a.py', '..b.c', ['app/b/c.py'], 'app/b/c.py'],
    ['app/a.py', '.', ['app/__init__.py'], 'app/__init__.py'],
    ['app/a.py', '.b', ['b.py'], undefined],
  ])

  rows('from wherever the program may have been started', [
    ['backend/app/main.py', 'app.core', ['backend/app/core.py', 'backend/app/__init__.py'], 'backend/app/core.py'],
    ['app/main.py', 'core.config', ['app/core/config.py'], 'app/core/config.py'],
    ['main.py', 'app.config', ['src/app/config.py'], 'src/app/config.py'],
  ])

  rows('the library, where a file of a package has its name', [
    ['app/core/security.py', 'jwt', ['app/core/jwt.py', 'app/core/__init__.py', 'app/__init__.py'], undefined],
    ['app/core/jwt.py', 'jwt', [], undefined],
    // Started in a folder that is a package by mistake.
    ['app.py', 'routes.admin', ['__init__.py', 'routes/admin.py'], 'routes/admin.py'],
    [
      'backend/main.py',
      'routers.users',
      ['backend/__init__.py', 'backend/routers/users.py'],
      'backend/routers/users.py',
    ],
    [
      'backend/api/users.py',
      'models',
      ['backend/__init__.py', 'backend/api/__init__.py', 'backend/models.py'],
      'backend/models.py',
    ],
    ['app/security.py', 'jwt', ['app/jwt.py', 'app/__init__.py'], undefined],
    ['app/a/b.py', 'c', ['app/a/c.py', 'app/a/__init__.py', 'app/__init__.py'], undefined],
  ])
})
