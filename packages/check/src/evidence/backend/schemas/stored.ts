/**
 * A body that goes to the store as it came, beside its validation: `schema.parse(req.body); User.create(req.body)`. What the schema
 * drops is stored all the same, a role among it (mass assignment, ASVS V15.3.3).
 */
import {
  type Call,
  type Frame,
  type FunctionNode,
  lastName,
  type Node,
  possibilities,
  type Scope,
  walk,
} from '../../source/index.ts'
import type { Place } from '../facts.ts'
import { placeOf, type Reading } from '../reading.ts'
import { isOfStore } from '../stores.ts'
import type { Validated } from './inline.ts'
import type { Problem } from './judge.ts'
import { bind, type Origins, originsIn, requestOf, TARGETS } from './origins.ts'
import { shapeOf } from './schema-shape.ts'
import { drops, type Shape } from './shape.ts'

/** What stores: Prisma, Mongoose, Drizzle, Knex, Sequelize, TypeORM, and the driver of MongoDB. */
const STORES =
  /^(?:create|createMany|bulkCreate|insert|insertOne|insertMany|update|updateOne|updateMany|findByIdAndUpdate|findOneAndUpdate|findAndUpdate|replaceOne|upsert|values|set|save|merge)$/

const DEEPEST = 2

export const storedProblem = (at: Place): Problem => ({
  what: 'body: it is stored as it came, with the keys that its schema drops',
  at,
})

/** Where a handler stores the whole body as it came; empty where every schema of it refuses what it does not name. */
export const storedAsItCame = (
  reading: Reading,
  checks: readonly Validated[],
  handler: FunctionNode,
  scope: Scope,
  frame?: Frame,
): readonly Place[] => {
  const ofBody = checks.filter((one) => one.from === 'body')
  if (ofBody.length === 0 || !ofBody.every((one) => drops(shapeOfCheck(reading, one)))) return []
  if (replacesBody(reading, handler, scope, frame)) return []
  return storedIn(reading, originsIn(reading, handler, scope, requestOf(handler), frame), 0)
}

const shapeOfCheck = (reading: Reading, { schema, scope, frame }: Validated): Shape =>
  shapeOf(reading, reading.evaluator.value(schema, scope, frame))

/** `req.body = result.data`, `req[part] = value`, `Object.assign(req, value)`: what is read then is what came through. */
export const replacesBody = (reading: Reading, fn: FunctionNode, scope: Scope, frame?: Frame): boolean => {
  const origins = originsIn(reading, fn, scope, requestOf(fn), frame)
  let found = false
  walk(fn.body, (node) => {
    if (node.kind === 'assign' && node.target.kind === 'member') {
      const { object, property } = node.target
      found ||=
        origins.of(object)?.kind === 'request' &&
        (property.kind !== 'literal' || TARGETS[String(property.value)] !== undefined)
    }
    const [first] = node.kind === 'call' && /^(?:assign|define\w+)$/.test(lastName(node.callee) ?? '') ? node.args : []
    found ||= first !== undefined && origins.of(first) !== undefined
    return !found
  })
  return found
}

const storedIn = (reading: Reading, origins: Origins, depth: number): readonly Place[] => {
  const found: Place[] = []
  walk(origins.fn.body, (node) => {
    if (node.kind !== 'call') return
    const { callee, args } = node
    const given = args.map((one) => isWhole(origins, one))
    if (given.some((one) => one) && depth < DEEPEST) found.push(...inCalled(reading, origins, node, given, depth))
    if (
      (node.constructs || STORES.test(lastName(callee) ?? '')) &&
      args.some((one) => handsOver(origins, one)) &&
      isStore(reading, origins, node)
    )
      found.push(placeOf(reading, node.at))
  })
  return found
}

/** The whole of the body, and no value of it. */
const isWhole = (origins: Origins, node: Node): boolean => {
  const origin = origins.of(node)
  return origin?.kind === 'input' && origin.from === 'body' && origin.key === undefined
}

/** `body`, `{ ...body }`, `{ data: body }`, `{ $set: body }`. */
const handsOver = (origins: Origins, node: Node): boolean => {
  if (node.kind === 'spread') return false
  if (isWhole(origins, node)) return true
  return (
    node.kind === 'object' &&
    (node.spreads.some((one) => isWhole(origins, one.kind === 'spread' ? one.operand : one)) ||
      node.entries.some(
        ({ key, value }) =>
          key.kind === 'literal' &&
          /^(?:data|\$set|create|update|values)$/.test(String(key.value)) &&
          handsOver(origins, value),
      ))
  )
}

/** Of a package for certain: a method of the project's may name the fields that it takes. */
const isStore = (reading: Reading, origins: Origins, { callee }: Call): boolean =>
  possibilities(reading.evaluator.value(callee, origins.scopeOf(callee), origins.frame)).every(
    (one) =>
      isOfStore(one) ||
      (one.kind === 'class' && one.node.bases.some((base) => isOfStore(reading.evaluator.value(base, one.scope)))),
  )

/** `service.create(req.body)`, where the function that it is given to can be read. */
const inCalled = (
  reading: Reading,
  origins: Origins,
  node: Call,
  given: readonly boolean[],
  depth: number,
): readonly Place[] => {
  const scope = origins.scopeOf(node)
  return possibilities(reading.evaluator.value(node.callee, scope, origins.frame)).flatMap((callee) => {
    if (callee.kind !== 'function' || callee.node === origins.fn) return []
    const names = new Map(
      callee.node.parameters.flatMap(({ target }, index) =>
        given[index] && target.kind === 'name' ? [...bind(target, { kind: 'input', from: 'body' })] : [],
      ),
    )
    if (names.size === 0) return []
    const frame = reading.evaluator.frame(callee, { node, scope }, origins.frame)
    return storedIn(reading, originsIn(reading, callee.node, callee.scope, names, frame), depth + 1)
  })
}
