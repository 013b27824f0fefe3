/** One request and what came back, as plain data. */
export interface Asked {
  readonly method: string
  /** From the root of the server, with its query. */
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string
  /** The source address that was bound, on loopback only. */
  readonly from?: string
}

export interface Exchange extends Asked {
  /** 0 when nothing was answered. */
  readonly status: number
  /** Names in lower case; repeated ones are joined by a comma. */
  readonly answered: Readonly<Record<string, string>>
  /** Each Set-Cookie line as it came. */
  readonly cookies: readonly string[]
  /** The start of the body. */
  readonly text: string
  readonly ms: number
  /** Why nothing was answered: `ECONNREFUSED`, `timeout`, … */
  readonly silence?: string
}

export const wasAnswered = (exchange: Exchange): boolean => exchange.status !== 0

export const isSuccess = ({ status }: Pick<Exchange, 'status'>): boolean => status >= 200 && status < 300

export const isRefusal = ({ status }: Pick<Exchange, 'status'>): boolean => status === 401 || status === 403

/** What the body says when it is JSON; undefined otherwise. */
export const jsonOf = (text: string): unknown => {
  try {
    return JSON.parse(text) as unknown
  } catch {
    return undefined
  }
}

export const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
