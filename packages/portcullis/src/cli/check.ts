/** `portcullis check`: the checklist, which is a package of its own. */
import { UsageError } from './usage-error.ts'

/** Not a literal at the import, because the library does not depend on the package: who installed both has the command in both. */
const COMMAND = 'portcullis-check/command'

export const check = async (args: readonly string[]): Promise<number> => {
  process.argv.splice(2, process.argv.length - 2, ...args)
  try {
    await import(COMMAND)
  } catch (error) {
    if (
      (error as NodeJS.ErrnoException).code !== 'ERR_MODULE_NOT_FOUND' ||
      !(error as Error).message.includes('portcullis-check')
    )
      throw error
    throw new UsageError('The checklist is a package of its own: npm install --save-dev portcullis-check')
  }
  return Number(process.exitCode ?? 0)
}
