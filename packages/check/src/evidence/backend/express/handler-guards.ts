/** The guard that a handler of Express's is where nobody sets anything. */

import { type Guard, guardIn } from '../guards/index.ts'
import type { Reading } from '../reading.ts'
import { isChosenOff } from '../switches/index.ts'
import type { Handler } from './apps.ts'

export const guardOf = (reading: Reading, { value, node, name }: Handler): Guard | undefined => {
  const found = guardIn(reading, value, name)
  const isOff = isChosenOff(reading, node, (one) => guardIn(reading, one) !== undefined)
  return isOff ? undefined : found
}
