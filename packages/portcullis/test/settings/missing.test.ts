import assert from 'node:assert/strict'
import { test } from 'node:test'
import { FaultList, missing, readEnvironment, secret, text } from '../../src/settings/index.ts'
import { faultsOf } from './faults-of.ts'

test('what is missing is said with what to do, and without the Markdown of the page', () => {
  const what = 'Signs **all** of it, as `keys` makes it.'
  const table = {
    ONE: text({ what, remedy: 'Make one: npx portcullis keys.', bounds: 'text', required: true }),
    TWO: text({ what, bounds: 'text', required: true }),
  }
  const said = ['ONE is missing. Make one: npx portcullis keys.', 'TWO is missing: Signs all of it, as keys makes it.']
  assert.deepEqual(
    faultsOf(() => readEnvironment(table, {})),
    said,
  )
  assert.deepEqual([missing('ONE', table.ONE), missing('TWO', table.TWO)], said)
})

const refuse = (): never => {
  throw Object.assign(new Error('both'), { faults: ['secret 1 of 2 is short', 'secret 2 of 2 is short'] })
}
const KEY = secret({ what: 'A key.', bounds: 'text', read: refuse })
const HINT = 'KEY: holds white space: if it comes from npm run keys, add --silent'
const OTHERS = ['KEY: secret 1 of 2 is short', 'KEY: secret 2 of 2 is short']

test('a secret that was refused and holds white space is foreseen to come from npm', () => {
  for (const value of ['\n> shop@1.0.0 keys\n> portcullis keys\n\nabc', 'a b', 'abc,d\te'])
    assert.deepEqual(
      faultsOf(() => readEnvironment({ KEY }, { KEY: value })),
      [HINT, ...OTHERS],
      JSON.stringify(value),
    )
  // What parts several of them is no white space in one.
  for (const value of ['abc', 'abc\ndef\n', 'abc, def', ' abc '])
    assert.deepEqual(
      faultsOf(() => readEnvironment({ KEY }, { KEY: value })),
      OTHERS,
      JSON.stringify(value),
    )
})

test('a secret that can be used is read as it is, and one plain sentence gets the same hint', () => {
  const read = secret({ what: 'A key.', bounds: 'text', read: (value) => value })
  assert.equal(read.secret, true)
  assert.deepEqual(readEnvironment({ KEY: read }, { KEY: 'a b' }), { KEY: 'a b' })
  const plain = secret({
    what: 'A key.',
    bounds: 'text',
    read: () => {
      throw new TypeError('takes another')
    },
  })
  const faults = new FaultList()
  faults.try('KEY', () => plain.read('a b'))
  assert.deepEqual(
    faultsOf(() => faults.throwIfAny()),
    [HINT, 'KEY: takes another'],
  )
})
