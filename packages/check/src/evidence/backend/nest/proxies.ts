/** Whose word the application takes for who the client is. */
import { possibilities, textsOf, type Value, withoutDefault } from '../../source/index.ts'
import type { ProxyTrust } from '../facts.ts'
import { placeOf, type Reading, whenOf } from '../reading.ts'
import { settingsOf } from '../switches/index.ts'

export const proxiesOf = (reading: Reading): readonly ProxyTrust[] => [
  ...reading.program
    .callsNamed('set')
    .flatMap(({ node, scope }) =>
      isTrust(node.args[0]) && node.args[1] && whenOf(reading, node) !== 'development'
        ? [trustOf(reading, reading.evaluator.value(node.args[1], scope), node)]
        : [],
    ),
  ...reading.program
    .callsNamed('enable')
    .flatMap(({ node }): readonly ProxyTrust[] =>
      isTrust(node.args[0]) ? [{ at: placeOf(reading, node.at), framework: 'nest', trust: 'any' }] : [],
    ),
  ...['FastifyAdapter', 'fastify', 'Fastify'].flatMap((name) =>
    reading.program.callsNamed(name).flatMap(({ node, scope }) => {
      const callee = reading.evaluator.value(node.callee, scope)
      if (
        !possibilities(callee).some(
          (one) => one.kind === 'external' && /fastify/.test(one.from) && withoutDefault(one.path).at(-1) !== '()',
        )
      )
        return []
      const options = node.args[0] && reading.evaluator.value(node.args[0], scope)
      const trust = options?.kind === 'object' ? options.entries.get('trustProxy') : undefined
      return trust === undefined ? [] : [trustOf(reading, trust, node)]
    }),
  ),
]

const isTrust = (node: { readonly kind: string; readonly value?: unknown } | undefined): boolean =>
  node?.kind === 'literal' && node.value === 'trust proxy'

const trustOf = (reading: Reading, value: Value, node: { readonly at: Value['at'] }): ProxyTrust => {
  const all = possibilities(value)
  const found = all.flatMap((one) => single(reading, one))
  const order: readonly ProxyTrust['trust'][] = ['any', 'unknown', 'hops', 'listed', 'none']
  const known = found.filter((one) => one !== 'unknown')
  const trust = order.find((one) => (known.length > 0 ? known : found).includes(one)) ?? 'unknown'
  return {
    at: placeOf(reading, node.at),
    framework: 'nest',
    trust: trust === 'none' && all.some((one) => isHops(reading, one)) ? 'hops' : trust,
  }
}

/** A number of hops that a deployment sets: none where nobody does, so that nobody is believed by mistake. */
const isHops = (reading: Reading, value: Value): boolean =>
  value.kind === 'env' &&
  (value.number === true || /hops?$|depth$/i.test(value.name)) &&
  settingsOf(reading, value.name).every((one) => one.example)

const single = (reading: Reading, value: Value): readonly ProxyTrust['trust'][] => {
  if (value.kind === 'list')
    return value.items.length === 0
      ? ['none']
      : [
          ...new Set(
            value.items.flatMap((one) =>
              single(reading, one).map((each) => (each === 'hops' || each === 'none' ? 'listed' : each)),
            ),
          ),
        ]
  if (value.kind === 'env') return settingsOf(reading, value.name).map((one) => ofText(one.value))
  if (value.kind === 'function')
    return [
      possibilities(reading.evaluator.returned(value)).every((one) => one.kind === 'literal' && one.value === true)
        ? 'any'
        : 'unknown',
    ]
  if (value.kind !== 'literal') return ['unknown']
  if (value.value === true) return ['any']
  if (value.value === false || value.value === null || value.value === 0) return ['none']
  return [typeof value.value === 'number' ? 'hops' : ofText(textsOf(value)[0] ?? '')]
}

const ofText = (text: string): ProxyTrust['trust'] => {
  if (/^true$/i.test(text) || text.split(',').some((one) => /^(?:\*|0\.0\.0\.0\/0|::\/0)$/.test(one.trim())))
    return 'any'
  if (/^false$|^0?$/i.test(text)) return 'none'
  return /^\d+$/.test(text) ? 'hops' : 'listed'
}
