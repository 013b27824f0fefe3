import assert from 'node:assert/strict'
import { test } from 'node:test'
import { insideIn, traceIn } from '../../../src/rules/live/traces.ts'

test('a trace is known in the form of each framework', () => {
  for (const text of [
    'Traceback (most recent call last):\n  File "/app/main.py", line 3, in f',
    '<div class="traceback-container"><p class="traceback-title">Traceback</p>\n<p class="frame-title">File <span class="frame-filename">/app/main.py</span>,',
    'Error: boom<br> &nbsp; &nbsp;at handler (/app/src/main.js:3:9)',
    '{"error":"x","stack":["at f (/app/a.js:1:2)"]}',
    '<title>RuntimeError // Werkzeug Debugger</title>',
  ])
    assert.notEqual(traceIn(text), undefined, text)
})

test('a page that says nothing of the program has none', () => {
  for (const text of ['{"detail":"Internal Server Error"}', '<style>.traceback-container { color: red }</style>', ''])
    assert.equal(insideIn(text), undefined, text)
})
