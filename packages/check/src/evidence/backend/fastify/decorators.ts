/** What the members of an instance are: `fastify.authenticate` is what some plugin decorated it with. */
import { possibilities, type Value } from '../../source/index.ts'
import type { Reading } from '../reading.ts'
import { memberOfInstance } from './instances.ts'
import type { Application, Context } from './model.ts'

/** A value with the instance's members replaced by what was put there; `name` is what it is called. */
interface Resolved {
  readonly value: Value
  readonly name: string
}

export const resolve = (reading: Reading, app: Application, value: Value, depth = 0): readonly Resolved[] =>
  possibilities(value).flatMap((one) => {
    const member = memberOfInstance(one)
    if (member === undefined || member.path.length === 0 || depth > 4) return [{ value: one, name: '' }]
    const [name = '', ...rest] = member.path
    const context = app.contexts.find((each) => each.id === member.id)
    const found = decorated(app, context, name)
    if (found === undefined) return [{ value: one, name }]
    let values: Value = found
    if (rest[0] === '()' && one.kind === 'external' && one.call !== undefined && found.kind === 'function')
      values = reading.evaluator.returned(found, reading.evaluator.frame(found, one.call, one.frame))
    else for (const key of rest) if (key !== '()') values = reading.evaluator.member(values, key, one.at)
    return resolve(reading, app, values, depth + 1).map((each) => ({
      value: each.value,
      name: each.name || (rest.filter((part) => part !== '()').at(-1) ?? name),
    }))
  })

/** In the context or above it; otherwise wherever there is one of that name. */
const decorated = (app: Application, context: Context | undefined, name: string): Value | undefined => {
  for (let one = context; one !== undefined; one = one.parent) {
    const found = one.decorators.get(name)
    if (found !== undefined) return found
  }
  return app.contexts.map((one) => one.decorators.get(name)).find((one) => one !== undefined)
}
