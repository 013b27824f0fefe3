import { IssuerError } from './issuer-error.ts'
import { outOfReach } from './out-of-reach.ts'

/** What was fetched, and for how long its sender says it can be kept. */
export interface Fetched {
  readonly value: unknown
  /** `max-age` of Cache-Control, s; 0 for no-store and no-cache; undefined when nothing was said. */
  readonly maxAgeSeconds: number | undefined
}

/** Fetches JSON by GET. Rejects with an IssuerError. */
export type FetchJson = (url: string) => Promise<Fetched>

/** Bytes a document may have after its coding is taken off. Google, Entra and Keycloak stay below 30 KiB. */
const MAX_BYTES = 256 * 1024

/**
 * Makes a fetcher that holds its bounds: no redirect is followed (it could lead from https to a place of somebody else's), 256 KiB, and
 * one deadline for everything, body included.
 *
 * @param fetch the `fetch` to use
 * @param timeoutMs ms a document may take in all
 * @param closing ends whatever is under way
 */
export const jsonFetcher =
  (fetch: typeof globalThis.fetch, timeoutMs: number, closing: AbortSignal): FetchJson =>
  async (url) => {
    const deadline = AbortSignal.timeout(timeoutMs)
    try {
      const response = await fetch(url, {
        headers: { accept: 'application/json' },
        redirect: 'manual',
        signal: AbortSignal.any([deadline, closing]),
      })
      if (response.redirected || (response.status >= 300 && response.status < 400))
        throw new IssuerError('redirect', [`${url} redirects, and no redirect is followed: name the place it leads to`])
      if (response.status !== 200) throw new IssuerError('status', [`${url} answered ${response.status}`])
      const value = parse(await read(response, url), url)
      return { value, maxAgeSeconds: maxAge(response.headers.get('cache-control')) }
    } catch (error) {
      if (error instanceof IssuerError) throw error
      if (deadline.aborted) throw new IssuerError('timeout', [`${url} did not answer within ${timeoutMs} ms`])
      throw new IssuerError('unreachable', [`${url} can not be reached${why(url, error)}`])
    }
  }

/** fetch itself says no more than that it failed. */
const why = (url: string, error: unknown): string => {
  const code: unknown = (error as { readonly cause?: { readonly code?: unknown } }).cause?.code
  return typeof code === 'string' ? `: ${outOfReach(new URL(url), code, 'the issuer')}` : ''
}

const read = async (response: Response, url: string): Promise<Buffer> => {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of response.body ?? []) {
    size += chunk.length
    // Leaving the loop cancels the rest.
    if (size > MAX_BYTES) throw new IssuerError('size', [`${url} answered more than ${MAX_BYTES} bytes`])
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

const parse = (bytes: Buffer, url: string): unknown => {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch {
    throw new IssuerError('format', [`${url} answered no JSON`])
  }
}

const maxAge = (cacheControl: string | null): number | undefined => {
  if (cacheControl === null) return undefined
  if (/(?:^|,)\s*no-(?:store|cache)\s*(?:,|$)/i.test(cacheControl)) return 0
  const [, seconds] = /(?:^|,)\s*max-age\s*=\s*"?(\d{1,9})"?\s*(?:,|$)/i.exec(cacheControl) ?? []
  return seconds === undefined ? undefined : Number(seconds)
}
