/** Middleware as functions and as classes: what guards, what limits, what answers errors. */

import { possibilities, textsOf, type Value } from '../../source/index.ts'
import { type Apps, appIdOf } from '../express/apps.ts'
import { standingBefore } from '../express/standing.ts'
import type { Limiter, Place } from '../facts.ts'
import { exceptionFaults, type Guard, guardIn } from '../guards/index.ts'
import { limiterIn } from '../limits/index.ts'
import { argOf, type ClassValue, type Decorated, methodOf, named } from '../nest/index.ts'
import type { Reading } from '../reading.ts'
import type { Server } from './servers.ts'

type FunctionValue = Extract<Value, { kind: 'function' }>

/** The function that a middleware runs: itself, or the `use` of its class. */
const runs = (reading: Reading, value: Value): readonly Value[] =>
  possibilities(value).flatMap((one): readonly Value[] => {
    if (one.kind === 'list') return one.items.flatMap((each) => runs(reading, each))
    const type = one.kind === 'class' ? one : one.kind === 'instance' ? one.class : undefined
    if (type === undefined) return [one]
    const use = methodIn(reading, type, 'use')
    return use === undefined ? [] : [use]
  })

/** A method that goes by its class's name, which says what it is for. */
const methodIn = (reading: Reading, type: ClassValue, name: string): FunctionValue | undefined => {
  const method = methodOf(reading, type, name)
  return method && { ...method, node: { ...method.node, name: type.node.name ?? name } }
}

export const guardOf = (reading: Reading, value: Value, name: string): Guard | undefined =>
  runs(reading, value)
    .map((one) => guardIn(reading, one, one.kind === 'function' ? (one.node.name ?? name) : name))
    .find((one) => one !== undefined && !one.optional)

export const limiterOf = (reading: Reading, value: Value): Omit<Limiter, 'mounted'> | undefined =>
  runs(reading, value)
    .map((one) => limiterIn(reading, one))
    .find((one) => one !== undefined)

interface GlobalGuardRead {
  readonly at: Place
  readonly what: string
  readonly faults: readonly { readonly what: string; readonly at: Place }[]
}

export interface Around {
  readonly guards: readonly GlobalGuardRead[]
  readonly limiters: readonly Limiter[]
  /** What the application itself has: the reader of Express counts those. */
  readonly foreign: readonly Limiter[]
}

/** What stands before every controller of a server: `@Middleware({ type: 'before' })`, and what its application had before. */
export const aroundServer = (
  reading: Reading,
  server: Server,
  classes: readonly Decorated[],
  apps: Apps | undefined,
): Around => {
  const guards: GlobalGuardRead[] = []
  const limiters: Limiter[] = []
  for (const one of middlewareClasses(reading, server, classes, 'before')) {
    const limiter = limiterOf(reading, one.class)
    const guard = limiter === undefined ? guardOf(reading, one.class, one.name) : undefined
    const faults = runs(reading, one.class).flatMap((each) => exceptionFaults(reading, each))
    if (limiter !== undefined) limiters.push({ ...limiter, mounted: 'everywhere' })
    if (guard !== undefined) guards.push({ at: guard.at, what: one.name, faults })
  }
  const id = server.on === undefined ? undefined : appIdOf(server.on)?.id
  const registrations = id === undefined ? [] : (apps?.registrations.get(id) ?? [])
  const standing =
    server.call === undefined ? { guards: [], limiters: [] } : standingBefore(reading, registrations, server.call.node)
  for (const one of standing.guards)
    guards.push({ at: one.at, what: one.guard.what, faults: exceptionFaults(reading, one.value) })
  return { guards, limiters, foreign: standing.limiters }
}

/** The classes that a server registers as middleware of a type. */
const middlewareClasses = (
  reading: Reading,
  server: Server,
  classes: readonly Decorated[],
  type: 'before' | 'after',
): readonly Decorated[] =>
  classes.filter((one) => {
    const [decorator] = named(one.decorators, 'Middleware', /^routing-controllers$/)
    const given = decorator && argOf(reading, decorator, 0)
    const says = given?.kind === 'object' ? given.entries.get('type') : undefined
    return (
      says !== undefined &&
      textsOf(says).includes(type) &&
      (server.middlewares === undefined || server.middlewares.has(one.class.node))
    )
  })

/** What answers errors: middleware classes with an `error` method. */
export const errorHandlers = (
  reading: Reading,
  server: Server,
  classes: readonly Decorated[],
): readonly FunctionValue[] =>
  middlewareClasses(reading, server, classes, 'after').flatMap((one) => {
    const method = methodOf(reading, one.class, 'error')
    return method === undefined ? [] : [method]
  })
