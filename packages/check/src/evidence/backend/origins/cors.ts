/** Every setting of origins in a program: of its frameworks, of Socket.IO beside them, and those that no reader saw in its place. */

import type { CorsSetting } from '../facts.ts'
import type { Reading } from '../reading.ts'
import { corsElsewhere, pluginsElsewhere } from './cors-package.ts'
import { pythonOriginHeaders } from './python-origin-headers.ts'
import { socketsCors } from './sockets.ts'

export const everyCors = (reading: Reading, found: readonly CorsSetting[]): readonly CorsSetting[] => [
  ...found,
  ...pythonOriginHeaders(reading),
  ...socketsCors(reading),
  ...corsElsewhere(reading, found),
  ...(found.length === 0 ? pluginsElsewhere(reading) : []),
]
