import { suite } from 'node:test'
import { accountStoreSuite } from '../conformance/account-store.ts'
import { engines } from './engines.ts'
import { patient } from './patient.ts'
import { opened } from './temporary.ts'

for (const { name, skip, fresh } of engines)
  suite(name, { skip }, () =>
    accountStoreSuite(name, async (t) => {
      const { accounts, sessions } = await opened(t, await fresh(t))
      return { accounts: patient(accounts), sessions: patient(sessions) }
    }),
  )
