import type { Ajv2020 } from 'ajv/dist/2020.js'

/**
 * Whether a number is a multiple of another as both are written, in decimals. ajv divides doubles, and of 0.01 neither 19.99 nor 0.07 is one
 * then.
 */
const isMultiple = (divisor: number): ((value: number) => boolean) => {
  const [, whole = '', decimals = '', exponent = '0'] = /^(\d+)(?:\.(\d+))?(?:e([+-]\d+))?$/.exec(String(divisor)) ?? []
  const units = Number(whole + decimals)
  const power = Number(exponent) - decimals.length
  return (value) => {
    const times = Math.round(value / divisor)
    return value / divisor === times || Number(`${times * units}e${power}`) === value
  }
}

/** multipleOf of JSON Schema, in the place of ajv's own. */
export const addMultiples = (ajv: Ajv2020): void => {
  ajv.removeKeyword('multipleOf')
  ajv.addKeyword({
    keyword: 'multipleOf',
    type: 'number',
    schemaType: 'number',
    compile: isMultiple,
    error: { message: ({ schemaCode }) => `must be multiple of ${String(schemaCode)}` },
  })
}
