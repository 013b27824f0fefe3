import assert from 'node:assert/strict'
import { test } from 'node:test'
import { growth, LINEAR } from '../../../../../portcullis/test/growth.ts'
import { rawInputs } from '../../../../src/evidence/backend/schemas/index.ts'
import { readingOf } from '../../sources.ts'

const lines = (size: number, line: (index: number) => string): string =>
  Array.from({ length: size }, (_, index) => line(index)).join('\n')

const HANDLERS: Readonly<Record<string, (size: number) => string>> = {
  refusals: (size) =>
    lines(
      size,
      (i) =>
        `const v${i} = Number(req.body.k${i}); if (!Number.isInteger(v${i}) || v${i} > 9) return res.sendStatus(400); use(v${i})`,
    ),
  'one test of many': (size) =>
    `if (${lines(size, (i) => `req.body.kind === 'k${i}' ||`)} !isUuid(req.body.id)) return res.sendStatus(400); use(req.body.id)`,
  'names that stand for one another': (size) =>
    `const a0 = isUuid(req.body.id)\n${lines(size, (i) => `const a${i + 1} = a${i} || a${i}`)}\nif (!a${size}) return res.sendStatus(400); use(req.body.id)`,
  'calls within calls': (size) => `use(${'Math.max('.repeat(size)}req.body.count${', 1)'.repeat(size)})`,
  'tests within tests': (size) => `${lines(size, (i) => `if (isUuid(req.body.k${i})) {`)}\n${'}'.repeat(size)}`,
}

for (const [name, handler] of Object.entries(HANDLERS))
  test(`what a handler looks at by itself is read in as long as it is: ${name}`, () => {
    const made = new Map(
      [60, 480].map((size) => {
        const reading = readingOf({ 'src/app.ts': `app.post('/notes', (req, res) => {\n${handler(size)}\n})` })
        const [call] = reading.program.callsNamed('post')
        const value = call?.node.args[1] && reading.evaluator.value(call.node.args[1], call.scope)
        assert.ok(value?.kind === 'function')
        return [size, () => rawInputs(reading, value.node, value.scope)] as const
      }),
    )
    assert.ok(growth((size) => made.get(size)?.(), 60) < LINEAR)
  })
