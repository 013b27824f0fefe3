/** The oldest release of each line that is safe here: argon2id is stable from 24.19 on, and earlier ones lack the security releases of 2026. */
const oldest: Readonly<Record<number, number>> = { 24: 19, 26: 3 }

const unsafeFlags: readonly (readonly [RegExp, string])[] = [
  [/^--inspect(-brk|-wait)?(=|$)/, 'the inspector (--inspect) lets whoever reaches its port run code'],
  [/^--insecure-http-parser$/, '--insecure-http-parser lets requests be smuggled'],
  [/^--tls-min-v1\.[01]$/, 'TLS 1.0 and 1.1 are broken (RFC 8996)'],
]

/**
 * Says what makes this Node unsafe to serve from: its release, or how it was started.
 *
 * @returns a sentence a fault; none when it is safe
 */
export const nodeFaults = (node: {
  readonly version: string
  readonly execArgv: readonly string[]
  readonly env: Readonly<Record<string, string | undefined>>
}): readonly string[] => {
  const faults: string[] = []
  const [major = 0, minor = 0] = node.version.replace(/^v/, '').split('.').map(Number)
  const needed = oldest[major]
  if (needed === undefined ? major < 26 : minor < needed) {
    faults.push(`Node ${node.version} is not safe to serve from: use 24.19 or newer, or 26.3 or newer.`)
  }
  const flags = [...node.execArgv, ...(node.env['NODE_OPTIONS'] ?? '').split(/\s+/)]
  for (const [unsafe, why] of unsafeFlags)
    if (flags.some((flag) => unsafe.test(flag))) faults.push(`Node was started in an unsafe way: ${why}.`)
  if (node.env['NODE_TLS_REJECT_UNAUTHORIZED'] === '0') {
    faults.push('NODE_TLS_REJECT_UNAUTHORIZED=0 accepts any certificate: unset it.')
  }
  if ((node.env['NODE_DEBUG'] ?? '') !== '')
    faults.push('NODE_DEBUG writes requests, credentials included, to the log: unset it.')
  return faults
}
