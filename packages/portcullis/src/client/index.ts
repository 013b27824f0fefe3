/** Who is calling: the address behind trusted proxies, and the key it is counted under. */
export interface Client {
  readonly address: string
  readonly key: string
  readonly viaProxy: boolean
}
