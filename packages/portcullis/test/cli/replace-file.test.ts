import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import {
  chmodSync,
  lstatSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { test } from 'node:test'
import { replaceFile, writeInPlace } from '../../src/cli/replace-file.ts'

const folder = (t: TestContext): string => {
  const path = mkdtempSync(join(tmpdir(), 'portcullis-replace-'))
  t.after(() => rmSync(path, { recursive: true, force: true }))
  return path
}

test('the text is replaced, the mode stays, a link still leads there, and nothing is left beside it', (t) => {
  const at = folder(t)
  const path = join(at, 'keys')
  for (const mode of [0o600, 0o640]) {
    writeFileSync(path, 'old')
    chmodSync(path, mode)
    assert.equal(replaceFile(path, 'old', 'new'), 'replaced')
    assert.equal(readFileSync(path, 'utf8'), 'new')
    assert.equal(statSync(path).mode & 0o777, mode)
  }
  symlinkSync('keys', join(at, 'link'))
  replaceFile(join(at, 'link'), 'new', 'newer')
  assert.ok(lstatSync(join(at, 'link')).isSymbolicLink())
  assert.equal(readFileSync(path, 'utf8'), 'newer')
  // What a killed run left, even a link to somewhere else, is not written through.
  writeFileSync(join(at, 'other'), 'untouched')
  symlinkSync(join(at, 'other'), join(at, '.keys.new'))
  replaceFile(path, 'newer', 'newest')
  assert.equal(readFileSync(join(at, 'other'), 'utf8'), 'untouched')
  assert.deepEqual(readdirSync(at).toSorted(), ['keys', 'link', 'other'])
})

test('a file that somebody else changed is left alone', (t) => {
  const at = folder(t)
  const path = join(at, 'keys')
  writeFileSync(path, "somebody else's")
  assert.throws(() => replaceFile(path, 'mine', 'newer'), /was changed by somebody else/)
  assert.equal(readFileSync(path, 'utf8'), "somebody else's")
  assert.deepEqual(readdirSync(at), ['keys'])
})

test('in place, a shorter text leaves no end of the longer one', (t) => {
  const path = join(folder(t), 'keys')
  for (const text of ['one\ntwo\n', 'two\n', 'three\ntwo\n']) {
    writeFileSync(path, text, { flag: 'a' })
    writeInPlace(path, text)
    assert.equal(readFileSync(path, 'utf8'), text)
  }
})

test('kill -9 in the middle of writing leaves the old text or the new one', { timeout: 60_000 }, async (t) => {
  const at = folder(t)
  const path = join(at, 'keys')
  // Long, so that it is killed while it writes and not in between.
  const texts = ['a', 'b'].map((letter) => letter.repeat(2_000_000))
  const writer = join(at, 'writer.ts')
  writeFileSync(
    writer,
    `import { readFileSync } from 'node:fs'
import { replaceFile } from '${join(import.meta.dirname, '../../src/cli/replace-file.ts')}'
process.stdout.write('ready')
for (;;) {
  const text = readFileSync('${path}', 'utf8')
  replaceFile('${path}', text, (text[0] === 'a' ? 'b' : 'a').repeat(2_000_000))
}`,
  )
  let unfinished = 0
  for (let round = 0; round < 12; round += 1) {
    if (round === 0) writeFileSync(path, texts[0] ?? '')
    const child = spawn(process.execPath, [writer], { stdio: ['ignore', 'pipe', 'inherit'] })
    const exited = new Promise((resolve) => child.once('exit', resolve))
    await new Promise((resolve) => child.stdout.once('data', resolve))
    await new Promise((resolve) => setTimeout(resolve, Math.random() * 60))
    child.kill('SIGKILL')
    await exited
    assert.ok(texts.includes(readFileSync(path, 'utf8')), `round ${round}: the file is neither`)
    if (readdirSync(at).some((name) => name.startsWith('.keys.new'))) unfinished += 1
  }
  t.diagnostic(`12 kills, ${unfinished} of them while the new text was being written`)
  assert.ok(unfinished > 0, 'no kill came in the middle: the test shows nothing')
})

test('of several that replace it at once none is overwritten, and none says that it wrote what another did', {
  timeout: 60_000,
}, async (t) => {
  const at = folder(t)
  const path = join(at, 'keys')
  // Long, so that they meet while they write.
  const start = 'a'.repeat(300_000)
  writeFileSync(path, start)
  const writer = join(at, 'writer.ts')
  writeFileSync(
    writer,
    `import { readFileSync } from 'node:fs'
import { replaceFile } from '${join(import.meta.dirname, '../../src/cli/replace-file.ts')}'
let written = 0
for (const end = Date.now() + 2_000; Date.now() < end; ) {
  const text = readFileSync('${path}', 'utf8')
  if (text.length < ${start.length}) throw new Error('half a file')
  try {
    replaceFile('${path}', text, text + 'a')
    written += 1
  } catch (error) {
    if (!/was changed by somebody else/.test(error.message)) throw error
  }
}
process.stdout.write(String(written))`,
  )
  const run = async (): Promise<number> => {
    const child = spawn(process.execPath, [writer], { stdio: ['ignore', 'pipe', 'inherit'] })
    let said = ''
    child.stdout.on('data', (chunk) => {
      said += chunk
    })
    const code = await new Promise((resolve) => child.once('close', resolve))
    assert.equal(code, 0)
    return Number(said)
  }
  const written = await Promise.all([run(), run(), run()])
  t.diagnostic(`${written.join(' + ')} replaced it`)
  assert.ok(Math.min(...written) > 0)
  assert.equal(readFileSync(path, 'utf8').length, start.length + written.reduce((sum, one) => sum + one))
})
