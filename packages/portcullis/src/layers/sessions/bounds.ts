/**
 * Lets a whole number within its bounds through, or the fallback when nothing was given.
 *
 * @throws RangeError that names the option and its bounds
 */
export const whole = (name: string, given: number | undefined, min: number, max: number, fallback: number): number => {
  const value = given ?? fallback
  if (Number.isSafeInteger(value) && value >= min && value <= max) return value
  throw new RangeError(`${name} must be a whole number from ${min} to ${max}`)
}
