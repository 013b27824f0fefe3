/** Programs that restart a server whenever a file changes, in what an image, a Procfile or a platform starts. */
import { type Command, type Settings, scriptsRunBy } from '../../settings/index.ts'
import type { DebugSign } from '../facts.ts'

const RELOADER = /^(?:.*\/)?(?:nodemon|ts-node-dev|tsnd|node-dev|supervisor|nodemon\.js)$/
const WATCHES = /^(?:.*\/)?(?:node|tsx|nest|bun|deno|ts-node)$/

/** `CMD ["npm", "run", "start:dev"]`, where that script is nodemon. The last stage of an image is the one that runs. */
export const reloaders = ({ commands }: Pick<Settings, 'commands'>): readonly DebugSign[] =>
  commands
    .filter(
      (one, index) =>
        one.role === 'program' &&
        !one.development &&
        (/^(?:procfile|platform)$/.test(one.kind) || (one.kind === 'image' && isLast(commands, index))),
    )
    .filter((one) => reloads(one, commands))
    .map((one) => ({
      at: { file: one.file, line: one.line, text: one.text.slice(0, 200) },
      what: 'what the image starts is a reloader for development',
    }))

export const isLast = (commands: readonly Command[], index: number): boolean =>
  !commands.slice(index + 1).some((one) => one.kind === 'image' && one.file === commands[index]?.file)

/** Whether it is a reloader, or runs a script that is one. */
export const reloads = (command: Pick<Command, 'argv' | 'file'>, commands: readonly Command[]): boolean =>
  [command, ...scriptsRunBy(command, commands)].some(isReloader)

const isReloader = ({ argv: [program = '', ...rest] }: Pick<Command, 'argv'>): boolean =>
  RELOADER.test(program) ||
  (WATCHES.test(program) && rest.some((one) => /^(?:--watch(?:-path.*)?|watch|-w)$/.test(one)))
