/** How long work takes, beside other work of the same run: a time by itself says more of the machine than of the work. */

/** Milliseconds by the clock. */
export const elapsedMs = (work: () => void): number => {
  const began = performance.now()
  work()
  return performance.now() - began
}

/** Milliseconds that this thread computed: what else runs on the machine does not count. */
const computedMs = (work: () => void): number => {
  const { user, system } = process.threadCpuUsage()
  work()
  const spent = process.threadCpuUsage({ user, system })
  return (spent.user + spent.system) / 1_000
}

/** What grows with its size takes about 8 times as long for 8 times the size, what grows with the square of it 64 times. */
export const LINEAR = 24

/** Less says nothing: some systems count by ticks of four, and a collection of garbage takes as long. */
const LEAST_MS = 4

/** How many times as long work of eight times the size takes, or of `times`. In turn, the least of three: what disturbs it only adds. */
export const growth = (work: (size: number) => void, size: number, times = 8): number => {
  let [few, many] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY]
  for (let round = 0; round < 3; round += 1) {
    few = Math.min(
      few,
      computedMs(() => work(size)),
    )
    many = Math.min(
      many,
      computedMs(() => work(times * size)),
    )
  }
  return many / Math.max(few, LEAST_MS)
}
