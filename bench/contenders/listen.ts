/** How a contender starts and ends. */

/** Where to listen. */
export const PORT = Number(process.env['PORT'] ?? 0)
export const HOST = '127.0.0.1'

/** Tells that it listens, in the one line that is waited for, and ends at SIGTERM. */
export const listening = (address: { readonly port: number } | string | null): void => {
  process.on('SIGTERM', () => process.exit(0))
  process.on('SIGUSR2', () => {
    // What has died in the first is let go in the second.
    globalThis.gc?.()
    globalThis.gc?.()
  })
  process.stdout.write(`listening on ${typeof address === 'object' ? address?.port : address}\n`)
}
