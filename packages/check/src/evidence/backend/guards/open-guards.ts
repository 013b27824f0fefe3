/** Guards that are none: their check stops nobody, or not those who send nothing, or who send anything. */
import type { Value } from '../../source/index.ts'
import type { Reading } from '../reading.ts'
import { answersOnly } from './answered-only.ts'
import { asksOnly } from './asked-only.ts'
import { believesId } from './believed-ids.ts'
import { handsOnFailure, swallowsFailure } from './failed-checks.ts'
import { onlyFloats } from './floating-checks.ts'
import { forgetsFailure } from './forgotten-failures.ts'
import type { Way } from './going-on.ts'
import { isOffByDefault } from './off-by-default.ts'
import { letsStrangersThrough } from './strangers.ts'

type FunctionValue = Extract<Value, { kind: 'function' }>

/** Whether anybody at all comes through, or whoever sends any text at all for a credential, or somebody else's id. */
export const isOpen = (reading: Reading, value: FunctionValue, way: Way): boolean =>
  isOpenToAll(reading, value, way) || asksOnly(reading, value) || believesId(reading, value)

/** Whether anybody at all comes through who wants to. */
export const isOpenToAll = (reading: Reading, value: FunctionValue, way: Way): boolean =>
  (way === 'next' ? handsOnFailure(reading, value) : swallowsFailure(reading, value, way)) ||
  answersOnly(reading, value, way) ||
  onlyFloats(reading, value) ||
  forgetsFailure(reading, value, way) ||
  isOffByDefault(reading, value, way) ||
  letsStrangersThrough(reading, value, way)
