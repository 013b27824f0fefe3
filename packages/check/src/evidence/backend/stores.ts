/** What databases' packages give and take. */
import type { Value } from '../source/index.ts'

const STORES =
  /prisma|mongoose|mongodb|drizzle|knex|sequelize|typeorm|kysely|objection|^@?mikro-orm|^(?:pg|postgres|mysql2?|better-sqlite3)(?:\/|$)/i

export const isOfStore = (value: Value): boolean => value.kind === 'external' && STORES.test(value.from)

/** They answer a number, or whether there is one. */
const NUMBERS = /count|sum|avg|average|^m(?:in|ax)$|exist|aggregate|increment/i

/** Whether it is a record as the store has it, or several, and no field of one: `await db('users').where({ email }).first()`. */
export const isRecord = (value: Value): boolean => {
  if (value.kind !== 'external' || !isOfStore(value)) return false
  const path = value.path.slice(0, value.path.findLastIndex((one) => !/^(?:\d+|rows)$/.test(one)) + 1)
  return path.at(-1) === '()' && !NUMBERS.test(path.findLast((one) => one !== '()') ?? '')
}
