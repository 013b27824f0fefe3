import { lastName, type Scope } from '../../source/index.ts'

/** An application inside a Durable Object answers the project's own worker, not the network. */
export const inDurableObject = (scope: Scope): boolean => {
  for (let one: Scope | undefined = scope; one !== undefined; one = one.parent) {
    if (one.owner?.kind !== 'class') continue
    const { bases, members } = one.owner
    if (bases.some((base) => /^DurableObject/.test(lastName(base) ?? ''))) return true
    if (
      members.some(
        (member) =>
          member.kind === 'assign' && /^DurableObjectState$/.test((member.type && lastName(member.type)) ?? ''),
      )
    )
      return true
    const made = members.find((member) => member.kind === 'function' && member.name === 'constructor')
    if (
      made?.kind === 'function' &&
      made.parameters.some((each) => each.type && lastName(each.type) === 'DurableObjectState')
    )
      return true
  }
  return false
}
