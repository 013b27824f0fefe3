/** What Nest's JwtModule is made with, which JwtService signs and verifies by where a call says nothing else. */
import { type Call, either, type Located, possibilities, type Value } from '../../source/index.ts'
import type { Reading } from '../reading.ts'

type ObjectValue = Extract<Value, { kind: 'object' }>

/** `JwtModule.register({…})`, `registerAsync({ useFactory })` and `{ useClass }`: the options of each, undefined where they can't be read. */
export const nestJwtOptions = (reading: Reading): readonly (ObjectValue | undefined)[] =>
  ['register', 'registerAsync'].flatMap((name) =>
    reading.program.callsNamed(name).flatMap((located) => {
      const callee = reading.evaluator.value(located.node.callee, located.scope)
      if (callee.kind !== 'external' || callee.from !== '@nestjs/jwt' || located.node.args[0] === undefined) return []
      return possibilities(optionsOf(reading, located)).map((one) => (one.kind === 'object' ? one : undefined))
    }),
  )

const optionsOf = (reading: Reading, { node, scope }: Located<Call>): Value => {
  const given: Value = node.args[0] ? reading.evaluator.value(node.args[0], scope) : { kind: 'unknown', at: node.at }
  if (given.kind !== 'object') return given
  const factory = given.entries.get('useFactory')
  if (factory !== undefined) return factory.kind === 'function' ? reading.evaluator.returned(factory) : given
  const made = given.entries.get('useClass')
  const method =
    made?.kind === 'class'
      ? reading.evaluator.member({ kind: 'instance', class: made, at: node.at }, 'createJwtOptions', node.at)
      : undefined
  return method?.kind === 'function' ? reading.evaluator.returned(method) : given
}

/** The key and the life that Nest's JwtModule is made with. */
export const registeredOptions = (reading: Reading): { key?: Value; expires?: Value } => {
  const keys: Value[] = []
  const lives: Value[] = []
  for (const one of nestJwtOptions(reading)) {
    if (one === undefined) continue
    const key = one.entries.get('secret') ?? one.entries.get('privateKey') ?? one.entries.get('secretOrPrivateKey')
    if (key !== undefined) keys.push(key)
    const life = reading.evaluator.member(one.entries.get('signOptions') ?? one, 'expiresIn', one.at)
    if (life.kind !== 'unknown' || (life.label?.length ?? 0) > 1) lives.push(withoutAbsent(life))
  }
  const [key, expires] = [keys[0], lives[0]]
  return {
    ...(key ? { key } : {}),
    ...(expires ? { expires: lives.length > 1 ? either(lives, expires.at) : expires } : {}),
  }
}

/** `...(life ? { expiresIn: life } : {})`: the way without it is for a setting that is not there, which is judged as such. */
const withoutAbsent = (life: Value): Value => {
  const all = possibilities(life)
  const there = all.filter((one) => !(one.kind === 'unknown' && one.label?.join('.') === 'expiresIn'))
  return there.length > 0 && there.length < all.length ? either(there, life.at) : life
}
