import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { stackSigns } from '../../../../src/evidence/backend/disclosure/stacks.ts'
import type { Deployment } from '../../../../src/evidence/backend/reading.ts'
import { readingOf } from '../../sources.ts'

const signs = (body: string, deployment?: Deployment): readonly string[] => {
  const reading = readingOf(
    { 'src/app.ts': `use((err, req, res, next) => {\n${body}\n})` },
    deployment === undefined ? {} : { deployment },
  )
  const [call] = reading.program.callsNamed('use')
  assert.ok(call?.node.args[0])
  const value = reading.evaluator.value(call.node.args[0], call.scope)
  assert.ok(value.kind === 'function')
  return stackSigns(reading, value, 'error handler').map(
    (one) => `${one.at.line} ${one.what.replace(' in the answer of an error handler', '')}`,
  )
}

describe('what an error handler shows', () => {
  const table: readonly (readonly [body: string, ...expected: string[]])[] = [
    ['res.json({ stack: err.stack })', '2 a stack'],
    ['res.status(500).send(err.stack)', '2 a stack'],
    ['res.json(err)', '2 the error itself'],
    ['res.json({ error: err })', '2 the error itself'],
    ['res.json({ ...err })', '2 the error itself'],
    ['res.send(JSON.stringify(err))', '2 the error itself'],
    ['res.send(util.inspect(err))', '2 the error, inspected'],
    ['const body = { stack: err.stack }\nres.json(body)', '2 a stack'],
    ['const body = { stack: err.stack }\ndelete body.stack\nres.json(body)'],
    ['res.json({ message: err.message })'],
    ["res.status(500).json({ message: 'Something went wrong' })"],
    ['console.error(err.stack)\nres.sendStatus(500)'],
    ["res.json({ stack: process.env.NODE_ENV === 'development' ? err.stack : undefined })"],
    ["if (process.env.NODE_ENV === 'development') return res.json({ stack: err.stack })"],
    ["if (process.env.NODE_ENV === 'production') return res.sendStatus(500)\nres.json({ stack: err.stack })"],
    ["if (process.env.NODE_ENV === 'production') res.json({ stack: err.stack })", '2 a stack'],
    ['res.json({ stack: req.query.debug ? err.stack : undefined })', '2 a stack'],
    ['queue.push(() => res.json({ ok: true }), err.stack)'],
  ]
  for (const [body, ...expected] of table)
    test(body, () => {
      assert.deepEqual(signs(body), expected)
    })

  test('what is for development is shown where the project is run as development', () => {
    const body = "res.json({ stack: process.env.NODE_ENV !== 'production' ? err.stack : undefined })"
    const start = { file: 'Dockerfile', line: 1, text: 'node src/app.ts' }
    assert.deepEqual(signs(body, { start, production: true }), [])
    assert.equal(signs(body, { start, production: false }).length, 1)
    assert.deepEqual(signs(body, { production: false }), [])
  })
})
