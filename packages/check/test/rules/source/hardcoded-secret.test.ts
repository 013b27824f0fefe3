import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { HistorySecrets } from '../../../src/evidence/history/index.ts'
import { redacted } from '../../../src/items/index.ts'
import { express, judged, table } from './judged.ts'

const KEY = 'kD83hfWq02nfLsP9'
const sign = (key: string) =>
  express(
    "import jwt from 'jsonwebtoken'",
    `const make = (user) => jwt.sign({ sub: user.id }, ${key}, { expiresIn: '15m' })`,
  )

const history = (more: Partial<HistorySecrets>): HistorySecrets =>
  ({ complete: true, commits: 3, findings: [], ...more }) as HistorySecrets

const CLEAN = 'No secret in the files, and none in git history.'
const WITHOUT_GIT = 'No secret in the files; there is no git history.'

table('hardcoded-secret', [
  ['passes: from the environment', sign('process.env.KEY'), [`pass (1 source file read): ${WITHOUT_GIT}`]],
  [
    'passes: and in no commit',
    sign('process.env.KEY'),
    [`pass (1 source file and 3 commits read): ${CLEAN}`],
    { history: history({}) },
  ],
  [
    'fails: in the call',
    sign(`'${KEY}'`),
    [`fail src/app.ts:4: ${redacted(KEY)} is in the source: jsonwebtoken: signing.`],
  ],
  [
    'fails: behind a setting',
    sign(`process.env.JWT_SECRET || '${KEY}'`),
    [`fail src/app.ts:4: ${redacted(KEY)} is in the source: jsonwebtoken: signing, whenever JWT_SECRET is not set.`],
  ],
  [
    'fails: in a constant of another file, at the place where it stands',
    {
      ...express(
        "import jwt from 'jsonwebtoken'",
        "import { KEY } from './keys'",
        'const make = (user) => jwt.sign({ sub: user.id }, KEY)',
      ),
      'src/keys.ts': `export const KEY = '${KEY}'`,
    },
    [`fail src/keys.ts:1: ${redacted(KEY)} is in the source: jsonwebtoken: signing.`],
  ],
  [
    'passes: a word that the program refuses to start with',
    express(
      "import jwt from 'jsonwebtoken'",
      "const KEY = process.env.JWT_SECRET ?? 'changeme'",
      "if (KEY === 'changeme') throw new Error('Set JWT_SECRET')",
      'const make = (user) => jwt.sign({ sub: user.id }, KEY)',
    ),
    [`pass (1 source file read): ${WITHOUT_GIT}`],
  ],
  [
    'passes: names of things are no secrets',
    {
      ...express("app.get('/x', x)"),
      'src/constants.ts':
        "export const RESET_PASSWORD = 'resetPassword'\nexport const PASSWORD_HASH_ALGORITHM = 'argon2id'",
    },
    [`pass (2 source files read): ${WITHOUT_GIT}`],
  ],
  [
    'fails: it is gone from the tree, and still in history',
    sign('process.env.KEY'),
    [`fail src/old.ts:2: ${redacted(KEY)} was in src/old.ts as KEY and is still in git history.`],
    {
      history: history({
        findings: [
          { rule: 'generic', value: KEY, name: 'KEY', file: 'src/old.ts', line: 2, commit: 'abc', severity: 'high' },
        ] as unknown as HistorySecrets['findings'],
      }),
    },
  ],
  [
    'fails: it stands in the file still, and only history was read by its lines',
    sign('process.env.KEY'),
    [`fail src/old.ts:2: ${redacted(KEY)} is in src/old.ts as KEY and in git history.`],
    {
      history: history({
        findings: [
          { rule: 'generic', value: KEY, name: 'KEY', file: 'src/old.ts', line: 2, severity: 'high', stands: true },
        ] as unknown as HistorySecrets['findings'],
      }),
    },
  ],
  [
    'not proven: history that is cut off',
    sign('process.env.KEY'),
    ['not-proven (3 commits read): Not all of the git history could be read: a shallow clone.'],
    { history: history({ complete: false, why: 'a shallow clone' }) },
  ],
])

test('no summary shows the secret', async () => {
  for (const one of await judged(sign(`'${KEY}'`))) assert.ok(!one.summary.includes(KEY), one.summary)
})
