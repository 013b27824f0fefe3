import type { HardcodedKey } from '../../evidence/backend/index.ts'
import type { HistoryFinding } from '../../evidence/history/index.ts'
import { type Observation, redacted } from '../../items/index.ts'
import type { FileSecret, SourceFacts } from './facts.ts'
import { at, count, fail, note, notProven, pass } from './say.ts'

export const hardcodedSecret = (facts: SourceFacts): Observation[] => {
  const { backend, history } = facts
  // Low: stand-ins of workflows and of compose files for tests, sample tokens in requests.
  const secrets = facts.secrets.filter(
    (one) => one.severity !== 'low' && !backend.keys.some((key) => key.at.file === one.file && key.value === one.value),
  )
  const known = new Set([...backend.keys, ...facts.secrets].map((one) => one.value))
  const before = (history?.findings ?? []).filter((one) => one.severity !== 'low' && !known.has(one.value))
  const found = [...backend.keys.map(ofKey), ...secrets.map(ofFile), ...before.map(ofHistory)]
  if (found.length > 0) return found
  if (history !== undefined && !history.complete)
    return [
      notProven('hardcoded-secret', `Not all of the git history could be read: ${history.why ?? 'it is cut off'}.`, [
        note(`${count(history.commits, 'commit')} read`),
      ]),
    ]
  const files = count(backend.files, 'source file')
  const read = note(`${history === undefined ? files : `${files} and ${count(history.commits, 'commit')}`} read`)
  if (backend.files === 0)
    return [notProven('hardcoded-secret', 'No source file was found to look for a secret in.', [read])]
  return [
    pass(
      'hardcoded-secret',
      history === undefined
        ? 'No secret in the files; there is no git history.'
        : 'No secret in the files, and none in git history.',
      [read],
    ),
  ]
}

const ofKey = (key: HardcodedKey): Observation =>
  fail(
    'hardcoded-secret',
    `${redacted(key.value)} is in the source: ${key.sink}${key.fallbackOf === undefined ? '' : `, whenever ${key.fallbackOf} is not set`}.`,
    [at(key.at)],
  )

const ofFile = (secret: FileSecret): Observation =>
  fail(
    'hardcoded-secret',
    `${redacted(secret.value)} is in ${secret.file}${secret.name === undefined ? '' : ` as ${secret.name}`} (${secret.rule}).`,
    [{ kind: 'source', file: secret.file, line: secret.line, text: secret.text }],
  )

const ofHistory = (finding: HistoryFinding): Observation =>
  fail(
    'hardcoded-secret',
    `${redacted(finding.value)} ${finding.stands ? 'is' : 'was'} in ${finding.file}${finding.name === undefined ? '' : ` as ${finding.name}`} and ${finding.stands ? 'in' : 'is still in'} git history.`,
    [
      {
        kind: 'source',
        file: finding.file,
        line: finding.line,
        text: `${finding.name ?? finding.rule} = ${redacted(finding.value)}`,
        commit: finding.commit,
      },
    ],
  )
