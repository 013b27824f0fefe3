/** What the tokens of Flask-JWT-Extended and its kin carry: they are asked for by an identity, and not by claims. */
import { either, lastName, possibilities, type Value } from '../../source/index.ts'
import { each } from '../flask/routes.ts'
import { valuesOf } from '../python/index.ts'
import type { Reading } from '../reading.ts'

/** The identity as `sub`, and the claims beside it; a literal is what was left out. */
export const identityClaims = (reading: Reading, identity: Value, more: Value, at: Value['at']): Value => {
  const { identities, claims } = loadersOf(reading)
  const beside = [...possibilities(more), ...claims.flatMap(possibilities)]
  return {
    kind: 'object',
    entries: new Map([
      ...beside.flatMap((one) => (one.kind === 'object' ? [...one.entries] : [])),
      ['sub', identities.length > 0 ? either(identities, at) : identity],
    ]),
    rest: beside.flatMap((one) => (one.kind === 'object' ? one.rest : one.kind === 'literal' ? [] : [one])),
    at,
  }
}

interface Loaders {
  /** What `@jwt.user_identity_loader` makes of each identity. */
  readonly identities: readonly Value[]
  /** What `@jwt.additional_claims_loader` adds to each token. */
  readonly claims: readonly Value[]
}

const known = new WeakMap<Reading, Loaders>()

const loadersOf = (reading: Reading): Loaders => {
  const kept = known.get(reading) ?? { identities: given(reading, IDENTITY), claims: given(reading, CLAIMS) }
  known.set(reading, kept)
  return kept
}

const IDENTITY = /^user_identity_loader$/
/** By its name of version 4, and of those before. */
const CLAIMS = /^(?:additional|user)_claims_loader$/

const given = (reading: Reading, loader: RegExp): readonly Value[] => {
  const found: Value[] = []
  each(reading, (node, scope) => {
    const isLoader =
      node.kind === 'function' &&
      node.decorators.some((one) => one.kind === 'member' && loader.test(lastName(one) ?? ''))
    if (isLoader)
      found.push(reading.evaluator.returned({ kind: 'function', node, scope, frame: undefined, at: node.at }))
    const [handed] = node.kind === 'call' && loader.test(lastName(node.callee) ?? '') ? node.args : []
    for (const value of handed === undefined ? [] : valuesOf(reading, handed, scope))
      if (value.kind === 'function') found.push(reading.evaluator.returned(value))
  })
  return found
}
