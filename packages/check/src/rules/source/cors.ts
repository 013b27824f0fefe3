import type { CorsSetting, OriginsLiteral } from '../../evidence/backend/index.ts'
import type { Fix, Observation } from '../../items/index.ts'
import type { SourceFacts } from './facts.ts'
import { at, count, fail, notApplicable, note, notProven, pass } from './say.ts'

const SAYS: Readonly<Record<CorsSetting['origins'], string>> = {
  any: 'any origin',
  reflected: 'whatever origin asks',
  loose: 'origins that only look like a listed one',
  null: 'the origin null, which any sandboxed page has',
  listed: 'listed origins',
  unknown: 'origins that could not be followed',
}

export const cors = ({ backend, origins = [] }: SourceFacts): Observation[] => {
  if (backend.frameworks.length === 0)
    return [notApplicable('cors', 'No backend was found.', [note(`${count(backend.files, 'file')} read`)])]
  if (backend.cors.length === 0)
    return [
      pass('cors', 'Nothing allows another origin, so browsers refuse them all.', [
        note(`no CORS setting in ${count(backend.files, 'file')}`),
      ]),
    ]
  return backend.cors.map((one) => {
    if (one.origins === 'unknown') return notProven('cors', `${one.what}: ${SAYS.unknown}.`, [at(one.at)])
    if (one.origins === 'listed') return pass('cors', 'Only listed origins are let in.', [at(one.at)])
    return fail(
      'cors',
      `${one.what} lets in ${SAYS[one.origins]}${one.credentials && one.origins !== 'any' ? ', with credentials' : ''}.`,
      [at(one.at)],
      {
        ...(one.credentials && one.origins !== 'any' ? { severity: 'high' } : {}),
        ...(one.literal === undefined ? {} : { fix: listedIn(one.literal, origins) }),
      },
    )
  })
}

const NOBODY =
  'An empty list lets in no other origin. List those that are meant, or give them: --fix --origin https://app.example.com'

/** Nobody is let in who was not named: here, or beside the star. */
const listedIn = (literal: OriginsLiteral, origins: readonly string[]): Fix => {
  const { file, start, end, from, before, after, quote, kept } = literal
  const listed = [...new Set([...kept, ...origins])]
  const list = `[${listed.map((one) => quote + one + quote).join(', ')}]`
  return { file, start, end, from, to: before + list + after, ...(listed.length === 0 ? { note: NOBODY } : {}) }
}
