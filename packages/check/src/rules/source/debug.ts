import type { Observation } from '../../items/index.ts'
import type { SourceFacts } from './facts.ts'
import { at, count, fail, notApplicable, note, pass, warn } from './say.ts'

export const debug = ({ backend }: SourceFacts): Observation[] => {
  if (backend.frameworks.length === 0)
    return [notApplicable('debug', 'No backend was found.', [note(`${count(backend.files, 'file')} read`)])]
  if (backend.debug.length > 0)
    return backend.debug.map((one) =>
      one.unless === undefined
        ? fail('debug', `${one.what}.`, [at(one.at)])
        : warn('debug', `${one.what}, unless ${one.unless}.`, [at(one.at)], { confidence: 'medium' }),
    )
  return [
    pass(
      'debug',
      'No debug mode, and no stack in an answer.',
      [note(`nothing of the kind in ${count(backend.files, 'file')}`)],
      { confidence: 'medium' },
    ),
  ]
}
