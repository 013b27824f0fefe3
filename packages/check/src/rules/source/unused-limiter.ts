import type { Observation } from '../../items/index.ts'
import type { SourceFacts } from './facts.ts'
import { at, count, fail, notApplicable, note, notProven, pass } from './say.ts'

export const unusedLimiter = ({ backend }: SourceFacts): Observation[] => {
  if (backend.limiters.length === 0)
    return [
      notApplicable('unused-limiter', 'No limiter is created.', [note(`none in ${count(backend.files, 'file')}`)]),
    ]
  const unused = backend.limiters.filter((one) => one.mounted === 'nowhere')
  if (unused.length > 0)
    return unused.map((one) => fail('unused-limiter', 'A limiter is created and used nowhere.', [at(one.at)]))
  const unseen = backend.limiters.filter((one) => one.mounted === 'unknown')
  const used = backend.limiters.length - unseen.length
  return used === 0
    ? unseen.map((one) =>
        notProven('unused-limiter', 'What this limiter is put on could not be followed.', [at(one.at)]),
      )
    : [
        pass(
          'unused-limiter',
          `${count(used, 'limiter')} in use.`,
          backend.limiters
            .filter((one) => one.mounted !== 'unknown')
            .slice(0, 3)
            .map((one) => at(one.at)),
        ),
      ]
}
