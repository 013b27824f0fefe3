import { isJsonType } from './media-types.ts'
import type { Part } from './pointers.ts'
import { isPart } from './pointers.ts'

/** How a field of a form is written. */
export interface EncodedAs {
  readonly style: string
  readonly explode: unknown
  readonly isJson: boolean
  /** Of a part alone: by its media types neither JSON nor a text. */
  readonly isFile: boolean
}

/** Says how the field of a name is written. */
export type Encoding = (name: string) => EncodedAs

/** Reads the encoding of a media type object, OpenAPI 3.1 §4.8.15. */
export const encodingOf = (media: unknown): Encoding => {
  const fields: Part = isPart(media) && isPart(media['encoding']) ? media['encoding'] : {}
  return (name) => {
    const field = Object.hasOwn(fields, name) ? fields[name] : undefined
    const { contentType, style, explode } = (isPart(field) ? field : {}) as Record<string, unknown>
    const types = typeof contentType === 'string' ? contentType.split(',').map(essenceOf) : []
    const all = (is: (type: string) => boolean): boolean => types.length > 0 && types.every(is)
    return {
      style: typeof style === 'string' ? style : 'form',
      explode,
      isJson: all(isJsonType),
      isFile: all((type) => !isJsonType(type) && !TEXT.test(type)),
    }
  }
}

const essenceOf = (type: string): string => (type.split(';', 1)[0] ?? '').trim().toLowerCase()

/** What is sent as a text, without the name of a file, where its schema calls it one. */
const TEXT = /^text\/|[/+]xml$/
