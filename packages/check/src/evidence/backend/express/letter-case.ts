/** Whether Express minds capitals: `/API/notes` is answered as `/api/notes` unless somebody says otherwise. */
import type { Node } from '../../source/index.ts'
import type { Reading } from '../reading.ts'

/** `app.set('case sensitive routing', true)`, `app.enable('case sensitive routing')`, `Router({ caseSensitive: true })`. */
export const mindsCase = ({ program }: Reading): boolean =>
  ['set', 'enable'].some((name) =>
    program.callsNamed(name).some(
      ({
        node: {
          args: [setting, value],
        },
      }) => isText(setting, 'case sensitive routing') && !isOff(value),
    ),
  ) ||
  program.callsNamed('Router').some(
    ({
      node: {
        args: [options],
      },
    }) =>
      options?.kind === 'object' &&
      options.entries.some(({ key, value }) => isText(key, 'caseSensitive') && !isOff(value)),
  )

const isText = (node: Node | undefined, text: string): boolean => node?.kind === 'literal' && node.value === text

const isOff = (node: Node | undefined): boolean => node?.kind === 'literal' && node.value === false
