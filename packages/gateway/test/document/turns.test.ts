import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { test } from 'node:test'
import { documentOf, jsonBody, operation, parameter, startGateway } from '../rig.ts'

const text = { type: 'string', maxLength: 20, pattern: '^[a-z]+$' }

/** A document of 200 operations, each with parameters and a body of its own. */
const document = (title: string): object => {
  const numbers = Array.from({ length: 200 }, (_, at) => at)
  const paths = numbers.map((at) => {
    const properties = Object.fromEntries(Array.from({ length: 12 }, (_, one) => [`p${at}_${one}`, text]))
    const parameters = ['a', 'b', 'c'].map((name) => parameter(name, 'query', text))
    return [`/things${at}`, { post: operation({ parameters, ...jsonBody({ type: 'object', properties }) }) }]
  })
  return documentOf(Object.fromEntries(paths), { info: { title, version: '1' } })
}

test('while a new document of many operations is built, others are answered', async (t) => {
  const { gateway, documentPath } = await startGateway(t, { upstream: 'http://127.0.0.1:9', document: document('one') })
  writeFileSync(documentPath, JSON.stringify(document('two')))
  const began = performance.now()
  let [last, longest] = [began, 0]
  const note = (): void => {
    const now = performance.now()
    longest = Math.max(longest, now - last)
    last = now
  }
  const timer = setInterval(note, 1)
  await gateway.refresh()
  clearInterval(timer)
  note()
  assert.deepEqual(gateway.counts(), { taken: 2, kept: 0 })
  // A share of the whole, and no time: that of a busy machine says nothing.
  const whole = performance.now() - began
  assert.ok(longest < whole / 2, `nobody was answered for ${longest} of ${whole} ms`)
})
