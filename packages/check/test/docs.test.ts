/** The pages say what the program does: the same ids, titles and standards, commands that it takes, and mends that parse. */
import assert from 'node:assert/strict'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, relative, resolve } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { readCommandLine, USAGE } from '../src/command-line.ts'
import { parseJavaScript } from '../src/evidence/source/javascript.ts'
import { openPython } from '../src/evidence/source/python.ts'
import { items } from '../src/items/items.ts'
import { parseSuppressions } from '../src/report/index.ts'

const DOCS = resolve(import.meta.dirname, '../../../docs')
const CHECKS = join(DOCS, 'checks')
const STACKS = ['Express', 'Fastify', 'Hono', 'NestJS', 'FastAPI']
const SECTIONS = ['Outcomes', 'What is looked at', 'The shortest mend', "What it can't see"]

const page = (id: string): string => readFileSync(join(CHECKS, `${id}.md`), 'utf8')

interface Block {
  readonly language: string
  readonly text: string
}

const blocksOf = (text: string): readonly Block[] =>
  [...text.matchAll(/^```(\w*)[^\n]*\n(.*?)^```$/gms)].map(([, language = '', inner = '']) => ({
    language,
    text: inner,
  }))

const withoutBlocks = (text: string): string => text.replace(/^```.*?^```$/gms, '')

/** As GitHub makes an anchor of a heading. */
const anchorOf = (heading: string): string =>
  heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N} _-]/gu, '')
    .replaceAll(' ', '-')

const anchorsIn = (text: string): readonly string[] =>
  [...withoutBlocks(text).matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) => anchorOf(heading.trim()))

describe('the page of each item', () => {
  for (const { id, title, severity, ten, asvs, apiTop10 } of items) {
    test(id, () => {
      const text = page(id)
      assert.equal(text.split('\n', 1)[0], `# \`${id}\`: ${title}`)
      const row = [severity, ten ? 'yes' : 'beyond it', asvs.join(', '), apiTop10.join(', ')]
      assert.ok(text.includes(`\n| ${row.join(' | ')} |\n`), `no row | ${row.join(' | ')} |`)
      assert.deepEqual(
        [...text.matchAll(/^## (.+)$/gm)].map(([, heading]) => heading),
        SECTIONS,
      )
      for (const outcome of ['pass', 'fail', 'warn', 'not proven', 'not applicable'])
        assert.match(text, new RegExp(`^\\| ${outcome} \\| .+ \\|$`, 'm'))
    })
  }

  test('is of a length that somebody in a hurry reads', () => {
    for (const { id } of items) {
      const lines = page(id).trimEnd().split('\n').length
      assert.ok(lines >= 40 && lines <= 80, `${id}.md has ${lines} lines`)
    }
  })

  test('is linked from the page of the task', () => {
    const text = readFileSync(join(DOCS, 'check.md'), 'utf8')
    for (const { id } of items) assert.ok(text.includes(`](checks/${id}.md)`), id)
  })
})

describe('the mends', () => {
  for (const { id } of items) {
    test(`${id}: one for each stack, which parses`, async () => {
      const parsePython = await openPython()
      const [, mends = ''] = page(id).split('## The shortest mend')
      const blocks = blocksOf(mends)
      for (const stack of STACKS)
        assert.ok(
          blocks.some(({ text }) => new RegExp(`^(?://|#) [^\\n]*\\b${stack}\\b`).test(text)),
          `no mend for ${stack}`,
        )
      for (const { language, text } of blocks) {
        if (/^(?:ts|js|typescript|javascript)$/.test(language))
          assert.equal(parseJavaScript('mend.ts', text).broken, false, text)
        else if (language === 'python') assert.equal(parsePython('mend.py', text).broken, false, text)
        else assert.ok(['sh', 'dockerfile'].includes(language), `a block of ${language || 'no language'}`)
      }
    })
  }
})

describe('links', () => {
  const files = [DOCS, CHECKS].flatMap((folder) =>
    readdirSync(folder)
      .filter((name) => name.endsWith('.md'))
      .map((name) => join(folder, name)),
  )
  for (const file of files) {
    test(relative(DOCS, file), () => {
      for (const [, link = ''] of withoutBlocks(readFileSync(file, 'utf8')).matchAll(/\]\(([^)\s]+)\)/g)) {
        if (/^[a-z]+:/i.test(link)) continue
        const [path = '', anchor] = link.split('#')
        const target = path === '' ? file : resolve(dirname(file), path)
        assert.ok(existsSync(target), `${link} leads nowhere`)
        if (anchor !== undefined)
          assert.ok(anchorsIn(readFileSync(target, 'utf8')).includes(anchor), `${link}: no such heading`)
      }
    })
  }
})

