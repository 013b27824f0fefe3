import assert from 'node:assert/strict'
import { execFileSync, spawnSync } from 'node:child_process'
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { generateSecret } from 'portcullis/sessions'
import { folder, startBackend } from './backend.ts'

const root = join(import.meta.dirname, '../../..')
// A folder of docs has a test of its own: docs/checks is the checklist's.
const pages = [
  'README.md',
  'CONTRIBUTING.md',
  ...readdirSync(join(root, 'docs'))
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
]
const read = (page: string): string => readFileSync(join(root, page), 'utf8')
const blocks = (page: string, language: string): readonly string[] =>
  [...read(page).matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\``, 'gm'))].map((match) => match[1] ?? '')

const examples = pages.flatMap((page) =>
  blocks(page, 'ts').map((code, index) => ({ name: `${page.replace(/\W/g, '-')}-${index}`, page, code })),
)

test('every example in TypeScript is checked by the compiler, and runs', (t) => {
  assert.ok(examples.length >= 6)
  // Inside the package, so that its dependencies are found; types are not stripped under node_modules.
  const place = join(import.meta.dirname, '.examples')
  mkdirSync(place, { recursive: true })
  t.after(() => rmSync(place, { recursive: true, force: true }))
  for (const { name, code } of examples) {
    const ready = code.includes('const app') && !code.includes('app.listen') ? '\nawait app.ready()\n' : ''
    const listening = code.replace(
      'await app.listen({ port: 3000 })',
      'await app.listen({ port: 0 })\nawait app.close()',
    )
    writeFileSync(join(place, `${name}.ts`), `${listening}${ready}`)
  }
  const compilerOptions = { noEmit: true, noUnusedLocals: false, noPropertyAccessFromIndexSignature: false }
  writeFileSync(
    join(place, 'tsconfig.json'),
    JSON.stringify({ extends: join(root, 'tsconfig.json'), compilerOptions, include: ['*.ts'] }),
  )
  const checked = spawnSync(join(root, 'node_modules/.bin/tsc'), ['-p', place], { encoding: 'utf8' })
  assert.equal(checked.status, 0, checked.stdout)

  for (const { name, page, code } of examples) {
    const env = { PATH: process.env['PATH'] ?? '', JWT_SECRET: generateSecret() }
    const ran = spawnSync(process.execPath, ['--conditions=source', join(place, `${name}.ts`)], {
      encoding: 'utf8',
      env,
      timeout: 20_000,
    })
    assert.equal(ran.status, 0, `${page}: ${ran.stderr}`)
    const promised = [...code.matchAll(/^console\.log\(.*\) \/\/ ([^:\n]+)/gm)].map((match) => match[1]?.trim())
    const printed = ran.stdout.trim().split('\n')
    for (const [index, line] of promised.entries()) {
      // An IPv6 key has colons of its own: the comment is compared as far as it goes.
      assert.ok(printed[index]?.startsWith(line ?? '!'), `${page} promises ${line}, printed was ${printed[index]}`)
    }
  }
})

test('every npm script that a page names is there', () => {
  const scripts = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).scripts as Record<string, string>
  const named = pages.flatMap((page) =>
    [...read(page).matchAll(/npm (?:run )?(?:--silent )?(test:\w+|[a-z]+)/g)].map((match) => ({
      page,
      name: match[1] ?? '',
    })),
  )
  assert.ok(named.length > 10)
  for (const { page, name } of named)
    assert.ok(
      ['install', 'ci', 'run', 'audit'].includes(name) || scripts[name] !== undefined,
      `${page}: npm run ${name}`,
    )
})

test('what the README tells a newcomer to type does what it says', async (t) => {
  const cwd = folder(t)
  const running = await startBackend({ PATH: process.env['PATH'] ?? '', PORT: '0' }, ['--development'], cwd)
  t.after(() => running.stop('SIGKILL'))
  const lines = blocks('README.md', 'sh')
    .flatMap((block) => block.split('\n'))
    .filter((line) => line.startsWith('curl') || line.includes('users -- grant'))
  assert.equal(lines.length, 4)
  const env = { ...process.env, DATABASE_URL: `sqlite:${join(cwd, 'data/portcullis.db')}` }
  const answers = lines.map((line) =>
    execFileSync('sh', ['-c', line.replace('localhost:3000', running.address)], { cwd: root, encoding: 'utf8', env }),
  )
  assert.equal(JSON.parse(answers[0] ?? '').status, 401)
  assert.equal(JSON.parse(answers[1] ?? '').username, 'ada')
  assert.equal(JSON.parse(answers[2] ?? '').token_type, 'Bearer')
  assert.match(answers[3] ?? '', /ada now has admin\./)

  const promised = /```console\n\$ npm run dev\n([\s\S]*?)```/.exec(read('README.md'))?.[1]?.split('\n') ?? []
  for (const line of promised.filter((one) => one !== '' && !one.includes('…') && !/address|docs {5}/.test(one))) {
    assert.ok(running.output().includes(line.trimEnd()), `the README shows a line that is not printed: ${line}`)
  }
})

test('the commands of a key rotation do what the page says', { timeout: 60_000 }, async (t) => {
  const cwd = folder(t)
  const [make = '', start = '', all = '', one = '', written = ''] = blocks('docs/key-rotation.md', 'sh').flatMap(
    (block) => block.trimEnd().split('\n'),
  )
  const METRICS_TOKEN = generateSecret()
  const PATH = `${join(root, 'node_modules/.bin')}:${process.env['PATH'] ?? ''}`
  const run = (line: string): string =>
    execFileSync('sh', ['-c', line.replace('npx portcullis', join(root, 'packages/portcullis/bin/portcullis.js'))], {
      cwd,
      encoding: 'utf8',
      env: { PATH, METRICS_TOKEN },
    })
  run(make)
  const [, name = '', value = ''] = /^(\w+)=(\S+) npm start$/.exec(start) ?? []
  const env = { PATH, PORT: '0', METRICS_TOKEN, [name]: value }
  const running = await startBackend(env, [], cwd)
  t.after(() => running.stop('SIGKILL'))
  const [first = '', ...others] = all.match(/http:\S+/g) ?? []
  assert.equal(others.length, 1)
  const rotated = run(
    `${all
      .replace('METRICS_TOKEN=… ', '')
      .replace(first, running.address)
      .replace(others[0] ?? '', running.address)} --retire-now`,
  )
  assert.match(rotated, /step 1 of 4[\s\S]*step 2 of 4[\s\S]*step 4 of 4[\s\S]*Done/)
  assert.match(run(one), /step 1 of 4[\s\S]*the next step: portcullis keys rotate --file keys\.txt/)
  assert.match(run(written), /1\. Add it last[\s\S]*4\. Take the others out/)
})

test('the pages that are made from tables are up to date', () => {
  const checked = spawnSync(process.execPath, ['--conditions=source', join(root, 'scripts/docs.ts'), '--check'], {
    encoding: 'utf8',
  })
  assert.equal(checked.status, 0, checked.stdout)
})

test('every link between the pages leads somewhere', () => {
  for (const page of pages) {
    for (const [, target = ''] of read(page).matchAll(/\]\((?!https?:|#)([^)#]+)/g)) {
      const folderOf = page.includes('/') ? join(root, 'docs') : root
      assert.doesNotThrow(() => readFileSync(join(folderOf, target)), `${page} links to ${target}`)
    }
  }
})
