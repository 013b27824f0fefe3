import type { Observation } from '../../items/index.ts'
import type { SourceFacts } from './facts.ts'
import { noRoutes } from './no-routes.ts'
import { at, count, fail, notApplicable, note, notProven, pass } from './say.ts'

export const validators = ({ backend }: SourceFacts): Observation[] => {
  const inputs = backend.routes.flatMap((route) => route.inputs.map((input) => ({ route, input })))
  if (backend.routes.length === 0) return [noRoutes('validators', backend)]
  const seen = new Set<string>()
  const problems = inputs.flatMap(({ route, input }) =>
    input.problems.flatMap((problem) => {
      const key = `${problem.at.file}:${problem.at.line}:${problem.what}`
      if (seen.has(key)) return []
      seen.add(key)
      return [fail('validators', `${route.method} ${route.path}, ${input.from}: ${problem.what}.`, [at(problem.at)])]
    }),
  )
  if (problems.length > 0) return problems
  const unread = inputs.filter(({ input }) => input.unread !== undefined)
  if (unread.length > 0)
    return unread
      .slice(0, 20)
      .map(({ route, input }) =>
        notProven('validators', `${route.method} ${route.path}, ${input.from}: ${input.unread}.`, [at(input.at)]),
      )
  return inputs.length === 0
    ? [notApplicable('validators', 'No route takes input.', [note(`${count(backend.routes.length, 'route')} read`)])]
    : [
        pass(
          'validators',
          `${count(inputs.length, 'input')} of ${count(backend.routes.length, 'route')} bounded and closed.`,
          inputs.slice(0, 3).map(({ input }) => at(input.at)),
        ),
      ]
}
