/** Bodies and queries that an extension checks before the handler runs: flask-pydantic, flask-openapi3, spectree, flask-accepts. */
import { type Call, lastName, type Node, type Scope } from '../../source/index.ts'
import type { Input } from '../facts.ts'
import type { Types } from '../fastapi/bounds.ts'
import { ancestorsOf, type FunctionValue, isModel } from '../python/index.ts'
import { placeOf, type Reading } from '../reading.ts'
import { judge } from '../schemas/index.ts'
import { marshmallowShape } from './marshmallow.ts'

/** What a parameter or an option is called that stands for a part of the request. */
const PARTS: Readonly<Record<string, Input['from']>> = {
  body: 'body',
  form: 'body',
  json: 'body',
  schema: 'body',
  query: 'query',
  query_params_schema: 'query',
  path: 'path',
}

/** `@validate() def create(body: Note)`, `@spec.validate(json=Note)`, `@accepts(schema=NoteSchema)`. */
export const givenModels = (reading: Reading, types: Types, { node, scope }: FunctionValue): readonly Input[] => {
  const ofParameters = node.parameters.flatMap(({ target, type }) => {
    const from = PARTS[lastName(target) ?? '']
    return from === undefined || type === undefined ? [] : inputOf(reading, types, from, type, scope)
  })
  const checked = node.decorators.filter((one): one is Call => one.kind === 'call' && isCheck(one))
  const ofOptions = checked.flatMap(({ named }) =>
    [...named].flatMap(([name, given]) => {
      const from = PARTS[name]
      return from === undefined ? [] : inputOf(reading, types, from, given, scope)
    }),
  )
  return [...ofParameters, ...ofOptions]
}

const isCheck = ({ callee }: Call): boolean => /^(?:validate|accepts)$/.test(lastName(callee) ?? '')

const inputOf = (reading: Reading, types: Types, from: Input['from'], node: Node, scope: Scope): readonly Input[] => {
  const at = placeOf(reading, node.at)
  const shape = marshmallowShape(reading, node, scope)
  if (shape !== undefined) return [{ from, at, ...judge(reading, shape, from) }]
  const value = reading.evaluator.value(node, scope)
  if (value.kind !== 'class' || !isModel(ancestorsOf(reading, value), value.node.decorators)) return []
  const { problems, unread } = types.model(value, value.node.name ?? '', at)
  return [{ from, at, problems, ...(unread === undefined ? {} : { unread }) }]
}
