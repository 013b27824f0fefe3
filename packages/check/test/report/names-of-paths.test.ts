import assert from 'node:assert/strict'
import { test } from 'node:test'
import { redacted } from '../../src/items/index.ts'
import { cleaner } from '../../src/report/clean.ts'
import { buildReport } from '../../src/report/index.ts'
import { inputOf, seen, source } from './samples.ts'

test('a secret that folders of the project are called by is hidden where it is a value, and paths stay paths', () => {
  const name = 'blog'
  const shown = cleaner(new Set([name, 'harbourmaster']), ['blog/app.py', 'services/harbourmaster-api/main.py'])
  for (const text of [
    'blog/app.py',
    'src/blog/models.py',
    'services/harbourmaster-api/main.py',
    'from blog.db import pool',
  ])
    assert.equal(shown(text), text)
  assert.equal(shown('POSTGRES_PASSWORD=blog'), `POSTGRES_PASSWORD=${redacted(name)}`)
  assert.equal(shown('postgres://me:harbourmaster@db/blog'), `postgres://me:${redacted('harbourmaster')}@db/blog`)
  const digits = 'tr0ub4dor'
  assert.equal(cleaner(new Set([digits]), [`keys/${digits}.txt`])(`keys/${digits}.txt`), `keys/${redacted(digits)}.txt`)
})

test('the report names the files that are there', () => {
  const one = seen('cors', 'fail', 's', [source('blog/app.py', 3, 'allow_origins=["*"]')])
  const report = buildReport({ ...inputOf([{ name: 'source', observations: [one] }]), secrets: new Set(['blog']) })
  const cors = report.items.find(({ id }) => id === 'cors')
  assert.deepEqual(cors?.findings[0]?.evidence, [source('blog/app.py', 3, 'allow_origins=["*"]')])
})
