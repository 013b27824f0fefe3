/** The servers that routing-controllers makes or is put on, with their options. */
import {
  type Call,
  type ClassNode,
  isFrom,
  type Located,
  possibilities,
  textsOf,
  type Value,
} from '../../source/index.ts'
import type { Place } from '../facts.ts'
import { placeOf, type Reading } from '../reading.ts'
import { settingsOf } from '../switches/index.ts'

export interface Server {
  readonly at: Place
  readonly call: Located<Call> | undefined
  /** The application that the controllers are put on; undefined where the package makes one. */
  readonly on: Value | undefined
  readonly prefix: string
  /** Undefined: every one that the program has, as where folders are given. */
  readonly controllers: ReadonlySet<ClassNode> | undefined
  readonly middlewares: ReadonlySet<ClassNode> | undefined
  readonly option: (name: string) => Value | undefined
}

const MAKES = ['createExpressServer', 'createKoaServer', 'createServer'] as const
const USES = ['useExpressServer', 'useKoaServer'] as const

export const serversOf = (reading: Reading): readonly Server[] => [
  ...MAKES.flatMap((name) => called(reading, name).map((one) => server(reading, one, 0))),
  ...USES.flatMap((name) => called(reading, name).map((one) => server(reading, one, 1))),
]

const called = (reading: Reading, name: string): readonly Located<Call>[] =>
  reading.program
    .callsNamed(name)
    .filter(({ node, scope }) => isFrom(reading.evaluator.value(node.callee, scope), 'routing-controllers', name))

const server = (reading: Reading, call: Located<Call>, index: number): Server => {
  const { node, scope } = call
  const value = (at: number): Value | undefined => {
    const arg = node.args[at]
    return arg === undefined ? undefined : reading.evaluator.value(arg, scope)
  }
  const given = value(index)
  const objects = given === undefined ? [] : possibilities(given).filter((one) => one.kind === 'object')
  const option = (name: string): Value | undefined => {
    for (const one of objects) {
      const own = one.entries.get(name)
      if (own !== undefined) return own
      for (const rest of one.rest) {
        const found = reading.evaluator.member(rest, name, rest.at)
        if (found.kind !== 'unknown') return found
      }
    }
    return
  }
  return {
    at: placeOf(reading, node.at),
    call,
    on: index === 1 ? value(0) : undefined,
    prefix: textIn(reading, option('routePrefix')),
    controllers: classesIn(option('controllers')),
    middlewares: classesIn(option('middlewares')),
    option,
  }
}

/** A text, or what the project's files set its variable to. */
export const textIn = (reading: Reading, value: Value | undefined): string => {
  if (value === undefined) return ''
  const [text] = textsOf(value)
  if (text !== undefined) return text
  const names = possibilities(value).flatMap((one) => (one.kind === 'env' ? [one.name] : []))
  return names.flatMap((one) => settingsOf(reading, one)).map((one) => one.value)[0] ?? ''
}

/** A list of classes alone; folders and what is not known stand for every class. */
const classesIn = (value: Value | undefined): ReadonlySet<ClassNode> | undefined => {
  if (value === undefined) return
  const items = possibilities(value)
    .flatMap((one) => (one.kind === 'list' ? one.items : [one]))
    .flatMap(possibilities)
  const nodes = items.flatMap((one) => (one.kind === 'class' ? [one.node] : []))
  return nodes.length === 0 || nodes.length < items.length ? undefined : new Set(nodes)
}
