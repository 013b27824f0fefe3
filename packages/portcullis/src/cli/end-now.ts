/** Ends the process with its exit code when all that was written has gone out: to a pipe that somebody reads slowly it takes time. */
export const endNow = async (): Promise<never> => {
  for (const stream of [process.stdout, process.stderr]) await new Promise((resolve) => stream.write('', resolve))
  process.exit()
}
