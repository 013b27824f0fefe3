import type { HistorySecrets } from '../../../src/evidence/history/index.ts'
import { redacted } from '../../../src/items/index.ts'
import { table } from './judged.ts'

const history: HistorySecrets = { complete: true, commits: 3, findings: [] } as unknown as HistorySecrets
const KEY = 'kD83hfWq02nfLsP9'
const NOTHING = 'No source file was found to look for a secret in.'

table('hardcoded-secret', [
  ['not proven: an empty folder', {}, [`not-proven (0 source files read): ${NOTHING}`]],
  ['not proven: a folder of documents', { 'README.md': '# Notes' }, [`not-proven (0 source files read): ${NOTHING}`]],
  [
    'not proven: the same in a repository',
    { 'README.md': '# Notes' },
    [`not-proven (0 source files and 3 commits read): ${NOTHING}`],
    { history },
  ],
  [
    'fails: a secret that is found counts without a source file',
    { 'deploy/values.yaml': `jwtSecret: ${KEY}` },
    [`fail deploy/values.yaml:1: ${redacted(KEY)} is in deploy/values.yaml as jwtSecret (generic).`],
    {
      secrets: [
        {
          rule: 'generic',
          value: KEY,
          name: 'jwtSecret',
          file: 'deploy/values.yaml',
          line: 1,
          severity: 'high',
          text: `jwtSecret: ${KEY}`,
        } as never,
      ],
    },
  ],
])
