/** What a FastAPI handler takes from the path, the query and the body, its dependencies' included. */
import { type Located, lastName, type Node, type Parameter, type Scope, type Value, walk } from '../../source/index.ts'
import type { Input, Place } from '../facts.ts'
import {
  ancestorsOf,
  boundsOf,
  calledBy,
  definitionOf,
  type FunctionValue,
  isModel,
  lastOf,
  methodOf,
} from '../python/index.ts'
import { placeOf, type Reading } from '../reading.ts'
import type { Handler } from './application.ts'
import type { Types } from './bounds.ts'
import { annotationOf, askedBy, dependencyOf, isDepends, listedDependencies } from './dependencies.ts'
import { rawOf } from './raw-inputs.ts'
import { type Findings, joined, UNBOUNDED } from './standard-types.ts'

const GIVEN = /^(?:Request|Response|WebSocket|BackgroundTasks|HTTPConnection|SecurityScopes|UploadFile|FromDishka)$/
/** FastAPI's own form has plain texts, of any length. */
const LOGIN_FORM = /^OAuth2PasswordRequestForm(?:Strict)?$/
const LOGIN_FIELDS = ['username', 'password']

const SOURCES: Readonly<Record<string, Input['from'] | 'other'>> = {
  Query: 'query',
  Path: 'path',
  Body: 'body',
  Form: 'body',
  File: 'other',
  Header: 'other',
  Cookie: 'other',
}

export const inputsOf = (reading: Reading, types: Types, handler: Handler, path: string): readonly Input[] => {
  const names = new Set([...path.matchAll(/\{(\w+)(?::\w+)?\}/g)].map((one) => one[1] ?? ''))
  const seen = new Set<Node>()
  const inputs: Input[] = []
  const enter = (callee: FunctionValue, depth: number) => {
    if (seen.has(callee.node) || depth > 6) return
    seen.add(callee.node)
    callee.node.parameters.forEach((parameter, index) => {
      const isOwn = index === 0 && /^(?:self|cls)$/.test(lastName(parameter.target) ?? '')
      if (isOwn || parameter.rest) return
      const asked = askedBy(reading, parameter, callee.scope)
      const depends = asked.calls.filter(isDepends)
      if (depends.length > 0) {
        for (const one of depends.flatMap((call) => dependencyOf(reading, call, asked.type)))
          enterDependency(one, depth, placeOf(reading, parameter.target.at))
        return
      }
      const input = inputOf(reading, types, parameter, callee.scope, names)
      if (input) inputs.push(input)
    })
    inputs.push(...rawOf(reading, types, callee).map((one) => ({ ...one, problems: unique(one.problems) })))
  }
  const enterDependency = (value: Value, depth: number, at?: Place) => {
    if (value.kind === 'external' && at !== undefined && LOGIN_FORM.test(lastOf(value)))
      inputs.push({ from: 'body', at, problems: LOGIN_FIELDS.map((name) => ({ what: `${name}: ${UNBOUNDED}`, at })) })
    if (value.kind === 'class') {
      const made = methodOf(reading, value, '__init__')
      if (made) enter(made, depth + 1)
      else if (isModel(ancestorsOf(reading, value), value.node.decorators)) {
        const at = placeOf(reading, value.node.at)
        inputs.push({ from: 'query', at, ...findingsOf(types.model(value, value.node.name ?? '', at)) })
      }
      return
    }
    const callee = calledBy(reading, value)
    if (callee) enter(callee, depth + 1)
  }
  if (handler.function) enter(handler.function, 0)
  for (const one of listedDependencies(reading, handler.dependencies)) enterDependency(one, 0)
  return inputs
}

const findingsOf = ({ problems, unread }: Findings): Pick<Input, 'problems' | 'unread'> => ({
  problems: unique(problems),
  ...(unread === undefined ? {} : { unread }),
})

const unique = (problems: Findings['problems']): Findings['problems'] =>
  problems.filter(
    (one, index) =>
      problems.findIndex(
        (other) => other.what === one.what && other.at.line === one.at.line && other.at.file === one.at.file,
      ) === index,
  )

const inputOf = (
  reading: Reading,
  types: Types,
  parameter: Parameter,
  scope: Scope,
  path: ReadonlySet<string>,
): Input | undefined => {
  const name = lastName(parameter.target) ?? ''
  const asked = askedBy(reading, parameter, scope)
  const type = parameter.type === undefined ? undefined : asked.type
  const word = type === undefined ? '' : (lastName(bareOf(type.node)) ?? '')
  if (GIVEN.test(word)) return
  const at = placeOf(reading, parameter.target.at)
  const source = asked.calls.map((one) => SOURCES[lastName(one.node.callee) ?? '']).find((one) => one !== undefined)
  if (source === 'other') return
  if (uploads(reading, type)) return
  const from = path.has(name) ? 'path' : (source ?? (isBody(reading, type) ? 'body' : 'query'))
  if (type === undefined) return { from, at, problems: [{ what: `${name}: no type`, at }] }
  const findings = types.check(
    parameter.type ?? type.node,
    parameter.type ? scope : type.scope,
    boundsOf(reading, asked.calls),
    name,
    at,
  )
  return { from, at, ...findingsOf(joined([findings])) }
}

const bareOf = (node: Node): Node => (node.kind === 'member' && node.property.kind !== 'literal' ? node.object : node)

const uploads = (reading: Reading, type: Located | undefined): boolean => {
  let found = false
  if (type)
    walk([type.node], (node) => {
      if (node.kind === 'name' && node.name === 'UploadFile') found = true
    })
  return found || (type !== undefined && lastName(definitionOf(reading, type.node, type.scope).node) === 'UploadFile')
}

/** Models, dicts and lists of models are read from the body; single values from the query. */
const isBody = (reading: Reading, type: Located | undefined): boolean => {
  if (type === undefined) return false
  const { node, scope } = annotationOf(reading, type.node, type.scope).type
  if (node.kind === 'type') return node.args.some((one) => isBody(reading, { node: one, scope }))
  if (node.kind === 'member' && node.property.kind !== 'literal') {
    const word = lastName(node.object) ?? ''
    const items = node.property.kind === 'list' ? node.property.items : [node.property]
    if (/^(?:dict|Dict|Mapping)$/.test(word)) return true
    if (/^(?:Optional|Union|list|List|Sequence|set|Set|tuple|Tuple)$/.test(word))
      return items.some((one) => isBody(reading, { node: one, scope }))
    return isBody(reading, { node: node.object, scope })
  }
  if (/^(?:dict|Dict|Any|Json|list|List)$/.test(lastName(node) ?? '')) return true
  const found = definitionOf(reading, node, scope)
  if (found.node.kind === 'class')
    return isModel(
      ancestorsOf(reading, { kind: 'class', node: found.node, scope: found.scope, at: found.node.at }),
      found.node.decorators,
    )
  return found.node !== node && found.node.kind !== 'function' && isBody(reading, found)
}
