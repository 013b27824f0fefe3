import assert from 'node:assert/strict'
import { test } from 'node:test'
import { kindOf, roleOf } from '../../../src/evidence/project/index.ts'

test('each file has its kind', () => {
  const table = {
    source: ['src/main.ts', 'a.mjs', 'app/main.py', 'x.tsx', 'src/env.ts', 'app/migrations/env.py', 'jest.config.js'],
    settings: [
      'Dockerfile',
      'deploy/Dockerfile.dev',
      'api.Dockerfile',
      'docker-compose.yml',
      'compose.override.yaml',
      '.env',
      '.env.local',
      'prod.env',
      'env-example',
      '.github/workflows/ci.yml',
      'Procfile',
      'deploy/api.service',
      'nginx.conf',
      'package.json',
      'pyproject.toml',
      'requirements-dev.txt',
      'config/default.json',
      'setup.cfg',
      '.npmrc',
    ],
    other: [
      'README.md',
      'tsconfig.json',
      'locales/en/settings.yml',
      'index.html',
      'data.json',
      'LICENSE',
      'server.key',
    ],
  }
  for (const [kind, paths] of Object.entries(table)) for (const path of paths) assert.equal(kindOf(path), kind, path)
})

test('each file has its role', () => {
  const table = {
    program: [
      'src/main.ts',
      'src/docs/swagger.js',
      'src/routes/docs.route.js',
      'app/vendor/vendor.controller.ts',
      'src/example.controller.ts',
      '.env',
      '.env.local',
      '.env.production',
      'backend/app/main.py',
      'contest/latest.ts',
      'Dockerfile',
      'src/build/plan.ts',
      'src/attest.ts',
      'src/unit.ts',
    ],
    test: [
      'test/a.ts',
      'src/__tests__/a.ts',
      'a.spec.ts',
      'login.unit.ts',
      'app.e2e-spec.ts',
      'cypress/x.js',
      'conftest.py',
      'pytest.ini',
      'test_login.py',
      'login_test.py',
      'app/tests/api/x.py',
      'factories/user.ts',
      'docker-compose.test.yml',
      'config/env/test.js',
      'jest.config.js',
    ],
    example: [
      '.env.example',
      '.env.sample',
      '.env.test',
      'env-example',
      'config.example.ts',
      'docs/a.ts',
      'examples/b.py',
      'bench/contenders/express.ts',
      'benchmarks/a.js',
      'README.md',
      'config.ts.example',
      'settings.yml.dist',
    ],
    generated: [
      'dist/main.js',
      'build/a.js',
      'package-lock.json',
      'yarn.lock',
      'uv.lock',
      'public/app.min.js',
      'vendor/x.js',
      'node_modules/a/b.js',
      'public/jquery-3.7.1.js',
      'assets/index.3f2a9b1c.js',
      'client/sdk.gen.ts',
    ],
  }
  for (const [role, paths] of Object.entries(table)) for (const path of paths) assert.equal(roleOf(path), role, path)
  assert.equal(roleOf('src/main.ts', 2 ** 21), 'generated')
})
