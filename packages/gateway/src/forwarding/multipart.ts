import { randomBytes } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import { PassThrough, type Readable } from 'node:stream'
import { Busboy } from '@fastify/busboy'
import { Problem } from 'portcullis/fastify'
import { refusal } from '../document/calls.ts'
import type { MultipartJudge } from '../document/multipart-judge.ts'
import type { Fault } from '../document/validator.ts'
import { boundedBody } from './uploads.ts'

/** A form that was judged, written anew. */
export interface JudgedForm {
  readonly contentType: string
  readonly body: Readable
}

/** Bounds of what is not a file: each text, how many parts, and their own headers. */
const LIMITS = { fieldSize: 65_536, parts: 1_000, headerPairs: 16, headerSize: 4_096 }

/** Bytes of a form that wait for its end: a form of texts is judged whole before the upstream hears of it. */
const HELD_BYTES = 65_536

/** Bytes that the texts of lists have together: they are held until the form ends, which may be as long as its files. */
const LIST_BYTES = 1_048_576

/**
 * Judges a multipart form as it passes, and writes it anew: parsers disagree on what a form holds (RFC 7578), so the upstream gets one
 * spelling, of what was judged. A fault after a file has begun to pass ends the upstream's request in its middle: no handler has the form then.
 *
 * @returns fulfilled when the form is at its end, or longer than what is held; rejected with a Problem
 */
export const judgedForm = (raw: IncomingMessage, judge: MultipartJudge, limit: number): Promise<JudgedForm> =>
  new Promise((resolve, reject) => {
    const boundary = `portcullis-${randomBytes(18).toString('hex')}`
    const out = new PassThrough({ highWaterMark: HELD_BYTES })
    // Before anybody reads it, and after the last one has gone, a failure has been said by other means; unheard, it would end the process.
    out.on('error', () => {})
    const form: JudgedForm = { contentType: `multipart/form-data; boundary=${boundary}`, body: out }
    const bytes = boundedBody(raw, limit)
    let failed = false
    let ofLists = 0

    const fail = (error: Error): void => {
      failed = true
      bytes.destroy()
      reject(error)
      out.destroy(error)
    }
    const refuse = (faults: readonly Fault[]): boolean => {
      if (faults.length === 0 || failed) return failed
      fail(refusal(faults.map((fault) => ({ in: 'body' as const, ...fault }))))
      return true
    }
    const write = async (chunk: Buffer | string): Promise<void> => {
      if (out.destroyed || out.write(chunk)) return
      resolve(form)
      await new Promise<void>((done) => {
        const go = (): void => {
          out.off('drain', go).off('close', go)
          done()
        }
        out.on('drain', go).on('close', go)
      })
    }
    const head = (name: string, more: string): string =>
      `--${boundary}\r\nContent-Disposition: form-data; name="${quoted(name)}"${more}\r\n\r\n`

    const parser = parserOf(raw, judge)
    if (parser === undefined) return fail(new Problem('malformed-body', { detail: MALFORMED }))
    // Parts come while an earlier file is still on its way out: each waits for the one before.
    let last: Promise<void> = Promise.resolve()
    const then = (step: () => Promise<void>): Promise<void> => {
      last = last.then(step).catch(fail)
      return last
    }
    // Of the last part that has come to its end.
    let whole = last
    parser.on('file', (name: string | undefined, file, filename: string | undefined, _encoding, type) => {
      file.on('error', () => {})
      if (refuse(judge.begins(name ?? '', true))) return void file.resume()
      whole = last
      then(async () => {
        await write(head(name ?? '', `; filename="${quoted(filename ?? '')}"\r\nContent-Type: ${mediaType(type)}`))
        for await (const chunk of file as AsyncIterable<Buffer>) await write(chunk)
        await write('\r\n')
      })
    })
    parser.on('field', (name: string | undefined, value: string, _nameCut, valueCut) => {
      if (judge.isOfList(name ?? '')) ofLists += Buffer.byteLength(value)
      if (valueCut || ofLists > LIST_BYTES) return fail(new Problem('body-too-large', {}, { connection: 'close' }))
      if (value === '' && judge.isUnfilled(name ?? '')) return
      if (refuse(judge.begins(name ?? '', false)) || refuse(judge.text(name ?? '', value))) return
      // Spring reads a part of JSON by its type alone.
      const type = judge.isJson(name ?? '') ? '\r\nContent-Type: application/json' : ''
      whole = then(() => write(`${head(name ?? '', type)}${value}\r\n`))
    })
    parser.on('partsLimit', () => fail(new Problem('body-too-large', {}, { connection: 'close' })))
    parser.on('error', () => fail(new Problem('malformed-body', { detail: MALFORMED })))
    parser.on('finish', () =>
      then(async () => {
        if (refuse(judge.ends())) return
        out.end(`--${boundary}--\r\n`)
        resolve(form)
      }),
    )
    // The parser waits for whoever reads a long file, but for nobody with a text or a short one: a form of them would be read to its end,
    // and kept, while the upstream takes none of it. A part that is whole is written without more of the form.
    const feed = async (): Promise<void> => {
      for await (const chunk of bytes) {
        if (out.destroyed) return
        await new Promise((done) => parser.write(chunk, done))
        await whole
      }
      parser.end()
    }
    bytes.on('error', fail)
    feed().catch(fail)
  })

const MALFORMED = 'The body is no multipart form.'

const parserOf = (raw: IncomingMessage, judge: MultipartJudge) => {
  try {
    return new Busboy({
      headers: { 'content-type': raw.headers['content-type'] ?? '' },
      limits: LIMITS,
      // A page gives JSON its type by a Blob, which has the name of a file: `blob`.
      isPartAFile: (name, _type, filename) => filename !== undefined && !judge.isJson(name ?? ''),
    })
  } catch {
    return undefined
  }
}

/** As browsers write names: WHATWG HTML, "multipart/form-data encoding algorithm". */
const quoted = (text: string): string =>
  text
    .replaceAll('\r', '%0D')
    .replaceAll('\n', '%0A')
    .replaceAll('"', '%22')
    .replaceAll('\\', '%5C')
    .replaceAll('\0', '')

const mediaType = (type: string): string =>
  /^[\w!#$&^.+-]+\/[\w!#$&^.+-]+$/.test(type) ? type : 'application/octet-stream'
