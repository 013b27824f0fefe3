import { sessionStoreSuite } from '../conformance/session-store.ts'
import { temporaryStorage } from './temporary.ts'

sessionStoreSuite('SQLite', async (t) => (await temporaryStorage(t)).sessions)
