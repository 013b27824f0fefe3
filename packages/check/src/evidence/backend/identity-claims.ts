/** What the tokens of Flask-JWT-Extended and its kin carry: they are asked for by an identity, and not by claims. */
import { possibilities, type Value } from '../source/index.ts'

/** The identity as `sub`, and the claims beside it; a literal is what was left out. */
export const identityClaims = (identity: Value, more: Value, at: Value['at']): Value => ({
  kind: 'object',
  entries: new Map([
    ...possibilities(more).flatMap((one) => (one.kind === 'object' ? [...one.entries] : [])),
    ['sub', identity],
  ]),
  rest: possibilities(more).flatMap((one) => (one.kind === 'object' ? one.rest : one.kind === 'literal' ? [] : [one])),
  at,
})
