/** Who is calling: the address behind trusted proxies, and the key it is counted under. */
export { lastForwarded } from './forwarded.ts'
export { trimOws } from './members.ts'
export type { Client, ClientOptions, ClientReader } from './reader.ts'
export { clientReader } from './reader.ts'
export { tooWide } from './trusted.ts'
