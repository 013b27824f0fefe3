/** How long work takes, beside other work of the same run: a time by itself says more of the machine than of the work. */

/** Milliseconds. */
export const elapsedMs = (work: () => void): number => {
  const began = performance.now()
  work()
  return performance.now() - began
}

/** What grows with its size takes about 4 times as long for 4 times the size, what grows with the square of it 16 times. */
export const LINEAR = 10

/** Less says nothing: a collection of garbage takes as long. */
const LEAST_MS = 1

/** How many times as long work of four times the size takes, or of `times`. In turn, the least of three: what else a machine does only adds. */
export const growth = (work: (size: number) => void, size: number, times = 4): number => {
  let [few, many] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY]
  for (let round = 0; round < 3; round += 1) {
    few = Math.min(
      few,
      elapsedMs(() => work(size)),
    )
    many = Math.min(
      many,
      elapsedMs(() => work(times * size)),
    )
  }
  return many / Math.max(few, LEAST_MS)
}
