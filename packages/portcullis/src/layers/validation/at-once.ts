import { z } from 'zod'
import { partsOf } from './only-checks.ts'

const SENTENCE =
  'has a refinement or a transform that answers a promise, and a check answers at once: ask a database in the handler'

/**
 * What is wrong with a schema that has, or is made of one that has, an async function: it would fail at each value. A plain function that
 * answers a promise, and one within superRefine, show themselves only when they are called.
 */
export const asynchronousFault = (schema: z.ZodType): string | undefined =>
  isAsynchronous(schema, new Set()) ? SENTENCE : undefined

const isAsynchronous = (schema: z.ZodType, seen: Set<z.ZodType>): boolean => {
  if (seen.has(schema)) return false
  seen.add(schema)
  const { def } = schema._zod
  const called = (def.checks ?? []).flatMap(({ _zod }) => [_zod.check, ...Object.values(_zod.def)])
  if ([...Object.values(def), ...called].some((one) => one instanceof AsyncFunction)) return true
  return partsOf(def).some((part) => isAsynchronous(part, seen))
}

const AsyncFunction = (async () => {}).constructor as FunctionConstructor

/** Runs a check; where it would have to be waited for, says what to do about it: zod names a method that nobody here can call. */
export const atOnce = <Answer>(check: () => Answer): Answer => {
  try {
    return check()
  } catch (error) {
    if (!(error instanceof z.core.$ZodAsyncError)) throw error
    throw new TypeError(`A schema of this route ${SENTENCE}.`, { cause: error })
  }
}
