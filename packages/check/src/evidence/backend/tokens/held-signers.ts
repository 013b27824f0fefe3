/** Tokens signed by something that was handed in, and that nothing here says more of: `({ tokens }) => tokens.sign(claims, { expiresIn })`. */
import { type Call, type Frame, type Located, lastName, possibilities, type Value } from '../../source/index.ts'
import type { Reading } from '../reading.ts'
import type { Signing } from './signing-libraries.ts'

/** Libraries whose sign takes an `expiresIn`. */
const LIBRARIES = ['jsonwebtoken', '@nestjs/jwt', '@fastify/jwt', 'fastify-jwt']

/** A sign with an `expiresIn`, in a program that imports a library whose sign has one. */
export const heldSigning = (
  reading: Reading,
  call: Located<Call>,
  frame: Frame | undefined,
  callee: Value,
): Signing | undefined => {
  const { node, scope } = call
  const [claims, ...options] = node.args
  if (!/^sign(?:Async)?$/.test(lastName(node.callee) ?? '') || claims === undefined) return
  if (!possibilities(callee).every(isUnseen)) return
  const library = LIBRARIES.find((one) => reading.program.imports.has(one))
  if (library === undefined) return
  const expires = options
    .slice(0, 2)
    .flatMap((one) => possibilities(reading.evaluator.value(one, scope, frame)))
    .map((one) => (one.kind === 'object' ? one.entries.get('expiresIn') : undefined))
    .find((one) => one !== undefined)
  if (expires === undefined) return
  return {
    library,
    claims: reading.evaluator.value(claims, scope, frame),
    key: { kind: 'unknown', at: node.at },
    expires,
    unit: 1,
    digits: 0.001,
    call,
  }
}

/** Nothing is known of it, or no more than an interface says. */
const isUnseen = (value: Value): boolean =>
  value.kind === 'unknown' || (value.kind === 'function' && value.node.body.length === 0)
