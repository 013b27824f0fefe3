/** Pipes: which validate, how, and which make one value out of a text. */
import { lastName, type Node, possibilities, type Scope, type Value, walk, withoutDefault } from '../../source/index.ts'
import type { Reading } from '../reading.ts'
import { basesOf, type ClassValue, lineOf, methodOf } from './classes.ts'
import { givenSchema, ownSchema } from './schema-pipes.ts'

export type Pipe =
  /** Class-validator over the parameter's class. `closed`: keys that the class doesn't name don't come through. */
  | { readonly kind: 'validation'; readonly closed: boolean; readonly transforms: boolean }
  /** One value with its own form: ParseUUIDPipe. */
  | { readonly kind: 'value'; readonly of: 'fixed' | 'number' | 'list' }
  /** A schema of another library. */
  | { readonly kind: 'schema'; readonly schema: Value | undefined; readonly what: string }
  | { readonly kind: 'own'; readonly what: string }
  | { readonly kind: 'none' }

const isTrue = (value: Value | undefined): boolean =>
  value !== undefined && possibilities(value).every((one) => one.kind === 'literal' && one.value === true)

/** The pipe that a value is: a class, an instance, or what another package's call makes. */
export const pipeOf = (reading: Reading, value: Value): Pipe => {
  if (value.kind === 'external') {
    const path = withoutDefault(value.path).filter((one) => one !== '()')
    const name = path.at(-1) ?? ''
    const options =
      value.call?.node.args.map((one) =>
        value.call ? reading.evaluator.value(one, value.call.scope, value.frame) : undefined,
      ) ?? []
    if (value.from === '@nestjs/common' || /i18n/.test(value.from)) return ofNest(reading, name, options)
    if (/zod|joi|valibot|typebox|ajv|yup/i.test(`${value.from} ${name}`))
      return { kind: 'schema', schema: options[0], what: name }
    if (/^Parse\w*(?:Id|UUID|ULID)\w*Pipe$/i.test(name)) return { kind: 'value', of: 'fixed' }
    return { kind: 'own', what: name }
  }
  const type = value.kind === 'class' ? value : value.kind === 'instance' ? value.class : undefined
  if (type === undefined) return { kind: 'none' }
  const given = value.kind === 'instance' && value.call ? value.call : undefined
  return ofClass(reading, type, given?.node.args ?? [], given?.scope)
}

const ofNest = (reading: Reading, name: string, options: readonly (Value | undefined)[]): Pipe => {
  if (/ValidationPipe$/.test(name)) return validation(reading, options[0])
  if (/^Parse(?:UUID|Enum|Bool|Date)Pipe$/.test(name)) return { kind: 'value', of: 'fixed' }
  if (/^Parse(?:Int|Float)Pipe$/.test(name)) return { kind: 'value', of: 'number' }
  if (name === 'ParseArrayPipe') return { kind: 'value', of: 'list' }
  return { kind: 'none' }
}

const validation = (reading: Reading, options: Value | undefined): Pipe => {
  const all = options === undefined ? [] : possibilities(options).filter((one) => one.kind === 'object')
  const says = (name: string) =>
    all.length > 0 && all.every((one) => isTrue(reading.evaluator.member(one, name, one.at)))
  // forbidNonWhitelisted alone does nothing: class-validator looks at it inside whitelist.
  return { kind: 'validation', closed: says('whitelist'), transforms: says('transform') }
}

const ofClass = (reading: Reading, type: ClassValue, args: readonly Node[], scope: Scope | undefined): Pipe => {
  const what = type.node.name ?? 'a pipe'
  for (const one of lineOf(reading, type)) {
    for (const base of basesOf(reading, one)) {
      if (base.kind !== 'external' || !/ValidationPipe$/.test(base.path.at(-1) ?? '')) continue
      const given =
        superOptions(reading, one) ?? (args[0] && scope ? reading.evaluator.value(args[0], scope) : undefined)
      return validation(reading, given)
    }
  }
  if (/object_?id|mongo_?id|uuid|ulid|cuid|nanoid/i.test(what)) return { kind: 'value', of: 'fixed' }
  const transform = methodOf(reading, type, 'transform')
  if (transform === undefined) return { kind: 'own', what }
  const own = ownSchema(reading, type, transform) ?? givenSchema(reading, type, transform, args, scope)
  if (own !== undefined) return { kind: 'schema', schema: own, what }
  let found: Pipe = { kind: 'own', what }
  walk(transform.node.body, (node) => {
    if (node.kind !== 'call') return
    const last = lastName(node.callee) ?? ''
    const at = reading.program.scopeOf(node)
    if (/^(?:validate|validateOrReject|validateSync)$/.test(last) && at !== undefined) {
      const callee = reading.evaluator.value(node.callee, at)
      if (callee.kind === 'external' && callee.from === 'class-validator')
        found = validation(reading, node.args[1] && reading.evaluator.value(node.args[1], at))
    }
    if (/^(?:parse|safeParse|parseAsync|safeParseAsync)$/.test(last) || /joi|zod|schema/i.test(what))
      found =
        found.kind === 'own'
          ? { kind: 'schema', schema: args[0] && scope ? reading.evaluator.value(args[0], scope) : undefined, what }
          : found
    if (/^(?:isValidObjectId|isUUID|isMongoId|isValid)$/.test(last)) found = { kind: 'value', of: 'fixed' }
  })
  return found
}

/** `constructor() { super({ whitelist: true }) }` */
const superOptions = (reading: Reading, type: ClassValue): Value | undefined => {
  const [made] = type.node.members.flatMap((one) =>
    one.kind === 'function' && one.name === 'constructor' ? [one] : [],
  )
  let found: Value | undefined
  if (made !== undefined)
    walk(made.body, (node) => {
      if (node.kind !== 'call' || lastName(node.callee) !== 'super' || !node.args[0]) return
      const scope = reading.program.scopeOf(node)
      if (scope !== undefined) found = reading.evaluator.value(node.args[0], scope)
    })
  return found
}
