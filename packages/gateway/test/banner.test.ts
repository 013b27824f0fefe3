import assert from 'node:assert/strict'
import { test } from 'node:test'
import { documentNotes, tableBeside } from '../src/banner.ts'
import { compileDocument } from '../src/document/compiled.ts'
import type { Part } from '../src/document/pointers.ts'
import { documentOf, operation } from './rig.ts'

test('a document can not write over what the terminal shows of it', () => {
  const security = [{ 'Key\u001b[1A': [] }]
  const paths = { '/a': { get: operation({ security }) }, '/b/{i\u001b[2K\n\u202e\u2028d}': { get: operation() } }
  const document = { ...compileDocument(documentOf(paths) as Part), unbounded: [{ name: 'GET /a', problem: '\u0007' }] }
  const table = [{ method: 'GET', path: '/a', access: 'public' }]
  assert.deepEqual(
    [...tableBeside(table, document), ...documentNotes(document)],
    [
      'GET  /a  public   document says: Key\\u{1b}[1A',
      'not served: /b/{i\\u{1b}[2K\\u{a}\\u{202e}\\u{2028}d} has a control character in its path',
      'document does not bound GET /a: it \\u{7}',
    ],
  )
})
