/**
 * What is checked was written by somebody else. Whatever the repository holds, the command ends, keeps within its memory, says
 * something that is a report, and neither runs, writes nor shows what it should not.
 */
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { lstatSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { ATTACKS, OUTSIDE, OWNED, write } from './hostile.ts'
import { type Ran, run } from './run.ts'

/** A hang is what is looked for: alone on two cores the slowest takes 8 s, beside much other work a minute. */
const SECONDS = 120
const MEBIBYTES = 512

const schema: unknown = JSON.parse(readFileSync(new URL('../../schema/report.schema.json', import.meta.url), 'utf8'))
const validate = new Ajv2020({ strict: true }).compile(schema as object)

const FORMATS = ['json', 'sarif', 'junit', 'html'] as const

/** Controls but line ends, bidirectional marks and overrides, tags: what changes a page without being seen in it. */
const UNSEEN = /(?!\n)[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u

/** The repository, and beside it what is none of its business. */
const home = (t: TestContext): { readonly repository: string; readonly reports: string; readonly mark: string } => {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'portcullis-check-hostile-')))
  t.after(() => rmSync(folder, { recursive: true, force: true }))
  const [repository, reports, mark] = [join(folder, 'repository'), join(folder, 'reports'), join(folder, 'mark')]
  mkdirSync(repository)
  mkdirSync(reports)
  write(join(folder, 'outside'), {
    '.env': `SECRET_KEY=${OUTSIDE}\n`,
    'keys.ts': `export const key = '${OUTSIDE}'\n`,
    'keys.py': `key = '${OUTSIDE}'\n`,
  })
  return { repository, reports, mark }
}

const checked = async ({ repository, reports }: ReturnType<typeof home>) => {
  const files = FORMATS.map((name) => join(reports, name))
  const ran = await run([repository, ...FORMATS.map((name, index) => `--${name}=${files[index]}`)], {
    seconds: SECONDS,
  })
  return { ran, written: files.map((file) => lstatSync(file, { throwIfNoEntry: false }) && readFileSync(file, 'utf8')) }
}

const holds = (ran: Ran, texts: readonly (string | undefined)[], mebibytes = MEBIBYTES): void => {
  assert.notEqual(ran.exit, 'timeout', `over ${SECONDS} s`)
  assert.ok(ran.mebibytes > 10 && ran.mebibytes < mebibytes, `${ran.mebibytes} MiB`)
  assert.doesNotMatch(ran.stderr, /^ {4}at /m)
  for (const text of [ran.stdout, ran.stderr, ...texts]) {
    if (text === undefined) continue
    assert.doesNotMatch(text, UNSEEN)
    assert.ok(!text.includes('root:x:0'), 'shows /etc/passwd')
    // Where it was read as a secret, its first characters show.
    assert.ok(!text.includes(OUTSIDE.slice(0, 4)), 'shows what is outside of the folder')
  }
}

for (const { name, build, mebibytes } of ATTACKS)
  test(name, async (t) => {
    const { repository, reports, mark } = home(t)
    build(repository)
    writeFileSync(mark, '')
    const suppressions = join(repository, 'portcullis-check.json')
    if (lstatSync(suppressions, { throwIfNoEntry: false })?.isFile() === false) {
      // The one file that must be mended by a person before anything is read.
      const { ran, written } = await checked({ repository, reports, mark })
      holds(ran, written)
      assert.equal(ran.exit, 2)
      assert.match(ran.stderr, /portcullis-check\.json can't be read: it must be a text file of at most 1 MiB\.\n$/)
      rmSync(suppressions)
      writeFileSync(mark, '')
    }
    const { ran, written } = await checked({ repository, reports, mark })
    t.diagnostic(`${ran.seconds.toFixed(1)} s, ${Math.round(ran.mebibytes)} MiB, exit ${ran.exit}`)
    holds(ran, written, mebibytes)
    assert.ok(ran.exit === 0 || ran.exit === 1 || ran.exit === 3, `${ran.exit}: ${ran.stderr}`)
    assert.equal(ran.stderr, '')
    const [json = ''] = written
    assert.ok(validate(JSON.parse(json)), JSON.stringify(validate.errors?.slice(0, 3)))
    assert.equal(JSON.parse(json).verdict.exit, ran.exit)
    assert.match(ran.stdout, new RegExp(`^Exit ${ran.exit}: `, 'm'))
    // Made, changed or removed: a folder is newer then as well.
    assert.equal(execFileSync('find', [repository, '-newer', mark], { encoding: 'utf8' }), '')
    assert.equal(execFileSync('find', [repository, reports, '-name', OWNED], { encoding: 'utf8' }), '')
  })
