/** Programs that restart a server whenever a file changes, in what an image, a Procfile or a platform starts. */
import type { Command, Settings } from '../../settings/index.ts'
import type { DebugSign } from '../facts.ts'

const RELOADER = /^(?:.*\/)?(?:nodemon|ts-node-dev|tsnd|node-dev|supervisor|nodemon\.js)$/
const WATCHES = /^(?:.*\/)?(?:node|tsx|nest|bun|deno|ts-node)$/
const MANAGERS = /^(?:npm|pnpm|yarn|bun)$/

/** `CMD ["npm", "run", "start:dev"]`, where that script is nodemon. The last stage of an image is the one that runs. */
export const reloaders = ({ commands }: Pick<Settings, 'commands'>): readonly DebugSign[] =>
  commands
    .filter(
      (one, index) =>
        one.role === 'program' &&
        !one.development &&
        (/^(?:procfile|platform)$/.test(one.kind) || (one.kind === 'image' && isLast(commands, index))),
    )
    .filter((one) => reloads(one.argv, commands, one.file, 0))
    .map((one) => ({
      at: { file: one.file, line: one.line, text: one.text.slice(0, 200) },
      what: 'what the image starts is a reloader for development',
    }))

export const isLast = (commands: readonly Command[], index: number): boolean =>
  !commands.slice(index + 1).some((one) => one.kind === 'image' && one.file === commands[index]?.file)

export const reloads = (
  argv: readonly string[],
  commands: readonly Command[],
  from: string,
  depth: number,
): boolean => {
  const [program = '', ...rest] = argv
  if (RELOADER.test(program)) return true
  if (WATCHES.test(program) && rest.some((one) => /^(?:--watch(?:-path.*)?|watch|-w)$/.test(one))) return true
  if (!MANAGERS.test(program) || depth > 3) return false
  const name = rest.find((one) => !/^(?:run|run-script|-.*)$/.test(one))
  return commands.some(
    (one) =>
      one.kind === 'script' &&
      one.name === name &&
      one.file.endsWith('package.json') &&
      folderOf(one.file) === folderOf(from) &&
      reloads(one.argv, commands, from, depth + 1),
  )
}

const folderOf = (file: string): string => file.slice(0, Math.max(0, file.lastIndexOf('/')))
