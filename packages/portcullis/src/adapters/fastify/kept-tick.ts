import { executionAsyncResource } from 'node:async_hooks'

/** Never read: it is enough that they live. */
const kept: object[] = []

/**
 * Keeps one of the objects that Node makes for every `process.nextTick`, as long as the process lives. V8 forgets what they look like when
 * a full collection finds none of them, and from then on makes each in a way that takes six times as long (`DefineKeyedOwnPropertyInLiteral`
 * goes through the runtime): of a request, which has six and more of them, a tenth of its cost, the application's own work included.
 */
export const keepTick = (): void => {
  if (kept.length === 0) process.nextTick(() => kept.push(executionAsyncResource()))
}
