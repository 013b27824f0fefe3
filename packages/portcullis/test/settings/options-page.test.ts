import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { OPTION_KEYS } from '../../src/door/options.ts'

const page = readFileSync(join(import.meta.dirname, '../../../../docs/options.md'), 'utf8')
const [options = '', routes = ''] = page.split("A route's own options")
const named = (text: string): readonly string[] =>
  [...text.matchAll(/^\| (`.*?) \|/gm)].flatMap(([, cell = '']) =>
    [...cell.matchAll(/`([\w.]+)`/g)].map(([, name = '']) => name),
  )

test('the page of options has every option, and no other', () => {
  const inside = Object.keys(OPTION_KEYS)
  const known = Object.entries(OPTION_KEYS).flatMap(([path, names]) =>
    names.map((name) => `${path}${name}`).filter((name) => !inside.includes(`${name}.`)),
  )
  assert.deepEqual([...named(options)].sort(), [...known, 'unsafeAllowUpgradeListeners'].sort())
  assert.deepEqual(named(routes), ['access', 'limit', 'contentTypes'])
})
