import type { Observation } from '../../items/index.ts'
import type { SourceFacts } from './facts.ts'
import { at, count, fail, notApplicable, note, notProven, pass } from './say.ts'

const EVERYWHERE =
  'The documentation is off in development too. To keep it there, give each address by a setting instead of None.'

const FASTAPI =
  'Serve it in development only, or behind the guard (FastAPI: docs_url=None, redoc_url=None, openapi_url=None).'

export const docsExposed = ({ backend }: SourceFacts): Observation[] => {
  if (backend.frameworks.length === 0)
    return [notApplicable('docs-exposed', 'No backend was found.', [note(`${count(backend.files, 'file')} read`)])]
  if (backend.docs.length === 0)
    return [
      pass('docs-exposed', 'The program serves no documentation.', [note(`none in ${count(backend.files, 'file')}`)]),
    ]
  return backend.docs.map((one) => {
    const isPython = one.at.file.endsWith('.py')
    if (one.when === 'always')
      return fail('docs-exposed', `${one.path} shows the API's documentation to anybody.`, [at(one.at)], {
        ...(isPython && backend.frameworks.includes('fastapi') ? { mend: FASTAPI } : {}),
        ...(one.fix === undefined ? {} : { fix: { file: one.at.file, ...one.fix, note: EVERYWHERE } }),
      })
    if (one.when === 'unknown')
      return notProven('docs-exposed', `When ${one.path} shows documentation could not be followed.`, [at(one.at)])
    return pass(
      'docs-exposed',
      `${one.path} ${one.when === 'development' ? 'is up in development only' : one.when === 'guarded' ? 'is behind a guard' : 'is off'}.`,
      [at(one.at)],
    )
  })
}
