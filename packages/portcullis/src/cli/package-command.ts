import { UsageError } from './usage-error.ts'

/**
 * Runs the command of a package of its own, which the library does not depend on: who installed both has the command in both.
 *
 * @throws UsageError that says what to install when it is not there
 */
export const packageCommand =
  (name: string, missing: string) =>
  async (args: readonly string[]): Promise<number> => {
    process.argv.splice(2, process.argv.length - 2, ...args)
    // Not a literal, so that nothing looks for it before it is asked for.
    const command = `${name}/command`
    try {
      await import(command)
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException
      if (code !== 'ERR_MODULE_NOT_FOUND' || !message.includes(name)) throw error
      throw new UsageError(missing)
    }
    return Number(process.exitCode ?? 0)
  }
