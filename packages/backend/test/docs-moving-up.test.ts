import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { readFileSync, realpathSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { freshDatabase, postgresMissing } from '../../portcullis/test/services/postgres.ts'
import { call, folder, person, production, startBackend } from './backend.ts'

const root = join(import.meta.dirname, '../../..')
const page = readFileSync(join(root, 'docs/moving-up.md'), 'utf8')
const blocks = (language: string): readonly string[] =>
  [...page.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\``, 'gm'))].map((match) => match[1] ?? '')

test('the commands of a move do what the page says, and print what it shows', {
  skip: await postgresMissing(),
  timeout: 120_000,
}, async (t) => {
  const cwd = realpathSync(folder(t))
  const postgres = await freshDatabase(t)
  const { DATABASE_URL: _, ...env } = production(cwd, { CORS_ORIGINS: 'https://app.example.com' })
  const named = 'postgres://portcullis@127.0.0.1:5432/portcullis'
  const command = join(root, 'packages/portcullis/bin/portcullis.js')
  /** Starts what the line starts, and stops it after the work; or runs it. */
  const run = async <Answer>(line: string, work: (address: string) => Promise<Answer>): Promise<Answer> => {
    const [, url = ''] = /^DATABASE_URL=(\S+) npm start$/.exec(line) ?? []
    const running = await startBackend({ ...env, DATABASE_URL: url.replace(named, postgres) }, [], cwd)
    try {
      return await work(running.address)
    } finally {
      assert.equal(await running.stop(), 0)
    }
  }
  const moved = (line: string): string => {
    assert.match(line, /^npx portcullis move /)
    const text = line.replace('npx portcullis', command).replace(named, postgres)
    // The Node of the project, whichever the machine has.
    const PATH = `${join(root, 'node_modules/.bin')}:${env['PATH'] ?? ''}`
    return execFileSync('sh', ['-c', text], { cwd, encoding: 'utf8', env: { ...env, PATH } })
  }

  const [once = '', move = '', start = '', onceBack = '', moveBack = '', startBack = '', ...others] = blocks(
    'sh',
  ).flatMap((block) => block.trimEnd().split('\n'))
  assert.deepEqual(others, [])
  const somebody = await run('DATABASE_URL=sqlite:./data/portcullis.db npm start', async (address) => {
    const one = await person(address)
    assert.equal(
      (await call(address, 'POST', '/notes', { token: one.token, body: { title: 'a', body: 'b' } })).status,
      201,
    )
    return one
  })
  const grant = ['users', 'grant', somebody.email, 'admin', '--database', 'sqlite:./data/portcullis.db']
  execFileSync(process.execPath, [command, ...grant], { cwd, env })
  const isHere = async (address: string) =>
    assert.equal((await call(address, 'GET', '/users', { token: somebody.token })).status, 200)

  await run(once, async () => {})
  const [shown = ''] = blocks('console')
  const place = new URL(postgres)
  assert.equal(
    moved(move).replace(cwd, '/srv/app').replace(`${place.host}${place.pathname}`, '127.0.0.1:5432/portcullis'),
    shown,
  )
  await run(start, isHere)
  await run(onceBack, async () => {})
  assert.match(moved(moveBack), /Both sides are equal: 6 tables, 8 rows\.\n$/)
  await run(startBack, isHere)
})

test('what the page says that the command says, it says', () => {
  const read = (file: string) => readFileSync(join(root, 'packages/portcullis/src/storage/move', file), 'utf8')
  const said = ['plan.ts', 'check.ts', 'move.ts', 'sqlite-rows.ts', 'postgres-errors.ts'].map(read).join('\n')
  const table = page.slice(page.indexOf('| exit |'), page.indexOf('**Broken off**'))
  const quotes = [...table.matchAll(/\*([^*\n]+)\*/g)].map(([, quote = '']) => quote)
  assert.equal(quotes.length, 8)
  for (const quote of quotes) assert.ok(said.includes(quote), quote)
})
