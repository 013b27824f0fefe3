// biome-ignore-all lint/suspicious/noTemplateCurlyInString: they are the texts of other programs
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { chmodSync, existsSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { historySecrets } from '../../../src/evidence/history/index.ts'
import { blockFor } from '../block.ts'
import { repository, temporaryFolder, writeFiles } from '../repository.ts'

const seen = async (folder: string) =>
  (await historySecrets(folder)).findings.map(({ file, line, value }) => `${file}:${line} ${value}`).sort()

test('what was added once is found, whether it was removed, changed or merged away', async (t) => {
  const { folder, git, commit } = repository(t)
  commit({ 'src/main.ts': 'export {}\n' })
  commit({
    '.env': 'A=1\nJWT_SECRET=p4sta\n',
    'src/auth.ts': "import a from 'a'\n\nconst t = jwt.sign({ id: 'x' }, 'hunter2')\n",
  })
  git('checkout', '-q', '-b', 'side')
  commit({ 'app/settings.py': 'SECRET_KEY = "on the side"\n' })
  git('checkout', '-q', 'main')
  git('rm', '-q', '.env')
  commit({ 'src/auth.ts': 'const t = jwt.sign({ id }, key)\n' })
  // Merged, and all that it brought dropped: history is there all the same.
  git('merge', '-q', '-s', 'ours', '-m', 'merge', 'side')
  git('branch', '-q', '-D', 'side')
  const found = await historySecrets(folder)
  assert.equal(found.complete, true, found.why)
  assert.equal(found.commits, 5)
  assert.deepEqual(await seen(folder), ['.env:2 p4sta', 'app/settings.py:1 on the side', 'src/auth.ts:3 hunter2'])
  const [env] = found.findings.filter(({ file }) => file === '.env')
  assert.match(env?.commit ?? '', /^[0-9a-f]{7,}$/)
})

test('each value once for each file, with its newest and oldest commit', async (t) => {
  const { folder, git, commit } = repository(t)
  for (const text of ['SECRET=hunter2\n', 'SECRET=other\n', 'A=1\nSECRET=hunter2\n']) commit({ '.env': text })
  const [newest, , oldest] = git('log', '--format=%h').trim().split('\n')
  const [one] = (await historySecrets(folder)).findings.filter(({ value }) => value === 'hunter2')
  assert.deepEqual([one?.commit, one?.since, one?.line], [newest, oldest, 2])
})

test('a conflict resolved to a secret is in no other commit than the merge', async (t) => {
  const { folder, git, commit } = repository(t)
  commit({ '.env': 'A=1\n' })
  git('checkout', '-q', '-b', 'side')
  commit({ '.env': 'A=2\n' })
  git('checkout', '-q', 'main')
  commit({ '.env': 'A=3\n' })
  try {
    git('merge', '-q', 'side')
  } catch {}
  commit({ '.env': 'JWT_SECRET=merged in\n' })
  assert.deepEqual(await seen(folder), ['.env:1 merged in'])
})

test('tests, examples, lock files, dependencies and pages are left out; tracked build output is not', async (t) => {
  const { folder, commit } = repository(t)
  const line = "const JWT_SECRET = 'hunter2'\n"
  const paths = [
    'test/a.ts',
    'a.spec.ts',
    'node_modules/a/b.js',
    'a.min.js',
    'yarn.lock',
    'docs/a.ts',
    'x.png',
    'README.md',
  ]
  commit({
    ...Object.fromEntries(paths.map((path) => [path, line])),
    '.env.example': 'JWT_SECRET=changeme\n',
    'dist/config.js': line,
  })
  assert.deepEqual(await seen(folder), ['dist/config.js:1 hunter2'])
})

test('odd names and lines without an end', async (t) => {
  const { folder, commit } = repository(t)
  commit({ 'a b/ü "x".py': 'SECRET_KEY = "hunter2"', 'a.ts': `${'x'.repeat(200_000)}\nconst secret = 'after'\n` })
  assert.deepEqual(await seen(folder), ['a b/ü "x".py:1 hunter2', 'a.ts:2 after'])
})

test('a folder inside of a bigger repository is only its part, by its own paths', async (t) => {
  const { folder, commit } = repository(t)
  commit({ 'api/.env': 'SECRET=inside\n', 'web/.env': 'SECRET=outside\n' })
  assert.deepEqual(await seen(join(folder, 'api')), ['.env:1 inside'])
})

test('a shallow clone, no repository and no commits say so', async (t) => {
  const { folder, commit } = repository(t)
  assert.equal((await historySecrets(folder)).commits, 0)
  commit({ '.env': 'SECRET=old\n' })
  commit({ '.env': 'SECRET=new\n' })
  const clone = join(temporaryFolder(t), 'clone')
  execFileSync('git', ['clone', '-q', '--depth', '1', `file://${folder}`, clone])
  const shallow = await historySecrets(clone)
  assert.equal(shallow.complete, false)
  assert.match(shallow.why ?? '', /shallow/)
  const none = await historySecrets(temporaryFolder(t))
  assert.equal(none.complete, false)
  assert.match(none.why ?? '', /not a git repository/)
})

test('an object that is missing costs its own file and no other', async (t) => {
  const { folder, git, commit } = repository(t)
  commit({ '.env': 'SECRET=hunter2\n', 'data.txt': 'data\n' })
  const object = git('rev-parse', 'HEAD:data.txt').trim()
  rmSync(join(folder, '.git/objects', object.slice(0, 2), object.slice(2)))
  const found = await historySecrets(folder)
  assert.equal(found.complete, false)
  assert.match(found.why ?? '', /data\.txt could not be read/)
  assert.deepEqual(
    found.findings.map(({ value }) => value),
    ['hunter2'],
  )
})

test('history that takes too long is not complete', async (t) => {
  const { folder, commit } = repository(t)
  commit({ '.env': 'SECRET=hunter2\n' })
  const found = await historySecrets(folder, { seconds: 0 })
  assert.equal(found.complete, false)
  assert.match(found.why ?? '', /took over/)
})

test('the time in which this program reads for itself is not counted as that of history', async (t) => {
  const { folder, commit } = repository(t)
  commit({ '.env': 'SECRET=hunter2\n' })
  const reading = historySecrets(folder, { seconds: 2 })
  blockFor(3_000)
  const found = await reading
  assert.equal(found.complete, true, found.why)
})

test('a hostile repository runs nothing, sends nothing and hides nothing', async (t) => {
  const { folder, git, commit } = repository(t)
  const ran = join(temporaryFolder(t), 'ran')
  const script = join(temporaryFolder(t), 'evil.sh')
  writeFiles('/', { [script]: `#!/bin/sh\ntouch ${ran}\ncat "$1" 2>/dev/null\n` })
  chmodSync(script, 0o755)
  commit({ '.gitattributes': '* diff=evil filter=evil\n', '.env': 'SECRET=hunter2\n', 'gone.txt': 'gone' })
  commit({ '.env': 'SECRET=${SECRET}\n' })
  // A commit that seems to be signed, so that a signature would be checked.
  const tree = git('rev-parse', 'HEAD^{tree}').trim()
  const parent = git('rev-parse', 'HEAD').trim()
  const who = 'A <a@example.com> 1700000000 +0000'
  const signed = `tree ${tree}\nparent ${parent}\nauthor ${who}\ncommitter ${who}\ngpgsig -----BEGIN PGP SIGNATURE-----\n \n aaaa\n -----END PGP SIGNATURE-----\n\nsigned\n`
  const id = execFileSync('git', ['hash-object', '-t', 'commit', '-w', '--stdin'], {
    cwd: folder,
    input: signed,
    encoding: 'utf8',
  }).trim()
  git('update-ref', 'refs/heads/main', id)
  for (const [key, value] of [
    ['core.fsmonitor', script],
    ['core.pager', script],
    ['core.hooksPath', folder],
    ['core.sshCommand', script],
    ['core.askPass', script],
    ['diff.external', script],
    ['diff.evil.textconv', script],
    ['diff.evil.command', script],
    ['diff.evil.binary', 'true'],
    ['filter.evil.clean', script],
    ['filter.evil.smudge', script],
    ['filter.evil.process', script],
    ['gpg.program', script],
    ['log.showSignature', 'true'],
    ['credential.helper', `!${script}`],
    ['log.showRoot', 'false'],
    ['diff.noprefix', 'true'],
    ['diff.orderFile', '/none'],
    ['color.ui', 'always'],
    ['log.follow', 'true'],
    ['core.repositoryformatversion', '1'],
    ['extensions.partialClone', 'origin'],
    ['remote.origin.promisor', 'true'],
    ['remote.origin.url', `ext::${script}`],
    ['remote.origin.uploadpack', script],
    ['protocol.ext.allow', 'always'],
  ] as const)
    git('config', key, value)
  const lost = git('rev-parse', 'HEAD:gone.txt').trim()
  rmSync(join(folder, '.git/objects', lost.slice(0, 2), lost.slice(2)))
  writeFileSync(join(folder, '.git/hooks/post-index-change'), `#!/bin/sh\ntouch ${ran}\n`, { mode: 0o755 })
  const { findings, why } = await historySecrets(folder)
  assert.equal(existsSync(ran), false)
  assert.deepEqual(
    findings.map(({ value }) => value),
    ['hunter2'],
    why,
  )
})
