/** More than half of what Node makes before V8 compiles `process.nextTick` (about 500), which ends the counting. */
const TICKS = 300

let shown = false

/**
 * Lets ticks come and go while the heap is small, once in a process, so that V8 knows them for short-lived.
 *
 * What enters Node's queue of ticks while V8 marks counts as in use until that collection ends. When a start with much in it (thousands of
 * routes) has its first ticks just then, V8 sees them all survive, and makes every later one in its old generation (allocation-site
 * pretenuring, from 85 % on). Whatever a request's tick leads to is then copied by each scavenge and kept until the next full collection,
 * as long as the process lives: a request costs 1.6 times as much. These ticks, one at a time and dead at once, hold the share below that.
 */
export const showShortLivedTicks = (): void => {
  if (shown) return
  shown = true
  next(TICKS)
}

/** In turn in the two forms that requests use: V8 counts for each by itself, since each has its own array of arguments. */
const next = (left: number): void => {
  if (left === 0) return
  if (left % 2 === 0) process.nextTick(next, left - 1)
  else process.nextTick(next, left - 1, undefined)
}
