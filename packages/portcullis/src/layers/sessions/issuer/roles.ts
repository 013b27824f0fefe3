const NONE: readonly string[] = Object.freeze([])

/**
 * Answers a function that takes the roles out of claims. A claim of exactly that name goes first (`https://example.com/roles` is one
 * name); otherwise dots lead inwards: `realm_access.roles`. A list of texts, or a text with spaces between them (RFC 6749, section 3.3),
 * are roles; anything else is none.
 */
export const rolesReader = (
  claim: string | undefined,
): ((members: ReadonlyMap<string, unknown>) => readonly string[]) => {
  if (claim === undefined) return () => NONE
  const [first = '', ...inwards] = claim.split('.')
  return (members) => {
    if (members.has(claim)) return rolesIn(members.get(claim))
    let value = members.get(first)
    for (const name of inwards) value = ownMember(value, name)
    return rolesIn(value)
  }
}

const ownMember = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && Object.hasOwn(value, name)
    ? (value as Readonly<Record<string, unknown>>)[name]
    : undefined

const rolesIn = (value: unknown): readonly string[] => {
  if (typeof value === 'string' && value.isWellFormed())
    return Object.freeze(value.split(' ').filter((role) => role !== ''))
  // One that is no text shows that this is no list of roles.
  const isList =
    Array.isArray(value) && value.every((role) => typeof role === 'string' && role !== '' && role.isWellFormed())
  return isList ? Object.freeze([...(value as string[])]) : NONE
}
