import assert from 'node:assert/strict'
import { test } from 'node:test'
import { schemaCloser } from '../../src/document/schemas.ts'
import { validator } from '../../src/document/validator.ts'

const judge = (multipleOf: number) => validator().compile(schemaCloser({}).close({ type: 'number', multipleOf }))

/** By doubles 19.99 / 0.01 is 1998.9999999999998. */
const TRUE: Readonly<Record<number, readonly number[]>> = {
  0.01: [0, 1e17, 0.07, 19.99, 1.1, -0.07, 1, 4.35, 1e6, 999_999.99, 123_456_789.01],
  0.1: [0.3, 0.7, 1.1, 4, -2.3],
  1: [0, 7, -7, 2 ** 53],
  0.25: [0.75, 2, -0.25],
  1e-7: [3e-7, 1, 0.0000123],
  1e21: [3e21],
  0.3: [0.9, 1.2],
  10: [0, 1e17, 1e23, 1e300, -20],
}
const FALSE: Readonly<Record<number, readonly number[]>> = {
  0.01: [0.001, 19.995, 0.070_000_1, 1e-300, 19.990_000_000_000_002],
  0.1: [0.35, 0.300_000_000_000_000_04],
  1: [0.5, 7.000_000_1],
  0.25: [0.3],
  1e-7: [3.5e-7],
  1e21: [1],
  0.3: [1, 1e17],
  10: [99_999_999_999_999_984, 2 ** 60, 5e-324, 0.1],
}

test('a number is a multiple of another as they are written, not as doubles divide', () => {
  for (const [divisor, values] of Object.entries(TRUE))
    for (const value of values) assert.deepEqual(judge(Number(divisor))(value), [], `${value} of ${divisor}`)
  for (const [divisor, values] of Object.entries(FALSE))
    for (const value of values)
      assert.deepEqual(
        judge(Number(divisor))(value),
        [{ field: '', problem: `must be multiple of ${Number(divisor)}` }],
        `${value} of ${divisor}`,
      )
})

test('every price of two decimals is a multiple of 0.01', () => {
  const check = judge(0.01)
  for (let cents = 0; cents < 100_000; cents += 1) assert.deepEqual(check(Number(`${cents}e-2`)), [])
})
