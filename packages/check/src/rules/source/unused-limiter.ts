import type { Observation } from '../../items/index.ts'
import type { SourceFacts } from './facts.ts'
import { at, count, fail, notApplicable, note, pass } from './say.ts'

export const unusedLimiter = ({ backend }: SourceFacts): Observation[] => {
  if (backend.limiters.length === 0)
    return [
      notApplicable('unused-limiter', 'No limiter is created.', [note(`none in ${count(backend.files, 'file')}`)]),
    ]
  const unused = backend.limiters.filter((one) => one.mounted === 'nowhere')
  return unused.length > 0
    ? unused.map((one) => fail('unused-limiter', 'A limiter is created and used nowhere.', [at(one.at)]))
    : [
        pass(
          'unused-limiter',
          `${count(backend.limiters.length, 'limiter')} in use.`,
          backend.limiters.slice(0, 3).map((one) => at(one.at)),
        ),
      ]
}
