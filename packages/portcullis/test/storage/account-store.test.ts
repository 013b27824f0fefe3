import { accountStoreSuite } from '../conformance/account-store.ts'
import { temporaryStorage } from './temporary.ts'

accountStoreSuite('SQLite', (t) => temporaryStorage(t))
