import assert from 'node:assert/strict'
import { test } from 'node:test'
import { progress } from '../../src/report/index.ts'

const stream = (isTTY: boolean, columns = 20) => {
  const written: string[] = []
  return { isTTY, columns, written, write: (text: string) => written.push(text) }
}

test('on a terminal one line is written over, within its width, and wiped at the end', () => {
  const terminal = stream(true)
  const { say, end } = progress(terminal)
  say('reading')
  say('reading')
  say(`reading \x1b[31m${'x'.repeat(40)}`)
  end()
  end()
  assert.deepEqual(terminal.written, ['\r\x1b[2Kreading', `\r\x1b[2Kreading \\x1b[31mxx…`, '\r\x1b[2K'])
})

test('a terminal that says it has no columns shows the line all the same', () => {
  const terminal = stream(true, 0)
  progress(terminal).say('reading')
  assert.deepEqual(terminal.written, ['\r\x1b[2Kreading'])
})

test('elsewhere nothing is written', () => {
  const file = stream(false)
  const { say, end } = progress(file)
  say('reading')
  end()
  assert.deepEqual(file.written, [])
})
