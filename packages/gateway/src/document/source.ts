import { createHash } from 'node:crypto'
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parse } from '@readme/openapi-parser'
import { Agent, request } from 'undici'
import { withoutMark } from '../byte-order-mark.ts'
import { uncoded } from '../forwarding/answers.ts'
import { repeatedNames } from '../repeated-names.ts'
import { followMergeKeys } from './merge-keys.ts'
import { OutOfReach, shownPlace } from './out-of-reach.ts'
import type { Part } from './pointers.ts'
import { isPart } from './pointers.ts'
import { assertOpenApi } from './specification.ts'

/** By what the next change of a document is seen. */
export interface Seen {
  readonly digest: string
  readonly etag: string | undefined
}

/** A document as it was read. */
export interface ReadDocument extends Seen {
  readonly document: Part
}

/** A document that was read and can't be used. */
export class UnusableDocument extends Error {
  readonly seen: Seen

  constructor(message: string, { digest, etag }: Seen) {
    super(message)
    this.seen = { digest, etag }
  }
}

/** The most that a document may have. */
const MOST_BYTES = 8 * 1024 * 1024
/** ms for the whole of it */
const READ_MS = 5_000

/**
 * Reads an OpenAPI document from a file or an address; undefined when it is the one of `before`. Nothing that it refers to is read.
 *
 * @throws Error whose message says what is wrong with it: an UnusableDocument when it could be read
 */
export const readDocument = async (place: string, before?: Seen): Promise<ReadDocument | undefined> => {
  const read = isAddress(place) ? await fetchBytes(place, before?.etag) : await fileBytes(place)
  if (read === undefined) return undefined
  const digest = createHash('sha256').update(read.bytes).digest('hex')
  if (digest === before?.digest) return undefined
  const seen = { digest, etag: read.etag }
  try {
    const document = await parsed(place, read.bytes)
    await assertOpenApi(document, READ_MS)
    return { document, ...seen }
  } catch (error) {
    throw new UnusableDocument((error as Error).message, seen)
  }
}

const isAddress = (place: string): boolean => /^https?:\/\//i.test(place)

type Bytes = { readonly bytes: Buffer; readonly etag: string | undefined }

const fileBytes = async (path: string): Promise<Bytes> => {
  const found = await stat(path).catch(() => undefined)
  if (found === undefined) throw new Error(`there is no file of that name${path.startsWith('/') ? WHOLE : ''}`)
  if (found.isDirectory()) throw new Error('it is a folder')
  if (found.size > MOST_BYTES) throw new Error(`it has more than ${MOST_BYTES} bytes`)
  return { bytes: await readFile(path), etag: undefined }
}

/** The checker takes a path of the backend in this place. */
const WHOLE = '; an address is written whole: http://…'

/** No redirect is followed: the address was given, what it points to was not. */
const fetchBytes = async (url: string, etag: string | undefined): Promise<Bytes | undefined> => {
  const dispatcher = new Agent({ maxResponseSize: MOST_BYTES, connections: 1, allowH2: false })
  try {
    const { statusCode, headers, body } = await request(url, {
      dispatcher,
      signal: AbortSignal.timeout(READ_MS),
      headers: { accept: 'application/json', ...(etag === undefined ? {} : { 'if-none-match': etag }) },
    })
    if (statusCode === 304 && etag !== undefined) return undefined
    if (statusCode !== 200) throw new Error(`${shownPlace(url)} answered ${statusCode}`)
    const bytes = plainly(Buffer.from(await body.arrayBuffer()), headers['content-encoding'])
    return { bytes, etag: typeof headers['etag'] === 'string' ? headers['etag'] : undefined }
  } catch (error) {
    const { code, name, message } = error as NodeJS.ErrnoException
    if (code === 'UND_ERR_RES_EXCEEDED_MAX_SIZE') throw new Error(`it has more than ${MOST_BYTES} bytes`)
    if (name === 'TimeoutError') throw new Error(`${shownPlace(url)} did not answer in ${READ_MS / 1000} seconds`)
    throw typeof code === 'string' ? new OutOfReach(url, code) : new Error(message)
  } finally {
    await dispatcher.destroy()
  }
}

/** What a server says in a content coding, unasked: who names none that it takes, takes any (RFC 9110 §12.5.3). */
const plainly = (bytes: Buffer, coding: string | string[] | undefined): Buffer => {
  const plain = uncoded(bytes, coding?.toString(), MOST_BYTES)
  if (plain === undefined) throw new Error(`its content coding can't be read, or it has more than ${MOST_BYTES} bytes`)
  return plain
}

const parsed = async (place: string, bytes: Buffer): Promise<Part> => {
  const isYaml = /\.ya?ml$/.test(isAddress(place) ? new URL(place).pathname : place)
  const document = isYaml ? await parsedYaml(place, bytes) : parsedJson(bytes)
  if (!isPart(document)) throw new Error(`it is no ${isYaml ? 'YAML' : 'JSON'} object`)
  if (isYaml) followMergeKeys(document)
  return document
}

const parsedJson = (bytes: Buffer): unknown => {
  const text = withoutMark(bytes.toString('utf8'))
  const document = jsonOf(text)
  // Of two paths of one name the first would not exist here, and be reached by another's template under the rule of that (RFC 8259 §4).
  const [name] = repeatedNames(text)
  if (name !== undefined) throw new Error(`it has "${name}" twice in one object, where only the last would count`)
  return document
}

const jsonOf = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch (error) {
    throw new Error(`it is no JSON${whereOf(error)}; YAML is known by its name, .yaml or .yml`)
  }
}

const parsedYaml = async (place: string, bytes: Buffer): Promise<unknown> => {
  if (!isAddress(place)) return parsedFile(place)
  // Given an address, the parser would ask for it once more: by redirects, without a limit, and never on this machine.
  const folder = await mkdtemp(join(tmpdir(), 'portcullis-'))
  try {
    const path = join(folder, 'openapi.yaml')
    await writeFile(path, bytes)
    return await parsedFile(path)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

const parsedFile = (path: string): Promise<unknown> =>
  parse(path, { resolve: { external: false } }).catch((error: unknown) => {
    throw new Error(`it is no YAML object${whereOf(error)}`)
  })

/** Where the parser stopped, without what stands there; in the words of JSON.parse, or of the parser of YAML. */
const whereOf = (error: unknown): string => {
  const [, line, column] = /\((?:line )?(\d+)(?: column |:)(\d+)\)/.exec((error as Error).message) ?? []
  return line === undefined ? '' : ` (line ${line}, column ${column})`
}
