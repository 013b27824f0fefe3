import { readFile } from 'node:fs/promises'
import { parse } from 'yaml'
import type { ApiDocument } from './document.ts'
import { isOpenApi, readDocument } from './document.ts'
import { isSuccess, jsonOf } from './exchange.ts'
import type { LiveOptions } from './options.ts'
import { LONGEST_BODY } from './send.ts'
import { UsageError } from './usage-error.ts'
import { DOCUMENT_PLACES } from './usual-places.ts'
import type { Wire } from './wire.ts'

/** The document, or the place of one that is too long to be read. */
export interface Found {
  readonly document?: ApiDocument
  readonly tooLong?: string
}

/** The document that was named, or the first at the usual places. */
export const findDocument = async (options: LiveOptions, wire: Wire): Promise<Found> => {
  if (options.openapi === undefined) return firstOf(DOCUMENT_PLACES, wire)
  const { openapi } = options
  if (URL.canParse(openapi) && /^https?:/.test(openapi)) {
    const { origin, pathname, search } = new URL(openapi)
    if (origin !== wire.target.origin) throw new UsageError(`--openapi is on another server than --url: ${origin}`)
    return firstOf([withoutPrefix(pathname, wire.target.prefix) + search], wire)
  }
  const document = await localDocument(openapi, wire)
  return document === undefined ? onServer(openapi, wire) : { document }
}

const onServer = async (openapi: string, wire: Wire): Promise<Found> => {
  if (!openapi.startsWith('/'))
    throw new UsageError(`--openapi names neither a file nor a path of the server: ${openapi}`)
  return firstOf([openapi], wire)
}

const firstOf = async (places: readonly string[], wire: Wire): Promise<Found> => {
  let tooLong: string | undefined
  for (const place of places) {
    if (wire.isOver()) break
    const exchange = await wire.ask({ path: place, whole: true })
    const found = isSuccess(exchange) ? jsonOf(exchange.text) : undefined
    if (isOpenApi(found)) return { document: belowPrefix(readDocument(found, place, true), wire) }
    if (isSuccess(exchange) && isCutDocument(exchange.text)) tooLong ??= place
  }
  return tooLong === undefined ? {} : { tooLong }
}

const isCutDocument = (text: string): boolean =>
  Buffer.byteLength(text) >= LONGEST_BODY && /^\s*\{[^{[]{0,1000}"(?:openapi|swagger)"\s*:/.test(text.slice(0, 2_000))

const localDocument = async (file: string, wire: Wire): Promise<ApiDocument | undefined> => {
  let text: string
  try {
    text = await readFile(file, 'utf8')
  } catch {
    return undefined
  }
  const found = jsonOf(text) ?? yamlOf(text)
  if (!isOpenApi(found)) throw new UsageError(`${file} is no OpenAPI document`)
  return belowPrefix(readDocument(found, file, false), wire)
}

const yamlOf = (text: string): unknown => {
  try {
    return parse(text) as unknown
  } catch {
    return undefined
  }
}

const belowPrefix = (document: ApiDocument, { target: { prefix } }: Wire): ApiDocument => ({
  ...document,
  operations: document.operations.map((one) => ({ ...one, path: withoutPrefix(one.path, prefix) })),
})

const withoutPrefix = (path: string, prefix: string): string =>
  prefix !== '' && path.startsWith(`${prefix}/`) ? path.slice(prefix.length) : path