/** The words of a line, as a shell would split it: quotes, no expansion. It ends at a comment, a pipe or what is run next. */
const wordsOf = (line: string): readonly string[] => {
  const words: string[] = []
  for (const [, single, double, bare, end] of line.matchAll(/'([^']*)'|"([^"]*)"|([^\s'"|;&#]+)|([|;&#])/g)) {
    if (end !== undefined) break
    words.push(single ?? double ?? bare ?? '')
  }
  return words
}

describe('the page of the task', () => {
  const text = readFileSync(join(DOCS, 'check.md'), 'utf8')
  const here = process.cwd()
  const folder = mkdtempSync(join(tmpdir(), 'docs-'))
  before(() => {
    for (const one of ['here', 'some-api']) mkdirSync(join(folder, one))
    process.chdir(join(folder, 'here'))
  })
  after(() => {
    process.chdir(here)
    rmSync(folder, { recursive: true })
  })

  const commands = text
    .replaceAll('\\\n', ' ')
    .split('\n')
    .flatMap((line) => [...line.matchAll(/npx portcullis-check([^`]*)/g)].map(([, rest = '']) => rest.trim()))

  test('shows commands', () => {
    assert.ok(commands.length >= 15, String(commands.length))
  })

  for (const command of new Set(commands))
    test(`portcullis-check ${command}`, () => {
      const { live } = readCommandLine(wordsOf(command.replaceAll('$LOGIN', '{}')))
      if (live?.login !== undefined) assert.doesNotThrow(() => JSON.parse(live.login ?? ''))
    })

  test('names every option, and no other', () => {
    const named = (within: string): readonly string[] => [
      ...new Set([...within.matchAll(/(?<![\w-])--([a-z][a-z-]+)/g)].map(([, name = '']) => name)),
    ]
    const said = [...text.matchAll(/`(--[^`]+)`/g)].flatMap(([, span = '']) => named(span))
    const taken = commands.flatMap(named)
    // The usage text does not name itself.
    assert.deepEqual([...new Set([...said, ...taken])].sort(), [...new Set(['help', ...named(USAGE)])].sort())
  })

  test('shows a suppressions file that is taken', () => {
    const files = blocksOf(text).filter((one) => one.language === 'json' && one.text.includes('"suppressions"'))
    assert.equal(files.length, 1)
    const { faults, suppressions } = parseSuppressions(files[0]?.text ?? '')
    assert.deepEqual(faults, [])
    assert.equal(suppressions.length, 1)
  })
})

test('what the README shows of the checklist is taken, and is what its page shows', () => {
  const [, section = ''] = readFileSync(join(DOCS, '../README.md'), 'utf8').split('\n## The checklist\n')
  const [own = ''] = section.split('\n## ')
  const commands = [...own.matchAll(/^npx portcullis-check(.*)$/gm)].map(([, rest = '']) => rest)
  assert.ok(commands.length > 0)
  for (const command of commands) assert.doesNotThrow(() => readCommandLine(wordsOf(command)), command)
  const [shown] = blocksOf(own).filter((one) => one.language === 'text')
  const page = readFileSync(join(DOCS, 'check.md'), 'utf8')
  // What is longer than the README's line ends in … there.
  for (const line of shown?.text.trimEnd().split('\n') ?? assert.fail())
    assert.ok(page.includes(line.replace(/ …$/, '')), line)
})
