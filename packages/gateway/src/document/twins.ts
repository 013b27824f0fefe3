import { spelledAlike } from './spellings.ts'

/** What is said of two such paths. */
export const SPELLED_ALIKE =
  'differ by a slash at the end or by the case of letters alone, and an upstream may take one for the other'

/** Pairs of operations whose paths a server that is not strict takes for one: Express runs for both the handler that was registered first. */
export const twins = <One extends { readonly method: string; readonly path: string }>(
  operations: readonly One[],
): readonly (readonly [One, One])[] => {
  const firsts = new Map<string, One>()
  return operations.flatMap((one) => {
    const key = `${one.method} ${spelledAlike(one.path)}`
    const first = firsts.get(key)
    if (first === undefined) firsts.set(key, one)
    return first === undefined ? [] : [[first, one] as const]
  })
}
