import assert from 'node:assert/strict'
import { chmodSync, existsSync, mkdirSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { openProject } from '../../../src/evidence/project/index.ts'
import { repository, temporaryFolder, writeFiles } from '../repository.ts'

const pathsOf = async (folder: string) => (await openProject(folder)).files.map(({ path }) => path)

test('with git: what is tracked, and what is new and not ignored', async (t) => {
  const { folder, commit, write } = repository(t)
  commit({ 'src/main.ts': 'a', '.gitignore': '.env\n', 'odd "name"\n.ts': 'b', 'gone.ts': 'c' })
  write({ '.env': 'SECRET=x', 'src/new.ts': 'n', 'node_modules/a/index.js': 'x' })
  const project = await openProject(folder)
  assert.equal(project.git, true)
  assert.equal(project.complete, true)
  assert.deepEqual(
    project.files.map(({ path, tracked }) => [path, tracked]),
    [
      ['.gitignore', true],
      ['gone.ts', true],
      ['odd "name"\n.ts', true],
      ['src/main.ts', true],
      ['src/new.ts', false],
    ],
  )
})

test('a folder inside of a bigger repository is only its part', async (t) => {
  const { folder, commit } = repository(t)
  commit({ 'api/src/main.ts': 'a', 'web/main.ts': 'b' })
  assert.deepEqual(await pathsOf(join(folder, 'api')), ['src/main.ts'])
})

test('without git: a walk that skips what nobody wrote', async (t) => {
  const folder = temporaryFolder(t)
  writeFiles(folder, {
    'a.ts': '',
    'src/b.py': '',
    'node_modules/c.js': '',
    '.git/d': '',
    'dist/e.js': '',
    'venv/f.py': '',
  })
  const project = await openProject(folder)
  assert.equal(project.git, false)
  assert.deepEqual(
    project.files.map(({ path }) => path),
    ['a.ts', 'src/b.py'],
  )
})

test('no link leads out of the folder, whether it is a file or a folder', async (t) => {
  const { folder, commit } = repository(t)
  const outside = temporaryFolder(t)
  writeFiles(outside, { 'secret.ts': 'outside' })
  commit({ 'a.ts': 'inside', 'sub/secret.ts': 'inside' })
  symlinkSync(join(outside, 'secret.ts'), join(folder, 'link.ts'))
  symlinkSync(outside, join(folder, 'dir'))
  const project = await openProject(folder)
  assert.deepEqual(
    project.files.map(({ path }) => path),
    ['a.ts', 'sub/secret.ts'],
  )
  for (const path of [
    'link.ts',
    'dir/secret.ts',
    '../secret.ts',
    join('..', outside.split('/').at(-1) ?? '', 'secret.ts'),
    outside,
  ])
    assert.equal(project.read(path), undefined, path)
  assert.equal(project.read('a.ts'), 'inside')
})

test('read gives text, and undefined for what is none', async (t) => {
  const folder = temporaryFolder(t)
  writeFiles(folder, {
    'a.ts': 'é',
    'binary.ts': Buffer.from([1, 0, 2]),
    'large.ts': 'x'.repeat(2 ** 20 + 1),
    'utf16.env': Buffer.from('\ufeffA=b', 'utf16le'),
    'bom.ts': '\ufeffx',
  })
  mkdirSync(join(folder, 'folder.ts'))
  const { read } = await openProject(folder)
  assert.equal(read('a.ts'), 'é')
  assert.equal(read('utf16.env'), 'A=b')
  assert.equal(read('bom.ts'), 'x')
  for (const path of ['binary.ts', 'large.ts', 'none.ts', 'folder.ts', 'a.ts\0'])
    assert.equal(read(path), undefined, path)
})

test('a folder that is none is an error', async (t) => {
  await assert.rejects(openProject(join(temporaryFolder(t), 'none')), /is no folder/)
})

test('a hostile repository runs nothing when its files are listed', async (t) => {
  const { folder, git, commit } = repository(t)
  const ran = join(temporaryFolder(t), 'ran')
  const script = join(folder, 'evil.sh')
  commit({ 'a.ts': 'a' })
  writeFileSync(script, `#!/bin/sh\ntouch ${ran}\n`)
  chmodSync(script, 0o755)
  git('config', 'core.fsmonitor', script)
  git('config', 'core.pager', script)
  git('config', 'core.sshCommand', script)
  git('config', 'alias.ls-files', `!${script}`)
  writeFileSync(join(folder, '.git/hooks/post-index-change'), `#!/bin/sh\ntouch ${ran}\n`, { mode: 0o755 })
  assert.deepEqual(await pathsOf(folder), ['a.ts', 'evil.sh'])
  assert.equal(existsSync(ran), false)
})

test('more source and settings than anybody writes is not read, and that is said', async (t) => {
  const folder = temporaryFolder(t)
  const large = (path: string) => {
    writeFiles(folder, { [path]: '' })
    truncateSync(join(folder, path), 1024 * 1024)
  }
  for (let index = 0; index < 40; index += 1) large(`pictures/${index}.png`)
  for (let index = 10; index < 42; index += 1) large(`src/${index}.ts`)
  assert.equal((await openProject(folder)).complete, true)
  large('src/9.env')
  const { complete, why, files } = await openProject(folder)
  assert.deepEqual([complete, why], [false, 'over 32 MiB of source and settings'])
  assert.deepEqual([files.length, files.at(-1)?.path], [72, 'src/41.ts'])
})

test('the names of dependencies, of every package', async (t) => {
  const folder = temporaryFolder(t)
  writeFiles(folder, {
    'package.json': JSON.stringify({ dependencies: { fastify: '5' }, devDependencies: { typescript: '7' } }),
    'packages/api/package.json': '{"dependencies": {"@nestjs/core": "1"}}',
    'packages/broken/package.json': '{',
    'test/fixtures/package.json': '{"dependencies": {"express": "1"}}',
    'py/pyproject.toml':
      '[project]\nname = "x"\ndependencies = [\n  "FastAPI[standard]>=0.1", # the framework\n  "python_jose",\n]\n[dependency-groups]\ndev = ["pytest"]\n[tool.x]\ndependencies = ["no"]\n',
    'poetry/pyproject.toml':
      '[tool.poetry.dependencies]\npython = "^3.12"\nflask = { version = "3" }\n[tool.poetry.group.dev.dependencies]\nruff = "*"\n',
    'requirements.txt': '# web\nFlask==3\n-r other.txt\nflask-limiter>=1 ; python_version > "3"\n',
    'requirements-dev.txt': 'pytest\n',
    Pipfile: '[packages]\nfastapi = "*"\n[dev-packages]\nblack = "*"\n',
  })
  const packages = (await openProject(folder)).packages()
  const named = Object.fromEntries(
    packages.map((one) => [one.manifest, [one.folder, one.dependencies, one.developmentDependencies]]),
  )
  assert.deepEqual(named, {
    Pipfile: ['', ['fastapi'], ['black']],
    'package.json': ['', ['fastify'], ['typescript']],
    'packages/api/package.json': ['packages/api', ['@nestjs/core'], []],
    'poetry/pyproject.toml': ['poetry', ['flask'], ['ruff']],
    'py/pyproject.toml': ['py', ['fastapi', 'python-jose'], ['pytest']],
    'requirements.txt': ['', ['flask', 'flask-limiter'], []],
    'requirements-dev.txt': ['', [], ['pytest']],
  })
})
