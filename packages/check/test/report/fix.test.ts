import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import fc from 'fast-check'
import type { Fix } from '../../src/items/index.ts'
import { applyFixes, diffOf } from '../../src/report/index.ts'

const folder = mkdtempSync(join(tmpdir(), 'portcullis-check-fix-'))
after(() => rmSync(folder, { recursive: true, force: true }))

const fixIn = (file: string, text: string, from: string, to: string): Fix => {
  const start = text.indexOf(from)
  assert.ok(start >= 0)
  return { file, start, end: start + from.length, from, to }
}
const lines = (count: number): string => Array.from({ length: count }, (_, i) => `line ${i + 1};\n`).join('')

test('a diff has three lines around each change, and one hunk for changes that are near', () => {
  const text = lines(30)
  const fixes = [
    fixIn('a.ts', text, 'line 20', 'LINE 20'),
    fixIn('a.ts', text, 'line 2;', 'two;'),
    fixIn('a.ts', text, 'line 22', 'x\ny'),
  ]
  assert.equal(
    diffOf(fixes, () => text),
    `--- a/a.ts
+++ b/a.ts
@@ -1,5 +1,5 @@
 line 1;
-line 2;
+two;
 line 3;
 line 4;
 line 5;
@@ -17,9 +17,10 @@
 line 17;
 line 18;
 line 19;
-line 20;
+LINE 20;
 line 21;
-line 22;
+x
+y;
 line 23;
 line 24;
 line 25;
`,
  )
})

test('a diff redacts, spells out what is not seen, and leaves out what no longer fits', () => {
  const text = 'key = "hunter2-is-long"\nexpires = "8d" // \u202e'
  const fixes = [fixIn('a\x1b.py', text, '8d', '15m'), { file: 'gone', start: 0, end: 1, from: 'x', to: 'y' }]
  const diff = diffOf(fixes, (file) => (file === 'gone' ? undefined : text), new Set(['hunter2-is-long']))
  assert.match(diff, /^--- a\/a\\x1b\.py\n/)
  assert.match(
    diff,
    / key = "hunt… \(sha256:[0-9a-f]{12}\)"\n-expires = "8d" \/\/ \\u202e\n\\ No newline at end of file\n\+expires = "15m"/,
  )
  assert.equal(
    diffOf([{ file: 'a', start: 0, end: 1, from: 'z', to: 'y' }], () => text),
    '',
  )
})

test('git applies what is shown, and gets what is written', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.constantFrom('a', 'b\n', '\n', 'ccc', 'd\n'), { minLength: 1, maxLength: 60 }),
      fc.array(fc.tuple(fc.nat(120), fc.nat(4), fc.constantFrom('', 'X', 'Y\nZ', '\n')), {
        minLength: 1,
        maxLength: 4,
      }),
      async (parts, places) => {
        const text = parts.join('')
        const fixes = places.map(([at, length, to]): Fix => {
          const start = Math.min(at, text.length)
          const end = Math.min(start + length, text.length)
          return { file: 'f.txt', start, end, from: text.slice(start, end), to }
        })
        const work = mkdtempSync(join(folder, 'run-'))
        writeFileSync(join(work, 'f.txt'), text)
        const diff = diffOf(fixes, () => text)
        const { applied, refused } = await applyFixes(work, fixes)
        assert.ok(applied.length > 0 && applied.length + refused.length <= fixes.length)
        const written = readFileSync(join(work, 'f.txt'), 'utf8')
        writeFileSync(join(work, 'f.txt'), text)
        // What changes nothing has a hunk without a change, which git refuses: only the others are compared.
        if (written !== text && /^[-+](?![-+])/m.test(diff) && written !== '') {
          execFileSync('git', ['apply', '--unidiff-zero', '--whitespace=nowarn', '-'], {
            cwd: work,
            input: diff,
            stdio: 'pipe',
          })
          assert.equal(readFileSync(join(work, 'f.txt'), 'utf8'), written)
        }
      },
    ),
    { numRuns: 40 },
  )
})

test('mends are written where the text is still what was read, and the mode stays', async () => {
  const text = 'a = "8d" // 漢字 😀\nb = "*"\n'
  writeFileSync(join(folder, 'ok.ts'), text)
  chmodSync(join(folder, 'ok.ts'), 0o640)
  const good = fixIn('ok.ts', text, '"*"', '["https://app.example.com"]')
  const stale: Fix = { file: 'ok.ts', start: 0, end: 1, from: 'z', to: 'y' }
  const { applied, refused } = await applyFixes(folder, [good, stale, { ...good, start: good.start + 1, from: '*"' }])
  assert.deepEqual(applied, [good])
  assert.deepEqual(
    refused.map(({ because }) => because),
    ['the file no longer says what was read there', 'another mend changes the same place'],
  )
  assert.equal(readFileSync(join(folder, 'ok.ts'), 'utf8'), text.replace('"*"', '["https://app.example.com"]'))
  assert.equal(statSync(join(folder, 'ok.ts')).mode & 0o777, 0o640)
  assert.equal((await applyFixes(folder, [good])).applied.length, 0)
})

test('nothing outside the folder, behind a link or not in UTF-8 is written', async () => {
  const inside = join(folder, 'in')
  mkdirSync(join(inside, 'real'), { recursive: true })
  mkdirSync(join(folder, 'in2'))
  for (const path of ['out.ts', 'in2/out.ts', 'in/real/a.ts']) writeFileSync(join(folder, path), 'x')
  writeFileSync(join(inside, 'latin1.py'), Buffer.from([0x78, 0xe9]))
  symlinkSync('../out.ts', join(inside, 'link.ts'))
  symlinkSync('real', join(inside, 'linked'))
  const refused: Readonly<Record<string, string>> = {
    '../out.ts': 'it is outside the folder',
    'real/../../out.ts': 'it is outside the folder',
    '../in2/out.ts': 'it is outside the folder',
    [join(folder, 'out.ts')]: 'it is outside the folder',
    'a\0b': 'it is outside the folder',
    '': 'it is outside the folder',
    'link.ts': 'it is, or is behind, a symbolic link',
    'linked/a.ts': 'it is, or is behind, a symbolic link',
    real: 'it is not a file',
    'missing.ts': 'it cannot be read',
    'latin1.py': 'it is not in UTF-8',
  }
  for (const [file, because] of Object.entries(refused)) {
    const fix: Fix = { file, start: 0, end: 1, from: 'x', to: 'y' }
    assert.deepEqual(await applyFixes(inside, [fix]), { applied: [], refused: [{ fix, because }] }, file)
  }
  for (const path of ['out.ts', 'in2/out.ts', 'in/real/a.ts'])
    assert.equal(readFileSync(join(folder, path), 'utf8'), 'x')
})
