/** The oldest release of each line that is safe here: argon2id is stable from 24.19 on, and earlier ones lack the security releases of 2026. */
const oldest: Readonly<Record<number, number>> = { 24: 19, 26: 3 }

const INSPECTOR = 'the inspector (--inspect) lets whoever reaches its port run code'

/** By the flag's name: Node reads no value of a flag that takes none, so --insecure-http-parser=false turns it on. */
const unsafeFlags: readonly (readonly [RegExp, string])[] = [
  [/^--inspect(-brk(-node)?|-wait)?$/, INSPECTOR],
  [/^--insecure-http-parser$/, '--insecure-http-parser lets requests be smuggled'],
  [/^--tls-min-v1\.[01]$/, 'TLS 1.0 and 1.1 are broken (RFC 8996)'],
]

/**
 * Says what makes this Node unsafe to serve from: its release, or how it was started. Of this process itself, which is told by its
 * own `process.execArgv`, also whether the inspector is open, whoever opened it.
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
  const names = [...node.execArgv, ...nodeOptions(node.env['NODE_OPTIONS'] ?? '')].map(flagName)
  const ways = unsafeFlags.filter(([unsafe]) => names.some((name) => unsafe.test(name))).map(([, why]) => why)
  if (node.execArgv === process.execArgv && inspectorIsOpen()) ways.unshift(INSPECTOR)
  for (const why of new Set(ways)) faults.push(`Node was started in an unsafe way: ${why}.`)
  if (node.env['NODE_TLS_REJECT_UNAUTHORIZED'] === '0') {
    faults.push('NODE_TLS_REJECT_UNAUTHORIZED=0 accepts any certificate: unset it.')
  }
  if ((node.env['NODE_DEBUG'] ?? '') !== '')
    faults.push('NODE_DEBUG writes requests, credentials included, to the log: unset it.')
  return faults
}

/** What is before the value. Node takes `_` for `-` in it: --insecure_http_parser. */
const flagName = (flag: string): string => flag.replace(/=.*/s, '').replaceAll('_', '-')

/** Splits as Node does: at blanks that stand in no double quotes; a backslash counts between quotes only. */
const nodeOptions = (text: string): readonly string[] =>
  (text.match(/(?:[^ "]|"(?:\\.|[^\\"])*")+/gs) ?? []).map((option) =>
    option.replace(/"((?:\\.|[^\\"])*)"/gs, (_, quoted: string) => quoted.replace(/\\(.)/gs, '$1')),
  )

/** A Node that was built without an inspector has no such module. */
const inspectorIsOpen = (): boolean =>
  process.features.inspector && process.getBuiltinModule('node:inspector').url() !== undefined
