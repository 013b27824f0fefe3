/** Nest's pipes that are put on all routes only where somebody asks for it. */
import { table } from './judged.ts'
import { nestNotes } from './nest-notes.ts'

const PIPE = 'app.useGlobalPipes(new ValidationPipe({ whitelist: true }))'

table('validators', [
  [
    'passes: a pipe for all',
    nestNotes({ start: PIPE }),
    ['pass src/auth.ts:19: 1 input of 1 route bounded and closed.'],
  ],
  [
    'fails: a pipe that somebody has to switch on',
    nestNotes({ start: `if (process.env.VALIDATE === 'true') ${PIPE}` }),
    ['fail src/auth.ts:19: POST /notes, body: note: no ValidationPipe looks at it.'],
  ],
])
