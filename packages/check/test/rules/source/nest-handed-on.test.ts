/** Nest's guards that give back what another method says. */
import { table } from './judged.ts'
import { nestNotes, THROWS } from './nest-notes.ts'

table('default-deny', [
  [
    'passes: the other method throws',
    nestNotes({ check: THROWS }),
    ['pass src/app.module.ts:4: One guard covers 1 of 1 route.'],
  ],
  [
    'fails: the other method catches, and says true',
    nestNotes({ check: 'try { request.user = await this.jwt.verifyAsync(token) } catch { request.user = undefined }' }),
    ['fail src/auth.ts:19: No guard in front of 1 route.'],
  ],
])
