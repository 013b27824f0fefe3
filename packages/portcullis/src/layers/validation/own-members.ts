/**
 * Answers a value of which a schema sees its own members alone. zod reads `value.constructor`, and every object has one: where a schema
 * names such a member (`toString`, `valueOf`), what left it out was refused each time, for a function that nobody sent.
 *
 * @param names those that the schema has: without such a one the value is left as it is, and costs nothing
 */
export const ownMembers = (names: ReadonlySet<string>): ((value: unknown) => unknown) =>
  [...names].some((name) => name in Object.prototype) ? withoutPrototypes : asItIs

const asItIs = (value: unknown): unknown => value

const withoutPrototypes = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(withoutPrototypes)
  if (typeof value !== 'object' || value === null || Object.getPrototypeOf(value) !== Object.prototype) return value
  const own = Object.create(null)
  for (const [name, member] of Object.entries(value)) own[name] = withoutPrototypes(member)
  return own
}
