import type { ValidateFunction } from 'ajv'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { isPart } from './pointers.ts'
import { writtenList } from './written.ts'

/** One text for all values that are equal: JSON Schema 2020-12, Core §4.2.2. */
const textOf = (value: unknown): string => {
  if (Array.isArray(value)) return `[${value.map(textOf).join()}]`
  if (!isPart(value)) return JSON.stringify(value)
  const names = Object.keys(value).sort()
  return `{${names.map((name) => `${JSON.stringify(name)}:${textOf(value[name])}`).join()}}`
}

const areUnique = (list: readonly unknown[]): boolean => new Set(list.map(textOf)).size === list.length

/** uniqueItems of JSON Schema: ajv's own, but of a list that holds such numbers. */
export const addUnique = (ajv: Ajv2020): void => {
  ajv.removeKeyword('uniqueItems')
  const plain = new Ajv2020({ strict: false, logger: false })
  ajv.addKeyword({
    keyword: 'uniqueItems',
    type: 'array',
    schemaType: 'boolean',
    compile: (asked: boolean, { items }) => {
      // By the type of the items it knows whether to look them up in a table.
      const type = isPart(items) && items['type'] !== undefined ? { items: { type: items['type'] } } : {}
      const check = asked ? plain.compile({ uniqueItems: true, ...type }) : () => true
      const isUnique = (list: unknown): boolean =>
        check(list) || (check as ValidateFunction).errors?.[0]?.keyword !== 'uniqueItems'
      return (list: readonly unknown[]): boolean => {
        const written = asked ? writtenList(list) : undefined
        return written === undefined ? isUnique(list) : areUnique(written)
      }
    },
    error: { message: 'must not have an item twice' },
  })
}
