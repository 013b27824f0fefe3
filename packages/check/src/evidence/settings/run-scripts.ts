/** What a start command runs that stands elsewhere: a script of a package.json, a shell script. */
import type { Command } from './facts.ts'

const MANAGERS = /^(?:npm|pnpm|yarn|bun)$/

type Running = Pick<Command, 'argv' | 'file'>

/** The commands of the scripts that it runs, and of those that these run, whatever their names say of development. */
export const scriptsRunBy = (command: Running, commands: readonly Command[]): readonly Command[] => {
  const scripts = commands.filter(({ kind }) => kind === 'script')
  // Each once: a script that names itself a hundred times would be followed a hundred times at every step.
  const found = new Set<Command>()
  const follow = (one: Running) => {
    for (const script of scripts) if (isRunBy(script, one)) found.add(script)
  }
  follow(command)
  for (const one of found) follow(one)
  return [...found]
}

const isRunBy = (script: Command, { argv, file }: Running): boolean =>
  isOfManifest(script) ? isRunOf(script, argv, file) : isNamed(script, argv)

const isOfManifest = ({ file }: Command): boolean => nameOf(file) === 'package.json'

/** `npm run start:dev` beside that package.json. */
const isRunOf = ({ file, name }: Command, [program = '', ...rest]: readonly string[], from: string): boolean =>
  MANAGERS.test(program) &&
  folderOf(file) === folderOf(from) &&
  name === rest.find((word) => !/^(?:run|run-script|-.*)$/.test(word))

/** `["/code/entrypoint.sh", "start"]`: where an image keeps it is not where it stands here. */
const isNamed = ({ file }: Command, argv: readonly string[]): boolean =>
  argv.some((word) => word.endsWith('.sh') && nameOf(word) === nameOf(file))

/** From the project's folder; '' is that itself. */
export const folderOf = (file: string): string => file.slice(0, Math.max(0, file.lastIndexOf('/')))
const nameOf = (file: string): string => file.slice(file.lastIndexOf('/') + 1)
