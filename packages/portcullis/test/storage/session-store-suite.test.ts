import { suite } from 'node:test'
import { sessionStoreSuite } from '../conformance/session-store.ts'
import { engines } from './engines.ts'
import { patient } from './patient.ts'
import { opened } from './temporary.ts'

for (const { name, skip, fresh } of engines)
  suite(name, { skip }, () => sessionStoreSuite(name, async (t) => patient((await opened(t, await fresh(t))).sessions)))
