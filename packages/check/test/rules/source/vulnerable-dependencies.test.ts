import type { Audit } from '../../../src/evidence/settings/index.ts'
import { express, table } from './judged.ts'

const app = express("app.get('/x', x)")
const audit = (...severities: readonly string[]): { readonly audit: Audit } => ({
  audit: {
    reachable: true,
    advisories: severities.map((severity) => ({
      name: 'left',
      title: 'Wrong way',
      severity,
      range: '<2',
      url: 'https://example.com/1',
    })),
  } as unknown as Audit,
})
const PLACE = '(left <2: https://example.com/1)'

table('vulnerable-dependencies', [
  ['passes: none is known', app, ['pass (npm audit --package-lock-only): npm audit knows of none.'], audit()],
  ['fails: one that matters', app, [`fail ${PLACE}: left: Wrong way.`], audit('critical')],
  [
    'warns: one that matters less, beside one that matters more',
    app,
    [`warn ${PLACE}: left: Wrong way.`, `fail ${PLACE}: left: Wrong way.`],
    audit('moderate', 'high'),
  ],
  [
    'not proven: nobody answered',
    app,
    ['not-proven (npm audit --package-lock-only): npm audit could not be asked: no network.'],
    { audit: { reachable: false, why: 'no network', advisories: [] } as unknown as Audit },
  ],
  ['no lock file', app, ["not-applicable (no package-lock.json): There is no lock file of npm's."]],
])
